"""What kind of thing a question asks for, and which sentences hold such a thing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from qa.text.folding import fold
from qa.text.tokens import tokenize

_DIGIT = re.compile(r"\d")
_TABLE = "kinds.json"


def kind_of(question: str) -> str | None:
    """number, when, where, why, who or said; None where no asking word tells."""
    folded = fold(question)
    return next(
        (kind for kind, pattern in _patterns("asked").items() if pattern.search(folded)), None
    )


def holds_kind(kind: str | None, sentence: str) -> bool:
    """Whether a sentence holds what is asked for: a number, a date, a reason or a place."""
    if kind is None:
        return False
    folded = fold(sentence)
    if kind == "number" and _DIGIT.search(folded):
        return True
    pattern = _patterns("answered").get(kind)
    return pattern is not None and pattern.search(folded) is not None


def asks_for_words(question: str) -> bool:
    """Whether it is asked what somebody says or thinks, or about something by their account."""
    return _patterns("asked")["said"].search(fold(question)) is not None


def forms_of_speaker(question: str) -> list[str]:
    """The words among which the first that is no stop word names whose words are asked for.

    Those after «according to», else all: «what did Medvedev say», «Medvedev ne dedi».
    """
    folded = fold(question)
    credited = _patterns("credited")["said"].search(folded)
    return [token.form for token in tokenize(folded[credited.end() if credited else 0 :])]


@cache
def _patterns(role: str) -> Mapping[str, re.Pattern[str]]:
    """One pattern of whole words by kind, in the order of the table."""
    table = json.loads(files("qa.answers").joinpath(_TABLE).read_text(encoding="utf-8"))
    return {kind: _any_of(words) for kind, words in table[role].items() if words}


def _any_of(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted((fold(word) for word in words), key=len, reverse=True)
    choice = "|".join(map(re.escape, longest_first))
    # Arabic writes و and ف in one with the word they precede.
    return re.compile(rf"(?<!\w)[وف]?(?:{choice})(?!\w)")
