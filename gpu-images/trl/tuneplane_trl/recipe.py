"""Whether vLLM can load what a recipe makes, checked before anything is trained.

From vLLM's `lora/peft_helper.py` and `config/lora.py`: rank at most 512 (`MaxLoRARanks`), no bias, no DoRA, no
`modules_to_save`. The last three can't be asked for in `job.json`, and the adapter's configuration says so.
"""

from __future__ import annotations

import torch

from tuneplane_trl.exits import WrongInput
from tuneplane_trl.job import Job
from tuneplane_trl.model import BaseModel

MOST_RANK = 512
FAMILIES = ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "granite", "olmo2", "smollm3")


def check(job: Job, base: BaseModel, processes: int) -> None:
    """Refuses what could not be served, or not be trained here."""
    h = job.hyperparameters
    if h.quantization and not torch.cuda.is_available():
        raise WrongInput(
            "hyperparameters.quantization 4bit needs a CUDA GPU, and this machine shows none; leave it out, or run on"
            " a GPU node"
        )
    if h.full and job.dpo and processes > 1:
        raise WrongInput(
            "dpo of all weights runs in one process only, since the reference is asked before the weights are shared"
            " out; use LoRA, or one GPU"
        )
    kind = base.config.model_type
    if kind not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise WrongInput(f"models of type {kind} are not trained here; known are {known}", "invalid_model")
    if getattr(base.config, "quantization_config", None):
        raise WrongInput(f"{base.path} holds quantized weights; train the original model", "invalid_model")
    if not h.full and h.lora.r > MOST_RANK:
        raise WrongInput(f"lora.r {h.lora.r} is more than vLLM serves: at most {MOST_RANK}")
