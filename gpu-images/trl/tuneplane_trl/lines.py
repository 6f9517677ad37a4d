"""Reads the JSONL that a job's data comes in. Whatever is wrong ends the run, with its line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuneplane_trl.exits import WrongInput
from tuneplane_trl.fields import parse

Message = dict[str, Any]


@dataclass(frozen=True)
class Chat:
    """A conversation, each answer of weight 0 excepted from what is learnt."""

    messages: list[Message]
    tools: list[Any]


@dataclass(frozen=True)
class Preference:
    """A better and a worse answer to one prompt."""

    prompt: list[Message]
    preferred: list[Message]
    other: list[Message]
    tools: list[Any]


Example = Chat | Preference


def read(file: Path, method: str) -> list[Example]:
    """The examples of a file."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise WrongInput(f"{file.name} is not UTF-8") from e
    except OSError as e:
        raise WrongInput(f"{file.name} can't be read: {e}") from e
    examples = [
        _example(line, method, f"{file.name} line {number}")
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
    if not examples:
        raise WrongInput(f"{file.name} holds no example")
    return examples


def _example(line: str, method: str, place: str) -> Example:
    value = parse(line, place)
    if not isinstance(value, dict):
        raise WrongInput(f"{place}: must be an object")
    if method == "supervised":
        return Chat(_messages(value, "messages", place), value.get("tools") or [])
    given = value.get("input")
    if not isinstance(given, dict):
        raise WrongInput(f"{place}: input must be an object")
    return Preference(
        _messages(given, "messages", place),
        _messages(value, "preferred_output", place),
        _messages(value, "non_preferred_output", place),
        given.get("tools") or [],
    )


def _messages(value: dict[str, Any], field: str, place: str) -> list[Message]:
    messages = value.get(field)
    if not isinstance(messages, list) or not messages:
        raise WrongInput(f"{place}: {field} must be a list of at least one message")
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise WrongInput(f"{place}: {field}: every message needs a role")
        if not isinstance(message.get("content"), str | None):
            raise WrongInput(f"{place}: {field}: content must be text")
        if not isinstance(message.get("tool_calls"), list | None):
            raise WrongInput(f"{place}: {field}: tool_calls must be a list")
    return messages


def learnt(message: Message) -> bool:
    """Whether this turn is an answer that counts."""
    return message["role"] == "assistant" and message.get("weight", 1) != 0


def for_template(message: Message) -> Message:
    """The turn as chat templates read it: a call's arguments are an object there, and JSON text at OpenAI's."""
    turn = {k: message[k] for k in ("role", "content", "name", "tool_call_id") if message.get(k) is not None}
    calls = message.get("tool_calls")
    if calls:
        turn["tool_calls"] = [_with_object(call) for call in calls]
    return turn


def _with_object(call: Any) -> Any:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
        return call
    try:
        arguments = json.loads(function["arguments"])
    except ValueError:
        return call  # Text that is no JSON stays text.
    return {**call, "function": {**function, "arguments": arguments}} if isinstance(arguments, dict) else call
