"""Whether words stand in a source as they are, and what a claim puts in quotation marks."""

from __future__ import annotations

import re
import unicodedata

_QUOTED = re.compile(r"«([^«»]+)»|“([^“”]+)”|„([^„“”]+)[“”]|(?<!\w)\"([^\"]+)\"(?!\w)")
_MARKS = re.compile(r"[«»“”„\"'‘’‚‹›]")
_EDGE = " \t\n.,;:!?،؛؟…-–—"
_SHORTEST = 3
"""Words; shorter runs stand everywhere."""


def stands_in(words: str, source: str) -> bool:
    """Whether three words or more stand in the source in a row; blanks and marks do not count."""
    plain = _plain(words)
    return len(plain.split()) >= _SHORTEST and f" {plain} " in f" {_plain(source)} "


def quotations(claim: str) -> list[str]:
    """What the claim puts in quotation marks, in order, if it is long enough to be a quotation."""
    found = (next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(claim))
    return [words for words in found if len(words.split()) >= _SHORTEST]


def _plain(text: str) -> str:
    """Without direction controls, quotation marks, tatweel and the punctuation around words."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(c for c in composed if unicodedata.category(c) != "Cf" and c != "ـ")
    spaced = _MARKS.sub(" ", visible)
    words = (word.strip(_EDGE) for word in spaced.split())
    return " ".join(word for word in words if word)
