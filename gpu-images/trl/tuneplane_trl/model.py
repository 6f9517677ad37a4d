"""The base model on the disk: what it is, whether we may train it, and loading it.

Safetensors only, and no code from the folder: `trust_remote_code` is never set.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from tuneplane_trl import durable
from tuneplane_trl.exits import WrongInput
from tuneplane_trl.job import Job

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"


@dataclass(frozen=True)
class BaseModel:
    """A Hugging Face folder, opened: everything but its weights."""

    path: Path
    digest: str
    template_digest: str
    config: Any
    tokenizer: Any

    @property
    def positions(self) -> int:
        """The longest sequence that it takes."""
        return int(self.config.max_position_embeddings)

    @property
    def ends(self) -> set[int]:
        """The ids that end an answer."""
        ends: set[int] = set()
        for name in ("config.json", "generation_config.json"):
            value = _settings(self.path / name).get("eos_token_id")
            ends.update(value if isinstance(value, list) else [] if value is None else [value])
        return ends


def open_folder(job: Job) -> BaseModel:
    """Opens the job's base model. Its digest is not checked here, since that reads all of it."""
    path = job.base_model.path
    if path.is_file():
        raise _invalid(f"{path} is a file; this runner trains Hugging Face folders with safetensors (no GGUF)")
    if not path.is_dir():
        raise _invalid(f"there is no model in {path}")
    weight_files(path)
    template = _template(path)
    try:
        config = AutoConfig.from_pretrained(path, local_files_only=True, trust_remote_code=False)
        tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True, trust_remote_code=False)
    except (ValueError, OSError, KeyError) as e:
        raise _invalid(f"{path} can't be opened: {e}") from e
    tokenizer.chat_template = template
    digest = hashlib.sha256(template.encode()).hexdigest()
    return BaseModel(path, job.base_model.digest, digest, config, tokenizer)


def require_digest(job: Job) -> None:
    """Refuses other weights than the job's: SHA-256 over a line `NAME SHA-256` for each file."""
    lines = "".join(f"{f.name} {durable.sha256(f)}\n" for f in weight_files(job.base_model.path))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    if digest != job.base_model.digest:
        raise WrongInput(
            f"the base model in {job.base_model.path} is another one: its digest is {digest}, the job asks for"
            f" {job.base_model.digest}"
        )


def weight_files(path: Path) -> list[Path]:
    """The weight files, in the order in which they count in the digest."""
    if (path / SINGLE).is_file():
        return [path / SINGLE]
    if not (path / INDEX).is_file():
        raise _invalid(f"{path} has neither {SINGLE} nor {INDEX}; pickled weights are not read, since they carry code")
    names = sorted(set(_settings(path / INDEX).get("weight_map", {}).values()))
    for name in names:
        if Path(name).name != name or not (path / name).is_file():
            raise _invalid(f"{path / name} is missing, though {INDEX} names it; fetch the model again")
    return [path / name for name in names]


def load(base: BaseModel, dtype: torch.dtype, device: torch.device, quantization: str | None = None) -> Any:
    """Loads the weights onto the device."""
    extra: dict[str, Any] = {}
    if quantization:
        extra["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        extra["device_map"] = {"": device.index or 0}
    try:
        model = AutoModelForCausalLM.from_pretrained(
            base.path,
            dtype=dtype,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="sdpa",
            **extra,
        )
    except (ValueError, KeyError) as e:
        raise _invalid(f"{base.path} can't be loaded: {e}") from e
    # As in the other runner, dropout is the adapter's alone.
    if getattr(model.config, "attention_dropout", 0):
        model.config.attention_dropout = 0.0
    return model if quantization else model.to(device)


def _template(path: Path) -> str:
    file = path / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    value = _settings(path / "tokenizer_config.json").get("chat_template")
    if isinstance(value, list):
        value = next((t.get("template") for t in value if t.get("name") == "default"), None)
    if not isinstance(value, str):
        raise _invalid(f"{path} has no chat template: it is not a chat model")
    return value


def _settings(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise _invalid(f"{file} can't be read: {e}") from e
    return value if isinstance(value, dict) else {}


def _invalid(text: str) -> WrongInput:
    return WrongInput(text, "invalid_model")
