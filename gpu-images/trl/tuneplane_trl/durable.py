"""Files and folders that a reader sees whole or not at all, also after a crash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any


def sha256(file: Path) -> str:
    """SHA-256 of a file in hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def force(path: Path) -> None:
    """Forces a file's bytes, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(file: Path, content: bytes) -> None:
    """Writes a file of a folder that is not in place yet, and forces it to the disk."""
    with file.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def replace(file: Path, content: bytes) -> None:
    """Puts a file in its place; what was there before stays until the new one is whole."""
    aside = file.with_name(file.name + ".partial")
    try:
        write(aside, content)
        os.replace(aside, file)
        force(file.parent)
    finally:
        aside.unlink(missing_ok=True)


def move_folder(aside: Path, place: Path) -> None:
    """Puts a folder in its place, after forcing all of it to the disk."""
    for folder, _, names in os.walk(aside):
        for name in names:
            force(Path(folder) / name)
        force(Path(folder))
    delete(place)
    os.rename(aside, place)
    force(place.parent)


def delete(folder: Path) -> None:
    """Deletes a folder and what is in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def pretty(value: Any) -> bytes:
    """JSON for people to read too."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
