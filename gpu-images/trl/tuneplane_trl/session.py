"""Puts a run's model, trainer and start together."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import torch
from peft import get_peft_model
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

from tuneplane_trl import adapter, model, trainers
from tuneplane_trl.checkpoints import Checkpoints
from tuneplane_trl.steps import Steps
from tuneplane_trl.trained import assign
from tuneplane_trl.world import World


@dataclass(frozen=True)
class Session:
    """A trainer, ready to train."""

    trainer: Any


def build(steps: Steps, base: model.BaseModel, checkpoints: Checkpoints, work: str, checkpointing: bool) -> Session:
    """Loads the model, and sets what is trained to where the run begins or goes on."""
    h = steps.job.hyperparameters
    dtype = torch.bfloat16 if steps.bf16 and not h.full else torch.float32
    net = model.load(base, dtype, steps.world.device, h.quantization)
    peft_config = None
    if h.full:
        if steps.world.size > 1:
            _shard(net, steps.world, steps.bf16)
    else:
        start = adapter.read_start(steps.job)
        peft_config = adapter.peft_config(h.lora)
        if start is not None:
            net, peft_config = get_peft_model(net, peft_config), None
            assign(adapter.parameters(net), start, str(steps.job.start_adapter))
    trainer = trainers.make(steps, net, peft_config, _tokenizer(base), work, checkpointing)
    _begin(trainer, steps, checkpoints, fresh=peft_config is not None)
    return Session(trainer)


def _begin(trainer: Any, steps: Steps, checkpoints: Checkpoints, fresh: bool) -> None:
    own = steps.trained.parameters(trainer.model)
    for name, parameter in trainer.model.named_parameters():
        if ".ref." in name:
            parameter.requires_grad_(False)
    if not steps.job.hyperparameters.full:
        for parameter in own.values():
            # TRL turns the adapter of a 4-bit base to bf16; the adapter stays 32-bit here.
            parameter.data = parameter.data.float()
    if fresh:
        assign(own, adapter.initial(trainer.model, steps.job.seed), "the fresh adapter")
    if steps.job.dpo and steps.job.hyperparameters.full:
        trainer.ask_reference(steps.examples())
    if steps.step > 0:
        assign(own, checkpoints.values(steps.step), f"checkpoints/step-{steps.step}")


def _shard(net: Any, world: World, bf16: bool) -> None:
    """FSDP2: each process holds its part of every layer. The trainer is told that the model is placed already."""
    mesh = init_device_mesh(world.device.type, (world.size,))
    policy = (
        MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32) if bf16 else MixedPrecisionPolicy()
    )
    for layer in net.model.layers:
        fully_shard(layer, mesh=mesh, mp_policy=policy)
    fully_shard(net, mesh=mesh, mp_policy=policy)
    # What `from_pretrained(distributed_config=...)` sets: the trainer then neither wraps nor moves the model.
    net._is_distributed_loading_by_transformers = True


def _tokenizer(base: model.BaseModel) -> Any:
    """A copy, since trainers set its padding token; padding never counts, so any token serves."""
    tokenizer = copy.deepcopy(base.tokenizer)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
    return tokenizer
