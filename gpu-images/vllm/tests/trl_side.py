"""One small job, done by either trainer. Needs the environment of gpu-images/trl."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parents[2] / "trl/tests"


def _module(name: str) -> ModuleType:
    """A module of the other trainer's tests, under a name that is not ours."""
    spec = importlib.util.spec_from_file_location(f"trl_{name}", TESTS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small_model(folder: Path) -> Path:
    """A random model whose heads are as wide as vLLM wants them."""
    return _module("conftest").write_model(folder, hidden=128)


def _job(folder: Path, model: Path):
    job = _module("conftest").JobFolder(folder, model)
    job.hyperparameters["lora"].update(r=8, alpha=16)
    job.job["limits"]["checkpoint_every_steps"] = 0
    return job


def by_trl(folder: Path, model: Path) -> Path:
    """Trains with gpu-images/trl."""
    job = _job(folder, model)
    assert job.run() == 0, job.words()
    return job.path


def by_java(folder: Path, model: Path) -> Path:
    """Trains with the Java runner."""
    job = _job(folder, model)
    job.write()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import sys

    sys.modules.setdefault("trl_conftest", _module("conftest"))
    saved = sys.modules.get("conftest")
    sys.modules["conftest"] = sys.modules["trl_conftest"]
    try:
        _module("test_parity").by_java(job)
    finally:
        if saved is not None:
            sys.modules["conftest"] = saved
    return job.path
