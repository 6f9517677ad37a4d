"""What a run leaves: what was trained, the golden answers and the figures, each put in its place whole."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import torch

from tuneplane_trl import durable, golden
from tuneplane_trl.adapter import Values
from tuneplane_trl.data import JobData
from tuneplane_trl.encoder import Encoder
from tuneplane_trl.job import Job
from tuneplane_trl.model import BaseModel
from tuneplane_trl.stop import StopRequest
from tuneplane_trl.trained import Trained

_HEADER = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n"
_COLUMNS = ("train_loss", "train_mean_token_accuracy", "valid_loss", "valid_mean_token_accuracy")


class Result:
    """Writes the result of a run."""

    def __init__(self, folder: Path, job: Job, base: BaseModel, trained: Trained) -> None:
        self._folder = folder
        self._job = job
        self._base = base
        self._trained = trained

    def write_trained(self, values: Values) -> None:
        """`adapter/`, or `model/` where all was trained."""
        aside = self._folder / f"{self._trained.folder}.partial"
        durable.delete(aside)
        try:
            self._trained.write(aside, values, final=True)
            durable.move_folder(aside, self._folder / self._trained.folder)
        finally:
            durable.delete(aside)

    def write_golden(self, data: JobData, encoder: Encoder, device: torch.device, stop: StopRequest) -> bool:
        """False if asked to stop first."""
        room = min(encoder.max_tokens, self._base.positions - golden.TOKENS)
        prompts = data.prompts(encoder, golden.PROMPTS, room)
        content: bytes | None = b""
        if prompts:
            model = golden.tuned(self._job, self._base, self._folder, _place(device, self._base))
            content = golden.answers(model, self._base, prompts, stop)
        if content is None or stop.requested:
            return False
        durable.replace(self._folder / "golden.jsonl", content)
        return True

    def write_metrics(self, metrics: dict[int, dict[str, Any]]) -> None:
        """OpenAI's result file: one row a step, empty where nothing was measured."""
        rows = (
            ",".join([str(step), *(str(metrics[step].get(c, "")) for c in _COLUMNS)]) + "\n" for step in sorted(metrics)
        )
        durable.replace(self._folder / "metrics.csv", (_HEADER + "".join(rows)).encode())

    def files(self) -> list[dict[str, Any]]:
        """Every file with its digest."""
        names = [f"{self._trained.folder}/{n}" for n in self._trained.files]
        files = []
        for name in [*names, "golden.jsonl", "metrics.csv"]:
            file = self._folder / name
            files.append({"path": name, "sha256": durable.sha256(file), "bytes": file.stat().st_size})
        return files


def _place(device: torch.device, base: BaseModel) -> torch.device:
    """The GPU where the model fits it at 32 bits, else the processor."""
    gc.collect()
    if device.type != "cuda":
        return device
    torch.cuda.empty_cache()
    stored = sum(f.stat().st_size for f in base.path.glob("*.safetensors"))
    wide = stored if base.config.dtype == torch.float32 else 2 * stored
    return device if 1.2 * wide < torch.cuda.mem_get_info(device)[0] else torch.device("cpu")
