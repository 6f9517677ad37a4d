"""The adapters that this replica holds, and which are wanted: both on its disk, so that a restart loses nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterable
from pathlib import Path

FILES = {"adapter_config.json": 1 << 20, "adapter_model.safetensors": 16 << 30, "tuneplane.json": 1 << 20}
NEEDED = ("adapter_config.json", "adapter_model.safetensors")
_DIGEST = re.compile("[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,254}")


class RefusedError(Exception):
    """What was sent can't be kept. The message is for people."""


class Shelf:
    """Adapters by the SHA-256 of their weights. Safe for threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def place(self, digest: str) -> Path:
        """An adapter's folder."""
        if not _DIGEST.fullmatch(digest):
            raise RefusedError("an adapter is named by the SHA-256 of its weights, in hex")
        return self._folder / digest

    def put(self, digest: str, name: str, content: Iterable[bytes]) -> None:
        """Keeps a file: aside first, in its place once it is whole and right."""
        place = self.place(digest)
        if name not in FILES:
            raise RefusedError(f"an adapter has {', '.join(FILES)} and no other file")
        place.mkdir(exist_ok=True)
        aside = place / f"{name}.{threading.get_ident()}.partial"
        try:
            found = _write(aside, content, FILES[name])
            _check(aside, name, digest, found)
            os.replace(aside, place / name)
            _force(place)
        finally:
            aside.unlink(missing_ok=True)

    def whole(self, digest: str) -> bool:
        """Whether all of an adapter is here."""
        return all((self.place(digest) / name).is_file() for name in NEEDED)

    def want(self, adapters: dict[str, str]) -> list[str]:
        """Sets which are wanted, name by name; the digests that are not here. Then nothing has changed."""
        for name in adapters:
            if not _NAME.fullmatch(name):
                raise RefusedError(f"not a model's name: {name!r}")
        missing = sorted({d for d in adapters.values() if not self.whole(d)})
        if not missing:
            with self._lock:
                aside = self._folder / "wanted.partial"
                _write(aside, [json.dumps(adapters, sort_keys=True).encode()], 1 << 24)
                os.replace(aside, self._folder / "wanted.json")
                _force(self._folder)
        return missing

    def wanted(self) -> dict[str, str]:
        """Name by name, the digest that is wanted under it."""
        with self._lock:
            try:
                return json.loads((self._folder / "wanted.json").read_text())
            except FileNotFoundError:
                return {}


def _write(file: Path, content: Iterable[bytes], most: int) -> str:
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as target:
        for chunk in content:
            size += len(chunk)
            if size > most:
                raise RefusedError(f"{file.name.split('.', 2)[0]} is longer than {most} bytes")
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _check(file: Path, name: str, digest: str, found: str) -> None:
    if name == "adapter_model.safetensors":
        if found != digest:
            raise RefusedError(f"these weights are {found}, not {digest}")
        return
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as e:
        raise RefusedError(f"{name} is not JSON") from e
    if name == "adapter_config.json" and (
        not isinstance(value, dict) or value.get("peft_type") != "LORA" or value.get("modules_to_save")
    ):
        raise RefusedError("only plain LoRA adapters are served: peft_type LORA, without modules_to_save")


def _force(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
