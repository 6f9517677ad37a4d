"""torchrun, with the contract's exit codes and signals around it.

torchrun itself ends with 1 whatever its processes ended with, and knows nothing of standard input. This keeps the
first process's code that means something: wrong input before memory before stopped before the rest.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from tuneplane_trl.exits import ExitCode
from tuneplane_trl.stop import StopRequest, _at_end_of_input

_ORDER = (ExitCode.WRONG_INPUT, ExitCode.OUT_OF_MEMORY, ExitCode.STOPPED, ExitCode.TRY_AGAIN)


def launch(arguments: list[str]) -> int:
    """Starts the processes and waits for them."""
    ignore_stdin = "--ignore-stdin" in arguments
    given = [a for a in arguments if a != "--ignore-stdin"]
    if not given:
        print("launch: no DIR", file=sys.stderr)
        return ExitCode.USAGE
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import get_args_parser, run

    options = ["--max-restarts", "0", *given[:-1], "-m", "tuneplane_trl", "train", given[-1], "--ignore-stdin"]
    if not ignore_stdin:
        threading.Thread(target=_stop_at_end_of_input, daemon=True).start()
    try:
        run(get_args_parser().parse_args(options))
        return ExitCode.DONE
    except ChildFailedError as e:
        return _code([f.exitcode for f in e.failures.values()])
    except SignalException:
        return ExitCode.STOPPED


def _code(codes: list[int]) -> int:
    for code in _ORDER:
        if code in codes:
            return code
    return ExitCode.TRY_AGAIN


def _stop_at_end_of_input() -> None:
    stop = StopRequest()
    _at_end_of_input(stop)
    while True:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(3600)
