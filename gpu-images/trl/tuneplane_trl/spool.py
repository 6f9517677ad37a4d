"""Checkpoints that wait to be sent: hard links beside the run, so that the trainer may delete its own."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from tuneplane_trl import durable

_NEWEST = 2
_EPOCHS = 3


class Spool:
    """Holds the newest two and those of the last three epochs. Safe for threads."""

    def __init__(self, run: Path, folder: Path) -> None:
        self._run = run
        self._folder = folder
        self._lock = threading.Lock()
        self._held: dict[int, bool] = {}
        self._last = -1
        self._claimed = -1
        durable.delete(folder)
        folder.mkdir(parents=True)

    def take(self, step: int, epoch: bool) -> None:
        """Links a checkpoint that was just written; one that was seen, or is gone already, is passed over."""
        source, target = self._run / f"checkpoints/step-{step}", self._folder / f"step-{step}"
        aside = self._folder / "partial"
        with self._lock:
            if step <= self._last:
                return
            self._last = step
            durable.delete(aside)
            try:
                _link(source, aside)
                _require_whole(aside)
                os.rename(aside, target)
            except FileNotFoundError:
                durable.delete(aside)
                return
            self._held[step] = epoch
            self._drop_old()

    def _drop_old(self) -> None:
        steps = sorted(self._held, reverse=True)
        kept = {*steps[:_NEWEST], *[s for s in steps if self._held[s]][:_EPOCHS], self._claimed}
        for step in steps:
            if step not in kept:
                self._drop(step)

    def _drop(self, step: int) -> None:
        del self._held[step]
        durable.delete(self._folder / f"step-{step}")

    def claim(self, step: int) -> Path | None:
        """A checkpoint's folder, which stays until it is done or another is claimed; `None` if it isn't held."""
        with self._lock:
            self._claimed = step
            return self._folder / f"step-{step}" if step in self._held else None

    def done(self, step: int) -> None:
        """It was sent."""
        with self._lock:
            if step in self._held:
                self._drop(step)


def _link(source: Path, target: Path) -> None:
    target.mkdir()
    for entry in os.scandir(source):
        if entry.is_dir(follow_symlinks=False):
            _link(Path(entry.path), target / entry.name)
        else:
            os.link(entry.path, target / entry.name)


def _require_whole(folder: Path) -> None:
    """The trainer may have begun to delete it before it was looked at: `FileNotFoundError`, as for one that is gone."""
    for name in json.loads((folder / "manifest.json").read_text())["files"]:
        (folder / name).stat()
