"""`checkpoints/step-N/`: written aside and renamed, with a manifest of digests.

Kept are the last two, to go on from, and those of the last three epochs, to choose from.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from tuneplane_trl import durable
from tuneplane_trl.adapter import Values
from tuneplane_trl.exits import WrongInput
from tuneplane_trl.job import Job
from tuneplane_trl.trained import Trained

_KEPT = 2
_KEPT_EPOCHS = 3
_OPTIMIZER = "optimizer.safetensors"
_STATE = "state.json"
_MANIFEST = "manifest.json"
MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True)
class State:
    """Where a run stood (`docs/schemas/runner/checkpoint-state.schema.json`)."""

    step: int
    total_steps: int
    epoch: int
    position_in_epoch: int
    seed: int
    learning_rate: float
    tokens: int
    seconds: float
    compute: str
    pass_tokens: int
    threads: int


class Checkpoints:
    """The checkpoints of one job's folder."""

    def __init__(self, job_folder: Path, job: Job, trained: Trained) -> None:
        self._folder = job_folder / "checkpoints"
        self._job = job
        self._trained = trained
        self._files = [*(f"{trained.folder}/{n}" for n in trained.files), _OPTIMIZER, _STATE]

    def write(self, state: State, values: Values, moments: Values) -> str:
        """Writes a checkpoint, deletes those that are no longer kept, and returns its manifest's digest."""
        aside = self._folder / "partial"
        durable.delete(aside)
        try:
            aside.mkdir(parents=True)
            self._trained.write(aside / self._trained.folder, values, final=False)
            save_file(moments, aside / _OPTIMIZER)
            durable.write(aside / _STATE, durable.pretty(asdict(state)))
            digests = {name: durable.sha256(aside / name) for name in self._files}
            durable.write(aside / _MANIFEST, durable.pretty({"format": 1, "files": digests}))
            digest = durable.sha256(aside / _MANIFEST)
            durable.move_folder(aside, self.path(state.step))
        finally:
            durable.delete(aside)
        self._delete_old()
        return digest

    def path(self, step: int) -> Path:
        """The folder of a step."""
        return self._folder / f"step-{step}"

    def newest(self, broken: list[str]) -> State | None:
        """The newest checkpoint that is whole; a sentence for each newer one that is not."""
        for step in self._steps():
            fault = self._fault(self.path(step))
            if fault is None:
                return self._read(self.path(step))
            broken.append(f"checkpoints/step-{step} is passed over: {fault}")
        return None

    def values(self, step: int) -> Values:
        """What was trained."""
        return self._trained.read(self.path(step) / self._trained.folder)

    def moments(self, step: int) -> dict[str, dict[str, torch.Tensor]]:
        """AdamW's two moments, by kind and name."""
        flat = load_file(self.path(step) / _OPTIMIZER)
        return {kind: {n[len(kind) + 1 :]: v for n, v in flat.items() if n.startswith(kind + ".")} for kind in MOMENTS}

    def _fault(self, checkpoint: Path) -> str | None:
        try:
            digests = json.loads((checkpoint / _MANIFEST).read_text())["files"]
        except FileNotFoundError:
            return f"it has no {_MANIFEST}"
        except (ValueError, KeyError, TypeError):
            return f"{_MANIFEST} is not JSON"
        for name in self._files:
            file = checkpoint / name
            if not file.is_file() or durable.sha256(file) != digests.get(name):
                return f"{name} is not the file that was written"
        return None

    def _read(self, checkpoint: Path) -> State:
        raw = json.loads((checkpoint / _STATE).read_text())
        state = State(**{f.name: raw[f.name] for f in fields(State)})
        if state.seed != self._job.seed:
            raise WrongInput(f"{checkpoint} is of another job: its seed is {state.seed}, not {self._job.seed}")
        return state

    def _steps(self) -> list[int]:
        """Steps that have a folder, the newest first."""
        if not self._folder.is_dir():
            return []
        found = (re.fullmatch(r"step-(\d{1,18})", p.name) for p in self._folder.iterdir())
        return sorted((int(m[1]) for m in found if m), reverse=True)

    def _delete_old(self) -> None:
        epochs = 0
        for place, step in enumerate(self._steps()):
            ends = self._ends_epoch(self.path(step))
            epochs += ends
            if place >= _KEPT and not (ends and epochs <= _KEPT_EPOCHS):
                durable.delete(self.path(step))

    def _ends_epoch(self, checkpoint: Path) -> bool:
        """One that can't be read ends none, and goes as any other."""
        try:
            state = self._read(checkpoint)
        except (OSError, ValueError, KeyError, WrongInput):
            return False
        return state.step > 0 and state.position_in_epoch == 0
