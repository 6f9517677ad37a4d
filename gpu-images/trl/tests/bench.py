"""A control plane with a run, and pods that work on it."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from conftest import PACKAGE, JobFolder
from control_plane import TOKEN, ControlPlane

HERE = Path(__file__).resolve().parent
REAL = ("-m", "tuneplane_trl", "remote")
FAKE = (str(HERE / "fake_pod.py"),)


class Bench:
    """A control plane with a run, pods that work on it, and the same job done without any network."""

    def __init__(self, tmp_path: Path, model: Path, trainer: tuple[str, ...]) -> None:
        self.tmp = tmp_path
        self.trainer = trainer
        self.job, self.whole = JobFolder(tmp_path / "run", model), JobFolder(tmp_path / "whole", model)
        self.plane: ControlPlane
        self.pods: list[subprocess.Popen[bytes]] = []
        self.url = ""

    def change(self, **hyperparameters: object) -> Bench:
        """Changes both jobs alike."""
        for folder in (self.job, self.whole):
            folder.hyperparameters.update(hyperparameters)
        return self

    def open(self, tls: ssl.SSLContext | None = None) -> Bench:
        """Opens the control plane."""
        self.job.write()
        self.plane = ControlPlane(self.job.path, tls)
        self.url = f"http://127.0.0.1:{self.plane.port}"
        return self

    def pod(self, name: str = "pod", **env: str) -> subprocess.Popen[bytes]:
        """Starts a pod with an empty disk."""
        folder = self.tmp / f"{name}-{len(self.pods)}"
        folder.mkdir()
        (folder / "token").write_text(env.pop("token", TOKEN) + "\n")
        words = (folder / "words").open("wb")
        pod = subprocess.Popen(
            [sys.executable, *self.trainer], stdin=subprocess.DEVNULL, stdout=words, stderr=words,
            env={
                **os.environ, "PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "",
                "TUNEPLANE_URL": self.url, "TUNEPLANE_MARK": self.plane.mark, "TUNEPLANE_DIR": str(folder / "work"),
                "TUNEPLANE_TOKEN_FILE": str(folder / "token"), "TUNEPLANE_PATIENCE_SECONDS": "60", **env,
            },
        )
        self.pods.append(pod)
        return pod

    def words(self) -> str:
        """What all pods said."""
        return "\n".join(f.read_text() for f in sorted(self.tmp.glob("pod-*/words")))

    def until(self, what: Callable[[], bool], pod: subprocess.Popen[bytes]) -> None:
        """Waits."""
        limit = time.monotonic() + 120
        while not what() and pod.poll() is None and time.monotonic() < limit:
            time.sleep(0.01)
        assert what(), self.words()

    def ends(self, pod: subprocess.Popen[bytes], code: int) -> None:
        """Waits for a pod's end."""
        assert pod.wait(timeout=240) == code, self.words()

    def is_as_unbroken(self) -> None:
        """The run's folder looks as if the trainer had worked in it, once, without a break."""
        if self.trainer == REAL:
            assert self.whole.train() == 0
        else:
            self.whole.write()
            fake = [sys.executable, HERE / "fake_trainer.py", self.whole.path]
            with subprocess.Popen(fake, stdin=subprocess.PIPE) as process:
                assert process.wait(timeout=240) == 0
        assert self.job.digest() == self.whole.digest()
        for name in ("golden.jsonl", "adapter/adapter_config.json"):
            assert (self.job.path / name).read_text() == (self.whole.path / name).read_text()
        steps = {e["step"]: e["train_loss"] for e in self.whole.events("metrics")}
        mine: dict[int, float] = {}
        for event in self.job.events("metrics"):
            mine.setdefault(event["step"], event["train_loss"])
        assert mine == steps
        assert [e["seq"] for e in self.job.events()] == list(range(1, self.job.count() + 1))
        assert self.job.events()[-1]["type"] == "result"

    def close(self) -> None:
        """Leaves nothing running."""
        for pod in self.pods:
            pod.kill()
            pod.wait()
        if self.url:
            self.plane.down()
