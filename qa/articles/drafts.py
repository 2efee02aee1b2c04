"""What a reader finds in a file, before it is an article: fields as they stand, and failures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import overload

from qa.articles.cleaning import headline_from
from qa.articles.versions import version_of
from qa.model import Article
from qa.text.language import detect_language

_LANGUAGE_SAMPLE = 20_000
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Note:
    """What an article is kept without, or what is doubtful about it."""

    about: str
    """Name of the field: of many notes about one a file tells the first."""
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a file gives it; the key comes from the row or else from the file's path."""

    text: str
    title: str = ""
    key: str | None = None
    language: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None
    url: str | None = None
    line: int | None = None
    """Where it begins, in files that hold several."""
    notes: tuple[Note, ...] = ()

    def key_in(self, file_key: str) -> str:
        """What it calls itself, or else its place in the file of that key."""
        own_key = file_key if self.line is None else f"{file_key}:{self.line}"
        return _storable(self.key or own_key)

    def as_article(self, file_key: str) -> Article:
        """The article with its language, title and version; characters no archive holds go."""
        text = _storable(self.text)
        article = Article(
            key=self.key_in(file_key),
            version="",
            title=_storable(self.title) or headline_from(text),
            text=text,
            language=self.language or detect_language(text[:_LANGUAGE_SAMPLE]),
            outlet=_storable(self.outlet),
            author=_storable(self.author),
            published=self.published,
            updated=self.updated,
            url=_storable(self.url),
        )
        return replace(article, version=version_of(article))


@overload
def _storable(text: str) -> str: ...
@overload
def _storable(text: str | None) -> str | None: ...
def _storable(text: str | None) -> str | None:
    """Without NUL, which PostgreSQL refuses, and lone surrogates, which UTF-8 cannot write."""
    return text and _SURROGATE.sub("\ufffd", text.replace("\0", ""))


@dataclass(frozen=True, slots=True)
class _Told:
    source: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}, line {self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ReadFailure(_Told):
    """What could not be read, and what to do about it."""


@dataclass(frozen=True, slots=True)
class ReadWarning(_Told):
    """What was passed over or is doubtful, though no article was lost for it."""
