"""The only way in: questions to vLLM with one token, adapters with another; nothing else gets through."""

from __future__ import annotations

import hmac
import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tuneplane_vllm.keeper import Keeper
from tuneplane_vllm.shelf import RefusedError, Shelf

QUESTIONS = ("/v1/chat/completions", "/v1/completions")
_MOST_QUESTION = 8 << 20
_MOST_WANTED = 1 << 20
_CHUNK = 64 << 10
_LONGEST_ANSWER = 600
_ADAPTER = re.compile(r"/agent/adapters/([^/]+)/([^/]+)")


class _RefusalError(Exception):
    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


class Front(ThreadingHTTPServer):
    """The server."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], keeper: Keeper, shelf: Shelf, engine_port: int, base: str,
                 token: str, control: str) -> None:
        super().__init__(address, _Handler)
        self.keeper, self.shelf, self.engine_port, self.base = keeper, shelf, engine_port, base
        self.token, self.control = token, control
        self._asked = 0
        self._lock = threading.Lock()

    @contextmanager
    def question(self) -> Iterator[None]:
        """While one is being answered."""
        with self._lock:
            self._asked += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked -= 1

    def idle(self) -> bool:
        """Whether nobody waits for an answer."""
        with self._lock:
            return self._asked == 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: Front

    def do_GET(self) -> None:
        """Looks."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Questions."""
        self._answer(self._post)

    def do_PUT(self) -> None:
        """Adapters."""
        self._answer(self._put)

    def log_message(self, *_: object) -> None:
        """Neither questions nor answers are logged."""

    def _answer(self, work: Any) -> None:
        try:
            work()
        except _RefusalError as e:
            self._refuse(e)
        except RefusedError as e:
            self._refuse(_RefusalError(400, "refused", str(e)))
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    def _get(self) -> None:
        state = self.server.keeper.state
        if self.path == "/healthz":
            self._json(200, {"alive": True})
        elif self.path == "/readyz":
            self._json(200 if state.ready else 503, {"ready": state.ready, "trouble": state.trouble})
        elif self.path == "/agent/state":
            self._let_in(self.server.control)
            self._json(200, {"ready": state.ready, "trouble": state.trouble, "loaded": state.loaded,
                             "wanted": self.server.shelf.wanted()})
        elif self.path in ("/v1/models", "/metrics"):
            self._let_in(self.server.token)
            self._pass_on("GET", None)
        else:
            raise _nothing()

    def _post(self) -> None:
        if self.path not in QUESTIONS:
            raise _nothing()
        self._let_in(self.server.token)
        with self.server.question():
            body = self._body(_MOST_QUESTION)
            self._require_loaded(body)
            self._pass_on("POST", body)

    def _put(self) -> None:
        self._let_in(self.server.control)
        match = _ADAPTER.fullmatch(self.path)
        if match:
            self.server.shelf.put(match[1], match[2], self._chunks())
            self._json(200, {"bytes": self._length()})
        elif self.path == "/agent/wanted":
            wanted = self._parse(self._body(_MOST_WANTED))
            if not isinstance(wanted, dict) or not all(isinstance(d, str) for d in wanted.values()):
                raise _RefusalError(400, "invalid_body", "send {name: digest, ...}")
            missing = self.server.shelf.want(wanted)
            if missing:
                raise _RefusalError(409, "missing", f"send these first: {', '.join(missing)}")
            self.server.keeper.changed.set()
            self._json(200, {"wanted": wanted})
        else:
            raise _nothing()

    def _require_loaded(self, body: bytes) -> None:
        question = self._parse(body)
        model = question.get("model") if isinstance(question, dict) else None
        if model == self.server.base or model in self.server.keeper.state.loaded:
            return
        if model in self.server.shelf.wanted():
            raise _RefusalError(503, "not_loaded", f"{model} is not loaded here yet", Retry_After="1")
        raise _RefusalError(404, "model_not_found", "there is no such model here")

    @staticmethod
    def _parse(body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as e:
            raise _RefusalError(400, "invalid_json", "the body is not JSON") from e

    def _let_in(self, secret: str) -> None:
        given = self.headers.get_all("Authorization") or [""]
        if len(given) != 1 or not hmac.compare_digest(given[0].encode(), f"Bearer {secret}".encode()):
            raise _RefusalError(401, "invalid_token", "a valid token is needed", WWW_Authenticate="Bearer")

    def _length(self) -> int:
        text = self.headers.get("Content-Length") or ""
        if not re.fullmatch("[0-9]{1,15}", text) or self.headers.get("Transfer-Encoding"):
            raise _RefusalError(411, "length_required", "send a Content-Length")
        return int(text)

    def _body(self, most: int) -> bytes:
        length = self._length()
        if length > most:
            raise _RefusalError(413, "body_too_large", f"the body is longer than {most} bytes")
        return b"".join(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        left = self._length()
        while left:
            chunk = self.rfile.read(min(left, 1 << 20))
            if not chunk:
                raise ConnectionResetError
            left -= len(chunk)
            yield chunk

    def _pass_on(self, method: str, body: bytes | None) -> None:
        """To vLLM and back, as it comes. A client that leaves takes its question with it."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.engine_port, timeout=_LONGEST_ANSWER)
        try:
            try:
                upstream.request(method, self.path, body, {"Content-Type": "application/json"})
                response = upstream.getresponse()
            except (OSError, http.client.HTTPException) as e:
                raise _RefusalError(503, "engine_unavailable", "vLLM does not answer", Retry_After="2") from e
            self.send_response(response.status)
            self.send_header("Content-Type", response.headers.get("Content-Type", "application/json"))
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                while chunk := response.read1(_CHUNK):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                self.wfile.write(b"0\r\n\r\n")
            except (OSError, http.client.HTTPException):
                # Half an answer must not look like a whole one.
                self.close_connection = True
        finally:
            upstream.close()

    def _refuse(self, refusal: _RefusalError) -> None:
        # What is left of a body would be read as the next request.
        self.close_connection = True
        error = {"message": str(refusal), "type": "invalid_request_error", "param": None, "code": refusal.code}
        self._json(refusal.status, {"error": error}, Connection="close", **refusal.headers)

    def _json(self, status: int, value: Any, **headers: str) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(content)


def _nothing() -> _RefusalError:
    return _RefusalError(404, "not_found", "there is nothing here")
