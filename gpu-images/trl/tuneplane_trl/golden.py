"""`golden.jsonl`: the tuned model's greedy answers at fp32, which a server of it is held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from peft import get_peft_model

from tuneplane_trl import adapter, trained
from tuneplane_trl.job import Job
from tuneplane_trl.model import BaseModel, load
from tuneplane_trl.stop import StopRequest

PROMPTS = 8
TOKENS = 64


def tuned(job: Job, base: BaseModel, folder: Path, device: torch.device) -> Any:
    """The tuned model at fp32, from the files of the result."""
    if job.hyperparameters.full:
        own = BaseModel(folder / "model", "", "", base.config, base.tokenizer)
        return load(own, torch.float32, device).eval()
    model = get_peft_model(load(base, torch.float32, device), adapter.peft_config(job.hyperparameters.lora))
    trained.assign(adapter.parameters(model), adapter.read(folder / "adapter"), str(folder / "adapter"))
    return model.eval()


def answers(model: Any, base: BaseModel, prompts: list[list[int]], stop: StopRequest) -> bytes | None:
    """The file's content; nothing if asked to stop first."""
    lines = []
    for prompt in prompts:
        answer = _greedy(model, prompt, base.ends, stop)
        if answer is None:
            return None
        tokens, chances = answer
        text = base.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        line = {"prompt_tokens": prompt, "tokens": tokens, "logprobs": chances, "text": text}
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(lines).encode()


@torch.no_grad()
def _greedy(
    model: Any, prompt: list[int], ends: set[int], stop: StopRequest
) -> tuple[list[int], list[float]] | None:
    device = next(model.parameters()).device
    cache, given = None, prompt
    tokens: list[int] = []
    chances: list[float] = []
    while len(tokens) < TOKENS and (not tokens or tokens[-1] not in ends):
        if stop.requested:
            return None
        out = model(
            input_ids=torch.tensor([given], device=device), past_key_values=cache, use_cache=True, logits_to_keep=1
        )
        cache = out.past_key_values
        likely = out.logits[0, -1].float().log_softmax(-1)
        given = [int(likely.argmax())]
        tokens += given
        chances.append(min(0.0, likely[given[0]].item()))
    return tokens, chances
