"""Whether the run was asked to stop, and by what."""

from __future__ import annotations

import os
import signal
import threading


class StopRequest:
    """Asked between passes. The first cause is kept."""

    def __init__(self) -> None:
        self.cause: str | None = None

    @property
    def requested(self) -> bool:
        """Whether it was."""
        return self.cause is not None

    def request(self, why: str) -> None:
        """Asks the run to stop after a checkpoint."""
        if self.cause is None:
            self.cause = why


def heed(stop: StopRequest, ignore_stdin: bool) -> None:
    """Ties the request to SIGTERM and to the end of standard input, and ignores SIGINT.

    A terminal sends SIGINT to the whole process group: Ctrl-C is for whoever started us.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.request("SIGTERM"))
    if not ignore_stdin:
        threading.Thread(target=_at_end_of_input, args=(stop,), daemon=True).start()


def _at_end_of_input(stop: StopRequest) -> None:
    try:
        while os.read(0, 256):
            pass  # Whoever started us says nothing on this pipe; only its end means something.
        stop.request("end of standard input")
    except OSError as e:
        stop.request(f"standard input failed: {e}")
