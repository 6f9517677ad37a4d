"""`python -m tuneplane_trl train DIR [--ignore-stdin]`, `launch` for several processes, `remote` in a pod."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from tuneplane_trl.exits import ExitCode, told
from tuneplane_trl.stop import StopRequest, heed

USAGE = """python -m tuneplane_trl train DIR [--ignore-stdin]   one attempt at the job in DIR
python -m tuneplane_trl launch [torchrun's options] DIR [--ignore-stdin]   the same in several processes
python -m tuneplane_trl remote   a run of the control plane that the environment names (docs/runner-http.md)
"""


def main(arguments: list[str]) -> int:
    """Runs a command; its exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "launch":
        from tuneplane_trl.launch import launch

        return launch(rest)
    if command == "remote" and not rest:
        from tuneplane_trl.remote import remote

        return remote(os.environ)
    folders = [a for a in rest if not a.startswith("--")]
    options = [a for a in rest if a.startswith("--")]
    if command != "train" or len(folders) != 1 or not set(options) <= {"--ignore-stdin"}:
        print(USAGE, end="", file=sys.stderr)
        return ExitCode.USAGE
    stop = StopRequest()
    # First of all: loading the libraries takes seconds, in which we may be asked to stop.
    heed(stop, ignore_stdin=bool(options))
    return _train(Path(folders[0]), stop)


def _train(folder: Path, stop: StopRequest) -> int:
    # Nothing is fetched and nothing is told to anybody.
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from transformers.utils import logging

        from tuneplane_trl.run import train

        logging.disable_progress_bar()
        logging.set_verbosity_error()
        return train(folder, stop)
    except Exception as e:  # There was no place for events yet: standard error is it.
        error = told(e)
        if error is not e:
            traceback.print_exc()
        print(error, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
