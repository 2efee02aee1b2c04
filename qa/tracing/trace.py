"""A trace: a question with everything that its answer came of, as a value and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from typing import Any, NoReturn, TypeAlias

from pydantic import TypeAdapter, ValidationError

from qa.answers.conversation import By
from qa.answers.tape import Call, Checked
from qa.errors import UsageError
from qa.model import Answer, Exchange, Filters, Hit, LegRank

FORMAT = 1
"""Raised when a trace of before can no longer be read as it lies."""
_FORMAT_KEY = "news_qa_trace"
_REMEDY = "write one with `qa ask --trace`"

Setting: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Request:
    """What `Assistant.ask` is given."""

    question: str
    filters: Filters = field(default_factory=Filters)
    language: str | None = None
    mode: str | None = None
    history: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What was asked in the question's place."""

    question: str
    by: By | None
    """What completed it; None: it is the reader's own."""
    language: str | None
    """Of the answer; None in older traces: the question's own."""
    mode: str


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage by its place, which is the same in every archive."""

    passage: int
    """Its id in the archive that was asked."""
    article: str
    version: str
    title: str
    start: int
    end: int
    score: float
    legs: Mapping[str, LegRank]

    @classmethod
    def of(cls, hit: Hit) -> Found:
        """A hit without its texts."""
        passage, article = hit.passage, hit.article
        return cls(
            passage.id,
            article.key,
            article.version,
            article.title,
            passage.start,
            passage.end,
            hit.score,
            hit.legs,
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """One answered question; `as_json` is the file's document."""

    qa_version: str
    """Of the program that answered."""
    made: str
    """When, in UTC."""
    request: Request
    understood: Understood
    retrieved: tuple[Found, ...]
    """Best first."""
    prompts: Mapping[str, str]
    """Digests of the prompt files that were sent, by file name."""
    model: str | None
    """The chat model that was asked; None: quotes were asked for."""
    calls: tuple[Call, ...]
    """What it was asked and replied, in order."""
    verdicts: tuple[Checked, ...]
    """On each sentence that was checked, those too that were not shown."""
    answer: Answer
    settings: Mapping[str, Setting]
    """What else decides an answer; no secrets."""

    def as_json(self) -> dict[str, Any]:
        """Ready for json.dumps; the answer as contracts.md lays it out."""
        document = asdict(self) | {"answer": self.answer.as_json()}
        filters = document["request"]["filters"]
        filters |= {name: _iso(value) for name, value in filters.items()}
        return {_FORMAT_KEY: FORMAT} | document


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def parse_trace(text: str, name: str) -> Trace:
    """The trace in a JSON document; raises UsageError for another, a newer or a damaged one."""
    document = _document(text, name)
    if not isinstance(document, dict) or _FORMAT_KEY not in document:
        raise UsageError(f"{name} is no trace of an answer: {_REMEDY}")
    version = document[_FORMAT_KEY]
    if isinstance(version, int) and version > FORMAT:
        raise UsageError(
            f"{name} has the format {version} of a newer qa, this one reads up to {FORMAT}: "
            "update news-qa, or ask again with --trace"
        )
    try:
        return _adapter().validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _damaged(name, f"{place}: {first['msg']}") from None


def _document(text: str, name: str) -> object:
    try:
        document: object = json.loads(text, parse_constant=_no_number)
        # Half a character, or a number without end, could not be shown again.
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise _damaged(name, str(error).partition("\n")[0]) from None
    return document


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _damaged(name: str, why: str) -> UsageError:
    return UsageError(f"{name} is a damaged trace ({why!r}): {_REMEDY}")


@cache
def _adapter() -> TypeAdapter[Trace]:
    return TypeAdapter(Trace)
