"""Lays a run's files down in a folder of this machine, as if the runner had never left it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from tuneplane_trl import durable
from tuneplane_trl.exits import TryAgain, WrongInput
from tuneplane_trl.wire import Away, Patience, Wire

_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){0,3}")
_BASE = "base"
_TRIES = 3


def lay_down(wire: Wire, answer: dict[str, Any], run: Path, models: Path | None, patience: Patience) -> None:
    """Fetches what is not there yet, takes away what is not of the run, and writes `job.json` last."""
    job = answer["job"]
    files = {f["path"]: f for f in [*answer["files"], *(answer.get("checkpoint") or {}).get("files", [])]}
    if answer["events"]["bytes"]:
        files["events.jsonl"] = {"path": "events.jsonl", **answer["events"]}
    for path in files:
        if not _PATH.fullmatch(path):
            raise WrongInput(f"the control plane names a file that can't be one: {path}")
    place = _own_copy(job, files, models)
    if place is not None:
        files = {p: f for p, f in files.items() if p.split("/")[0] != _BASE}
    run.mkdir(parents=True, exist_ok=True)
    _clear(run, files)
    for file in files.values():
        _fetch(wire, file, run / file["path"], patience)
    job["base_model"]["path"] = str(place or run / job["base_model"]["path"])
    if job.get("start_adapter"):
        job["start_adapter"]["path"] = str(run / job["start_adapter"]["path"])
    durable.replace(run / "job.json", durable.pretty(job))


def _own_copy(job: dict[str, Any], files: dict[str, Any], models: Path | None) -> Path | None:
    """The base model where this machine has it, all digests right."""
    if models is None:
        return None
    folder = models / str(job["base_model"]["name"]).replace("/", "--")
    base = {p[len(_BASE) + 1 :]: f for p, f in files.items() if p.startswith(_BASE + "/")}
    if folder.resolve().parent != models.resolve() or not base:
        return None
    for name, file in base.items():
        if not (folder / name).is_file() or durable.sha256(folder / name) != file["sha256"]:
            return None
    whole = job["base_model"]["path"]
    return folder if whole == _BASE else folder / whole[len(_BASE) + 1 :]


def _clear(run: Path, files: dict[str, Any]) -> None:
    for folder, _, names in os.walk(run, topdown=False):
        for name in names:
            path = Path(folder) / name
            known = files.get(str(path.relative_to(run)).removesuffix(".partial"))
            if known is None:
                path.unlink()
        if Path(folder) != run and not os.listdir(folder):
            os.rmdir(folder)


def _fetch(wire: Wire, file: dict[str, Any], place: Path, patience: Patience) -> None:
    if place.is_file() and durable.sha256(place) == file["sha256"]:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(place.name + ".partial")
    for _ in range(_TRIES):
        patience.get(lambda: _download(wire, file, aside))
        if durable.sha256(aside) == file["sha256"]:
            durable.force(aside)
            os.replace(aside, place)
            durable.force(place.parent)
            return
        aside.unlink()
    raise TryAgain(f"{file['path']} arrives with another digest than {file['sha256']}, {_TRIES} times over")


def _download(wire: Wire, file: dict[str, Any], aside: Path) -> None:
    """Goes on where an earlier try broke off."""
    have = aside.stat().st_size if aside.exists() else 0
    if have > file["bytes"]:
        aside.unlink()
        have = 0
    if have == file["bytes"] and aside.exists():
        return
    with aside.open("ab") as target:
        for chunk in wire.download(file["path"], have):
            have += len(chunk)
            if have > file["bytes"]:
                break
            target.write(chunk)
    if have < file["bytes"]:
        raise Away(f"{file['path']} broke off at {have} of {file['bytes']} bytes")
    if have > file["bytes"]:
        aside.unlink()
        raise TryAgain(f"{file['path']} is longer than the {file['bytes']} bytes that were announced")


def job_of(run: Path) -> dict[str, Any]:
    """The job that was laid down."""
    return json.loads((run / "job.json").read_text())
