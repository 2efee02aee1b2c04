"""Named fields of a row or of front matter as a draft: names have synonyms, values are checked.

Only the text is needed: what else cannot be used is left out, with a note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from qa.articles.dates import parse_date
from qa.articles.drafts import Draft, Note
from qa.text.codes import language_code
from qa.text.sentences import is_blank

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "id", "_id", "url"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content"),
    "outlet": ("outlet", "source"),
    "author": ("author", "authors"),
    "published": ("published", "date"),
    "updated": ("updated",),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}
"""The names a field may have; the first that is there and not empty counts."""

_INNER = ("rendered", "name", "$oid", "$date")
"""Where exports of WordPress, of news services and of MongoDB put a value within a value."""

_Value = TypeVar("_Value")


class FieldError(ValueError):
    """A row has no text that can be used; the message is the whole reason."""


def draft_from_fields(fields: Mapping[str, object], line: int | None = None) -> Draft:
    """The draft of one row, with a note for each field it goes without; raises FieldError."""
    row = _Row(fields)
    return Draft(
        text=row.text(),
        title=row.value("title") or "",
        key=row.value("key"),
        language=row.parsed("language", language_code, "no language we know: write ar, en, fr …"),
        outlet=row.value("outlet"),
        author=row.value("author"),
        published=row.parsed("published", parse_date, "not a date: write it as 2015-09-16"),
        updated=row.parsed("updated", parse_date, "not a date: write it as 2015-09-16"),
        url=row.value("url"),
        line=line,
        notes=row.notes(),
    )


class _Row:
    """A row's values by our names for them; remembers what cannot be used."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self._unusable: dict[str, str] = {}

    def value(self, name: str) -> str | None:
        for synonym in SYNONYMS[name]:
            found = _as_text(self._fields.get(synonym), "\n\n" if name == "text" else ", ")
            if found is None:
                shown = _shown(self._fields[synonym])
                self._unusable[name] = f"{synonym} is {shown}: write it as text"
            elif found:
                return found
        return None

    def parsed(
        self, name: str, parse: Callable[[str], _Value | None], complaint: str
    ) -> _Value | None:
        value = self.value(name)
        found = None if value is None else parse(value)
        if value is not None and found is None:
            self._unusable[name] = f"{name} {_shown(value)} is {complaint}"
        return found

    def text(self) -> str:
        text = self.value("text")
        if text is not None:
            return text
        if self._unusable:
            raise FieldError(self._unusable["text"])
        raise FieldError(
            f"no text: give it in a field named {' or '.join(SYNONYMS['text'])}"
            f" (here are {', '.join(map(str, self._fields)) or 'none'})"
        )

    def notes(self) -> tuple[Note, ...]:
        reasons = self._unusable.items()
        return tuple(Note(name, f"{reason}; kept without it") for name, reason in reasons)


def _as_text(value: object, between: str) -> str | None:
    """A field's text without outer blanks; empty where there is none, None for other things."""
    match value:
        case None:
            return ""
        case str():
            text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
            return "" if is_blank(text) else text
        case bool():
            return None
        case int() | float():
            # NaN, which is how data frames write that there is nothing, equals nothing.
            return "" if value != value else str(value)
        case list():
            parts = [_as_text(part, between) for part in value]
            return None if None in parts else between.join(filter(None, parts))
        case {**inner}:
            return next((_as_text(inner[name], between) for name in _INNER if name in inner), None)
    return None


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
