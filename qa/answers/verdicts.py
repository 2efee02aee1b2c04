"""What is not borne out of a claim, in the reader's language, from the table verdicts.json."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from qa.text.language import direction

_FALLBACK = "en"
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"


class Flaw(StrEnum):
    """What a claim's citations may lack; keys of verdicts.json."""

    UNCITED = "uncited"
    UNREADABLE = "unreadable"
    SPEAKER = "speaker"
    NEGATION = "negation"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    MEANING = "meaning"
    CLOSE = "close"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw with the words of the claim that it is about."""

    flaw: Flaw
    what: str = ""
    is_fatal: bool = False
    """The citations say otherwise, in place of not saying it."""

    def worded(self, language: str) -> str:
        """The finding as a phrase of that language; English where it has no table."""
        tables = _load_tables()
        table = tables.get(language, tables[_FALLBACK])
        return table[self.flaw].format(what=_isolated(self.what, language))


def _isolated(what: str, language: str) -> str:
    """Kept apart from the phrase where a letter runs the other way."""
    other = ("L",) if direction(language) == "rtl" else ("R", "AL", "AN")
    if any(unicodedata.bidirectional(character) in other for character in what):
        return f"{_FIRST_STRONG_ISOLATE}{what}{_POP_ISOLATE}"
    return what


@cache
def _load_tables() -> Mapping[str, Mapping[str, str]]:
    tables: Mapping[str, Mapping[str, str]] = json.loads(
        files("qa.answers").joinpath("verdicts.json").read_text(encoding="utf-8")
    )
    return tables
