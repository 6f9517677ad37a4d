"""Loss and accuracy over some examples, and how they are read off a pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from tuneplane_trl.data import Encoded


@dataclass(frozen=True)
class Figures:
    """Sums over tokens (supervised) or pairs (dpo): loss, how often right, how many; and tokens passed."""

    loss: float = 0.0
    hits: float = 0.0
    count: float = 0.0
    tokens: float = 0.0

    def plus(self, other: Figures) -> Figures:
        """Both together."""
        return Figures(
            self.loss + other.loss, self.hits + other.hits, self.count + other.count, self.tokens + other.tokens
        )

    def values(self) -> list[float]:
        """In the order of the constructor."""
        return [self.loss, self.hits, self.count, self.tokens]

    @property
    def mean_loss(self) -> float:
        """Loss per token or pair."""
        return self.loss / self.count

    @property
    def accuracy(self) -> float:
        """The share that was right."""
        return self.hits / self.count


def of_tokens(outputs: Any, examples: list[Encoded]) -> Figures:
    """Of a supervised pass: -log p of the learnt tokens, and how many were the most likely ones."""
    return Figures(
        -outputs.log_probs.detach().double().sum().item(),
        outputs.is_top1[outputs.label_mask].sum().item(),
        outputs.label_mask.sum().item(),
        sum(e.tokens for e in examples),
    )


def of_pairs(outputs: Any, inputs: dict[str, torch.Tensor], beta: float, examples: list[Encoded]) -> Figures:
    """Of a dpo pass: the sigmoid loss (arXiv:2305.18290), and how many pairs are ranked right."""
    better, worse = outputs.log_probs.detach().double().sum(dim=1).chunk(2)
    gains = (better - inputs["ref_chosen_logps"].double()) - (worse - inputs["ref_rejected_logps"].double())
    return Figures(
        -torch.nn.functional.logsigmoid(beta * gains).sum().item(),
        (gains > 0).sum().item(),
        len(examples),
        sum(e.tokens for e in examples),
    )
