"""The runner as a process: how it ends when it is told to, when it is killed, and when something is wrong."""

from __future__ import annotations

import fcntl
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import JobFolder


@pytest.mark.parametrize(("method", "seed"), [("supervised", 1), ("supervised", 2), ("dpo", 3)])
def test_killed_again_and_again_it_ends_where_an_unbroken_run_does(
    new_job: Callable[..., JobFolder], method: str, seed: int
) -> None:
    whole, killed = new_job("whole"), new_job("killed")
    for folder in (whole, killed):
        if method == "dpo":
            folder.dpo()
        folder.hyperparameters["lora"]["dropout"] = 0.2
    assert whole.run() == 0, whole.words()
    chance = random.Random(seed)
    for attempt in (1, 2, 3):
        killed.job["attempt"] = attempt
        process = killed.start()
        killed.await_events(process, killed.count() + chance.randint(2, 6))
        process.kill()
        process.wait()
    killed.job["attempt"] = 4
    assert killed.run() == 0, killed.words()
    assert killed.digest() == whole.digest()
    assert (killed.path / "golden.jsonl").read_text() == (whole.path / "golden.jsonl").read_text()
    assert [e["seq"] for e in killed.events()] == list(range(1, killed.count() + 1))
    assert max(e["attempt"] for e in killed.events()) > 1


@pytest.mark.parametrize("how", ["SIGTERM", "end of standard input"])
def test_asked_to_stop_it_leaves_a_checkpoint_and_goes_on_from_it(new_job: Callable[..., JobFolder], how: str) -> None:
    whole, job = new_job("whole"), new_job("stopped")
    for folder in (whole, job):
        folder.hyperparameters["n_epochs"] = 12
        folder.job["limits"]["checkpoint_every_steps"] = 0
    assert whole.run() == 0, whole.words()
    process = job.start()
    job.await_events(process, 4)
    if how == "SIGTERM":
        process.send_signal(signal.SIGTERM)
    else:
        assert process.stdin is not None
        process.stdin.close()
    assert process.wait(timeout=60) == 143, job.words()
    assert job.events()[-1]["text"] == f"stopped: {how}"
    trained = len(job.events("metrics"))
    assert trained < 72 and job.events("checkpoint")[-1]["step"] == trained
    job.job["attempt"] = 2
    assert job.run() == 0, job.words()
    assert job.digest() == whole.digest()


def test_sigint_is_ignored(job: JobFolder) -> None:
    process = job.start()
    job.await_events(process, 2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 0, job.words()
    assert job.events()[-1]["type"] == "result"


def test_the_command_line_is_checked(job: JobFolder) -> None:
    assert job.start("--no-such").wait(timeout=60) == 2


def test_two_runners_do_not_work_in_one_folder(job: JobFolder) -> None:
    with (job.path / "lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        assert job.run() == 20
    assert "another runner is at work" in job.words()


def test_a_broken_checkpoint_is_passed_over_and_said(job: JobFolder) -> None:
    assert job.train() == 0
    digest = job.digest()
    newest = job.path / "checkpoints/step-12/optimizer.safetensors"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    lines = (job.path / "events.jsonl").read_text().splitlines(keepends=True)
    (job.path / "events.jsonl").write_text("".join(lines[:-1]) + '{"seq":99,"att')
    job.job["attempt"] = 2
    assert job.train() == 0, job.events()
    assert job.digest() == digest
    texts = [e["text"] for e in job.events("message")]
    assert any("step-12 is passed over: optimizer" in t for t in texts)
    assert any("goes on from checkpoints/step-10" in t for t in texts)
    assert len((job.path / "metrics.csv").read_text().splitlines()) == 13
    assert [e["seq"] for e in job.events()] == list(range(1, job.count() + 1))


def test_a_checkpoint_of_the_last_step_needs_no_training(job: JobFolder) -> None:
    assert job.train() == 0
    lines = (job.path / "events.jsonl").read_text().splitlines(keepends=True)
    (job.path / "events.jsonl").write_text("".join(lines[:-1]))
    digest = job.digest()
    assert job.train() == 0
    assert job.digest() == digest and job.events()[-1]["steps"] == 12


Change = Callable[[JobFolder], object]
WRONG: dict[str, tuple[Change, str, str]] = {
    "another base": (
        lambda j: j.job["base_model"].update(digest="0" * 64), "invalid_input", "the base model in",
    ),
    "no model": (lambda j: j.job["base_model"].update(path="/nowhere"), "invalid_model", "there is no model"),
    "4 bits without a GPU": (
        lambda j: j.hyperparameters.update(quantization="4bit"), "invalid_input", "needs a CUDA GPU",
    ),
    "a rank that vLLM can't load": (
        lambda j: j.hyperparameters["lora"].update(r=1024), "invalid_input", "at most 512",
    ),
    "a loss that explodes": (
        lambda j: j.hyperparameters.update(learning_rate=1e30, max_grad_norm=0), "invalid_input",
        "Lower the learning rate",
    ),
    "a broken line": (
        lambda j: (j.path / "train.jsonl").write_text('\n{"messages": 3}\n'), "invalid_input", "train.jsonl line 2",
    ),
    "nothing to learn": (lambda j: j.hyperparameters.update(max_length=2), "invalid_input", "no example has a token"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_ends_with_10_and_words(job: JobFolder, name: str) -> None:
    change, code, words = WRONG[name]
    change(job)
    assert job.train() == 10
    last = job.events()[-1]
    assert (last["level"], last["code"]) == ("error", code)
    assert words in last["text"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda j: j.job.update(more=1), "unknown field more"),
        (lambda j: j.job.pop("seed"), "seed is missing"),
        (lambda j: j.hyperparameters.update(n_epochs=0), "n_epochs must be from 1 to 50"),
        (lambda j: j.job["data"].update(train="../x"), "data.train must match"),
        (lambda j: j.hyperparameters["lora"].update(target_modules=["lm_head"]), "must be among"),
        (lambda j: j.hyperparameters.update(full=True, quantization="4bit"), "exclude each other"),
    ],
)
def test_a_wrong_job_is_named_by_its_field(job: JobFolder, change: Change, words: str) -> None:
    from tuneplane_trl.exits import WrongInput

    change(job)
    with pytest.raises(WrongInput, match=words):
        job.train()


def test_a_field_that_stands_twice_is_refused(job: JobFolder) -> None:
    from tuneplane_trl import job as jobs
    from tuneplane_trl.exits import WrongInput

    (job.path / "job.json").write_text('{"seed": 1, "seed": 2}')
    with pytest.raises(WrongInput, match="stands twice"):
        jobs.read(job.path / "job.json")


def test_too_little_memory_is_said_before_the_start_with_the_number(job: JobFolder) -> None:
    job.job["limits"]["memory_bytes"] = 1 << 20
    assert job.train() == 21
    last = job.events()[-1]
    assert last["code"] == "out_of_memory"
    assert "may use 1 MiB" in last["text"] and "max_length" in last["text"]
    assert not job.events("metrics")


def test_memory_that_runs_out_on_the_way_is_told_apart(job: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from tuneplane_trl.trainers import SupervisedTrainer

    def full(*args: object, **kwargs: object) -> None:
        torch.empty(1 << 58)

    monkeypatch.setattr(SupervisedTrainer, "compute_loss", full)
    assert job.train() == 21
    assert job.events()[-1]["code"] == "out_of_memory"
    assert "limits.pass_tokens" in job.events()[-1]["text"]


def test_errors_are_told_apart() -> None:
    import torch

    from tuneplane_trl.exits import told

    assert told(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")).exit_code == 21
    assert told(RuntimeError("CUDA error: out of memory")).exit_code == 21
    assert told(MemoryError()).exit_code == 21
    assert told(OSError(28, "No space left on device")).code == "disk"
    assert told(OSError(12, "Cannot allocate memory")).exit_code == 21
    assert told(RuntimeError("Connection closed by peer")).exit_code == 20


def test_a_full_disk_ends_with_20_and_leaves_no_partial_file(job: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from tuneplane_trl import checkpoints

    def full(tensors: object, file: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full)
    assert job.train() == 20
    assert job.events()[-1]["code"] == "disk"
    assert not list((job.path / "checkpoints").iterdir())
