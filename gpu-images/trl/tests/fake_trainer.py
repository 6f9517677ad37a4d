"""Stands in for the trainer where its arithmetic would show nothing: the files and signals of `docs/runner.md`.

What it learns at a step is a digest of what it had learnt before, so only a run that was resumed exactly ends right.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

run = Path(sys.argv[1])
job = json.loads((run / "job.json").read_text())
steps, every = job["hyperparameters"]["n_epochs"] * 6, job["limits"]["checkpoint_every_steps"]
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
threading.Thread(target=lambda: (os.read(0, 1), stop.set()), daemon=True).start()


def digest(*parts: object) -> str:
    """Of everything that counts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def event(kind: str, **values: Any) -> None:
    """Appends a line."""
    file = run / "events.jsonl"
    seq = file.read_bytes().count(b"\n") + 1 if file.exists() else 1
    line = {"seq": seq, "attempt": job["attempt"], "at": "2026-01-01T00:00:00.000Z", "type": kind, **values}
    with file.open("a") as target:
        target.write(json.dumps(line) + "\n")


def write(folder: Path, learnt: str) -> None:
    """An adapter."""
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(json.dumps({"r": 4}))
    (folder / "adapter_model.safetensors").write_bytes(learnt.encode() * 50)


def sha256(file: Path) -> str:
    """Of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def checkpoint(step: int, learnt: str) -> None:
    """Written aside and renamed; the last two stay, and the last three epochs'."""
    aside = run / "checkpoints/partial"
    shutil.rmtree(aside, ignore_errors=True)
    write(aside / "adapter", learnt)
    (aside / "state.json").write_text(json.dumps({"step": step, "position_in_epoch": step % 6, "learnt": learnt}))
    names = ["adapter/adapter_config.json", "adapter/adapter_model.safetensors", "state.json"]
    (aside / "manifest.json").write_text(json.dumps({"format": 1, "files": {n: sha256(aside / n) for n in names}}))
    shutil.rmtree(run / f"checkpoints/step-{step}", ignore_errors=True)
    aside.rename(run / f"checkpoints/step-{step}")
    ends = {"epoch": step // 6} if step % 6 == 0 else {}
    event("checkpoint", step=step, path=f"checkpoints/step-{step}", manifest_digest="", **ends)
    there = sorted((int(p.name[5:]) for p in (run / "checkpoints").glob("step-*")), reverse=True)
    kept = {*there[:2], *[s for s in there if s % 6 == 0][:3]}
    for old in set(there) - kept:
        shutil.rmtree(run / f"checkpoints/step-{old}")


data = sha256(run / "train.jsonl")
found = sorted((int(p.name[5:]) for p in run.glob("checkpoints/step-*")), reverse=True)
step, learnt = 0, digest(job["seed"], data)
if found:
    state = json.loads((run / f"checkpoints/step-{found[0]}/state.json").read_text())
    step, learnt = state["step"], state["learnt"]
    event("message", level="info", text=f"goes on from checkpoints/step-{step}")
seen = {e["step"] for e in map(json.loads, open(run / "events.jsonl")) if e["type"] == "metrics"} if found else set()
while step < steps:
    if stop.wait(0.05):
        if every == 0 or step % every:
            checkpoint(step, learnt)
        event("message", level="info", text="stopped: asked to")
        sys.exit(143)
    step += 1
    learnt = digest(learnt, step)
    event("metrics", step=step, total_steps=steps, train_loss=int(learnt[:6], 16) / 1e6)
    if (every and step % every == 0) or step == steps:
        checkpoint(step, learnt)
shutil.rmtree(run / "adapter", ignore_errors=True)
write(run / "adapter", learnt)
(run / "golden.jsonl").write_text(json.dumps({"text": learnt}) + "\n")
(run / "metrics.csv").write_text("step\n")
files = ["adapter/adapter_config.json", "adapter/adapter_model.safetensors", "golden.jsonl", "metrics.csv"]
event("result", files=[{"path": n, "sha256": sha256(run / n), "bytes": (run / n).stat().st_size} for n in files])
time.sleep(0.1)
