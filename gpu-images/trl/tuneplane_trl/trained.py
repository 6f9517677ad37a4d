"""What a run trains, an adapter or the whole model: its values, and the files that they become."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import load_file, save_file
from torch.distributed.tensor import DTensor, distribute_tensor

from tuneplane_trl import adapter, durable
from tuneplane_trl.adapter import Values
from tuneplane_trl.exits import WrongInput
from tuneplane_trl.job import Job
from tuneplane_trl.model import SINGLE, BaseModel

_COPIED = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
)


class Trained(Protocol):
    """What differs between training an adapter and training all."""

    folder: str
    files: tuple[str, ...]

    def parameters(self, model: Any) -> dict[str, torch.nn.Parameter]:
        """What the optimiser changes, by its name in the file."""

    def write(self, folder: Path, values: Values, final: bool) -> None:
        """Writes the values into a folder that is not in place yet."""

    def read(self, folder: Path) -> Values:
        """Reads them back."""


class TrainedAdapter:
    """A LoRA adapter in PEFT's layout."""

    folder = "adapter"
    files = adapter.FILES

    def __init__(self, job: Job, base: BaseModel) -> None:
        self._job = job
        self._base = base

    def parameters(self, model: Any) -> dict[str, torch.nn.Parameter]:
        """The adapter's matrices."""
        return adapter.parameters(model)

    def write(self, folder: Path, values: Values, final: bool) -> None:
        """The adapter with its configuration and origin."""
        adapter.write(folder, self._job, values, self._base.template_digest)

    def read(self, folder: Path) -> Values:
        """The adapter's values."""
        return adapter.read(folder)


class TrainedModel:
    """All weights, as a Hugging Face folder of its own. Training keeps 32 bits; the result has the base's type."""

    folder = "model"

    def __init__(self, job: Job, base: BaseModel) -> None:
        self._job = job
        self._base = base
        copied = tuple(n for n in _COPIED if (base.path / n).is_file())
        self.files = (*copied, SINGLE, adapter.ORIGIN)

    def parameters(self, model: Any) -> dict[str, torch.nn.Parameter]:
        """Every weight; those that are tied, once."""
        return dict(model.named_parameters())

    def write(self, folder: Path, values: Values, final: bool) -> None:
        """A model that transformers and vLLM load as it is."""
        folder.mkdir(parents=True)
        kind = getattr(self._base.config, "dtype", None) or torch.float32
        given = {n: v.to(kind) for n, v in values.items()} if final else values
        save_file(given, folder / SINGLE, metadata={"format": "pt"})
        for name in self.files[:-2]:
            shutil.copyfile(self._base.path / name, folder / name)
        line = f"{SINGLE} {durable.sha256(folder / SINGLE)}\n"
        origin = {
            "base_model": self._job.base_model.name,
            "base_digest": self._job.base_model.digest,
            "chat_template_digest": self._base.template_digest,
            "model_digest": hashlib.sha256(line.encode()).hexdigest(),
        }
        durable.write(folder / adapter.ORIGIN, durable.pretty(origin))

    def read(self, folder: Path) -> Values:
        """The weights."""
        return load_file(folder / SINGLE)


def trained(job: Job, base: BaseModel) -> Trained:
    """What the job trains."""
    return TrainedModel(job, base) if job.hyperparameters.full else TrainedAdapter(job, base)


def whole(tensor: torch.Tensor) -> torch.Tensor:
    """A copy in this machine's memory; of a tensor that several processes share, all of it. All must ask."""
    full = tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
    return full.detach().to("cpu", torch.float32, copy=True).contiguous()


def like(value: torch.Tensor, model: torch.Tensor) -> torch.Tensor:
    """The value placed, and shared, as the other tensor is."""
    local = value.to(model.device, torch.float32)
    if isinstance(model, DTensor):
        return distribute_tensor(local, model.device_mesh, model.placements)
    return local


def assign(own: dict[str, torch.nn.Parameter], given: Values, place: str) -> None:
    """Sets the values; an error if they are of something else."""
    if own.keys() != given.keys():
        raise WrongInput(f"{place} holds other matrices than this job trains")
    with torch.no_grad():
        for name, parameter in own.items():
            if parameter.shape != given[name].shape:
                raise WrongInput(
                    f"{place}: {name} is {list(given[name].shape)}, but this job's has {list(parameter.shape)}"
                )
            parameter.copy_(like(given[name], parameter.data))
