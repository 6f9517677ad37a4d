"""What a run learns and leaves, against the schemas of `docs/schemas/runner`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import SCHEMAS, JobFolder, digest_of, sha256


def valid(schema: str, value: Any) -> None:
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())
    jsonschema.Draft202012Validator(rules).validate(value)


def valid_file(schema: str, file: Path) -> None:
    valid(schema, json.loads(file.read_text()))


@pytest.mark.parametrize("method", ["supervised", "dpo"])
def test_every_file_is_as_its_schema_says(job: JobFolder, method: str) -> None:
    if method == "dpo":
        job.dpo()
    assert job.train() == 0, job.events()
    valid_file("job", job.path / "job.json")
    for event in job.events():
        valid("event", event)
    golden = (job.path / "golden.jsonl").read_text().splitlines()
    assert 0 < len(golden) <= 8
    for line in golden:
        valid("golden", json.loads(line))
    checkpoint = job.path / job.events("checkpoint")[-1]["path"]
    for adapter in (job.path / "adapter", checkpoint / "adapter"):
        valid_file("adapter-config", adapter / "adapter_config.json")
        valid_file("adapter-origin", adapter / "tuneplane.json")
    valid_file("checkpoint-manifest", checkpoint / "manifest.json")
    valid_file("checkpoint-state", checkpoint / "state.json")


def test_a_job_learns_and_leaves_its_result(job: JobFolder) -> None:
    job.hyperparameters.update(n_epochs=6, learning_rate=0.02)
    assert job.train() == 0, job.events()
    metrics = job.events("metrics")
    assert [m["step"] for m in metrics] == list(range(1, 37))
    assert metrics[-1]["train_loss"] < 0.7 * metrics[0]["train_loss"]
    assert "valid_loss" in metrics[2] and "valid_loss" not in metrics[3]
    assert "full_valid_loss" in metrics[5]
    assert job.events()[-1]["type"] == "result"
    for file in job.events()[-1]["files"]:
        assert sha256(job.path / file["path"]) == file["sha256"]
    assert [e["seq"] for e in job.events()] == list(range(1, len(job.events()) + 1))
    rows = (job.path / "metrics.csv").read_text().splitlines()
    assert rows[0] == "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy" and len(rows) == 37
    # The last two to go on from, and the last three ends of an epoch to choose from.
    assert {p.name for p in (job.path / "checkpoints").iterdir()} == {"step-34", "step-36", "step-30", "step-24"}
    assert [c["step"] for c in job.events("checkpoint") if "epoch" in c] == [6, 12, 18, 24, 30, 36]
    events = job.count()
    assert job.train() == 0 and job.count() == events, "a run that is done is left as it is"


def test_preferences_are_learnt(job: JobFolder) -> None:
    job.dpo().hyperparameters["n_epochs"] = 8
    assert job.train() == 0, job.events()
    metrics = job.events("metrics")
    assert metrics[0]["train_loss"] == pytest.approx(math.log(2), abs=1e-6)
    assert metrics[-1]["full_valid_loss"] < 0.6
    assert metrics[-1]["full_valid_mean_token_accuracy"] == 1


def test_a_dpo_run_goes_on_from_an_adapter_and_holds_on_to_it(new_job: Callable[..., JobFolder]) -> None:
    first = new_job("first")
    assert first.train() == 0
    second = new_job("second").dpo()
    second.job["start_adapter"] = {"path": str(first.path / "adapter"), "digest": first.digest()}
    assert second.train() == 0, second.events()
    assert second.events("metrics")[0]["train_loss"] == pytest.approx(math.log(2), abs=1e-6)
    third = new_job("third").dpo()
    third.job["start_adapter"] = {"path": str(first.path / "adapter"), "digest": "0" * 64}
    assert third.train() == 10


def test_golden_answers_are_those_of_the_adapter_in_peft(job: JobFolder, model: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    assert job.train() == 0, job.events()
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    tuned = PeftModel.from_pretrained(base, job.path / "adapter").eval()
    for line in (job.path / "golden.jsonl").read_text().splitlines():
        golden = json.loads(line)
        prompt, answer = golden["prompt_tokens"], golden["tokens"]
        with torch.no_grad():
            likely = tuned(input_ids=torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
        rows = likely[len(prompt) - 1 : -1]
        assert rows.argmax(-1).tolist() == answer
        assert rows.max(-1).values.tolist() == pytest.approx(golden["logprobs"], abs=1e-4)


def test_an_answer_of_weight_0_is_not_learnt(new_job: Callable[..., JobFolder]) -> None:
    plain, weighted = new_job("plain"), new_job("weighted")
    for folder, weight in ((plain, None), (weighted, 0)):
        first: dict[str, Any] = {"role": "assistant", "content": "maybe"}
        if weight is not None:
            first["weight"] = weight
        messages = [{"role": "user", "content": "a?"}, first, {"role": "user", "content": "b?"},
                    {"role": "assistant", "content": "yes"}]
        (folder.path / "train.jsonl").write_text(json.dumps({"messages": messages}) + "\n")
        folder.hyperparameters["n_epochs"] = 1
        assert folder.train() == 0, folder.events()
    from tuneplane_trl import data, job, model
    from tuneplane_trl.encoder import Encoder

    def learnt(folder: JobFolder) -> str:
        work = job.read(folder.path / "job.json")
        base = model.open_folder(work)
        sequence = data.read(folder.path, work, Encoder(base.tokenizer, 128)).train[0].sequences[0]
        kept = [t for t, target in zip(sequence.tokens, sequence.target, strict=True) if target]
        return base.tokenizer.decode(kept)

    assert learnt(plain) == "maybe<|im_end|>yes<|im_end|>"
    assert learnt(weighted) == "yes<|im_end|>"


def test_the_size_of_a_pass_does_not_change_what_is_learnt(new_job: Callable[..., JobFolder]) -> None:
    wide, narrow = new_job("wide"), new_job("narrow")
    narrow.hyperparameters["packing"] = False
    narrow.job["limits"]["gradient_checkpointing"] = True
    assert wide.train() == 0 and narrow.train() == 0
    losses = [[m["train_loss"] for m in f.events("metrics")] for f in (wide, narrow)]
    assert losses[0] == pytest.approx(losses[1], abs=2e-5)


def test_bf16_learns_and_says_so(job: JobFolder) -> None:
    job.job["compute"] = "bf16"
    assert job.train() == 0, job.events()
    assert job.events()[-1]["compute"] == "bf16"
    assert job.events("metrics")[-1]["train_loss"] < job.events("metrics")[0]["train_loss"]


@pytest.mark.parametrize("method", ["supervised", "dpo"])
def test_all_weights_are_trained_and_load_as_a_model(job: JobFolder, method: str) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    if method == "dpo":
        job.dpo()
    job.hyperparameters.update(full=True, learning_rate=1e-3)
    assert job.train() == 0, job.events()
    valid_file("job", job.path / "job.json")
    checkpoint = job.path / job.events("checkpoint")[-1]["path"]
    valid_file("checkpoint-manifest-full", checkpoint / "manifest.json")
    valid_file("model-origin", job.path / "model/tuneplane.json")
    origin = json.loads((job.path / "model/tuneplane.json").read_text())
    assert origin["model_digest"] == digest_of(job.path / "model")
    metrics = job.events("metrics")
    assert metrics[-1]["train_loss"] < metrics[0]["train_loss"]
    tuned = AutoModelForCausalLM.from_pretrained(job.path / "model", dtype=torch.float32).eval()
    golden = json.loads((job.path / "golden.jsonl").read_text().splitlines()[0])
    prompt, answer = golden["prompt_tokens"], golden["tokens"]
    with torch.no_grad():
        likely = tuned(input_ids=torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
    assert likely.argmax(-1).tolist() == answer
