"""Cuts a batch into passes of a bounded number of tokens, the same number of passes in every process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuneplane_trl.data import Encoded


@dataclass(frozen=True)
class Pass:
    """What one process passes at once. Where its share has run out it repeats a neighbour's example, for nothing."""

    examples: list[Encoded]
    counts: bool


@dataclass(frozen=True)
class Passes:
    """How batches are cut: at most so many padded tokens, and whether examples share a pass at all."""

    tokens: int
    packing: bool

    def of(self, batch: Sequence[Encoded], rank: int, size: int) -> list[Pass]:
        """This process's passes. The same batch and bound give the same passes, which a resumed run relies on."""
        ordered = sorted(batch, key=lambda e: e.longest)
        rows = [ordered[i : i + size] for i in range(0, len(ordered), size)]
        last = rows.pop() if len(rows[-1]) < size else None
        passes = [Pass([row[rank] for row in group], True) for group in self._groups(rows)]
        if last is not None:
            mine = last[rank] if rank < len(last) else last[0]
            passes.append(Pass([mine], rank < len(last)))
        return passes

    def _groups(self, rows: list[list[Encoded]]) -> list[list[list[Encoded]]]:
        groups: list[list[list[Encoded]]] = []
        for row in rows:
            widest = max(e.longest * len(e.sequences) for e in row)
            # Rows come by length, so the newest is the widest, and all are padded to it.
            if groups and self.packing and (len(groups[-1]) + 1) * widest <= self.tokens:
                groups[-1].append(row)
            else:
                groups.append([row])
        return groups
