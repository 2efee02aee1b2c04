"""What kind of thing a question asks for, and which sentences hold such a thing.

The words of the table kinds.json are looked for in any language at once, for a question of a few
words may be in several: so a word that is another one elsewhere must stand in it as part of a turn
(«miles de», not «miles»). Only Persian, whose commonest words ask in Arabic, is read by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from qa.answers.days import find_days
from qa.text.folding import fold
from qa.text.language import detect_language
from qa.text.tokens import tokenize

_DIGIT = re.compile(r"\d")
_TABLE = "kinds.json"
_APART = frozenset({"fa"})
"""Languages in which words of others mean something else: Persian «این» is this, «أين» where."""


def kind_of(question: str) -> str | None:
    """lasting, number, when, where, why, who or said; None where no asking word tells."""
    folded = fold(question)
    patterns = _patterns("asked", _asked_in(question))
    return next((kind for kind, pattern in patterns.items() if pattern.search(folded)), None)


def holds_kind(kind: str | None, sentence: str, language: str) -> bool:
    """Whether a sentence holds what is asked for: a span of time, a number that is no date, ….

    Of people and their words (who, said) no sign tells.
    """
    if kind is None:
        return False
    folded = fold(sentence)
    if kind == "number" and _DIGIT.search(folded) and _counts(sentence, language):
        return True
    pattern = _patterns("answered", frozenset(_tables())).get(kind)
    return pattern is not None and pattern.search(folded) is not None


def asks_for_words(question: str) -> bool:
    """Whether it is asked what somebody says or thinks, or about something by their account."""
    return _patterns("asked", _asked_in(question))["said"].search(fold(question)) is not None


def forms_of_speaker(question: str) -> list[str]:
    """The words among which the first that is no stop word names whose words are asked for.

    Those after «according to», else all: «what did Medvedev say», «Medvedev ne dedi».
    """
    folded = fold(question)
    credited = _patterns("credited", _asked_in(question))["said"].search(folded)
    return [token.form for token in tokenize(folded[credited.end() if credited else 0 :])]


def _counts(sentence: str, language: str) -> bool:
    """Whether a digit is of something else than a date."""
    dates = [(day.start, day.end) for day in find_days(sentence, language)]
    digits = (digit.start() for digit in _DIGIT.finditer(sentence))
    return any(not any(start <= at < end for start, end in dates) for at in digits)


def _asked_in(question: str) -> frozenset[str]:
    """The languages whose words a question may be asked with."""
    own = detect_language(question)
    return frozenset({own}) if own in _APART else frozenset(_tables()) - _APART


@cache
def _patterns(role: str, languages: frozenset[str]) -> Mapping[str, re.Pattern[str]]:
    """One pattern of whole words by kind, in the order of the table."""
    words: dict[str, list[str]] = {}
    for language, table in _tables().items():
        for kind, own in table[role].items() if language in languages else ():
            words.setdefault(kind, []).extend(own)
    return {kind: _any_of(own) for kind, own in words.items()}


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """Words by language, role (asked, answered, credited) and kind."""
    tables: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = json.loads(
        files("qa.answers").joinpath(_TABLE).read_text(encoding="utf-8")
    )
    return tables


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted((fold(word) for word in words), key=len, reverse=True)
    choice = "|".join(map(re.escape, longest_first))
    # Arabic writes و and ف in one with the word they precede.
    return re.compile(rf"(?<!\w)[وف]?(?:{choice})(?!\w)")
