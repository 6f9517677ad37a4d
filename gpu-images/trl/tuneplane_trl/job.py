"""The work, as `job.json` holds it (`docs/schemas/runner/job.schema.json`). Everything is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuneplane_trl.exits import WrongInput
from tuneplane_trl.fields import Fields, parse

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
_DIGEST = "[0-9a-f]{64}"
_PLAIN_NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}"


@dataclass(frozen=True)
class Lora:
    """The shape of an adapter, with PEFT's field names."""

    r: int
    alpha: float
    dropout: float
    target_modules: tuple[str, ...]
    use_rslora: bool

    @property
    def scale(self) -> float:
        """What `B A x` is multiplied by."""
        return self.alpha / (self.r**0.5 if self.use_rslora else self.r)


@dataclass(frozen=True)
class Hyperparameters:
    """How the model is trained; `docs/runner.md` says what each means."""

    n_epochs: int
    batch_size: int
    learning_rate: float
    beta: float
    lora: Lora
    schedule: str
    warmup_ratio: float
    weight_decay: float
    max_grad_norm: float
    packing: bool
    max_length: int
    quantization: str | None
    full: bool


@dataclass(frozen=True)
class Limits:
    """What the run may use, and how often it saves and reports."""

    threads: int
    memory_bytes: int | None
    checkpoint_every_steps: int
    checkpoint_every_seconds: int
    validate_every_steps: int
    pass_tokens: int | None
    gradient_checkpointing: bool | None


@dataclass(frozen=True)
class ModelFiles:
    """Weights on the disk and the digest that they must have."""

    name: str
    path: Path
    digest: str


@dataclass(frozen=True)
class Job:
    """One attempt at one training run."""

    mark: str
    attempt: int
    base_model: ModelFiles
    start_adapter: ModelFiles | None
    method: str
    hyperparameters: Hyperparameters
    train: str
    validation: str | None
    seed: int
    compute: str
    limits: Limits
    resolved: dict[str, Any]

    @property
    def dpo(self) -> bool:
        """Whether preferences are learnt."""
        return self.method == "dpo"


def read(file: Path) -> Job:
    """Reads and checks a job; an error names the field."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise WrongInput(f"job.json can't be read: {e}") from e
    raw = parse(text, "job.json")
    job = _job(Fields(raw, "job.json"), raw)
    _check(job)
    return job


def _job(fields: Fields, raw: dict[str, Any]) -> Job:
    base = fields.object("base_model")
    start = fields.optional_object("start_adapter")
    data = fields.object("data")
    job = Job(
        mark=fields.text("mark", "[a-z0-9-]{1,63}"),
        attempt=fields.whole("attempt", 1),
        base_model=ModelFiles(base.text("name"), Path(base.text("path")), base.text("digest", _DIGEST)),
        start_adapter=None if start is None else _start(start),
        method=fields.choice("method", "supervised", "dpo"),
        hyperparameters=_hyperparameters(fields.object("hyperparameters")),
        train=data.text("train", _PLAIN_NAME),
        validation=data.optional_text("validation", _PLAIN_NAME),
        seed=fields.whole("seed", -(2**63), 2**63 - 1),
        compute=fields.choice("compute", "auto", "fp32", "bf16"),
        limits=_limits(fields.object("limits")),
        resolved=raw.get("hyperparameters", {}),
    )
    for part in (base, start, data, fields):
        if part is not None:
            part.done()
    return job


def _start(fields: Fields) -> ModelFiles:
    return ModelFiles("", Path(fields.text("path")), fields.text("digest", _DIGEST))


def _hyperparameters(fields: Fields) -> Hyperparameters:
    fields.positive("learning_rate_multiplier")
    h = Hyperparameters(
        n_epochs=fields.whole("n_epochs", 1, 50),
        batch_size=fields.whole("batch_size", 1, 4096),
        learning_rate=fields.positive("learning_rate"),
        beta=fields.optional_positive("beta") or 0.1,
        lora=_lora(fields.object("lora")),
        schedule=fields.choice("schedule", "constant", "linear", "cosine"),
        warmup_ratio=fields.between("warmup_ratio", 0, 1),
        weight_decay=fields.between("weight_decay", 0, 1),
        max_grad_norm=fields.between("max_grad_norm", 0, 1e6),
        packing=fields.flag("packing"),
        max_length=fields.whole("max_length", 2),
        quantization=fields.optional_text("quantization", "4bit"),
        full=fields.flag("full", default=False),
    )
    fields.done()
    return h


def _lora(fields: Fields) -> Lora:
    lora = Lora(
        r=fields.whole("r", 1, 1024),
        alpha=fields.positive("alpha"),
        dropout=fields.between("dropout", 0, 0.99),
        target_modules=tuple(fields.texts("target_modules")),
        use_rslora=fields.flag("use_rslora"),
    )
    fields.done()
    for module in lora.target_modules:
        if module not in PROJECTIONS:
            raise WrongInput(f"lora.target_modules must be among {', '.join(PROJECTIONS)}, is {module}")
    return lora


def _limits(fields: Fields) -> Limits:
    fields.optional_whole("spin", 0)
    limits = Limits(
        threads=fields.whole("threads", 1, 1024),
        memory_bytes=fields.optional_whole("memory_bytes", 1),
        checkpoint_every_steps=fields.whole("checkpoint_every_steps", 0),
        checkpoint_every_seconds=fields.whole("checkpoint_every_seconds", 0),
        validate_every_steps=fields.whole("validate_every_steps", 0),
        pass_tokens=fields.optional_whole("pass_tokens", 1),
        gradient_checkpointing=fields.optional_flag("gradient_checkpointing"),
    )
    fields.done()
    return limits


def _check(job: Job) -> None:
    h = job.hyperparameters
    if h.full and h.quantization:
        raise WrongInput("hyperparameters.full and .quantization exclude each other: 4-bit weights can't be trained")
    if h.full and job.start_adapter:
        raise WrongInput("hyperparameters.full can't go on from an adapter; leave start_adapter out")
