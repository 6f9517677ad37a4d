"""How much memory a run needs, as a fixed part and a part for each token of a pass; and what there is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from tuneplane_trl.exits import OutOfMemory
from tuneplane_trl.job import Hyperparameters

USUAL_PASS = {"cpu": 1024, "cuda": 8192}
_PROCESS = {"cpu": 900 << 20, "cuda": 1 << 30}
_HEAD_ROWS = 256  # Rows of logits that TRL's fused head holds at once.


@dataclass(frozen=True)
class Plan:
    """Bytes of the process, weights, gradient and optimiser; and bytes for each token of a pass."""

    fixed: int
    per_token: int

    def bytes(self, tokens: int) -> int:
        """What a pass of so many tokens needs in all."""
        return self.fixed + self.per_token * tokens

    def pass_tokens(self, available: int, longest: int, usual: int) -> int:
        """The tokens of a pass; the longest sequence has to fit."""
        if self.bytes(longest) > available:
            raise OutOfMemory(
                f"this job needs about {self.bytes(longest) >> 20} MiB and may use {available >> 20} MiB:"
                f" {self.fixed >> 20} MiB for the model, and {self.per_token >> 10} KiB for each of the {longest}"
                " tokens of its longest example. Lower max_length, choose a smaller model, or give it more memory."
            )
        return max(longest, min(usual, (available - self.fixed) // self.per_token))


def plan(config: Any, h: Hyperparameters, bf16: bool, checkpointing: bool, device: str, processes: int) -> Plan:
    """The plan for a model's configuration. Full training shards what it trains over the processes."""
    hidden, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
    head = getattr(config, "head_dim", None) or hidden // config.num_attention_heads
    attention = config.num_attention_heads * head
    keys = 2 * (getattr(config, "num_key_value_heads", None) or config.num_attention_heads) * head
    matrices = layers * (hidden * (2 * attention + keys) + 3 * hidden * inner)
    embeddings = config.vocab_size * hidden * (1 if config.tie_word_embeddings else 2)
    wide = 2 if bf16 else 4
    if h.full:
        weights = 16 * (matrices + embeddings) // processes + wide * max(matrices // layers, embeddings)
    else:
        packed = 0.56 if h.quantization else wide
        weights = int(packed * matrices) + wide * embeddings + 16 * _adapter(h, layers, hidden, attention, keys, inner)
    layer = wide * (8 * hidden + 3 * attention + 2 * keys + 6 * inner)
    per_token = layers * 2 * wide * hidden + 2 * layer if checkpointing else (layers + 1) * layer
    logits = 12 * _HEAD_ROWS * config.vocab_size
    return Plan(_PROCESS[device] + weights + logits, per_token)


def _adapter(h: Hyperparameters, layers: int, hidden: int, attention: int, keys: int, inner: int) -> int:
    inputs_and_outputs = {
        "q_proj": hidden + attention,
        "k_proj": hidden + keys // 2,
        "v_proj": hidden + keys // 2,
        "o_proj": attention + hidden,
        "gate_proj": hidden + inner,
        "up_proj": hidden + inner,
        "down_proj": inner + hidden,
    }
    return layers * h.lora.r * sum(inputs_and_outputs[m] for m in h.lora.target_modules)


def available(limit: int | None, device: torch.device) -> int:
    """What the run may use on its device: the job's bound, or what is free."""
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else _free_here()
    return free if limit is None else min(limit, free)


def _free_here() -> int:
    free = (_field(Path("/proc/meminfo"), "MemAvailable:") or 1 << 62) + (resident() or 0)
    group = Path("/sys/fs/cgroup/memory.max")
    if group.is_file() and (text := group.read_text().strip()).isdigit():
        free = min(free, int(text))
    return free


def resident() -> int | None:
    """This process's resident memory now; nothing off Linux."""
    return _field(Path("/proc/self/status"), "VmRSS:")


def used(device: torch.device) -> int | None:
    """What the run holds now: on a GPU what is reserved there, else resident memory."""
    return torch.cuda.memory_reserved(device) or None if device.type == "cuda" else resident()


def peak(device: torch.device) -> int | None:
    """The most it ever held."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device) or None
    return _field(Path("/proc/self/status"), "VmHWM:")


def _field(file: Path, name: str) -> int | None:
    if not file.is_file():
        return None
    for line in file.read_text().splitlines():
        if line.startswith(name):
            return 1024 * int(line.split()[1])
    return None
