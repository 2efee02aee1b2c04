"""One attempt to get a reply: read chunk by chunk within its time, and judged when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from qa.answers.chat_failures import Failure, classify

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

_FINISHES = ("finish_reason", "stop_reason", "done_reason")
_CUT_SHORT = {
    "length",
    "max_tokens",
    "model_length",
    "model_context_window_exceeded",
    "content_filter",
    "refusal",
    "safety",
}
# These never end a whole reply without saying why; of other providers it is not known.
_TELL_FINISH = {"openai-chat", "anthropic-chat", "chat-ollama"}
_LONGEST_REPLY = 100_000


@dataclass(frozen=True, slots=True)
class ModelChunk:
    """The next piece of a reply; `text` may be empty where only the usage came."""

    text: str
    usage: Mapping[str, int] = field(default_factory=dict)
    """input_tokens and output_tokens so far, if the model tells: the last chunk's count."""


class Attempt:
    """Sends the messages once and puts what comes, as it comes."""

    def __init__(self, model: BaseChatModel, put: Callable[[ModelChunk], None]) -> None:
        self.started = False
        """Whether some of the text was put: then the request must not be sent again."""
        self._model = model
        self._put = put
        self._opening = _Opening()
        self._tokens_in = 0
        self._tokens_out = 0
        self._finish = ""
        self._length = 0

    async def read(
        self, messages: Sequence[BaseMessage], timeout: float, deadline: float
    ) -> Failure | None:
        """None when the reply is whole; `deadline` (of the loop's clock) bounds the first token."""
        clock = asyncio.get_running_loop().time
        try:
            chunks = cast("_Chunks", self._model.astream(list(messages)))
            async with aclosing(chunks):
                while True:
                    limit = timeout if self.started else min(timeout, deadline - clock())
                    async with asyncio.timeout(limit):
                        chunk = await anext(chunks, None)
                    if chunk is None or self._length > _LONGEST_REPLY:
                        break
                    self._take(chunk)
        except Exception as error:  # each provider's library has errors of its own
            # LangChain's word for a stream without one chunk.
            return Failure("empty") if "No generation" in str(error) else classify(error)
        self._send(self._opening.close())
        return self._judge()

    def _take(self, chunk: AIMessageChunk) -> None:
        if (usage := chunk.usage_metadata) is not None:
            self._tokens_in += usage["input_tokens"]
            self._tokens_out += usage["output_tokens"]
        told = chunk.response_metadata
        self._finish = next((str(told[n]) for n in _FINISHES if told.get(n)), self._finish)
        self._send(self._opening.feed(str(chunk.text)), usage is not None)

    def _send(self, text: str, counted: bool = False) -> None:
        if text or counted:
            self._length += len(text)
            self.started = self.started or bool(text)
            self._put(ModelChunk(text, self._usage()))

    def _usage(self) -> Mapping[str, int]:
        if not self._tokens_in + self._tokens_out:
            return {}
        return {"input_tokens": self._tokens_in, "output_tokens": self._tokens_out}

    def _judge(self) -> Failure | None:
        finish = self._finish.lower()
        if finish in _CUT_SHORT:
            said = f"it stopped for {finish!r}"
            return Failure("broken" if self.started else "empty", said, final=True)
        if self._length > _LONGEST_REPLY:
            return Failure("broken", f"no end after {_LONGEST_REPLY} characters", final=True)
        if not finish and self._model._llm_type in _TELL_FINISH:
            return Failure("broken", "the stream ended without its last event")
        return None if self.started else Failure("empty")


_Chunks = AsyncGenerator["AIMessageChunk", None]


class _Opening:
    """Keeps back blanks, and the thoughts that some servers send as text before the reply."""

    _TAG, _END = "<think>", "</think>"

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._passed = False

    def feed(self, text: str) -> str:
        """What of the text belongs to the reply, as far as it is known."""
        if self._passed:
            return text
        self._held = (self._held + text).lstrip()
        if self._held.startswith(self._TAG):
            self._thinking = True
            self._held = self._held.removeprefix(self._TAG)
        if self._thinking:
            return self._think()
        if self._TAG.startswith(self._held):
            return ""
        self._passed = True
        return self._held

    def close(self) -> str:
        """What was kept back and is no thought."""
        return "" if self._passed or self._thinking else self._held

    def _think(self) -> str:
        _, end, rest = self._held.partition(self._END)
        self._thinking = not end
        # The end of the thoughts may come in pieces.
        self._held = rest if end else self._held[-len(self._END) :]
        return self.feed("") if end else ""
