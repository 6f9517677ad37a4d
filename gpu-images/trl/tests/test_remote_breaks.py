"""The agent in a pod, with a stand-in for the trainer: whatever breaks on the way, the run ends as an unbroken one."""

from __future__ import annotations

import random
import shutil
import signal
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import FAKE, Bench
from control_plane import TOKEN, Refusal

from tuneplane_trl.exits import TryAgain
from tuneplane_trl.remote import Pod
from tuneplane_trl.spool import Spool
from tuneplane_trl.wire import Wire


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Nobody looks into it."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"hidden_size": 1}')
    (folder / "model.safetensors").write_bytes(random.Random(3).randbytes(100_000))
    return folder


@pytest.fixture
def bench(tmp_path: Path, model: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, model, FAKE)
    yield bench
    bench.close()


def test_a_run_over_http_ends_as_one_in_a_folder(bench: Bench) -> None:
    pod = bench.open().pod()
    bench.ends(pod, 0)
    bench.is_as_unbroken()
    assert bench.plane.steps()[-1] == bench.job.events("checkpoint")[-1]["step"]


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_pods_go_on_from_what_the_control_plane_has(bench: Bench, seed: int) -> None:
    bench.change(n_epochs=4).open()
    chance = random.Random(seed)
    for _ in range(2):
        pod = bench.pod()
        least = bench.plane.next() + chance.randint(3, 12)
        bench.until(lambda least=least: bench.plane.next() >= least, pod)
        pod.kill()
        pod.wait()
    bench.ends(bench.pod(), 0)
    bench.is_as_unbroken()
    assert {e["attempt"] for e in bench.job.events()} == {1, 2, 3}
    assert any("goes on from checkpoints/step-" in e.get("text", "") for e in bench.job.events())


@pytest.mark.parametrize("how", ["SIGTERM", "wish"])
def test_asked_to_stop_it_brings_out_its_checkpoint(bench: Bench, how: str) -> None:
    bench.change(n_epochs=24)
    for folder in (bench.job, bench.whole):
        folder.job["limits"]["checkpoint_every_steps"] = 0
    pod = bench.open().pod()
    bench.until(lambda: bench.plane.next() > 4, pod)
    if how == "SIGTERM":
        pod.send_signal(signal.SIGTERM)
    else:
        bench.plane.wish = "stop"
    bench.ends(pod, 143)
    trained = len(bench.job.events("metrics"))
    assert trained < 144 and bench.plane.steps()[-1] == trained
    bench.plane.wish = "run"
    bench.ends(bench.pod(), 0)
    bench.is_as_unbroken()


def test_cancelled_it_ends_at_once(bench: Bench) -> None:
    pod = bench.change(n_epochs=50).open().pod()
    bench.until(lambda: bench.plane.next() > 3, pod)
    bench.plane.wish = "cancel"
    bench.ends(pod, 143)
    assert bench.job.events()[-1]["type"] != "result"


def test_of_twins_the_later_one_has_the_run(bench: Bench) -> None:
    first = bench.change(n_epochs=30).open().pod()
    bench.until(lambda: bench.plane.next() > 6, first)
    second = bench.pod()
    bench.ends(first, 20)
    assert "stale_attempt" in bench.words()
    bench.ends(second, 0)
    bench.is_as_unbroken()


def test_it_goes_on_training_while_the_control_plane_is_away(bench: Bench) -> None:
    pod = bench.change(n_epochs=20).open().pod()
    bench.until(lambda: bench.plane.next() > 4, pod)
    bench.plane.down()
    stored = bench.plane.next()
    events = bench.tmp / "pod-0/work/run/events.jsonl"
    # It has trained on for a while, and its checkpoints there have come and gone.
    bench.until(lambda: events.read_bytes().count(b"\n") > stored + 40, pod)
    assert bench.plane.next() == stored
    bench.plane.back()
    bench.ends(pod, 0)
    bench.is_as_unbroken()


def test_cut_connections_and_a_full_disk_cost_nothing_but_time(bench: Bench) -> None:
    chance = random.Random(7)

    def before(method: str, path: str) -> None:
        if chance.random() < 0.1:
            raise ConnectionError
        if method == "PUT" and chance.random() < 0.1:
            raise Refusal(507, "insufficient_storage")

    bench.open().plane.before = before
    bench.ends(bench.pod(), 0)
    bench.is_as_unbroken()


def test_an_upload_goes_on_where_it_broke_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from tuneplane_trl import sender

    bench.open()
    monkeypatch.setattr(sender, "_PIECE", 1000)
    wire = Wire(bench.url, bench.plane.mark, TOKEN, None)
    wire.attempt(wire.ask("POST", "/attempts", b'{"runner": "r"}')["attempt"])
    content = random.Random(1).randbytes(5500)
    (bench.tmp / "big").write_bytes(content)
    sent = sender.Sender(wire, bench.tmp, Spool(bench.tmp, bench.tmp / "spool"), 0, lambda _: None)
    puts = 0

    def before(method: str, path: str) -> None:
        nonlocal puts
        puts += method == "PUT"
        if puts == 4:
            puts = 5
            raise ConnectionError

    bench.plane.before = before
    from tuneplane_trl.wire import Away

    with pytest.raises(Away):
        sent._upload_file("/uploads/step-1/big", bench.tmp / "big")
    sent._upload_file("/uploads/step-1/big", bench.tmp / "big")
    assert (bench.job.path / "uploads/step-1/big").read_bytes() == content
    assert sum(s.startswith("PUT") for s in bench.plane.seen) == 7


def test_what_arrives_with_another_digest_is_refused(bench: Bench) -> None:
    bench.open()
    serve = bench.plane._file
    bench.plane._file = lambda name, wanted: (  # type: ignore[method-assign]
        (200, b"x" * (bench.job.path / name).stat().st_size) if name == "train.jsonl" else serve(name, wanted)
    )
    bench.ends(bench.pod(), 20)
    assert "another digest" in bench.words()
    assert not bench.job.events()


def test_its_own_copy_of_the_model_is_used_where_its_digests_are_right(bench: Bench, model: Path) -> None:
    bench.open()
    for name, whole in (("good", True), ("bad", False)):
        shutil.copytree(model, bench.tmp / name / "tiny")
        if not whole:
            (bench.tmp / name / "tiny/config.json").write_text("{}")
    bench.ends(bench.pod(TUNEPLANE_MODELS=str(bench.tmp / "bad")), 0)
    assert any("/files/base/" in s for s in bench.plane.seen)
    bench.plane.seen.clear()
    for leftover in ("events.jsonl", "checkpoints", "adapter"):
        path = bench.job.path / leftover
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    bench.ends(bench.pod(TUNEPLANE_MODELS=str(bench.tmp / "good")), 0)
    assert not any("/files/base/" in s for s in bench.plane.seen)
    bench.is_as_unbroken()


def test_a_token_of_another_run_opens_nothing(bench: Bench) -> None:
    bench.ends(bench.open().pod(token="tpr-other"), 20)
    assert "does not let this runner in" in bench.words() and "tpr-other" not in bench.words()
    assert bench.plane.seen == []


def test_tls_with_an_authority_of_ones_own(bench: Bench) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    cert, key = bench.tmp / "cert.pem", bench.tmp / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    bench.open(context)
    bench.url = f"https://localhost:{bench.plane.port}"
    bench.ends(bench.pod(TUNEPLANE_PATIENCE_SECONDS="1"), 20)
    assert "is not trusted" in bench.words() and bench.plane.seen == []
    bench.ends(bench.pod(TUNEPLANE_CA_FILE=str(cert)), 0)
    assert bench.job.events()[-1]["type"] == "result"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://tuneplane.example:8686", "must be https"),
        ("ftp://127.0.0.1", "must be https://HOST"),
        ("https://user@host", "must be https://HOST"),
    ],
)
def test_an_address_that_others_could_listen_to_is_refused(bench: Bench, url: str, words: str) -> None:
    bench.open().url = url
    bench.ends(bench.pod(), 2)
    assert words in bench.words()


def test_the_spool_is_bounded(tmp_path: Path) -> None:
    spool = Spool(tmp_path, tmp_path / "spool")
    for step in range(1, 13):
        (tmp_path / f"checkpoints/step-{step}").mkdir(parents=True)
        (tmp_path / f"checkpoints/step-{step}/file").write_text(str(step))
        (tmp_path / f"checkpoints/step-{step}/manifest.json").write_text('{"files": {"file": ""}}')
        spool.take(step, epoch=step % 3 == 0)
        if step == 4:
            assert spool.claim(4) is not None
    assert sorted(int(p.name[5:]) for p in (tmp_path / "spool").iterdir()) == [4, 6, 9, 11, 12]
    shutil.rmtree(tmp_path / "checkpoints")
    held = spool.claim(6)
    assert held is not None and (held / "file").read_text() == "6"
    spool.done(6)
    assert spool.claim(6) is None and not held.exists()
    spool.take(99, epoch=False)
    assert spool.claim(99) is None


def test_a_checkpoint_that_is_being_deleted_is_passed_over(tmp_path: Path) -> None:
    spool = Spool(tmp_path, tmp_path / "spool")
    half = tmp_path / "checkpoints/step-1"
    half.mkdir(parents=True)
    (half / "manifest.json").write_text('{"files": {"state.json": ""}}')
    spool.take(1, epoch=False)
    assert spool.claim(1) is None and list((tmp_path / "spool").iterdir()) == []


def test_patience_begins_anew_with_each_answer(bench: Bench) -> None:
    from tuneplane_trl.wire import Away, Patience

    bench.open()
    wire = Wire(bench.url, bench.plane.mark, TOKEN, None)
    pauses: list[float] = []
    tries = iter(range(100))

    def now_and_then() -> str:
        n = next(tries)
        if n == 12:
            return "done"
        if n % 3 == 2:
            wire.ask("GET", "")
        raise Away("not now")

    assert Patience(wire, 60, pauses.append).get(now_and_then) == "done"
    assert pauses == [1.0, 2.0, *[1.0, 2.0, 4.0] * 3, 1.0]
    with pytest.raises(TryAgain, match="never"):
        Patience(wire, 0, pauses.append).get(lambda: (_ for _ in ()).throw(Away("never")))


def test_the_command_follows_nodes_and_gpus(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t")
    env = {"TUNEPLANE_URL": "https://h", "TUNEPLANE_MARK": "m", "TUNEPLANE_TOKEN_FILE": str(tmp_path / "token"),
           "TUNEPLANE_DIR": str(tmp_path)}
    assert Pod.of(env).command(tmp_path)[1:4] == ["-m", "tuneplane_trl", "train"]
    more = {**env, "TUNEPLANE_GPUS_PER_NODE": "8", "TUNEPLANE_NODES": "2", "TUNEPLANE_RENDEZVOUS": "j-0.j:29500",
            "JOB_COMPLETION_INDEX": "1"}
    assert Pod.of(more).command(tmp_path)[3:-1] == [
        "launch", "--nnodes", "2", "--node-rank", "1", "--master-addr", "j-0.j", "--master-port", "29500",
        "--nproc-per-node", "8",
    ]
