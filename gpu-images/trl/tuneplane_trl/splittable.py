"""Java's `java.util.SplittableRandom`, so that both runners draw the same order and the same adapter."""

from __future__ import annotations

import math

import numpy as np

_MASK = (1 << 64) - 1
GOLDEN_GAMMA = 0x9E3779B97F4A7C15


class SplittableRandom:
    """A generator of the seed alone, bit for bit as in Java."""

    def __init__(self, seed: int) -> None:
        self._seed = seed & _MASK

    def next_long(self) -> int:
        """The next 64 bits, signed."""
        z = self._next()
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return _signed(z ^ (z >> 31), 64)

    def next_int(self, bound: int) -> int:
        """A number from 0 to below the bound."""
        r = self._next_int()
        most = bound - 1
        if bound & most == 0:
            return r & most
        u = (r & 0xFFFFFFFF) >> 1
        while True:
            r = u % bound
            if u + most - r < 1 << 31:
                return r
            u = (self._next_int() & 0xFFFFFFFF) >> 1

    def _next_int(self) -> int:
        z = self._next()
        z = ((z ^ (z >> 33)) * 0x62A9D9ED799705F5) & _MASK
        z = ((z ^ (z >> 28)) * 0xCB24D0A5C88C35B3) & _MASK
        return _signed(z >> 32, 32)

    def _next(self) -> int:
        self._seed = (self._seed + GOLDEN_GAMMA) & _MASK
        return self._seed

    def uniform(self, count: int, bound: float) -> np.ndarray:
        """The next `nextDouble(-bound, bound)`s as 32-bit floats."""
        steps = np.arange(1, count + 1, dtype=np.uint64)
        z = np.uint64(self._seed) + steps * np.uint64(GOLDEN_GAMMA)
        self._seed = (self._seed + count * GOLDEN_GAMMA) & _MASK
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        r = (z >> np.uint64(11)).astype(np.float64) * 2.0**-53
        r = r * (bound - -bound) + -bound
        return np.where(r >= bound, math.nextafter(bound, -math.inf), r).astype(np.float32)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >= 1 << (bits - 1) else value
