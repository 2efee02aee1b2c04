"""What a text denies, and whether a claim and its sources deny different things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from qa.model import QuestionWord
from qa.roles import Matcher
from qa.text.folding import fold_with_offsets
from qa.text.tokens import is_stop_word, tokenize

_REACH = 2
"""Content words after a negation that it is taken to deny."""
_SAME = 0.8
"""A word matched this well is the same word, or its translation."""
_CLEARLY = 0.25
"""How much better it must be matched on the one side than on the other."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its language."""

    text: str
    language: str


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
    here, there = polarity([claim]), polarity(sources)
    if not asked or not (here.denied or there.denied):
        return None
    found = matcher.match(asked, [there.denied, there.affirmed])
    denied_here = {token.form for token in tokenize(here.denied)}
    for word, (denied, affirmed) in zip(asked, found.T.tolist(), strict=True):
        if word.form not in denied_here:
            is_reversed = denied >= _SAME and affirmed < denied - _CLEARLY
        else:
            is_reversed = affirmed >= _SAME and not there.denied
        if is_reversed:
            return word
    return None


def polarity(texts: Sequence[Text]) -> Polarity:
    """What texts deny, by the words after their negations; all is affirmed without a table."""
    denied: list[str] = []
    affirmed: list[str] = []
    for text in texts:
        last = 0
        for start, end in _denials(text):
            denied.append(text.text[start:end])
            affirmed.append(text.text[last:start])
            last = max(last, end)
        affirmed.append(text.text[last:])
    return Polarity(" ".join(denied), " ".join(affirmed))


def _denials(text: Text) -> Iterator[tuple[int, int]]:
    """From each negation to the last word that it denies."""
    cues = _load_cues().get(text.language)
    if cues is None:
        return
    folded = fold_with_offsets(text.text)
    for match in cues.finditer(folded.text):
        if match["not"]:
            start = folded.original(*match.span()).end
            yield start, _end_of_reach(text, start)


def _end_of_reach(text: Text, start: int) -> int:
    stop = _CLAUSE_END.search(text.text, start)
    end, left = start, _REACH
    for token in tokenize(text.text[start : stop.start() if stop else None], text.language):
        end = start + token.end
        left -= not is_stop_word(token.form, text.language)
        if not left:
            break
    return end


_CLAUSE_END = re.compile(
    r"[,.;:!?،؛؟«»“”\"()]|(?<!\w)(?:but|بل|لكن|ولكن|mais|но|ama|fakat)(?!\w)", re.IGNORECASE
)


@cache
def _load_cues() -> Mapping[str, re.Pattern[str]]:
    """By language, what matches a negation, or (without the group) a turn that only looks so."""
    tables = json.loads(files("qa.answers").joinpath("negations.json").read_text(encoding="utf-8"))
    return {language: _pattern(table) for language, table in tables.items()}


def _pattern(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    def either(name: str) -> str:
        return "|".join(fold_with_offsets(turn).text for turn in table[name])

    return re.compile(rf"(?<!\w)(?:(?:{either('seeming')})|(?P<not>{either('negations')}))(?!\w)")
