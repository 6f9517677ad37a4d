"""Which examples and which learning rate a step has: both follow from the seed and the step alone."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from tuneplane_trl.job import Hyperparameters
from tuneplane_trl.splittable import GOLDEN_GAMMA, SplittableRandom


@dataclass(frozen=True)
class Order:
    """In which order the examples come: shuffled anew in every epoch. Steps count from 1, epochs from 0."""

    seed: int
    examples: int
    batch_size: int

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps of one pass over the data."""
        return -(-self.examples // self.batch_size)

    def epoch(self, step: int) -> int:
        """The epoch of a step."""
        return (step - 1) // self.steps_per_epoch

    def epochs_done(self, step: int) -> float:
        """Passes over the data that are done after this step, a fraction."""
        within = (step - 1) % self.steps_per_epoch + 1
        return self.epoch(step) + min(1.0, within * self.batch_size / self.examples)

    def ends_epoch(self, step: int) -> bool:
        """Whether an epoch is done after this step."""
        return step > 0 and step % self.steps_per_epoch == 0

    def batch(self, step: int) -> list[int]:
        """The examples of a step; the last batch of an epoch may be smaller."""
        first = (step - 1) % self.steps_per_epoch * self.batch_size
        return _shuffled(self.seed, self.epoch(step), self.examples)[first : first + self.batch_size]

    def draw(self, step: int, turn: int) -> int:
        """A seed for whatever is drawn at random in one pass, without a sign."""
        return SplittableRandom(self.seed + GOLDEN_GAMMA * step + turn).next_long() & ((1 << 64) - 1)


@functools.lru_cache(maxsize=2)
def _shuffled(seed: int, epoch: int, examples: int) -> list[int]:
    random = SplittableRandom(seed ^ ((epoch + 1) * 0xD1342543DE82EF95 & ((1 << 64) - 1)))
    order = [0] * examples
    for i in range(examples):
        j = random.next_int(i + 1)
        order[i] = order[j]
        order[j] = i
    return order


@dataclass(frozen=True)
class LearningRate:
    """The learning rate of every step in closed form, as `docs/runner.md` gives it."""

    schedule: str
    peak: float
    warmup: int
    total: int

    @staticmethod
    def of(h: Hyperparameters, total: int) -> LearningRate:
        """The rates of a run of so many steps."""
        return LearningRate(h.schedule, h.learning_rate, min(total, math.ceil(h.warmup_ratio * total)), total)

    def at(self, step: int) -> float:
        """The rate of a step, from 1."""
        if step <= self.warmup:
            return self.peak * step / (self.warmup + 1)
        done = (step - 1 - self.warmup) / (self.total - self.warmup)
        if self.schedule == "linear":
            return self.peak * (1 - done)
        if self.schedule == "cosine":
            return self.peak * (1 + math.cos(math.pi * done)) / 2
        return self.peak
