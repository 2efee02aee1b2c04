"""A chat model behind one setting: streamed, bounded in time, its failures told without secrets.

All replies are read in one background thread by an event loop. That makes time-outs true for
every provider (a server's signs of life are no tokens) and lets any thread stop a request at once.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Protocol, TypeAlias

from qa.answers.chat_failures import Failure, Secrets, classify, tell
from qa.answers.chat_providers import Wanted, build_model, secrets_of
from qa.answers.chat_reply import Attempt, ModelChunk
from qa.answers.stopping import ends_with_stop, raise_if_stopped
from qa.errors import ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["Chat", "ChatModel", "ModelChunk", "ModelStream", "Replying", "load_chat_model"]

_BACK_OFF_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 20.0
# Before the first token, all attempts together may take so many times the time-out.
_PATIENCE = 2
# What to change where a server refuses an option that only makes replies better.
_WITHOUT: Mapping[str | None, Mapping[str, object]] = {
    "temperature": {"temperature": None},
    "stream_options": {"stream_usage": False},
}

_Item: TypeAlias = ModelChunk | ChatModelError | None


class Replying(Protocol):
    """A reply as it comes; raises ChatModelError when it fails, also halfway."""

    def __iter__(self) -> Iterator[ModelChunk]: ...

    def __next__(self) -> ModelChunk: ...

    def close(self) -> None:
        """Stops the request, from any thread."""


class Chat(Protocol):
    """A chat model, or what is put in its place."""

    @property
    def name(self) -> str:
        """As QA_CHAT_MODEL names it."""

    def stream(self, messages: Sequence[BaseMessage]) -> Replying:
        """The reply piece by piece."""

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        """The whole reply; raises ChatModelError."""


def load_chat_model(
    name: str,
    base_url: str = "",
    api_key: str = "",
    timeout: float = 60.0,
    retries: int = 2,
    context_tokens: int | None = None,
) -> ChatModel:
    """The model that QA_CHAT_MODEL names; raises SettingsError where it cannot be made.

    `timeout`: seconds until the first token, and between tokens. `context_tokens` is for Ollama,
    which cuts off longer prompts silently. Nothing is sent yet.
    """
    wanted = Wanted(name, base_url, api_key, timeout, context_tokens)
    model = build_model(wanted)
    return ChatModel(model, name, timeout, retries, secrets_of(wanted, model))


class ModelStream(Iterator[ModelChunk]):
    """A reply as it comes; `close` (from any thread) stops the request at once."""

    def __init__(self, name: str, queue: SimpleQueue[_Item], stop: Callable[[], object]) -> None:
        self._name = name
        self._queue = queue
        self._stop = stop
        self._over = False

    def __next__(self) -> ModelChunk:
        """The next piece; raises ChatModelError when the reply fails, also halfway."""
        if self._over:
            raise StopIteration
        item = self._queue.get()
        raise_if_stopped()
        if isinstance(item, ModelChunk):
            return item
        self._over = True
        if item is None:
            raise StopIteration
        raise item

    def close(self) -> None:
        """Closes the HTTP stream; who waits for a piece in another thread gets ChatModelError."""
        if not self._over:
            self._over = True
            self._stop()
            self._queue.put(tell(Failure("cancelled"), self._name, Secrets()))

    def __del__(self) -> None:
        self.close()


class ChatModel:
    """A LangChain chat model, asked with time-outs and retries of our own; thread-safe."""

    def __init__(
        self,
        model: BaseChatModel,
        name: str,
        timeout: float = 60.0,
        retries: int = 2,
        secrets: Secrets | None = None,
    ) -> None:
        self.name = name
        self._model = model
        self._timeout = timeout
        self._retries = retries
        self._secrets = secrets or Secrets()

    def __repr__(self) -> str:
        return f"ChatModel({self.name!r})"

    def stream(self, messages: Sequence[BaseMessage]) -> ModelStream:
        """The reply piece by piece; retries only while nothing of it has come."""
        queue: SimpleQueue[_Item] = SimpleQueue()
        reading = asyncio.run_coroutine_threadsafe(self._reply(list(messages), queue.put), _loop())
        stream = ModelStream(self.name, queue, reading.cancel)
        ends_with_stop(stream)
        return stream

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        """The whole reply; raises ChatModelError."""
        return "".join(chunk.text for chunk in self.stream(messages))

    async def _reply(self, messages: list[BaseMessage], put: Callable[[_Item], None]) -> None:
        try:
            failure = await self._ask(messages, put)
        except Exception as error:  # whoever waits for the queue must hear of it
            failure = classify(error)
        put(tell(failure, self.name, self._secrets) if failure else None)

    async def _ask(
        self, messages: list[BaseMessage], put: Callable[[_Item], None]
    ) -> Failure | None:
        """Attempts until a reply is whole, has begun, or no further attempt can help."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + _PATIENCE * self._timeout
        retried = 0
        while True:
            model = self._model
            attempt = Attempt(model, put)
            failure = await attempt.read(messages, self._timeout, deadline)
            if failure is None or attempt.started:
                return failure
            if (plainer := _without(model, failure.option)) is not None:
                self._model = plainer
                continue
            pause = _pause(failure, retried)
            if retried == self._retries or clock() + pause >= deadline:
                return failure
            await asyncio.sleep(pause)
            retried += 1


def _without(model: BaseChatModel, option: str | None) -> BaseChatModel | None:
    """The model without an option that it has and its server refuses."""
    changes = _WITHOUT.get(option, {})
    if all(getattr(model, name, value) == value for name, value in changes.items()):
        return None
    return model.model_copy(update=dict(changes))


def _pause(failure: Failure, retried: int) -> float:
    """Seconds before the next attempt, infinite where it cannot help."""
    asked = failure.retry_after or 0.0
    if not failure.retryable or asked > _LONGEST_PAUSE_SECONDS:
        return math.inf
    # Jitter keeps those that failed together from coming back together.
    return max(asked, _BACK_OFF_SECONDS * 2.0**retried * random.uniform(0.5, 1))


_starting = Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """The loop that reads all replies: LangChain shares HTTP clients, which live in one loop."""
    with _starting:
        return _started_loop()


@cache
def _started_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="chat-replies", daemon=True).start()
    return loop
