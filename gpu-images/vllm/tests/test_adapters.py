"""An adapter of either trainer loads in vLLM as it is, and answers as its trainer said it would.

Held to are log-probabilities under the trainer's own answers (`golden.jsonl`): a text can be right by chance.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE, Server

# The documented bound of the gate at fp32 (docs/runner-serve.md).
BOUND = 0.02


def golden(job: Path) -> list[dict[str, Any]]:
    """What the trainer's model answered."""
    lines = [json.loads(line) for line in (job / "golden.jsonl").read_text().splitlines()]
    assert lines
    return lines


def logprobs(server: Server, model: str, line: dict[str, Any]) -> list[float]:
    """Of the answer's tokens, each under those before it."""
    prompt, answer = line["prompt_tokens"], line["tokens"]
    body = server.ask(
        "/v1/completions",
        {"model": model, "prompt": prompt + answer, "max_tokens": 1, "temperature": 0, "prompt_logprobs": 0},
    )
    told = body["choices"][0]["prompt_logprobs"][len(prompt) :]
    return [position[str(token)]["logprob"] for position, token in zip(told, answer, strict=True)]


def difference(server: Server, model: str, job: Path) -> float:
    """Mean absolute difference to what the trainer said."""
    apart = [
        abs(mine - theirs)
        for line in golden(job)
        for mine, theirs in zip(logprobs(server, model, line), line["logprobs"], strict=True)
    ]
    return sum(apart) / len(apart)


@pytest.fixture(scope="module")
def adapters(server: Server, trained: Callable[[str], Path]) -> dict[str, Path]:
    """The jobs of both trainers, their adapters loaded side by side."""
    jobs = {runner: trained(runner) for runner in ("trl", "java")}
    server.await_ready().want({name: job / "adapter" for name, job in jobs.items()})
    return jobs


@pytest.mark.parametrize("runner", ["trl", "java"])
def test_it_answers_as_the_trainer_did(server: Server, adapters: dict[str, Path], runner: str) -> None:
    job = adapters[runner]
    tuned, base = difference(server, runner, job), difference(server, BASE, job)

    print(f"\n{runner}: mean |difference of log-probabilities| {tuned:.6f}, of the base model {base:.4f}")
    assert tuned <= BOUND
    # Else the comparison would show nothing: the base model is far from these answers.
    assert base > 10 * BOUND
    models = {m["id"]: m.get("parent") for m in server.ask("/v1/models")["data"]}
    assert models[runner] == BASE


@pytest.mark.parametrize("runner", ["trl", "java"])
def test_greedy_answers_are_the_trainers(server: Server, adapters: dict[str, Path], runner: str) -> None:
    for line in golden(adapters[runner]):
        most = len(line["tokens"])
        question = {"model": runner, "prompt": line["prompt_tokens"], "max_tokens": most, "temperature": 0}
        text = server.ask("/v1/completions", question)["choices"][0]["text"]
        assert text.strip() == line["text"].strip()


def test_a_killed_vllm_has_its_adapters_back_before_it_is_ready(server: Server, adapters: dict[str, Path]) -> None:
    before = {runner: difference(server, runner, job) for runner, job in adapters.items()}
    server.kill_engine()
    server.await_ready(False)

    # Whoever is let in by readiness finds every adapter, at the very first request.
    server.await_ready()
    after = {runner: difference(server, runner, job) for runner, job in adapters.items()}

    assert after == pytest.approx(before, abs=1e-4)
