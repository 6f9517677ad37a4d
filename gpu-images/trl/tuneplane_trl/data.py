"""A job's data, encoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tuneplane_trl import lines
from tuneplane_trl.encoder import Encoder, EncodingError, Sequence
from tuneplane_trl.exits import WrongInput
from tuneplane_trl.job import Job

_NAMED = 10


@dataclass(frozen=True)
class Encoded:
    """An example as it goes through the model: one sequence, or for dpo the better and the worse one."""

    sequences: tuple[Sequence, ...]

    @property
    def tokens(self) -> int:
        """Tokens of all its sequences."""
        return sum(len(s.tokens) for s in self.sequences)

    @property
    def longest(self) -> int:
        """Tokens of its longest sequence."""
        return max(len(s.tokens) for s in self.sequences)

    @property
    def learnable(self) -> bool:
        """Whether there is something to learn in every sequence."""
        return all(s.targets > 0 for s in self.sequences)


@dataclass(frozen=True)
class JobData:
    """Both sets, the examples whose prompts are asked in the end, and what the user should know."""

    train: list[Encoded]
    validation: list[Encoded]
    asked: list[lines.Example]
    remarks: list[str]

    @property
    def widest(self) -> int:
        """The most tokens of one example of both sets, padded."""
        return max(e.longest * len(e.sequences) for e in [*self.train, *self.validation])

    def prompts(self, encoder: Encoder, most: int, longest: int) -> list[list[int]]:
        """The prompts of the first examples that leave room for an answer."""
        prompts: list[list[int]] = []
        for example in self.asked:
            prompt = _prompt(example, encoder)
            if prompt and len(prompt) <= longest:
                prompts.append(prompt)
            if len(prompts) == most:
                break
        return prompts


def read(folder: Path, job: Job, encoder: Encoder) -> JobData:
    """Reads and encodes the files that the job names."""
    remarks: list[str] = []
    asked = lines.read(folder / job.train, job.method)
    train = _encoded(job.train, asked, encoder, remarks)
    validation: list[Encoded] = []
    if job.validation is not None:
        asked = lines.read(folder / job.validation, job.method)
        validation = _encoded(job.validation, asked, encoder, remarks)
    return JobData(train, validation, asked, remarks)


def _encoded(name: str, examples: list[lines.Example], encoder: Encoder, remarks: list[str]) -> list[Encoded]:
    kept, left_out, cut = [], [], 0
    for i, example in enumerate(examples):
        encoded = _one(f"{name} example {i}", example, encoder)
        cut += any(s.truncated for s in encoded.sequences)
        if encoded.learnable:
            kept.append(encoded)
        else:
            left_out.append(i)
    if not kept:
        raise WrongInput(f"{name}: no example has a token to learn within max_length {encoder.max_tokens}")
    if cut:
        remarks.append(f"{name}: {cut} examples are cut to {encoder.max_tokens} tokens")
    if left_out:
        more = " and more" if len(left_out) > _NAMED else ""
        remarks.append(
            f"{name}: {len(left_out)} examples have no token to learn and are left out: {left_out[:_NAMED]}{more}"
        )
    return kept


def _one(place: str, example: lines.Example, encoder: Encoder) -> Encoded:
    try:
        if isinstance(example, lines.Chat):
            return Encoded((encoder.chat(example),))
        return Encoded(encoder.pair(example))
    except EncodingError as e:
        raise WrongInput(f"{place}: {e}") from e
    except WrongInput as e:
        raise WrongInput(f"{place}: {e}", e.code) from e


def _prompt(example: lines.Example, encoder: Encoder) -> list[int]:
    if isinstance(example, lines.Preference):
        return encoder.prompt(example.prompt, example.tools)
    last = len(example.messages) - 1
    while last > 0 and example.messages[last]["role"] != "assistant":
        last -= 1
    # An answer to nobody has no prompt.
    return encoder.prompt(example.messages[:last], example.tools) if last > 0 else []
