"""Two processes on this machine stand for two nodes: they learn what one learns, and end as one does."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable

import pytest
from conftest import JobFolder
from safetensors.torch import load_file

TWO = ("launch", "--standalone", "--nproc-per-node", "2")


def two(job: JobFolder) -> int:
    job.write()
    process = job.start(command=TWO)
    try:
        return process.wait(timeout=300)
    finally:
        process.send_signal(signal.SIGTERM) if process.poll() is None else None


@pytest.mark.parametrize("kind", ["lora", "dpo", "full"])
def test_two_processes_learn_what_one_learns(new_job: Callable[..., JobFolder], kind: str) -> None:
    alone, shared = new_job("alone"), new_job("shared")
    for folder in (alone, shared):
        if kind == "dpo":
            folder.dpo()
        # 5 is odd, so one process repeats an example that must not count.
        folder.hyperparameters.update(batch_size=5, full=kind == "full")
        if kind == "full":
            folder.hyperparameters["learning_rate"] = 1e-3
    assert alone.run() == 0, alone.words()
    assert two(shared) == 0, shared.words() + json.dumps(shared.events())
    for one, other in zip(alone.events("metrics"), shared.events("metrics"), strict=True):
        assert other["train_loss"] == pytest.approx(one["train_loss"], abs=1e-4)
        assert other["tokens"] == one["tokens"]
        assert other.get("full_valid_loss") == pytest.approx(one.get("full_valid_loss"), abs=1e-4)
    assert [e["seq"] for e in shared.events()] == list(range(1, shared.count() + 1))
    name = "model/model.safetensors" if kind == "full" else "adapter/adapter_model.safetensors"
    values = [load_file(f.path / name) for f in (alone, shared)]
    assert values[0].keys() == values[1].keys()
    for key in values[0]:
        assert (values[0][key] - values[1][key]).abs().max() < 2e-3, key


@pytest.mark.parametrize("kind", ["lora", "full"])
def test_two_processes_stop_and_go_on(new_job: Callable[..., JobFolder], kind: str) -> None:
    whole, job = new_job("whole"), new_job("stopped")
    for folder in (whole, job):
        folder.hyperparameters.update(n_epochs=12, full=kind == "full", learning_rate=1e-3)
        folder.job["limits"]["checkpoint_every_steps"] = 0
    assert two(whole) == 0, whole.words()
    process = job.start(command=TWO)
    job.await_events(process, 4)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=90) == 143, job.words()
    trained = len(job.events("metrics"))
    assert trained < 72 and job.events("checkpoint")[-1]["step"] == trained
    job.job["attempt"] = 2
    assert two(job) == 0, job.words()
    name = "model/model.safetensors" if kind == "full" else "adapter/adapter_model.safetensors"
    assert (job.path / name).read_bytes() == (whole.path / name).read_bytes()


def test_wrong_input_ends_with_10_through_the_launcher(job: JobFolder) -> None:
    job.job["base_model"]["digest"] = "0" * 64
    assert two(job) == 10, job.words()
    assert job.events()[-1]["code"] == "invalid_input"
