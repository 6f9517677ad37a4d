"""Sends what happens to the control plane: events in order, checkpoints and the result before their events."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tuneplane_trl.exits import TryAgain
from tuneplane_trl.spool import Spool
from tuneplane_trl.wire import Conflict, Wire

_BATCH = 512 << 10
_PIECE = 8 << 20
_ASK_EVERY = 2.0
_TRIES = 3


class Tail:
    """Follows `events.jsonl` while it is entered, and spools each checkpoint as soon as its event is there."""

    def __init__(self, run: Path, spool: Spool) -> None:
        self._file = run / "events.jsonl"
        self._spool = spool
        self._offset = self._file.stat().st_size if self._file.exists() else 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Tail:  # noqa: D105
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:  # noqa: D105
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._ended.wait(0.05):
            self.look()

    def look(self) -> None:
        """Spools what has come since the last look."""
        lines, self._offset = whole_lines(self._file, self._offset, 1 << 24)
        for line in lines:
            event = json.loads(line)
            if event["type"] == "checkpoint":
                self._spool.take(event["step"], "epoch" in event)


class Sender:
    """Sends lines from an offset on. `Away` comes out of any method; what was sent by then is not sent again."""

    def __init__(
        self, wire: Wire, run: Path, spool: Spool, offset: int, heed: Callable[[str], None]
    ) -> None:
        self._wire = wire
        self._run = run
        self._spool = spool
        self._offset = offset
        self._heed = heed
        self._asked = 0.0

    def pump(self) -> None:
        """Sends all that is there now; asks what is wanted where there is nothing."""
        while True:
            lines, _ = whole_lines(self._run / "events.jsonl", self._offset, _BATCH)
            if not lines:
                self._ask()
                return
            self._send(lines)

    def _send(self, lines: list[bytes]) -> None:
        batch: list[bytes] = []
        for line in lines:
            event = json.loads(line)
            if event["type"] in ("checkpoint", "result"):
                self._post(batch)
                batch = []
                self._upload(event)
            batch.append(line)
        self._post(batch)

    def _post(self, lines: list[bytes]) -> None:
        if lines:
            body = b"".join(lines)
            self._events(body)
            self._offset += len(body)

    def _ask(self) -> None:
        if time.monotonic() - self._asked >= _ASK_EVERY:
            self._events(b"")

    def _events(self, body: bytes) -> None:
        try:
            answer = self._wire.ask("POST", "/events", body, Content_Type="application/x-ndjson")
        except Conflict as e:
            raise TryAgain(f"the control plane does not take the events: {e.code}: {e}") from e
        self._asked = time.monotonic()
        self._heed(str(answer.get("wish", "run")))

    def _upload(self, event: dict[str, Any]) -> None:
        if event["type"] == "result":
            files = {f["path"]: f["sha256"] for f in event["files"]}
            self._upload_set("result", self._run, files, json.dumps({"files": files}).encode())
            return
        step = event["step"]
        self._spool.take(step, "epoch" in event)
        folder = self._spool.claim(step)
        if folder is None:
            return
        manifest = (folder / "manifest.json").read_bytes()
        self._upload_set(f"step-{step}", folder, json.loads(manifest)["files"], manifest)
        self._spool.done(step)

    def _upload_set(self, name: str, folder: Path, files: dict[str, str], end: bytes) -> None:
        for _ in range(_TRIES):
            for path in files:
                self._upload_file(f"/uploads/{name}/{path}", folder / path)
            try:
                self._wire.ask("POST", f"/uploads/{name}", end, Content_Type="application/json")
                return
            except Conflict as e:
                if e.code != "incomplete":
                    raise
        raise TryAgain(f"{name} arrives damaged at the control plane, {_TRIES} times over")

    def _upload_file(self, path: str, file: Path) -> None:
        offset = self._wire.ask("GET", path)["bytes"]
        size = file.stat().st_size
        with file.open("rb") as source:
            while offset < size or (size == 0 and offset == 0):
                source.seek(offset)
                piece = source.read(_PIECE)
                try:
                    answer = self._wire.ask("PUT", path, piece, Upload_Offset=str(offset))
                    offset = answer["bytes"]
                except Conflict as e:
                    if e.code != "offset":
                        raise
                    offset = e.error["bytes"]
                if size == 0:
                    return
                self._ask()


def whole_lines(file: Path, offset: int, most: int) -> tuple[list[bytes], int]:
    """Whole lines from an offset on, about so many bytes, at least one; and where the next begins."""
    if not file.exists():
        return [], offset
    with file.open("rb") as source:
        source.seek(offset)
        content = source.read(most)
        if b"\n" not in content:
            content += source.readline()
    end = content.rfind(b"\n") + 1
    return content[:end].splitlines(keepends=True), offset + end
