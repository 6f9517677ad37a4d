"""How a run ends: exit codes, the errors that lead to them, and how a stranger's error is told."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of `docs/runner.md`."""

    DONE = 0
    USAGE = 2
    WRONG_INPUT = 10
    TRY_AGAIN = 20
    OUT_OF_MEMORY = 21
    STOPPED = 143


class RunnerError(Exception):
    """A run can't go on. The message is for people: what happened, and what to do."""

    exit_code = ExitCode.TRY_AGAIN
    code = "try_again"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code


class WrongInput(RunnerError):
    """The job, the data or the model is wrong; the same input fails again."""

    exit_code = ExitCode.WRONG_INPUT
    code = "invalid_input"


class TryAgain(RunnerError):
    """Something around the run failed; another try may succeed."""


class OutOfMemory(RunnerError):
    """More memory is needed than there is."""

    exit_code = ExitCode.OUT_OF_MEMORY
    code = "out_of_memory"


class Stopped(Exception):
    """Asked to stop between two passes; the step in hand is given up."""


_MEMORY_WORDS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "cublas_status_alloc_failed",
    "cudnn_status_alloc_failed",
)


def told(error: BaseException) -> RunnerError:
    """The error as the contract tells it: memory apart from disk apart from the rest."""
    if isinstance(error, RunnerError):
        return error
    text = f"{type(error).__name__}: {error}"
    if _is_memory(error):
        return OutOfMemory(
            f"memory ran out while training ({_first_line(text)}). Lower max_length or limits.pass_tokens,"
            " set limits.gradient_checkpointing, choose a smaller model, or give it more memory."
        )
    if isinstance(error, OSError):
        return TryAgain(f"reading or writing failed: {error}", "disk")
    return TryAgain(f"unexpected: {_first_line(text)}")


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, RuntimeError) and any(w in str(error).lower() for w in _MEMORY_WORDS)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:500]
