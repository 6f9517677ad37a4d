"""`remote`: fetches a run from the control plane, trains it in a process of its own, and sends back what happens."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tuneplane_trl import fetch
from tuneplane_trl.exits import ExitCode, RunnerError, Stopped, TryAgain, WrongInput, told
from tuneplane_trl.sender import Sender, Tail, whole_lines
from tuneplane_trl.spool import Spool
from tuneplane_trl.wire import Away, Conflict, Overtaken, Patience, ShutOut, Wire

_PATIENCE = 600.0
_PATIENCE_WHEN_STOPPED = 90.0
_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_KILLED = 128 + signal.SIGKILL
_MEMORY_EVENTS = Path("/sys/fs/cgroup/memory.events")


@dataclass(frozen=True)
class Pod:
    """How this process was started (`docs/runner-http.md`)."""

    url: str
    mark: str
    token: str
    authorities: Path | None
    folder: Path
    models: Path | None
    nodes: int
    gpus: int
    rendezvous: str
    node: int
    patience: float

    @staticmethod
    def of(env: Mapping[str, str]) -> Pod:
        """From the environment; `WrongInput` names what is missing."""
        for name in ("TUNEPLANE_URL", "TUNEPLANE_MARK", "TUNEPLANE_TOKEN_FILE", "TUNEPLANE_DIR"):
            if not env.get(name):
                raise WrongInput(f"{name} is not set")
        if not re.fullmatch("[a-z0-9-]{1,63}", env["TUNEPLANE_MARK"]):
            raise WrongInput("TUNEPLANE_MARK must be [a-z0-9-]{1,63}")
        token = Path(env["TUNEPLANE_TOKEN_FILE"]).read_text(encoding="ascii").strip()
        pod = Pod(
            url=env["TUNEPLANE_URL"],
            mark=env["TUNEPLANE_MARK"],
            token=token,
            authorities=_path(env, "TUNEPLANE_CA_FILE"),
            folder=Path(env["TUNEPLANE_DIR"]),
            models=_path(env, "TUNEPLANE_MODELS"),
            nodes=_whole(env, "TUNEPLANE_NODES", 1),
            gpus=_whole(env, "TUNEPLANE_GPUS_PER_NODE", 0),
            rendezvous=env.get("TUNEPLANE_RENDEZVOUS", ""),
            node=_whole(env, "JOB_COMPLETION_INDEX", 0),
            patience=_whole(env, "TUNEPLANE_PATIENCE_SECONDS", int(_PATIENCE)),
        )
        if pod.nodes > 1 and not re.fullmatch(r"[a-z0-9.-]+:[0-9]{1,5}", pod.rendezvous):
            raise WrongInput("TUNEPLANE_RENDEZVOUS must be HOST:PORT, since TUNEPLANE_NODES is above 1")
        return pod

    def command(self, run: Path) -> list[str]:
        """What trains: one process, or torchrun's several."""
        here = [sys.executable, "-m", "tuneplane_trl"]
        if self.nodes == 1 and self.gpus < 2:
            return [*here, "train", str(run)]
        each = ["--nproc-per-node", str(max(1, self.gpus))]
        if self.nodes == 1:
            return [*here, "launch", "--standalone", *each, str(run)]
        host, port = self.rendezvous.rsplit(":", 1)
        meet = ["--nnodes", str(self.nodes), "--node-rank", str(self.node), "--master-addr", host]
        return [*here, "launch", *meet, "--master-port", port, *each, str(run)]


def remote(env: Mapping[str, str]) -> int:
    """Runs one attempt; its exit code."""
    try:
        pod = Pod.of(env)
        wire = Wire(pod.url, pod.mark, pod.token, pod.authorities)
    except (WrongInput, OSError, ValueError) as e:
        print(f"remote: {e}", file=sys.stderr)
        return ExitCode.USAGE
    shift = Shift(pod, wire)
    # First of all: kubelet's SIGTERM may come at any time from here on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: shift.stop("SIGTERM"))
    try:
        return shift.work()
    except Stopped:
        return ExitCode.STOPPED
    except (RunnerError, OSError, Away, Conflict) as e:
        error = told(e)
        print(f"remote: {error}", file=sys.stderr)
        return error.exit_code
    finally:
        shift.leave()


class Shift:
    """One attempt, from the first request to the last."""

    def __init__(self, pod: Pod, wire: Wire) -> None:
        self._pod = pod
        self._wire = wire
        self._run = pod.folder / "run"
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()
        self._cancelled = False

    def stop(self, why: str) -> None:
        """Asks the trainer to leave a checkpoint and end. Also called by a signal's handler."""
        if not self._stopped.is_set():
            self._stopped.set()
            os.write(2, f"remote: asked to stop: {why}\n".encode())
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()

    def work(self) -> int:
        """The exit code of the attempt."""
        answer = self._attempt()
        fetch.lay_down(self._wire, answer, self._run, self._pod.models, self._patience())
        if self._stopped.is_set():
            return ExitCode.STOPPED
        if self._pod.node > 0:
            return self._follow()
        self._wire.attempt(answer["attempt"])
        spool = Spool(self._run, self._pod.folder / "spool")
        events = self._run / "events.jsonl"
        sender = Sender(self._wire, self._run, spool, events.stat().st_size if events.exists() else 0, self._heed)
        kills = _kills()
        with Tail(self._run, spool) as tail:
            code = self._train(sender)
        if self._cancelled:
            return ExitCode.STOPPED
        tail.look()
        if code == _KILLED and _kills() > kills:
            self._note_out_of_memory(answer["attempt"])
            code = ExitCode.OUT_OF_MEMORY
        return self._bring_out(sender, code)

    def _attempt(self) -> dict[str, Any]:
        """Opens an attempt, or joins the one that node 0 has opened."""
        word = secrets.token_hex(16)
        patience = self._patience()
        while True:
            try:
                if self._pod.node == 0:
                    body = json.dumps({"runner": word}).encode()
                    return self._wire.ask("POST", "/attempts", body, Content_Type="application/json")
                if (answer := self._wire.ask("GET", ""))["attempt"] > 0:
                    return answer
            except (Away, Conflict) as e:
                if patience.over():
                    raise TryAgain(str(e)) from e
            if patience.over():
                raise TryAgain("node 0 has not begun")
            patience.wait()

    def _patience(self) -> Patience:
        return Patience(self._wire, self._pod.patience, self._stopped.wait)

    def _start(self) -> subprocess.Popen[bytes]:
        # Its standard input is a pipe of ours: if we are killed, it ends, and the trainer stops by itself.
        self._child = subprocess.Popen(
            self._pod.command(self._run), stdin=subprocess.PIPE, start_new_session=True, cwd=self._run
        )
        if self._stopped.is_set():
            self._child.terminate()
        return self._child

    def _follow(self) -> int:
        """A node that sends nothing."""
        code = self._start().wait()
        return code if code >= 0 else 128 - code

    def _train(self, sender: Sender) -> int:
        """Waits for the trainer, and sends what it can meanwhile; the trainer goes on whatever becomes of that."""
        child = self._start()
        pause, said = _PAUSE, False
        while child.poll() is None:
            answers = self._wire.answers
            try:
                sender.pump()
                pause, said = _PAUSE, False
            except Away as e:
                if not said:
                    print(f"remote: goes on training; {e}", file=sys.stderr)
                    said = True
                pause = 1.0 if self._wire.answers > answers else min(2 * max(pause, 0.5), _LONGEST_PAUSE)
            except (Overtaken, ShutOut):
                self._kill()
                raise
            self._pause(child, pause)
        return child.returncode if child.returncode >= 0 else 128 - child.returncode

    @staticmethod
    def _pause(child: subprocess.Popen[bytes], seconds: float) -> None:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            pass  # Still at work: what it has written meanwhile is sent.

    def _heed(self, wish: str) -> None:
        if wish == "stop":
            self.stop("the control plane wants it")
        elif wish == "cancel":
            self._cancelled = True
            self._stopped.set()
            self._kill()

    def _bring_out(self, sender: Sender, code: int) -> int:
        """Sends what is left once the trainer has ended."""
        seconds = _PATIENCE_WHEN_STOPPED if self._stopped.is_set() else self._pod.patience
        patience = Patience(self._wire, seconds)
        patience.get(sender.pump)
        return code

    def _note_out_of_memory(self, attempt: int) -> None:
        file = self._run / "events.jsonl"
        lines, end = whole_lines(file, 0, 1 << 30)
        event = {
            "seq": len(lines) + 1,
            "attempt": attempt,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "type": "message",
            "level": "error",
            "text": "the pod's memory ran out, and the kernel ended the trainer; give it more memory, or lower"
            " max_length or limits.pass_tokens",
            "code": "out_of_memory",
        }
        with file.open("ab") as target:
            target.truncate(end)
            target.write(json.dumps(event).encode() + b"\n")

    def _kill(self) -> None:
        if self._child is not None and self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()

    def leave(self) -> None:
        """Nothing of ours is left running."""
        self._kill()
        self._wire.close()


def _kills() -> int:
    """How many processes of this container the kernel has ended for want of memory."""
    try:
        found = re.search(r"^oom_kill (\d+)$", _MEMORY_EVENTS.read_text(), re.M)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,6}", text):
        raise WrongInput(f"{name} must be a whole number, is {text}")
    return int(text)
