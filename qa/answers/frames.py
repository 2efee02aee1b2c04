"""The words around quotes, in the reader's language, from the table frames.json."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from babel.dates import format_date

from qa.model import Citation
from qa.text.language import direction

_FALLBACK = "en"
_NAME = "NAME"
"""Stands for a question's word where the sentence around it is looked for."""
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"


@dataclass(frozen=True)
class Frames:
    """The table of one language."""

    language: str
    attributed: str
    """Sentence with {speaker}, {source} and {quote}."""
    unattributed: str
    """Sentence with {source} and {quote}."""
    archive: str
    """What stands for {source} where neither outlet nor date is known."""
    join: str
    open: str
    close: str
    reasons: Mapping[str, str]
    """Why there is no answer, by the names in abstention.Reason."""
    nearest: str
    notices: Mapping[str, str]
    """What became of a chat model, by kind of failure, and what is shown for it."""
    digits: str = string.digits
    """What the language writes 0 to 9 with."""

    def claim(self, citation: Citation, speaker: str | None, quote_language: str) -> str:
        """The sentence that quotes a citation, without its marker."""
        source = self.join.join(self._source_parts(citation, quote_language))
        quote = self.open + self.isolated(citation.quote, quote_language) + self.close
        if speaker is None:
            return self.unattributed.format(source=source or self.archive, quote=quote)
        after = self.join + source if source else ""
        return self.attributed.format(speaker=speaker, source=after, quote=quote)

    def reason(self, name: str, word: str | None = None) -> str:
        """Why there is no answer; `word` is the question's name that is missing, if one is."""
        return self.reasons[name].format(name=word)

    def notice(self, name: str, **values: object) -> str:
        """What went otherwise than asked for; a kind of failure without a sentence is `other`."""
        told = {key: self._counted(value) for key, value in values.items()}
        return self.notices.get(name, self.notices["other"]).format(**told)

    def isolated(self, text: str, language: str) -> str:
        """The text kept apart from the frame's direction, if its own differs."""
        if direction(language) == direction(self.language):
            return text
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"

    def _source_parts(self, citation: Citation, language: str) -> list[str]:
        outlet = [self.isolated(citation.outlet, language)] if citation.outlet else []
        published = citation.published
        if published is None:
            return outlet
        written = format_date(published, format="long", locale=self.language)
        return [*outlet, self._in_digits(written)]

    def _counted(self, value: object) -> object:
        """A count in the language's digits; names keep their own: gpt-4."""
        return self._in_digits(str(value)) if isinstance(value, int) else value

    def _in_digits(self, text: str) -> str:
        return text.translate(str.maketrans(string.digits, self.digits))


def is_refusal(answer: str) -> bool:
    """Whether an answer's text says, in any language, that there is none."""
    return _refusal().fullmatch(answer.strip()) is not None


@cache
def _refusal() -> re.Pattern[str]:
    kinds = []
    for language in framed_languages():
        frames = load_frames(language)
        reasons = (re.escape(frames.reason(name, _NAME)) for name in frames.reasons)
        told = "|".join(reason.replace(_NAME, ".+") for reason in reasons)
        kinds.append(f"(?:{told})(?: {re.escape(frames.nearest)})?")
    return re.compile("|".join(kinds))


def framed_languages() -> Collection[str]:
    """The languages (ISO 639-1) that have frames."""
    return _tables().keys()


@cache
def load_frames(language: str) -> Frames:
    """The frames of a language (ISO 639-1); those of English where it has none."""
    tables = _tables()
    known = language if language in tables else _FALLBACK
    return Frames(language=known, **tables[known])


@cache
def _tables() -> Mapping[str, Any]:
    text = files("qa.answers").joinpath("frames.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))
