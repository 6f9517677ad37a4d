"""`events.jsonl`: what happened, one object a line, in order and without gaps over all attempts."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tuneplane_trl.exits import WrongInput

_DURABLE = ("checkpoint", "result")


class EventLog:
    """Appends events. A line that a crash cut short is taken away when the file is opened."""

    def __init__(self, file: Path, attempt: int) -> None:
        self._attempt = attempt
        self._seq = 0
        self.metrics: dict[int, dict[str, Any]] = {}
        self.result: dict[str, Any] | None = None
        self._file = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        try:
            self._read_back()
        except BaseException:
            self._file.close()
            raise

    def _read_back(self) -> None:
        content = self._file.read()
        end = content.rfind(b"\n") + 1
        for line in content[:end].splitlines():
            self._remember(line)
        self._file.truncate(end)
        self._file.seek(end)

    def _remember(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            self._seq = max(self._seq, int(event["seq"]))
        except (ValueError, KeyError, TypeError) as e:
            raise WrongInput(f"events.jsonl holds a line that is no event: {line.decode(errors='replace')}") from e
        # Figures of a step that was done twice, since a crash lost the first: the first count.
        if event.get("type") == "metrics":
            self.metrics.setdefault(int(event["step"]), event)
        elif event.get("type") == "result":
            self.result = event

    def append(self, kind: str, **values: Any) -> None:
        """Adds an event; values that are None are left out."""
        event = {
            "seq": self._seq + 1,
            "attempt": self._attempt,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "type": kind,
            **{k: v for k, v in values.items() if v is not None},
        }
        line = json.dumps(event, ensure_ascii=False, allow_nan=False).encode()
        start = self._file.tell()
        try:
            self._file.write(line + b"\n")
            self._file.flush()
            if kind in _DURABLE:
                os.fsync(self._file.fileno())
        except OSError:
            self._file = _reopened(self._file, start)
            raise
        self._remember(line)

    def info(self, text: str) -> None:
        """Words for people."""
        self.append("message", level="info", text=text)

    def warn(self, text: str) -> None:
        """Words for people about what is not as they may think."""
        self.append("message", level="warn", text=text)

    def error(self, text: str, code: str) -> None:
        """The words that the run ends with."""
        self.append("message", level="error", text=text, code=code)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _reopened(broken: Any, start: int) -> Any:
    """The file without the line that could not be written; a buffer would write it again."""
    descriptor = os.dup(broken.fileno())
    try:
        broken.close()
    except OSError:
        pass  # What is still in its buffer is the line that is given up.
    os.ftruncate(descriptor, start)
    file = os.fdopen(descriptor, "r+b")
    file.seek(start)
    return file
