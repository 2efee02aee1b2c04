"""What happens while one question is answered, kept for whoever looks into it afterwards.

A tape is handed to `Assistant.stream`; the parts that answer that one question are made around
it, and other questions know nothing of it. With a playback, a chat model's recorded replies stand
in for the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.answers.conversation import Standalone
from qa.errors import ChatModelError, UsageError
from qa.model import Hit

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from qa.answers.chat_model import Chat, ModelChunk, Replying
    from qa.answers.cited import CitedSentence
    from qa.answers.support import Verdict

UNRECORDED = "unrecorded"
"""The failure of a judge that is asked what no recorded reply answers."""


class Purpose(StrEnum):
    """What a chat model is asked for."""

    STANDALONE = "standalone"
    ANSWER = "answer"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a prompt as it was sent."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the chat model, its further attempts included, and what came of it."""

    purpose: Purpose
    messages: tuple[Message, ...]
    reply: str
    """As the model wrote it, marks and all, as far as it came."""
    usage: Mapping[str, int] = field(default_factory=dict)
    failure: str | None = None
    """The kind of ChatModelError that ended it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a reply with its verdict, whether it was shown in the end or not."""

    claim: str
    evidence: tuple[str, ...]
    """The sentences that it cites, as stored."""
    support: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Playback:
    """What stands in for a chat model: its name, its recorded replies, what they were made of."""

    model: str
    calls: Sequence[Call]
    hits: Sequence[Hit]
    """The passages whose sentences the replies cite by number."""


class Tape:
    """Filled while one question is answered, and read when it is; one tape, one question."""

    def __init__(self, playback: Playback | None = None) -> None:
        self.playback = playback
        self.standalone: Standalone | None = None
        self.language: str | None = None
        """Asked for, or found out from the question and its conversation."""
        self.mode = ""
        """What was asked for; the answer is extractive too where a chat model fails."""
        self.hits: Sequence[Hit] = ()
        self.checks: list[Checked] = []
        self._heard: list[_Heard] = []

    @property
    def calls(self) -> tuple[Call, ...]:
        """The requests to the chat model, in their order."""
        return tuple(heard.call() for heard in self._heard)

    def found(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Takes down what was retrieved; the passages to answer from."""
        self.hits = hits
        return self.playback.hits if self.playback and self.playback.calls else hits

    def listen(self, purpose: Purpose, model: Callable[[], Chat]) -> Chat:
        """The chat model for a purpose, overheard; with a playback it is not even made."""
        chat = _Player(self.playback, purpose) if self.playback else model()
        return _Listener(chat, purpose, self._heard)

    def check(self, claim: str, cited: Sequence[CitedSentence], verdict: Verdict) -> None:
        """Takes down a verdict: the witness of a SupportChecker."""
        evidence = tuple(sentence.text for sentence in cited)
        self.checks.append(Checked(claim, evidence, verdict.support, verdict.reason))


class _Listener:
    """A chat model that is overheard."""

    def __init__(self, model: Chat, purpose: Purpose, heard: list[_Heard]) -> None:
        self.name = model.name
        self._model = model
        self._purpose = purpose
        self._heard = heard

    def stream(self, messages: Sequence[BaseMessage]) -> Replying:
        heard = _Heard(self._purpose, _plain(messages), self._model.stream(messages))
        self._heard.append(heard)
        return heard

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        return "".join(chunk.text for chunk in self.stream(messages))


class _Heard:
    """A reply that is noted while it is read."""

    def __init__(self, purpose: Purpose, messages: tuple[Message, ...], reply: Replying) -> None:
        self._purpose = purpose
        self._messages = messages
        self._reply = reply
        self._text = ""
        self._usage: Mapping[str, int] = {}
        self._failure: str | None = None

    def __iter__(self) -> Iterator[ModelChunk]:
        return self

    def __next__(self) -> ModelChunk:
        try:
            chunk = next(self._reply)
        except ChatModelError as error:
            self._failure = error.kind
            raise
        self._text += chunk.text
        self._usage = chunk.usage or self._usage
        return chunk

    def close(self) -> None:
        self._reply.close()

    def call(self) -> Call:
        # Half characters could not be written down.
        text = self._text.encode("utf-8", "replace").decode()
        return Call(self._purpose, self._messages, text, self._usage, self._failure)


class _Player:
    """Recorded replies in place of a chat model."""

    def __init__(self, playback: Playback, purpose: Purpose) -> None:
        self.name = playback.model
        self._purpose = purpose
        self._calls = [call for call in playback.calls if call.purpose == purpose]

    def stream(self, messages: Sequence[BaseMessage]) -> Replying:
        return _Played(self._recorded(_plain(messages)))

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        return "".join(chunk.text for chunk in self.stream(messages))

    def _recorded(self, messages: tuple[Message, ...]) -> Call:
        """A judge's reply to these very words; for other purposes the next one in order."""
        is_judge = self._purpose is Purpose.JUDGE
        fitting = [call for call in self._calls if not is_judge or call.messages == messages]
        if fitting:
            self._calls.remove(fitting[0])
            return fitting[0]
        if is_judge:
            return Call(self._purpose, messages, "", failure=UNRECORDED)
        raise UsageError(
            f"more is asked of the chat model now than the trace holds replies for "
            f"({self._purpose}): replay it without --recorded-reply"
        )


class _Played:
    """A recorded reply as it comes from a chat model."""

    def __init__(self, call: Call) -> None:
        self._steps = _steps(call)

    def __iter__(self) -> Iterator[ModelChunk]:
        return self

    def __next__(self) -> ModelChunk:
        return next(self._steps)

    def close(self) -> None:
        """There is nothing to stop."""


def _steps(call: Call) -> Iterator[ModelChunk]:
    from qa.answers.chat_model import ModelChunk

    if call.reply or call.usage:
        yield ModelChunk(call.reply, call.usage)
    if call.failure:
        raise ChatModelError(call.failure, f"the recorded reply ended so: {call.failure}")


def _plain(messages: Sequence[BaseMessage]) -> tuple[Message, ...]:
    return tuple(Message(message.type, message.text) for message in messages)
