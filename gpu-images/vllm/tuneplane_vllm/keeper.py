"""Brings what vLLM has loaded to what is wanted, again and again."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field

from tuneplane_vllm.engine import Engine, EngineError
from tuneplane_vllm.shelf import Shelf

_PROBE_EVERY = 10.0
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class State:
    """How it stands.

    `loaded` is what answers questions, by name; `ready` that a real request was answered and all that is wanted is
    there.
    """

    ready: bool = False
    loaded: dict[str, str] = field(default_factory=dict)
    trouble: str = "vLLM is starting"


class Keeper:
    """The loop. `turn` is one round of it; `state` may be read from any thread."""

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self._engine = engine
        self._shelf = shelf
        self._loaded: dict[str, str] = {}
        self._probed = 0.0
        self._starts = 0
        self._next_start = 0.0
        self.state = State()
        self.leaving = False
        self.changed = threading.Event()

    def run(self, ended: threading.Event) -> None:
        """Turns until the end; sooner where something has changed."""
        while not ended.is_set():
            self.turn()
            self.changed.wait(1.0 if self.state.ready else 0.3)
            self.changed.clear()

    def turn(self) -> None:
        """One look, and what follows from it."""
        if not self._engine.alive():
            self._restart()
            return
        try:
            served = self._engine.models()
            self._bring(served)
            self._probe()
            wanted = self._shelf.wanted()
            missing = sorted(n for n, d in wanted.items() if self._loaded.get(n) != d)
            self._tell(not missing, f"not loaded: {', '.join(missing)}" if missing else "")
            self._starts = 0
        except EngineError as e:
            self._tell(False, str(e))

    def _restart(self) -> None:
        self._loaded = {}
        self._probed = 0.0
        now = time.monotonic()
        if self._starts and now < self._next_start:
            self._tell(False, "vLLM has ended; it is started again soon")
            return
        self._next_start = now + min(2.0**self._starts, _LONGEST_PAUSE)
        self._starts += 1
        self._tell(False, "vLLM is starting")
        self._engine.start()

    def _bring(self, served: set[str]) -> None:
        """What is loaded under a name with other weights goes first, so that no name answers with the wrong ones."""
        self._loaded = {n: d for n, d in self._loaded.items() if n in served}
        wanted = self._shelf.wanted()
        for name in sorted(served - {self._engine.base}):
            if name not in self._loaded or self._loaded[name] != wanted.get(name):
                self._loaded.pop(name, None)
                self._tell(self.state.ready, self.state.trouble)
                self._engine.unload(name)
        for name, digest in sorted(wanted.items()):
            if name not in self._loaded and self._shelf.whole(digest):
                self._load(name, digest)

    def _load(self, name: str, digest: str) -> None:
        """One that can't be loaded keeps none of the others from answering."""
        try:
            self._engine.load(name, str(self._shelf.place(digest)))
            self._engine.probe(name)
            self._loaded[name] = digest
        except EngineError as e:
            print(f"agent: {name}: {e}", file=sys.stderr, flush=True)

    def _probe(self) -> None:
        if time.monotonic() - self._probed >= _PROBE_EVERY or not self._probed:
            self._engine.probe(self._engine.base)
            self._probed = time.monotonic()

    def leave(self) -> None:
        """Nobody is sent here any more; who is here is answered."""
        self.leaving = True
        self._tell(False, "")

    def _tell(self, ready: bool, trouble: str) -> None:
        if self.leaving:
            ready, trouble = False, "the replica is leaving"
        self.state = State(ready, dict(self._loaded), trouble)
