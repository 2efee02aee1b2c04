"""What one answer takes of a chat model: the tokens of every request that is made for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from qa.answers.chat_model import Chat, ModelChunk, Replying


class Tally:
    """Filled while one question is answered: its completion, every attempt, the judge."""

    def __init__(self) -> None:
        self._replies: list[_Counted] = []

    @property
    def usage(self) -> Mapping[str, int]:
        """input_tokens and output_tokens so far, as far as the model tells; empty of none."""
        total: Counter[str] = Counter()
        for reply in self._replies:
            total.update(reply.usage)
        return dict(total)

    def count(self, model: Chat) -> Chat:
        """The model, with what it reads and writes counted here."""
        return _Counting(model, self._replies)


class _Counting:
    """A chat model whose replies are counted."""

    def __init__(self, model: Chat, replies: list[_Counted]) -> None:
        self.name = model.name
        self._model = model
        self._replies = replies

    def stream(self, messages: Sequence[BaseMessage]) -> Replying:
        counted = _Counted(self._model.stream(messages))
        self._replies.append(counted)
        return counted

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        return "".join(chunk.text for chunk in self.stream(messages))


class _Counted:
    """A reply, with its latest count."""

    def __init__(self, reply: Replying) -> None:
        self.usage: Mapping[str, int] = {}
        self._reply = reply

    def __iter__(self) -> Iterator[ModelChunk]:
        return self

    def __next__(self) -> ModelChunk:
        chunk = next(self._reply)
        self.usage = chunk.usage or self.usage
        return chunk

    def close(self) -> None:
        self._reply.close()
