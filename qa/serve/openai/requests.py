"""A request of the protocol, as far as an archive can meet it; what it cannot is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.model import Exchange
from qa.retrieval.question import MAX_QUESTION
from qa.serve.api.problems import NOT_FOUND
from qa.serve.api.schemas import ASKED, MAX_EXCHANGES, FiltersIn, LanguageCode
from qa.serve.api.service import Wanted
from qa.serve.openai.errors import Refused
from qa.serve.openai.replies import without_footnotes

MODELS: Mapping[str, str | None] = MappingProxyType(
    {"news-qa": None, "news-qa-quotes": "extractive"}
)
"""The mode of each model: `news-qa` writes by the chat model where there is one."""

IGNORED = frozenset(
    {
        "frequency_penalty",
        "function_call",
        "logit_bias",
        "max_completion_tokens",
        "max_tokens",
        "metadata",
        "moderation",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "temperature",
        "tool_choice",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    }
)
"""Without effect: an answer is as long as its quotes are, and the same every time."""

REFUSED: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "n": lambda value: value not in (None, 1),
        "tools": bool,
        "functions": bool,
        "response_format": lambda value: _kind(value) not in (None, "text"),
        "modalities": lambda value: value not in (None, ["text"]),
        "audio": bool,
        "logprobs": bool,
    }
)
"""Whether a value asks for what an archive cannot give, and would be missed."""


class PartIn(BaseModel):
    """A part of a message's content."""

    type: str = Field(description="`text`; images, audio and files are refused.")
    text: str | None = None


class MessageIn(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(
        description="Questions are the user's; system messages have no effect on what is quoted."
    )
    content: str | list[PartIn] | None = None

    @property
    def text(self) -> str:
        """The content's text, its parts a line each."""
        if isinstance(self.content, str):
            return self.content.strip()
        return "\n".join(part.text or "" for part in self.content or ()).strip()


class StreamOptionsIn(BaseModel):
    """What a stream tells besides."""

    include_usage: bool | None = None


class ChatIn(BaseModel):
    """A conversation whose last message is the question."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"model": "news-qa", "messages": [{"role": "user", "content": ASKED}]}]
        },
    )

    model: str = Field(max_length=200, description="One of GET /v1/models.")
    messages: list[MessageIn] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptionsIn | None = None
    store: bool | None = Field(
        default=None, description="Whether GET /api/v1/answers/{id} can show the answer again."
    )
    filters: FiltersIn = Field(
        default_factory=FiltersIn, description="Our own: what the question is restricted to."
    )
    answer_language: LanguageCode | None = Field(
        default=None, description="Our own: of the text around the quotes."
    )

    def as_wanted(self) -> Wanted:
        """The question for the assistant; raises Refused for what the archive cannot meet."""
        self._check_parameters()
        *earlier, last = self.messages
        if last.role != "user" or not last.text:
            raise Refused(
                "invalid_value",
                "the last message must be the user's question, with a text",
                f"messages[{len(earlier)}]",
            )
        if len(last.text) > MAX_QUESTION:
            raise Refused(
                "context_length_exceeded",
                f"the question has {len(last.text):,} characters, the most is {MAX_QUESTION:,}: "
                "ask for less at a time",
                f"messages[{len(earlier)}].content",
            )
        return Wanted(
            last.text,
            self.filters.as_filters(),
            self.answer_language,
            [*exchanges(earlier)][-MAX_EXCHANGES:],
            MODELS[self.model],
        )

    @property
    def wants_usage(self) -> bool:
        """Whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def _check_parameters(self) -> None:
        check_model(self.model)
        given = self.model_extra or {}
        for name, is_refused in REFUSED.items():
            # Tools that must not be called do no harm.
            if is_refused(given.get(name)) and not (
                name == "tools" and given.get("tool_choice") == "none"
            ):
                raise Refused(
                    "unsupported_parameter",
                    f"{self.model!r} does not support this {name!r}: leave it out. It answers "
                    "in text, once, from the archive",
                    name,
                )
        if self.stream_options and not self.stream:
            raise Refused(
                "invalid_value", "'stream_options' is only for 'stream': true", "stream_options"
            )
        for number, message in enumerate(self.messages):
            _check_parts(message, f"messages[{number}].content")


def check_model(name: str) -> None:
    """Raises Refused for a model that there is not."""
    if name not in MODELS:
        raise Refused(
            "model_not_found",
            f"the model {name!r} does not exist: ask for {' or '.join(MODELS)}",
            "model",
            NOT_FOUND,
        )


def exchanges(messages: Sequence[MessageIn]) -> Iterator[Exchange]:
    """Questions with the answers that came next; what was never answered is left out."""
    question = ""
    for message in messages:
        if message.role == "user":
            question = message.text[:MAX_QUESTION]
        elif message.role == "assistant" and question and message.text:
            yield Exchange(question, without_footnotes(message.text))
            question = ""


def _check_parts(message: MessageIn, where: str) -> None:
    parts = message.content if isinstance(message.content, list) else []
    for number, part in enumerate(parts):
        if part.type not in ("text", "refusal"):
            raise Refused(
                "unsupported_value",
                f"a part of type {re.sub(r'[^ -~]', '?', part.type)[:40]!r} cannot be read: "
                "send text alone",
                f"{where}[{number}].type",
            )


def _kind(value: object) -> object:
    return value.get("type") if isinstance(value, dict) else value
