"""Templates and tokenises examples, and marks the tokens that are learnt.

Learnt are the assistant's turns whose weight is not 0, up to and including the token that ends the turn. The rules
are those of the Java runner's `ExampleEncoder`, so that both learn from the same tokens: the text is cut at the start
and the end of each answer and tokenised piece by piece, and what precedes an answer has the ids of a server's prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from tuneplane_trl.exits import WrongInput
from tuneplane_trl.lines import Chat, Message, Preference, for_template, learnt

MAX_MESSAGES = 2048


class EncodingError(Exception):
    """The chat template renders an answer otherwise than a server asks, so training would not match serving."""


@dataclass(frozen=True)
class Sequence:
    """Tokens, and which of them are learnt."""

    tokens: list[int]
    target: list[bool]
    truncated: bool

    @property
    def targets(self) -> int:
        """How many tokens are learnt."""
        return sum(self.target)


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    bare: bool  # It ends with the content: the token that ends the turn comes next.
    calls: bool  # It ends in tool calls.


class Encoder:
    """Encodes for one model."""

    def __init__(self, tokenizer: Any, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._filler = self._ids("x")[-1]
        self._texts: dict[int, str] = {}

    def prompt(self, messages: list[Message], tools: list[Any]) -> list[int]:
        """What a server would feed to the model for these turns. Never cut."""
        return self._ids(self._render(messages, tools, ask=True))

    def chat(self, example: Chat) -> Sequence:
        """A conversation."""
        return self._cut(self._pieces(example.messages, example.tools, 0))

    def pair(self, example: Preference) -> tuple[Sequence, Sequence]:
        """Both sides of a pair. Only the answers are marked, never the prompt's own turns."""
        start = len(example.prompt)
        preferred = self._pieces([*example.prompt, *example.preferred], example.tools, start)
        other = self._pieces([*example.prompt, *example.other], example.tools, start)
        if preferred.first != other.first or preferred.ids[: preferred.first] != other.ids[: other.first]:
            raise EncodingError("the chat template renders the prompt differently for each answer")
        return self._cut(preferred), self._cut(other)

    def _render(self, messages: list[Message], tools: list[Any], ask: bool) -> str:
        try:
            return self._tokenizer.apply_chat_template(
                [for_template(m) for m in messages], tools=tools or None, add_generation_prompt=ask, tokenize=False
            )
        except TemplateError as e:
            raise WrongInput(f"the chat template refuses the conversation: {e}", "invalid_chat_template") from e

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer(text, add_special_tokens=False)["input_ids"]

    def _pieces(self, messages: list[Message], tools: list[Any], first: int) -> _Pieces:
        if len(messages) > MAX_MESSAGES:
            raise EncodingError(f"has {len(messages)} messages; at most {MAX_MESSAGES} can be encoded")
        text = self._render(messages, tools, ask=False)
        pieces = _Pieces(self._text)
        at, end_follows = 0, False
        for turn in range(first, len(messages)):
            if not learnt(messages[turn]):
                continue
            span = self._span(text, messages, tools, turn)
            pieces.context(self._ids(text[at : span.start]), end_follows)
            ids = self._ids(text[span.start : span.end])
            pieces.answer(ids, len(ids) if span.bare else self._learnt(ids, span.calls))
            at, end_follows = span.end, span.bare
        pieces.context(self._ids(text[at:]), end_follows)
        self._require_same_text(pieces.ids, text)
        return pieces

    def _require_same_text(self, ids: list[int], text: str) -> None:
        whole = self._ids(text)
        if whole != ids and self._decode(whole) != self._decode(ids):
            raise EncodingError("the tokenizer gives other text when the conversation is cut at its answers")

    def _span(self, text: str, messages: list[Message], tools: list[Any], turn: int) -> _Span:
        calls = bool(messages[turn].get("tool_calls"))
        if all(m["role"] == "system" for m in messages[:turn]):
            return self._greeting(text, messages, tools, turn)
        prompt = self._render(messages[:turn], tools, ask=True)
        if not text.startswith(prompt):
            raise EncodingError(
                f"message {turn}: the chat template renders this answer behind another header than the one that a"
                " server asks with; training would not match serving"
            )
        if turn == len(messages) - 1:
            return _Span(len(prompt), len(text), False, calls)
        up_to_here = self._render(messages[: turn + 1], tools, ask=False)
        if text.startswith(up_to_here):
            return _Span(len(prompt), len(up_to_here), False, calls)
        return _bare(text, len(prompt), messages[turn], turn)

    def _greeting(self, text: str, messages: list[Message], tools: list[Any], turn: int) -> _Span:
        """An answer to nobody: no server asks for one, so it is found by its text."""
        up_to_here = self._render(messages[: turn + 1], tools, ask=False)
        content = (messages[turn].get("content") or "").strip()
        at = up_to_here.rfind(content) if content else -1
        if at < 0 or not text.startswith(content, at):
            raise _unlocatable(turn)
        return _Span(at, at + len(content), True, False)

    def _learnt(self, ids: list[int], calls: bool) -> int:
        """How many ids are learnt: up to the first special token of the tail, or the last one after tool calls."""
        end, found = len(ids), False
        for i in range(len(ids) - 1, -1, -1):
            word = self._text(ids[i])
            if word.strip():
                break
            if not word and not (calls and found):
                end, found = i + 1, True
        return end

    def _text(self, token: int) -> str:
        """What the token decodes to between two others; nothing for a special token."""
        if token not in self._texts:
            alone = self._decode([self._filler, self._filler])
            between = self._decode([self._filler, token, self._filler])
            self._texts[token] = "" if between == alone else between[1 : max(1, len(between) - 1)]
        return self._texts[token]

    def _decode(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def _cut(self, pieces: _Pieces) -> Sequence:
        most = self.max_tokens
        return Sequence(pieces.ids[:most], pieces.target[:most], len(pieces.ids) > most)


class _Pieces:
    """Ids and marks as they grow."""

    def __init__(self, text: Any) -> None:
        self._text = text
        self.ids: list[int] = []
        self.target: list[bool] = []
        self._first: int | None = None

    @property
    def first(self) -> int:
        """Where the first answer starts."""
        return len(self.ids) if self._first is None else self._first

    def context(self, more: list[int], end_follows: bool) -> None:
        """What is not learnt, but for the token that ends a bare answer."""
        at = len(self.ids)
        self.ids += more
        self.target += [False] * len(more)
        if not end_follows:
            return
        for i, token in enumerate(more):
            word = self._text(token)
            if word.strip():
                return
            if not word:
                self.target[at + i] = True
                return

    def answer(self, more: list[int], count: int) -> None:
        """What is learnt, up to the token that ends the turn."""
        at = len(self.ids)
        if self._first is None:
            self._first = at
        self.ids += more
        # The first token of all is predicted from nothing.
        self.target += [i < count and at + i > 0 for i in range(len(more))]


def _bare(text: str, start: int, message: Message, turn: int) -> _Span:
    content = (message.get("content") or "").strip()
    at = start
    while at < len(text) and text[at].isspace():
        at += 1
    if not content or message.get("tool_calls") or not text.startswith(content, at):
        raise _unlocatable(turn)
    return _Span(start, at + len(content), True, False)


def _unlocatable(turn: int) -> EncodingError:
    return EncodingError(
        f"message {turn}: the chat template rewrites this answer when turns follow it; give each answer an example of"
        " its own, or set its weight to 0"
    )
