"""A tiny random Llama with a byte tokenizer, jobs over it, and the runner as a process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
SCHEMAS = REPOSITORY / "docs/schemas/runner"
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
THINGS = ["tea", "rain", "the sea", "a lamp", "the moon", "bread", "a boat", "the hill"]
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def sha256(file: Path) -> str:
    """SHA-256 of a file in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def digest_of(model: Path) -> str:
    """A model's digest as the contract has it."""
    return hashlib.sha256(f"model.safetensors {sha256(model / 'model.safetensors')}\n".encode()).hexdigest()


def write_model(folder: Path, hidden: int = 32) -> Path:
    """Writes a random Llama of two layers and two heads, which reads and writes bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)}, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens(specials)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=hidden, intermediate_size=2 * hidden, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=256, tie_word_embeddings=True,
        initializer_range=0.2, bos_token_id=257, eos_token_id=258, pad_token_id=256,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model."""
    return write_model(tmp_path_factory.mktemp("model"))


class JobFolder:
    """A job's folder, and the runner at work in it."""

    def __init__(self, path: Path, model: Path) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.job: dict[str, Any] = {
            "mark": "test", "attempt": 1, "method": "supervised", "seed": 5, "compute": "fp32",
            "base_model": {"name": "tiny", "path": str(model), "digest": digest_of(model)},
            "hyperparameters": {
                "n_epochs": 2, "batch_size": 4, "learning_rate": 0.01, "learning_rate_multiplier": 1.0,
                "schedule": "linear", "warmup_ratio": 0.03, "weight_decay": 0.0, "max_grad_norm": 1.0,
                "packing": True, "max_length": 128,
                "lora": {"r": 4, "alpha": 8, "dropout": 0.0, "use_rslora": False, "target_modules": ALL},
            },
            "data": {"train": "train.jsonl", "validation": "validation.jsonl"},
            "limits": {
                "threads": 1, "checkpoint_every_steps": 2, "checkpoint_every_seconds": 0, "validate_every_steps": 3
            },
        }
        self.chats("train", 24)
        self.chats("validation", 6)

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """To change before the run."""
        return self.job["hyperparameters"]

    def chats(self, name: str, count: int) -> None:
        """Writes conversations."""
        self._lines(name, [
            {"messages": [{"role": "user", "content": f"what is {THINGS[i % 8]}?"},
                          {"role": "assistant", "content": f"it is {THINGS[(i + 3) % 8]}"}]}
            for i in range(count)
        ])

    def dpo(self) -> JobFolder:
        """Preference pairs in place of conversations."""
        self.job["method"] = "dpo"
        self.hyperparameters["beta"] = 0.1
        for name, count in (("train", 12), ("validation", 4)):
            self._lines(name, [
                {"input": {"messages": [{"role": "user", "content": f"{THINGS[i % 8]}?"}]},
                 "preferred_output": [{"role": "assistant", "content": f"yes, {THINGS[i % 8]}"}],
                 "non_preferred_output": [{"role": "assistant", "content": "no"}]}
                for i in range(count)
            ])
        return self

    def _lines(self, name: str, values: list[Any]) -> None:
        (self.path / f"{name}.jsonl").write_text("".join(json.dumps(v) + "\n" for v in values))

    def write(self) -> None:
        """Writes job.json."""
        (self.path / "job.json").write_text(json.dumps(self.job))

    def start(self, *options: str, command: tuple[str, ...] = ("train",), **env: str) -> subprocess.Popen[bytes]:
        """Starts an attempt."""
        self.write()
        words = (self.path / "words").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "tuneplane_trl", *command, str(self.path), *options],
            cwd=self.path, stdin=subprocess.PIPE, stdout=words, stderr=words, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", **env},
        )

    def run(self) -> int:
        """A whole attempt as a process; its exit code."""
        process = self.start()
        try:
            return process.wait(timeout=300)
        finally:
            process.kill()

    def train(self) -> int:
        """A whole attempt in this process; its exit code."""
        from tuneplane_trl.run import train
        from tuneplane_trl.stop import StopRequest

        self.write()
        return train(self.path, StopRequest())

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The events so far, those of a kind where one is given."""
        file = self.path / "events.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        events = [json.loads(line) for line in lines]
        return [e for e in events if kind is None or e["type"] == kind]

    def count(self) -> int:
        """Whole lines of the event log; a runner may be at work."""
        file = self.path / "events.jsonl"
        return file.read_bytes().count(b"\n") if file.exists() else 0

    def await_events(self, process: subprocess.Popen[bytes], least: int) -> None:
        """Waits for so many events, or for the end."""
        limit = time.monotonic() + 120
        while self.count() < least and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.005)

    def words(self) -> str:
        """What the process said."""
        return (self.path / "words").read_text()

    def digest(self) -> str:
        """Of the adapter's weights."""
        return sha256(self.path / "adapter/adapter_model.safetensors")


@pytest.fixture
def new_job(tmp_path: Path, model: Path) -> Callable[..., JobFolder]:
    """Makes jobs in folders of their own."""
    return lambda name="job": JobFolder(tmp_path / name, model)


@pytest.fixture
def job(new_job: Callable[..., JobFolder]) -> JobFolder:
    """A small supervised job with a validation set."""
    return new_job()
