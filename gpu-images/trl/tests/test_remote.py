"""The real trainer in a pod: what comes and goes over HTTP ends as what was trained in a folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import REAL, Bench


@pytest.fixture
def bench(tmp_path: Path, model: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, model, REAL)
    yield bench
    bench.close()


def test_a_run_over_http_ends_as_one_in_a_folder(bench: Bench) -> None:
    pod = bench.open().pod()
    bench.ends(pod, 0)
    bench.is_as_unbroken()
    assert bench.plane.steps()[-1] == bench.job.events("checkpoint")[-1]["step"]


def test_killed_pods_go_on_from_what_the_control_plane_has(bench: Bench) -> None:
    bench.change(n_epochs=4).open()
    chance = random.Random(1)
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


def test_a_model_that_is_not_the_jobs_is_wrong_input(bench: Bench) -> None:
    bench.job.job["base_model"]["digest"] = "0" * 64
    bench.ends(bench.open().pod(), 10)
    assert bench.job.events()[-1]["code"] == "invalid_input"


def test_two_processes_send_through_one(bench: Bench) -> None:
    pod = bench.open().pod(TUNEPLANE_GPUS_PER_NODE="2")
    bench.ends(pod, 0)
    assert bench.job.events()[-1]["type"] == "result"
    assert "2 x cpu" in bench.job.events()[0]["text"]


def test_nodes_find_each_other_and_only_the_first_sends(bench: Bench) -> None:
    bench.open()
    env = {"TUNEPLANE_NODES": "2", "TUNEPLANE_RENDEZVOUS": f"127.0.0.1:{_free_port()}"}
    pods = [bench.pod(**env, JOB_COMPLETION_INDEX=str(i)) for i in (0, 1)]
    for pod in pods:
        bench.ends(pod, 0)
    assert "2 x cpu" in bench.job.events()[0]["text"] and bench.job.events()[-1]["type"] == "result"
    assert bench.plane.attempt == 1


def _free_port() -> int:
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
