"""A real vLLM on the processor, and jobs that both trainers have done."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(REPOSITORY / "gpu-images/trl"), str(REPOSITORY / "gpu-images/trl/tests")]

VLLM = Path(os.environ.get("TUNEPLANE_VLLM", REPOSITORY / "target/vllm/venv/bin/vllm"))
BASE = "base"
ASKING, CONTROL = "a" * 32, "c" * 32
LONGEST_START = 900


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url: str, body: Any = None, token: str | None = None, method: str | None = None) -> tuple[int, Any]:
    """A request and its answer, as JSON where it is some."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=300) as response:
            status, text = response.status, response.read()
    except urllib.error.HTTPError as e:
        status, text = e.code, e.read()
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text.decode(errors="replace")


class Server:
    """A real vLLM with the agent in front."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        self.model = model
        self.words = folder / "words"
        self.url = ""
        self.process: subprocess.Popen[bytes] | None = None
        for name, token in (("asking", ASKING), ("control", CONTROL)):
            (folder / name).write_text(token)

    def start(self) -> Server:
        """Starts both; they answer a while later."""
        port, engine = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        words = self.words.open("ab")
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "tuneplane_vllm", "--base", BASE, "--port", str(port),
                "--engine-port", str(engine), "--adapters", self.folder / "adapters",
                "--token-file", self.folder / "asking", "--control-token-file", self.folder / "control", "--",
                VLLM, "serve", self.model, "--dtype", "float32", "--max-model-len", "256", "--max-num-seqs", "8",
                "--enforce-eager", "--enable-lora", "--max-loras", "2", "--max-cpu-loras", "4", "--max-lora-rank", "16",
            ],
            stdin=subprocess.DEVNULL, stdout=words, stderr=words,
            env={
                **os.environ, "PYTHONPATH": str(HERE.parent), "PATH": f"{VLLM.parent}:{os.environ['PATH']}",
                "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "0-1",
            },
        )
        return self

    def ask(self, path: str, body: Any = None, token: str = ASKING, method: str | None = None) -> Any:
        """A request that is answered."""
        status, answer = ask(self.url + path, body, token, method)
        assert status == 200, answer
        return answer

    def ready(self) -> bool:
        """As a kubelet asks."""
        try:
            return ask(f"{self.url}/readyz")[0] == 200
        except OSError:
            return False

    def await_ready(self, ready: bool = True) -> Server:
        """Waits until it is, or is not."""
        assert self.process is not None
        limit = time.monotonic() + LONGEST_START
        while time.monotonic() < limit and self.process.poll() is None:
            if self.ready() == ready:
                return self
            time.sleep(0.2)
        raise AssertionError(self.words.read_text()[-4000:])

    def want(self, adapters: dict[str, Path]) -> None:
        """Brings adapters, and waits until all of them answer."""
        wanted = {}
        for name, folder in adapters.items():
            weights = (folder / "adapter_model.safetensors").read_bytes()
            wanted[name] = hashlib.sha256(weights).hexdigest()
            for file in ("adapter_config.json", "adapter_model.safetensors", "tuneplane.json"):
                path = f"/agent/adapters/{wanted[name]}/{file}"
                self.ask(path, (folder / file).read_bytes(), CONTROL, "PUT")
        self.ask("/agent/wanted", wanted, CONTROL, "PUT")
        while self.ask("/agent/state", token=CONTROL)["loaded"] != wanted:
            time.sleep(0.2)

    def kill_engine(self) -> None:
        """vLLM and its workers end at once, as when memory runs out."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            os.killpg(int(child), signal.SIGKILL)

    def stop(self) -> None:
        """Ends both."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Server]:
    """Shared by the tests of a session, since it takes minutes to start."""
    if not VLLM.is_file():
        pytest.skip(f"vLLM is not here: .ci/vllm installs it to {VLLM} (set TUNEPLANE_VLLM)")
    server = Server(tmp_path_factory.mktemp("vllm"), model)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that TUNEPLANE_VLLM_MODEL names (a Llama of 256 positions or more), else a small random one."""
    from trl_side import small_model

    named = os.environ.get("TUNEPLANE_VLLM_MODEL")
    return Path(named) if named else small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Callable[[str], Path]:
    """The folder of a job that a trainer does: `trl` or `java`."""
    from trl_side import by_java, by_trl

    by = {"trl": by_trl, "java": by_java}
    return lambda runner: by[runner](tmp_path_factory.mktemp("jobs") / runner, server.model)
