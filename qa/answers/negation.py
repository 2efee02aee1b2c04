"""What a text denies, and whether a claim and its sources deny different things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qa.answers.cited import Text
from qa.model import QuestionWord, Span
from qa.roles import Matcher
from qa.text.folding import fold_with_offsets
from qa.text.tokens import Token, is_stop_word, tokenize

_REACH = 2
"""Content words after a negation that it is taken to deny."""
_SAME = 0.8
"""A word matched this well is the same word, or its translation."""
_CLEARLY = 0.25
"""How much better it must be matched on the one side than on the other."""
_AT_THE_END, _ALWAYS = "at the end", "always"


@dataclass(frozen=True, slots=True)
class Polarity:
    """A text parted into what it denies and what it affirms."""

    denied: str
    affirmed: str


def contradicted(
    claim: Text, sources: Sequence[Text], words: Sequence[QuestionWord], matcher: Matcher
) -> QuestionWord | None:
    """A word that is denied on one side only; None where the sources agree with the claim.

    In doubt they do: what the claim denies may be denied anywhere in a source that denies at all.
    """
    asked = [word for word in words if not word.is_name]
    here, there = polarity(claim), [polarity(source) for source in sources]
    is_denying = any(one.denied for one in there)
    if not asked or not (here.denied or is_denying):
        return None
    languages = [source.language for source in sources]
    in_denied = matcher.match(asked, [one.denied for one in there], languages).max(axis=0)
    in_affirmed = matcher.match(asked, [one.affirmed for one in there], languages).max(axis=0)
    denied_here = {token.form for token in tokenize(here.denied)}
    for word, denied, affirmed in zip(asked, in_denied, in_affirmed, strict=True):
        if word.form not in denied_here:
            is_reversed = denied >= _SAME and affirmed < denied - _CLEARLY
        else:
            is_reversed = affirmed >= _SAME and not is_denying
        if is_reversed:
            return word
    return None


def polarity(text: Text) -> Polarity:
    """What a text denies, by the words around its negations; all is affirmed without a table."""
    denied: list[str] = []
    affirmed: list[str] = []
    last = 0
    for start, end in _denials(text):
        denied.append(text.text[start:end])
        affirmed.append(text.text[last:start])
        last = max(last, end)
    affirmed.append(text.text[last:])
    return Polarity(" ".join(denied), " ".join(affirmed))


@dataclass(frozen=True, slots=True)
class _Cues:
    """How a language denies."""

    negation: re.Pattern[str]
    """Matches a negation, or (without the group) a turn that only looks so."""
    clause_end: re.Pattern[str]
    looks_back: str | None
    """When a negation denies what stands before it: never (None), «at the end» of a clause
    (German), or «always» (Persian, whose verb comes last and has the negation in it)."""


def _denials(text: Text) -> Iterator[tuple[int, int]]:
    """From the first to the last word that each negation denies."""
    cues = _load_cues().get(text.language)
    if cues is None:
        return
    folded = fold_with_offsets(text.text)
    for match in cues.negation.finditer(folded.text):
        if match["not"]:
            yield _reach(text, folded.original(*match.span()), cues)


def _reach(text: Text, negation: Span, cues: _Cues) -> tuple[int, int]:
    stop = cues.clause_end.search(text.text, negation.end)
    after = _nearest(text, negation.end, stop.start() if stop else len(text.text))
    is_last = all(is_stop_word(token.form, text.language) for token in after)
    end = negation.end + (after[-1].end if after else 0)
    if cues.looks_back == _ALWAYS or (cues.looks_back == _AT_THE_END and is_last):
        return _start_of_reach(text, negation.start, cues), end
    return negation.end, end


def _start_of_reach(text: Text, end: int, cues: _Cues) -> int:
    begun = max((stop.end() for stop in cues.clause_end.finditer(text.text, 0, end)), default=0)
    before = _nearest(text, begun, end, is_last_first=True)
    return begun + (before[-1].start if before else 0)


def _nearest(text: Text, start: int, end: int, *, is_last_first: bool = False) -> list[Token]:
    """The tokens of a stretch, with offsets in it, until enough content words are among them."""
    tokens = tokenize(text.text[start:end], text.language)
    nearest: list[Token] = []
    left = _REACH
    for token in reversed(tokens) if is_last_first else tokens:
        nearest.append(token)
        left -= not is_stop_word(token.form, text.language)
        if not left:
            break
    return nearest


_MARKS = r"[,.;:!?،؛؟«»“”\"()]"
_BUT = ("but", "بل", "لكن", "ولكن", "mais", "но", "ama", "fakat")
"""What begins another clause in any language."""


@cache
def _load_cues() -> Mapping[str, _Cues]:
    tables = json.loads(files("qa.answers").joinpath("negations.json").read_text(encoding="utf-8"))
    return {language: _from_table(table) for language, table in tables.items()}


def _from_table(table: Mapping[str, Any]) -> _Cues:
    def either(name: str) -> str:
        return "|".join(fold_with_offsets(turn).text for turn in table[name])

    but = "|".join((*_BUT, *table.get("but", ())))
    return _Cues(
        negation=re.compile(
            rf"(?<!\w)(?:(?:{either('seeming')})|(?P<not>{either('negations')}))(?!\w)"
        ),
        clause_end=re.compile(rf"{_MARKS}|(?<!\w)(?:{but})(?!\w)", re.IGNORECASE),
        looks_back=table.get("looks_back"),
    )
