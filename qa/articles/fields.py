"""Named fields of a row or of front matter as a draft: names have synonyms, values are checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from qa.articles.dates import parse_date
from qa.articles.drafts import Draft
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

_LANGUAGE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][A-Za-z0-9-]+)?", re.IGNORECASE)


class FieldError(ValueError):
    """A field is missing or has a value that cannot be used; the message is the whole reason."""


def draft_from_fields(fields: Mapping[str, object], line: int | None = None) -> Draft:
    """The draft of one row; raises FieldError."""
    values = {name: _first_value(fields, names) for name, names in SYNONYMS.items()}
    text = values["text"]
    if text is None:
        raise FieldError(
            f"no text: give it in a field named {' or '.join(SYNONYMS['text'])}"
            f" (here are {', '.join(map(str, fields)) or 'none'})"
        )
    return Draft(
        text=text,
        title=values["title"] or "",
        key=values["key"],
        language=_language(values["language"]),
        outlet=values["outlet"],
        author=values["author"],
        published=_date(values["published"], "published"),
        updated=_date(values["updated"], "updated"),
        url=values["url"],
        line=line,
    )


def _first_value(fields: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    values = (_as_text(name, fields.get(name)) for name in names)
    return next((value for value in values if value), None)


def _as_text(name: str, value: object) -> str:
    """A field's text without outer blanks; empty where there is none."""
    if value is None or (isinstance(value, str) and is_blank(value)):
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    raise FieldError(f"{name} is {_shown(value)}: write it as text")


def _language(value: str | None) -> str | None:
    if value is None:
        return None
    match = _LANGUAGE.fullmatch(value)
    if not match:
        raise FieldError(f"language {_shown(value)} is not an ISO 639-1 code: write ar, en, fr …")
    return match["code"].lower()


def _date(value: str | None, name: str) -> date | None:
    if value is None:
        return None
    parsed = parse_date(value)
    if parsed is None:
        raise FieldError(f"{name} {_shown(value)} is not a date: write it as 2015-09-16")
    return parsed


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
