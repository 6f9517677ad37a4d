"""What a run does between optimiser steps: figures, validation, events and checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from tuneplane_trl import memory
from tuneplane_trl.checkpoints import MOMENTS, Checkpoints, State
from tuneplane_trl.data import Encoded, JobData
from tuneplane_trl.events import EventLog
from tuneplane_trl.exits import Stopped
from tuneplane_trl.figures import Figures
from tuneplane_trl.job import Job
from tuneplane_trl.passes import Pass, Passes
from tuneplane_trl.schedule import LearningRate, Order
from tuneplane_trl.stop import StopRequest
from tuneplane_trl.trained import Trained, whole
from tuneplane_trl.world import World


@dataclass(frozen=True)
class Setup:
    """What the steps work with. Only the first process has an event log."""

    job: Job
    data: JobData
    trained: Trained
    checkpoints: Checkpoints
    passes: Passes
    compute: str
    world: World
    events: EventLog | None
    stop: StopRequest


class Steps:
    """Counts the steps, and does what is due after each."""

    def __init__(self, setup: Setup, start: State | None) -> None:
        self._setup = setup
        self.job = setup.job
        self.trained = setup.trained
        self.world = setup.world
        self.bf16 = setup.compute == "bf16"
        h = setup.job.hyperparameters
        self.order = Order(setup.job.seed, len(setup.data.train), h.batch_size)
        self.total = self.order.steps_per_epoch * h.n_epochs
        self.rate = LearningRate.of(h, self.total)
        self.start = start
        self.step = start.step if start else 0
        self.tokens = start.tokens if start else 0
        self._seconds_before = start.seconds if start else 0.0
        self._began = self._saved = self._step_began = time.monotonic()
        self._figures = Figures()

    @property
    def seconds(self) -> float:
        """Time at work over all attempts."""
        return self._seconds_before + time.monotonic() - self._began

    def start_moments(self) -> dict[str, dict[str, torch.Tensor]] | None:
        """AdamW's moments where the run goes on after its first step."""
        if self.start is None or self.start.step == 0:
            return None
        return self._setup.checkpoints.moments(self.start.step)

    def examples(self) -> list[Encoded]:
        """All of both sets."""
        return [*self._setup.data.train, *self._setup.data.validation]

    def begin(self, number: int) -> list[Encoded]:
        """The batch of a step; `Stopped` where any process was asked to stop."""
        if self.world.any(self._setup.stop.requested):
            raise Stopped
        self._step_began = time.monotonic()
        return [self._setup.data.train[i] for i in self.order.batch(number)]

    def stops_between_passes(self) -> bool:
        """A process alone needs nobody's consent to give up a step."""
        return self.world.size == 1 and self._setup.stop.requested

    def cut(self, batch: Sequence[Encoded]) -> list[Pass]:
        """This process's passes over the batch."""
        return self._setup.passes.of(batch, self.world.rank, self.world.size)

    def draw(self, turn: int) -> int:
        """The seed of a pass of the step in hand."""
        return self.order.draw(self.step + 1, turn * self.world.size + self.world.rank)

    def learnt(self, figures: Figures) -> None:
        """The figures of the step in hand, before the optimiser's step."""
        self._figures = Figures(*self.world.sum(figures.values()))

    def finite(self, norm: float) -> bool:
        """Whether loss and gradient are still numbers."""
        return math.isfinite(norm) and math.isfinite(self._figures.loss)

    def ended(self, trainer: Any) -> None:
        """After the optimiser's step: whatever is due."""
        self.step += 1
        self.tokens += int(self._figures.tokens)
        seconds = time.monotonic() - self._step_began
        some = self._some(trainer)
        held = self._setup.data.validation
        full = trainer.validate(held) if held and self.order.ends_epoch(self.step) else None
        if self._setup.events is not None:
            self._setup.events.append("metrics", **self._metrics(some, full, seconds))
        if self._checkpoint_due():
            self.checkpoint(trainer, full)

    def _some(self, trainer: Any) -> Figures | None:
        """One batch of the validation set, in turn."""
        every, held = self.job.limits.validate_every_steps, self._setup.data.validation
        if not every or self.step % every or not held:
            return None
        size = min(len(held), self.job.hyperparameters.batch_size)
        turn = self.step // every - 1
        return trainer.validate([held[(turn * size + i) % len(held)] for i in range(size)])

    def _metrics(self, some: Figures | None, full: Figures | None, seconds: float) -> dict[str, Any]:
        return {
            "step": self.step,
            "total_steps": self.total,
            "epoch": self.order.epochs_done(self.step),
            "train_loss": self._figures.mean_loss,
            "train_mean_token_accuracy": self._figures.accuracy,
            "valid_loss": some and some.mean_loss,
            "valid_mean_token_accuracy": some and some.accuracy,
            "full_valid_loss": full and full.mean_loss,
            "full_valid_mean_token_accuracy": full and full.accuracy,
            "learning_rate": self.rate.at(self.step),
            "tokens": self.tokens,
            "tokens_per_second": self._figures.tokens / max(seconds, 1e-9),
            "memory_bytes": memory.used(self.world.device),
        }

    def _checkpoint_due(self) -> bool:
        limits = self.job.limits
        if self.order.ends_epoch(self.step):
            return True
        if limits.checkpoint_every_steps and self.step % limits.checkpoint_every_steps == 0:
            return True
        if not limits.checkpoint_every_seconds:
            return False
        return self.world.any(self.world.first and time.monotonic() - self._saved >= limits.checkpoint_every_seconds)

    def checkpoint(self, trainer: Any, full: Figures | None) -> None:
        """Writes a checkpoint and says so. All processes must ask, since each may hold a part."""
        own = self.trained.parameters(trainer.model)
        values = {n: whole(p.data) for n, p in own.items()}
        moments = self._moments(trainer, own)

        def write() -> str:
            return self._setup.checkpoints.write(self._state(), values, moments)

        digest = self.world.agree(write)
        self._saved = time.monotonic()
        if self._setup.events is None:
            return
        self._setup.events.append(
            "checkpoint",
            step=self.step,
            epoch=self.order.epoch(self.step) + 1 if self.order.ends_epoch(self.step) else None,
            path=f"checkpoints/step-{self.step}",
            manifest_digest=digest,
            full_valid_loss=full and full.mean_loss,
            full_valid_mean_token_accuracy=full and full.accuracy,
        )

    def _moments(self, trainer: Any, own: dict[str, torch.nn.Parameter]) -> dict[str, torch.Tensor]:
        """Zero before the first step, when the optimiser has none yet."""
        state = trainer.optimizer.state if trainer.optimizer is not None else {}
        return {
            f"{kind}.{name}": whole(state[p][kind]) if p in state else torch.zeros(p.shape)
            for kind in MOMENTS
            for name, p in own.items()
        }

    def _state(self) -> State:
        return State(
            step=self.step,
            total_steps=self.total,
            epoch=self.order.epoch(self.step + 1),
            position_in_epoch=self.step % self.order.steps_per_epoch,
            seed=self.job.seed,
            learning_rate=self.rate.at(self.step) if self.step else 0.0,
            tokens=self.tokens,
            seconds=self.seconds,
            compute=self._setup.compute,
            pass_tokens=self._setup.passes.tokens,
            threads=self.job.limits.threads,
        )
