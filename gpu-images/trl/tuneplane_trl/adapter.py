"""An adapter in PEFT's layout: its first values, its files, and reading them back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from tuneplane_trl import durable
from tuneplane_trl.exits import WrongInput
from tuneplane_trl.job import PROJECTIONS, Job, Lora
from tuneplane_trl.splittable import SplittableRandom

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
ORIGIN = "tuneplane.json"
FILES = (CONFIG, WEIGHTS, ORIGIN)

Values = dict[str, torch.Tensor]


def peft_config(lora: Lora) -> LoraConfig:
    """PEFT's configuration of an adapter that vLLM loads."""
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=lora.r,
        lora_alpha=lora.alpha,  # type: ignore[arg-type]  # Whole or not; PEFT divides it only.
        lora_dropout=lora.dropout,
        target_modules=list(lora.target_modules),
        use_rslora=lora.use_rslora,
        bias="none",
    )


def parameters(model: PeftModel) -> dict[str, torch.nn.Parameter]:
    """What is trained, by its name in the file."""
    return {
        name.replace(".default.", "."): parameter
        for name, parameter in model.named_parameters()
        if ".lora_" in name and ".default." in name
    }


def initial(model: PeftModel, seed: int) -> Values:
    """Fresh values as PEFT draws them: A uniform within 1 / sqrt(inputs), B zero. The same as the Java runner's."""
    random = SplittableRandom(seed)
    fresh: Values = {}
    for name, parameter in sorted(parameters(model).items(), key=lambda item: _place(item[0])):
        if ".lora_B." in name:
            fresh[name] = torch.zeros(parameter.shape)
        else:
            drawn = random.uniform(parameter.numel(), 1 / parameter.shape[1] ** 0.5)
            fresh[name] = torch.from_numpy(drawn).view(parameter.shape)
    return fresh


def _place(name: str) -> tuple[int, int]:
    found = re.search(r"\.layers\.(\d+)\..*\.(\w+)\.lora_[AB]\.", name)
    if not found:
        raise WrongInput(f"{name} is no matrix of a layer")
    return int(found[1]), PROJECTIONS.index(found[2])


def write(folder: Path, job: Job, given: Values, template_digest: str) -> None:
    """Writes an adapter into a folder that is not in place yet."""
    folder.mkdir(parents=True)
    save_file(given, folder / WEIGHTS, metadata={"format": "pt"})
    durable.write(folder / CONFIG, durable.pretty(_config(job)))
    origin = {
        "base_model": job.base_model.name,
        "base_digest": job.base_model.digest,
        "chat_template_digest": template_digest,
        "adapter_digest": durable.sha256(folder / WEIGHTS),
    }
    durable.write(folder / ORIGIN, durable.pretty(origin))


def _config(job: Job) -> dict[str, Any]:
    lora = job.hyperparameters.lora
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": job.base_model.name,
        "revision": None,
        "inference_mode": True,
        "r": lora.r,
        "lora_alpha": int(lora.alpha) if lora.alpha.is_integer() else lora.alpha,
        "lora_dropout": lora.dropout,
        "use_rslora": lora.use_rslora,
        "target_modules": list(lora.target_modules),
        "bias": "none",
        "fan_in_fan_out": False,
        "init_lora_weights": True,
        "use_dora": False,
        "modules_to_save": None,
        "layers_to_transform": None,
    }


def read(folder: Path) -> Values:
    """The values in a folder."""
    try:
        return load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as e:
        raise WrongInput(f"{folder / WEIGHTS} can't be read: {e}") from e


def read_start(job: Job) -> Values | None:
    """The values of the adapter that the job goes on from, if any."""
    start = job.start_adapter
    if start is None:
        return None
    if not (start.path / WEIGHTS).is_file():
        raise WrongInput(f"there is no adapter in {start.path}")
    digest = durable.sha256(start.path / WEIGHTS)
    if digest != start.digest:
        raise WrongInput(
            f"the adapter in {start.path} is another one: its digest is {digest}, the job asks for {start.digest}"
        )
    return read(start.path)
