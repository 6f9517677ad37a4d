"""The processes of one run: alone, or several that torchrun started."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist

from tuneplane_trl.exits import told

T = TypeVar("T")
_PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class World:
    """Which process this is, of how many."""

    rank: int
    size: int
    local_rank: int

    @staticmethod
    def join() -> World:
        """Reads what torchrun set, and meets the others."""
        world = World(_number("RANK", 0), _number("WORLD_SIZE", 1), _number("LOCAL_RANK", 0))
        if torch.cuda.is_available():
            torch.cuda.set_device(world.local_rank)
        if world.size > 1 and not dist.is_initialized():
            backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
            dist.init_process_group(backend, timeout=_PATIENCE)
        return world

    @property
    def first(self) -> bool:
        """Whether this process writes the files."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        return torch.device("cuda", self.local_rank) if torch.cuda.is_available() else torch.device("cpu")

    def agree(self, work: Callable[[], T]) -> T:
        """The first process works, and all have its answer or its error."""
        if self.size == 1:
            return work()
        said: list[Any] = [None]
        if self.first:
            try:
                said = [("value", work())]
            except Exception as e:
                error = told(e)
                said = [("error", type(error), str(error), error.code)]
        dist.broadcast_object_list(said, src=0, device=torch.device("cpu"))
        kind, *rest = said[0]
        if kind == "value":
            return rest[0]
        raise rest[0](rest[1], rest[2])

    def any(self, flag: bool) -> bool:
        """Whether it is so in any process."""
        return flag if self.size == 1 else self.sum([float(flag)])[0] > 0

    def sum(self, values: list[float]) -> list[float]:
        """The sums over all processes."""
        if self.size == 1:
            return values
        total = torch.tensor(values, dtype=torch.float64)
        dist.all_reduce(total)
        return total.tolist()

    def leave(self) -> None:
        """Parts from the others."""
        if self.size > 1 and dist.is_initialized():
            dist.destroy_process_group()


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))
