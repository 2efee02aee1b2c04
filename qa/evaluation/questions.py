"""Question sets in the format of contracts.md, read and checked line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from qa.errors import ArticleError, UsageError


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set."""

    id: str
    lang: str
    question: str
    kind: str
    """said, who, when, where, why, number, unanswerable …"""
    answerable: bool
    articles: tuple[str, ...]
    """Keys, or beginnings of keys, of the articles that hold the answer."""
    evidence: tuple[str, ...]
    """Verbatim substrings of those articles, any one of which counts as found."""
    answer: str
    """A short reference answer in the question's language; may be empty."""
    answers: tuple[str, ...]
    """More references that are as good."""
    other: Mapping[str, Any]
    """Fields that the format does not name, kept as they are."""

    @property
    def references(self) -> tuple[str, ...]:
        """The reference answers, any one of which counts."""
        return tuple(dict.fromkeys(text for text in (self.answer, *self.answers) if text))

    def as_json(self) -> dict[str, Any]:
        """The line as contracts.md lays it out, ready for json.dumps."""
        own = {name: getattr(self, name) for name in sorted(_NAMED)}
        return {**own, **self.other}


def digest(questions: Sequence[Question]) -> str:
    """Hash of the questions and their gold; equal however the lines are written."""
    lines = (json.dumps(question.as_json(), sort_keys=True) for question in questions)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a JSONL file; raises ArticleError naming the line that is wrong."""
    if not file.is_file():
        raise UsageError(f"no question set at {str(file)!r}: give a JSONL file")
    questions: dict[str, Question] = {}
    for number, line in _lines(file):
        question = _parsed(line, str(file), number)
        if question.id in questions:
            _fail(f"the id {question.id!r} is used twice: give each question its own", file, number)
        questions[question.id] = question
    if not questions:
        raise ArticleError("holds no question", str(file))
    return tuple(questions.values())


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers from 1."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleError(f"cannot be read: {error}", str(file)) from error
    # Not splitlines: a line separator within a string is not the end of a JSON line.
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _parsed(line: str, file: str, number: int) -> Question:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        _fail(f"is not JSON: {error}", file, number)
    if not isinstance(fields, dict):
        _fail(f"is not a JSON object: {line[:80]}", file, number)
    try:
        return _question(fields)
    except ValueError as error:
        _fail(str(error), file, number)


def _question(fields: Mapping[str, Any]) -> Question:
    """The question in a line's fields; raises ValueError saying which field is wrong."""
    answerable = fields.get("answerable")
    if not isinstance(answerable, bool):
        raise ValueError(f"answerable is {answerable!r}: write true or false")
    question = Question(
        id=_text(fields, "id"),
        lang=_text(fields, "lang"),
        question=_text(fields, "question"),
        kind=_text(fields, "kind"),
        answerable=answerable,
        articles=_texts(fields, "articles"),
        evidence=_texts(fields, "evidence"),
        answer=str(fields.get("answer") or ""),
        answers=_texts(fields, "answers"),
        other={name: value for name, value in fields.items() if name not in _NAMED},
    )
    if answerable and not (question.articles and question.evidence):
        raise ValueError("is answerable but has no articles or no evidence: add them")
    return question


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is {value!r}: write a text that is not empty")
    return value


def _texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = fields.get(name, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise ValueError(f"{name} is {value!r}: write a list of texts")
    return tuple(value)


def _fail(reason: str, file: str | Path, number: int) -> NoReturn:
    raise ArticleError(reason, str(file), number)


_NAMED = frozenset(field.name for field in dataclass_fields(Question)) - {"other"}
