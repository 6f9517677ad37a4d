"""A stand-in for the control plane: `docs/runner-http.md` over a folder, with faults to order."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "tpr-good"


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


class Refusal(Exception):
    """An answer that is none."""

    def __init__(self, status: int, code: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.error = {"code": code, "message": code, **more}


class ControlPlane:
    """One run's folder over HTTP. `before` is called with each request and may raise a Refusal or cut it off."""

    def __init__(self, folder: Path, tls: ssl.SSLContext | None = None) -> None:
        self.folder = folder
        self.mark = json.loads((folder / "job.json").read_text())["mark"]
        self.attempt = 0
        self.runner = ""
        self.wish = "run"
        self.before: Callable[[str, str], None] = lambda method, path: None
        self.seen: list[str] = []
        self.lock = threading.Lock()
        self._tls = tls
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.up()

    def up(self) -> None:
        """Listens, on the port of before if there was one."""
        plane = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                try:
                    with plane.lock:
                        status, answer = plane.serve(self.command, self.path, body, self.headers)
                except Refusal as e:
                    status, answer = e.status, json.dumps({"error": e.error}).encode()
                except ConnectionError:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_PUT = do_POST = _serve

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Listens no more; every answer until `up` is a refused connection, or a cut one."""
        before = self.before
        self.before = lambda *_: (_ for _ in ()).throw(ConnectionError())
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        self._restore = before

    def back(self) -> None:
        """Listens again."""
        self.before = self._restore
        self.up()

    def serve(self, method: str, path: str, body: bytes, headers: Any) -> tuple[int, bytes]:
        """Answers a request with a status and a body."""
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, "invalid_token")
        root = f"/runner/v1/jobs/{self.mark}"
        if not path.startswith(root):
            raise Refusal(401, "invalid_token")
        path = path[len(root) :]
        self.seen.append(f"{method} {path}")
        self.before(method, path)
        if path in ("/attempts", ""):
            return 200, json.dumps(self._attempt(method, body)).encode()
        if method == "GET" and path.startswith("/files/"):
            return self._file(path[7:], headers.get("Range"))
        if int(headers.get("Tuneplane-Attempt") or 0) != self.attempt:
            raise Refusal(409, "stale_attempt")
        if path == "/events":
            return 200, json.dumps(self._events(body)).encode()
        _, _, name, *rest = path.split("/")
        answer = self._upload(method, name, "/".join(rest), body, headers)
        return 200, json.dumps(answer).encode()

    def _attempt(self, method: str, body: bytes) -> dict[str, Any]:
        if method == "POST" and (word := json.loads(body)["runner"]) != self.runner:
            self.runner = word
            self.attempt += 1
            shutil.rmtree(self.folder / "uploads", ignore_errors=True)
        job = json.loads((self.folder / "job.json").read_text())
        base = Path(job["base_model"]["path"])
        job.update(attempt=self.attempt, base_model={**job["base_model"], "path": "base"})
        names = ["train.jsonl", "validation.jsonl", *(f"base/{n.name}" for n in sorted(base.iterdir()))]
        answer: dict[str, Any] = {
            "attempt": self.attempt, "job": job, "files": [self._named(n) for n in names],
            "events": {"bytes": 0, "sha256": "", "next": self.next()},
        }
        if self.events():
            answer["events"].update({k: v for k, v in self._named("events.jsonl").items() if k != "path"})
        if steps := self.steps():
            where = self.folder / f"checkpoints/step-{steps[-1]}"
            files = [str(f.relative_to(self.folder)) for f in sorted(where.rglob("*")) if f.is_file()]
            answer["checkpoint"] = {"step": steps[-1], "files": [self._named(n) for n in files]}
        return answer

    def _place(self, name: str) -> Path:
        if name.startswith("base/"):
            return Path(json.loads((self.folder / "job.json").read_text())["base_model"]["path"]) / name[5:]
        return self.folder / name

    def _named(self, name: str) -> dict[str, Any]:
        file = self._place(name)
        return {"path": name, "bytes": file.stat().st_size, "sha256": sha256(file)}

    def _file(self, name: str, wanted: str | None) -> tuple[int, bytes]:
        content = self._place(name).read_bytes()
        match = re.fullmatch(r"bytes=(\d+)-", wanted or "")
        return (206, content[int(match[1]) :]) if match else (200, content)

    def events(self) -> list[dict[str, Any]]:
        """What has arrived."""
        file = self.folder / "events.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def next(self) -> int:
        """The number that is wanted next."""
        return len(self.events()) + 1

    def steps(self) -> list[int]:
        """Of the checkpoints that are whole."""
        return sorted(int(p.name[5:]) for p in self.folder.glob("checkpoints/step-*"))

    def _events(self, body: bytes) -> dict[str, Any]:
        wanted = self.next()
        with (self.folder / "events.jsonl").open("ab") as file:
            for line in body.splitlines(keepends=True):
                event = json.loads(line)
                if event["seq"] > wanted:
                    raise Refusal(409, "sequence", next=wanted)
                if event["seq"] == wanted:
                    if event["type"] == "result":
                        for f in event["files"]:
                            if sha256(self.folder / f["path"]) != f["sha256"]:
                                raise Refusal(409, "result_missing")
                    file.write(line)
                    wanted += 1
        return {"next": wanted, "wish": self.wish}

    def _upload(self, method: str, name: str, path: str, body: bytes, headers: Any) -> dict[str, Any]:
        aside = self.folder / "uploads" / name
        final = self.folder if name == "result" else self.folder / "checkpoints" / name
        file = aside / path
        if method == "POST":
            return self._close(name, aside, final, body)
        have = file if file.is_file() else final / path
        size = have.stat().st_size if have.is_file() and have.name else 0
        if method == "PUT":
            if int(headers["Upload-Offset"]) != size:
                raise Refusal(409, "offset", bytes=size)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("ab") as target:
                target.write(body)
            size += len(body)
        return {"bytes": size}

    def _close(self, name: str, aside: Path, final: Path, body: bytes) -> dict[str, Any]:
        files = json.loads(body)["files"]
        if all((final / p).is_file() and sha256(final / p) == d for p, d in files.items()):
            return {}
        for path, digest in files.items():
            if not (aside / path).is_file() or sha256(aside / path) != digest:
                (aside / path).unlink(missing_ok=True)
                raise Refusal(409, "incomplete", path=path)
        if name != "result":
            (aside / "manifest.json").write_bytes(body)
        for path in [*files, *(["manifest.json"] if name != "result" else [])]:
            (final / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(aside / path, final / path)
        return {}
