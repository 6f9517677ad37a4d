"""The control plane over HTTP (`docs/runner-http.md`): requests, and what their answers mean."""

from __future__ import annotations

import http.client
import ipaddress
import json
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from tuneplane_trl.exits import RunnerError, Stopped, TryAgain, WrongInput

T = TypeVar("T")
_SILENCE = 60
_LONGEST_PAUSE = 30
_MOST_JSON = 64 << 20
_CHUNK = 1 << 20


class Away(Exception):
    """The control plane can't be reached, or can't do it now; the same request may succeed later."""


class Conflict(Exception):
    """The request does not fit what the control plane has; its error says what would."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error.get("message", "")))
        self.code = str(error.get("code", ""))
        self.error = error


class ShutOut(RunnerError):
    """The token is not, or no longer, good for this run."""

    code = "shut_out"


class Overtaken(RunnerError):
    """A later attempt has the run; nothing that this one does counts any more."""

    code = "stale_attempt"


class Wire:
    """Requests for one run, one at a time. Not safe for threads."""

    def __init__(self, url: str, mark: str, token: str, authorities: Path | None) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
            raise WrongInput(f"TUNEPLANE_URL must be https://HOST[:PORT], is {url}")
        if parts.scheme == "http" and not _loopback(host):
            raise WrongInput(f"TUNEPLANE_URL must be https, since {host} is another machine, is {url}")
        self._url = url
        self._make: Callable[[], http.client.HTTPConnection]
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=authorities)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._make = lambda: http.client.HTTPSConnection(host, parts.port, timeout=_SILENCE, context=context)
        else:
            self._make = lambda: http.client.HTTPConnection(host, parts.port, timeout=_SILENCE)
        self._base = f"{parts.path.rstrip('/')}/runner/v1/jobs/{mark}"
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        self._connection: http.client.HTTPConnection | None = None
        self.answers = 0

    def attempt(self, number: int) -> None:
        """What is sent from now on is sent by this attempt."""
        self._headers["Tuneplane-Attempt"] = str(number)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> dict[str, Any]:
        """A request that is answered with JSON."""
        with _Answer(self, method, path, body, headers) as response:
            try:
                return json.loads(self._read(response, _MOST_JSON))
            except ValueError as e:
                raise Away(f"{self._url} answered {method} {path} with something that is no JSON") from e

    def download(self, path: str, offset: int) -> Iterator[bytes]:
        """A file's bytes from an offset on."""
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        with _Answer(self, "GET", f"/files/{path}", None, headers) as response:
            if offset and response.status != 206:
                raise Away(f"{self._url} answered a part of {path} with {response.status}")
            while True:
                try:
                    chunk = response.read(_CHUNK)
                except (OSError, http.client.HTTPException) as e:
                    raise Away(f"{path} broke off: {e}") from e
                if not chunk:
                    return
                yield chunk

    def _read(self, response: http.client.HTTPResponse, most: int) -> bytes:
        try:
            content = response.read(most + 1)
        except (OSError, http.client.HTTPException) as e:
            raise Away(f"the answer of {self._url} broke off: {e}") from e
        if len(content) > most:
            raise TryAgain(f"{self._url} answered with more than {most} bytes")
        return content

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Sends a request and reads the head of its answer; an answer that is none is raised."""
        connection = self._connection or self._make()
        self._connection = connection
        try:
            connection.request(method, self._base + quote(path), body, {**self._headers, **headers})
            response = connection.getresponse()
        except ssl.SSLCertVerificationError as e:
            self.close()
            words = f"is not trusted ({e.verify_message}); see TUNEPLANE_CA_FILE"
            raise Away(f"the certificate of {self._url} {words}") from e
        except (OSError, http.client.HTTPException) as e:
            self.close()
            raise Away(f"{self._url} can't be reached: {e or type(e).__name__}") from e
        if response.status in (200, 206):
            self.answers += 1
            return response
        text = self._read(response, _CHUNK)
        if response.will_close:
            self.close()
        raise self._refusal(method, path, response.status, text)

    def _refusal(self, method: str, path: str, status: int, text: bytes) -> Exception:
        try:
            error = json.loads(text)["error"]
            words = f"{status} {error.get('code')}: {error.get('message')}"
        except (ValueError, KeyError, TypeError, AttributeError):
            error, words = {}, f"{status} {text[:200].decode(errors='replace')}"
        if status == 401:
            return ShutOut(f"{self._url} does not let this runner in: its run has ended, or a later round has it")
        if status == 409:
            if error.get("code") == "stale_attempt":
                return Overtaken(words)
            if error.get("code") != "busy":
                return Conflict(error)
        if status in (408, 409, 429) or status >= 500:
            return Away(f"{self._url} can't do it now: {words}")
        return TryAgain(f"{self._url} refused {method} {path}: {words}")

    def close(self) -> None:
        """Hangs up; the next request calls again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Answer:
    """An answer that is read to its end, or hung up on."""

    def __init__(self, wire: Wire, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        self._wire = wire
        self._response = wire.send(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def __enter__(self) -> http.client.HTTPResponse:
        return self._response

    def __exit__(self, *_: object) -> None:
        if not self._response.isclosed():
            self._wire.close()


class Patience:
    """Tries again after 1, 2, 4, ... 30 seconds, until nothing was answered for so long.

    `Stopped` if its pause says that it was cut short.
    """

    def __init__(self, wire: Wire, seconds: float, pause: Callable[[float], object] = time.sleep) -> None:
        self._wire = wire
        self._seconds = seconds
        self._pause = pause
        self._begin()

    def _begin(self) -> None:
        self._answers = self._wire.answers
        self._until = time.monotonic() + self._seconds
        self._next = 1.0

    def over(self) -> bool:
        """Whether it has run out. It begins anew with whatever was answered."""
        if self._wire.answers != self._answers:
            self._begin()
        return time.monotonic() >= self._until

    def wait(self) -> None:
        """Until the next try."""
        if self._pause(self._next):
            raise Stopped
        self._next = min(2 * self._next, _LONGEST_PAUSE)

    def get(self, call: Callable[[], T]) -> T:
        """What a call answers; `TryAgain` when the patience has run out."""
        while True:
            try:
                return call()
            except Away as e:
                if self.over():
                    raise TryAgain(str(e)) from e
                self.wait()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
