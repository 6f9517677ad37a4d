"""Reads JSON objects strictly: unknown, missing and doubled fields are errors that name the field."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from tuneplane_trl.exits import WrongInput

_MISSING = object()


def parse(text: str, what: str) -> Any:
    """Parses JSON in which no field may stand twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen:
                raise WrongInput(f"{what}: the field {key} stands twice")
            seen[key] = value
        return seen

    def no_constant(name: str) -> Any:
        raise WrongInput(f"{what} is not JSON: {name} is no number of JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_constant)
    except (json.JSONDecodeError, RecursionError) as e:
        raise WrongInput(f"{what} is not JSON: {e}") from e


class Fields:
    """The fields of one object; each is taken once, and `done` refuses what is left."""

    def __init__(self, value: Any, place: str) -> None:
        self._place = place
        if not isinstance(value, dict):
            raise WrongInput(f"{place} must be an object")
        self._left = dict(value)

    def done(self) -> None:
        """Refuses fields that nobody took."""
        if self._left:
            raise WrongInput(f"{self._place}: unknown field {sorted(self._left)[0]}")

    def object(self, name: str) -> Fields:
        """A nested object."""
        return Fields(self._take(name, _MISSING), f"{self._place}.{name}")

    def optional_object(self, name: str) -> Fields | None:
        """A nested object, or nothing where the field is absent or null."""
        value = self._take(name, None)
        return None if value is None else Fields(value, f"{self._place}.{name}")

    def text(self, name: str, pattern: str = r"(?s).+") -> str:
        """A text that matches the pattern in whole."""
        value = self._take(name, _MISSING)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self._bad(name, f"must match {pattern}", value)
        return value

    def optional_text(self, name: str, pattern: str) -> str | None:
        """A text that matches the pattern in whole, or nothing."""
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return None
        return self.text(name, pattern)

    def choice(self, name: str, *words: str) -> str:
        """One of a few words."""
        value = self._take(name, _MISSING)
        if value not in words:
            raise self._bad(name, "must be one of " + ", ".join(words), value)
        return str(value)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """A boolean; required where there is no default."""
        value = self._take(name, _MISSING if default is None else default)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            raise self._bad(name, "must be true or false", value)
        return value

    def optional_flag(self, name: str) -> bool | None:
        """A boolean, or nothing."""
        value = self._take(name, None)
        if value is not None and not isinstance(value, bool):
            raise self._bad(name, "must be true or false", value)
        return value

    def whole(self, name: str, least: int, most: int | None = None) -> int:
        """A whole number within its bounds."""
        value = self._take(name, _MISSING)
        return self._whole(name, value, least, most)

    def optional_whole(self, name: str, least: int) -> int | None:
        """A whole number, or nothing."""
        value = self._take(name, None)
        return None if value is None else self._whole(name, value, least, None)

    def _whole(self, name: str, value: Any, least: int, most: int | None) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._bad(name, "must be a whole number", value)
        if value < least or (most is not None and value > most):
            raise self._bad(name, f"must be from {least} to {most}" if most else f"must be at least {least}", value)
        return value

    def number(self, name: str, fits: Callable[[float], bool], rule: str) -> float:
        """A number that fits its rule."""
        value = self._take(name, _MISSING)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or not fits(value):
            raise self._bad(name, rule, value)
        return float(value)

    def positive(self, name: str) -> float:
        """A number above 0."""
        return self.number(name, lambda v: v > 0, "must be above 0")

    def between(self, name: str, least: float, most: float) -> float:
        """A number within its bounds."""
        return self.number(name, lambda v: least <= v <= most, f"must be from {least:g} to {most:g}")

    def optional_positive(self, name: str) -> float | None:
        """A number above 0, or nothing."""
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return None
        return self.positive(name)

    def texts(self, name: str) -> list[str]:
        """A list of at least one text, each once."""
        value = self._take(name, _MISSING)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self._bad(name, "must be a list of at least one text", value)
        if len(set(value)) != len(value):
            raise self._bad(name, "must name each once", value)
        return value

    def _take(self, name: str, default: Any) -> Any:
        value = self._left.pop(name, default)
        if value is _MISSING:
            raise WrongInput(f"{self._place}.{name} is missing")
        return value

    def _bad(self, name: str, rule: str, value: Any) -> WrongInput:
        return WrongInput(f"{self._place}.{name} {rule}, is {json.dumps(value)[:200]}")
