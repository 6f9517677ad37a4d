"""The agent in front of a stand-in for vLLM: what it keeps loaded, what it lets through, and what happens at ends."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ASKING, CONTROL, HERE, ask, free_port

CONFIG = b'{"peft_type": "LORA", "r": 4}'


def digest(weights: bytes) -> str:
    return hashlib.sha256(weights).hexdigest()


class Replica:
    """One replica: agent and engine, on a disk of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / name
        self.folder.mkdir()
        (self.folder / "asking").write_text(ASKING)
        (self.folder / "control").write_text(CONTROL)
        self.url = ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> Replica:
        """Starts the agent, which starts the engine."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tuneplane_vllm", "--base", "base", "--port", str(port), "--engine-port",
             str(free_port()), "--adapters", self.folder / "adapters", "--token-file", self.folder / "asking",
             "--control-token-file", self.folder / "control", "--linger", "0.2", *options, "--",
             sys.executable, HERE / "fake_vllm.py", self.folder],
            env={**os.environ, "PYTHONPATH": str(HERE.parent)}, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith(b"ready ")
        return self

    def control(self, path: str, body: Any, token: str = CONTROL) -> tuple[int, Any]:
        """A request of whoever brings adapters."""
        return ask(self.url + path, body, token, "PUT")

    def bring(self, weights: bytes) -> str:
        """Sends an adapter."""
        name = digest(weights)
        for file, content in (("adapter_config.json", CONFIG), ("adapter_model.safetensors", weights)):
            status, body = self.control(f"/agent/adapters/{name}/{file}", content)
            assert status == 200, body
        return name

    def state(self) -> dict[str, Any]:
        """What it says of itself."""
        return ask(f"{self.url}/agent/state", token=CONTROL)[1]

    def until(self, what: Callable[[], Any]) -> None:
        """Waits."""
        limit = time.monotonic() + 180
        while not what() and time.monotonic() < limit:
            time.sleep(0.05)
        assert what(), self.state()

    def ready(self) -> bool:
        """As a kubelet asks."""
        return ask(f"{self.url}/readyz")[0] == 200

    def question(self, model: str, token: str = ASKING) -> tuple[int, Any]:
        """As the gateway asks."""
        return ask(f"{self.url}/v1/completions", {"model": model, "prompt": "x", "max_tokens": 1}, token)

    def kill_engine(self) -> None:
        """As the kernel does when memory runs out."""
        os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)

    def stop(self) -> int:
        """As a kubelet ends a pod."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(timeout=120)
        finally:
            self.process.kill()
            self.process = None


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[str], Replica]]:
    made: list[Replica] = []

    def one(name: str = "r") -> Replica:
        made.append(Replica(tmp_path, name).start())
        return made[-1]

    yield one
    for replica in made:
        replica.stop()


def test_what_is_wanted_is_loaded_and_what_is_not_goes(make: Callable[..., Replica]) -> None:
    replica = make()
    replica.until(replica.ready)
    one, other = replica.bring(b"one"), replica.bring(b"other")

    assert replica.control("/agent/wanted", {"ft:a": one, "ft:b": other})[0] == 200
    replica.until(lambda: replica.state()["loaded"] == {"ft:a": one, "ft:b": other} and replica.ready())
    assert replica.question("ft:a")[1]["weights"] == "one"

    # Another adapter under the same name: its answers are the new one's, never the old one's after that.
    assert replica.control("/agent/wanted", {"ft:a": other})[0] == 200
    replica.until(lambda: replica.state()["loaded"] == {"ft:a": other} and replica.ready())
    assert replica.question("ft:a")[1]["weights"] == "other"
    assert replica.question("ft:b")[0] == 404


def test_of_three_replicas_a_killed_one_gets_its_adapters_back_before_it_is_ready(make: Callable[..., Replica]) -> None:
    replicas = [make(name) for name in ("r0", "r1", "r2")]
    for replica in replicas:
        wanted = {"ft:a": replica.bring(b"one"), "ft:b": replica.bring(b"other")}
        assert replica.control("/agent/wanted", wanted)[0] == 200
    for replica in replicas:
        replica.until(replica.ready)
    (replicas[1].folder / "slow").write_text("0.5")
    replicas[1].kill_engine()

    replicas[1].until(lambda: not replicas[1].ready())
    status, body = replicas[1].question("ft:a")
    assert status == 503 and body["error"]["code"] in ("not_loaded", "engine_unavailable")
    while not replicas[1].ready():
        time.sleep(0.02)
    assert replicas[1].question("ft:a")[1]["weights"] == "one"
    assert replicas[1].question("ft:b")[1]["weights"] == "other"
    assert all(r.question("ft:a")[0] == 200 for r in (replicas[0], replicas[2]))


def test_a_new_agent_on_the_same_disk_needs_nobody(make: Callable[..., Replica]) -> None:
    replica = make()
    assert replica.control("/agent/wanted", {"ft:a": replica.bring(b"one")})[0] == 200
    replica.until(replica.ready)
    assert replica.stop() == 0
    replica.start()
    replica.until(replica.ready)
    assert replica.question("ft:a")[1]["weights"] == "one"


def test_one_that_cannot_be_loaded_keeps_no_other_from_answering(make: Callable[..., Replica]) -> None:
    replica = make()
    wanted = {"ft:bad": replica.bring(b"broken"), "ft:good": replica.bring(b"one")}
    assert replica.control("/agent/wanted", wanted)[0] == 200
    replica.until(lambda: "ft:good" in replica.state()["loaded"])
    assert replica.question("ft:good")[0] == 200 and replica.question("ft:bad")[0] == 503
    assert not replica.ready() and "ft:bad" in replica.state()["trouble"]


def test_nothing_but_questions_gets_through(make: Callable[..., Replica]) -> None:
    replica = make()
    replica.until(replica.ready)
    for path in ("/v1/load_lora_adapter", "/v1/unload_lora_adapter", "/sleep", "/collective_rpc", "/v1/completions/..",
                 "//v1/load_lora_adapter", "/v1/completions?x=/v1/load_lora_adapter"):
        for token in (ASKING, CONTROL):
            assert ask(replica.url + path, {"lora_name": "x", "lora_path": "/"}, token)[0] == 404, path
    assert replica.question("base", token=CONTROL)[0] == 401
    assert replica.question("base", token="x")[0] == 401
    assert replica.control("/agent/wanted", {}, token=ASKING)[0] == 401
    assert ask(f"{replica.url}/agent/state", token=ASKING)[0] == 401
    assert ask(f"{replica.url}/v1/models")[0] == 401
    assert ask(f"{replica.url}/metrics")[0] == 401
    assert ask(f"{replica.url}/v1/models", token=ASKING)[0] == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/agent/adapters/{d}/adapter_model.safetensors", b"other bytes"),
        ("/agent/adapters/{d}/adapter_config.json", b'{"peft_type": "LORA", "modules_to_save": ["lm_head"]}'),
        ("/agent/adapters/{d}/adapter_config.json", b"not json"),
        ("/agent/adapters/{d}/adapter_model.bin", b"pickle"),
        ("/agent/adapters/../adapter_config.json", CONFIG),
        ("/agent/adapters/..%2f..%2fetc/adapter_config.json", CONFIG),
        ("/agent/wanted", {"../x": "0" * 64}),
        ("/agent/wanted", {"a": "../../etc"}),
        ("/agent/wanted", ["a"]),
    ],
)
def test_what_could_break_out_or_carry_code_is_refused(make: Callable[..., Replica], path: str, body: Any) -> None:
    replica = make()
    before = sorted(replica.folder.rglob("*"))
    status, answer = replica.control(path.format(d=digest(b"one")), body)
    assert status in (400, 404), answer
    assert not [p for p in replica.folder.rglob("*") if p.is_file() and p not in before and p.name != "pid"]


def test_wanting_what_is_not_here_says_what_to_send(make: Callable[..., Replica]) -> None:
    replica = make()
    status, body = replica.control("/agent/wanted", {"ft:a": "0" * 64})
    assert status == 409 and "0" * 64 in body["error"]["message"]
    assert replica.state()["wanted"] == {}


def test_an_answer_comes_as_it_is_made_and_ends_when_the_client_leaves(make: Callable[..., Replica]) -> None:
    replica = make()
    replica.until(replica.ready)
    connection = http.client.HTTPConnection(replica.url.removeprefix("http://"), timeout=30)
    body = json.dumps({"model": "base", "stream": True, "max_tokens": 10_000})
    started = time.monotonic()
    connection.request("POST", "/v1/completions", body, {"Authorization": f"Bearer {ASKING}"})
    response = connection.getresponse()
    assert response.read1(100).startswith(b"data: 0")
    assert time.monotonic() - started < 10
    response.close()
    connection.close()
    replica.until(lambda: (replica.folder / "left").exists())


def test_asked_to_leave_it_answers_who_is_here_and_wants_nobody_else(make: Callable[..., Replica]) -> None:
    replica = make()
    replica.until(replica.ready)
    connection = http.client.HTTPConnection(replica.url.removeprefix("http://"), timeout=60)
    body = json.dumps({"model": "base", "stream": True, "max_tokens": 200})
    connection.request("POST", "/v1/completions", body, {"Authorization": f"Bearer {ASKING}"})
    response = connection.getresponse()
    assert replica.process is not None
    replica.process.terminate()
    replica.until(lambda: not replica.ready())
    assert replica.state()["trouble"] == "the replica is leaving"
    assert response.read().endswith(b"data: 199\n\n")
    assert replica.process.wait(timeout=180) == 0
    replica.process = None


def test_over_tls_a_client_that_says_nothing_holds_nobody_up(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )
    replica = Replica(tmp_path, "r").start("--tls-certificate", str(cert), "--tls-key", str(key))
    try:
        port = int(replica.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)):
            connection = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=60, context=ssl.create_default_context(cafile=cert)
            )
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
    finally:
        assert replica.stop() == 0


def test_an_address_of_others_needs_a_certificate(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tuneplane_vllm", "--base", "b", "--host", "0.0.0.0", "--token-file", "t",
         "--control-token-file", "c", "--", "vllm"],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)}, capture_output=True, text=True, check=False, timeout=60,
    )
    assert ran.returncode == 2 and "--tls-certificate" in ran.stderr


def test_the_image_is_pinned_and_not_root() -> None:
    text = (HERE.parent / "Dockerfile").read_text()
    assert "\nARG BASE_DIGEST\n" in text and "FROM ${BASE_IMAGE}@${BASE_DIGEST}" in text
    assert "\nUSER 10001:10001\n" in text
