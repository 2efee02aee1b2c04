"""Whether a source means what a claim says, by how well its words are matched: a fitted score."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answers.abstention import Calibration
from qa.answers.cited import CitedSentence
from qa.answers.namesakes import capitalised, match_names
from qa.model import QuestionWord
from qa.roles import Matcher

MEANING_FILE = "support.json"
_SHARPNESS = 2.0
_SPEAKER, _TITLE = 0.9, 0.4
"""What a match is worth in the name of who speaks, and in the title."""
_MISSING = 0.2
"""A word matched worse than this (sharpened) is not there."""
_BLIND = 0.5
"""Where the matcher does not know more of the words than this, its score says nothing."""


@dataclass(frozen=True)
class Meaning:
    """When a source means what a claim says, and when it at least speaks of the same."""

    calibration: Calibration
    """Its threshold is that of `supported`."""
    close: float
    """The probability from which a claim is `partial`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be matched, and what its article says of its speaker and topic."""

    text: str
    speaker: str
    title: str
    language: str
    is_foreign: bool
    """In another language than the claim."""

    @classmethod
    def of(cls, cited: CitedSentence, language: str) -> Source:
        """What a claim in some language is held against."""
        is_foreign = cited.language != language
        return cls(cited.text, cited.speaker, cited.title, cited.language, is_foreign)


@cache
def load_meaning(path: Path | None = None) -> Meaning:
    """The fitted score in a file, by default the shipped one."""
    source = files("qa.answers").joinpath(MEANING_FILE) if path is None else path
    table = json.loads(source.read_text(encoding="utf-8"))
    calibration = Calibration(table["coefficients"], table["intercept"], table["threshold"])
    return Meaning(calibration, table["close"])


def features(
    claim: str, words: Sequence[QuestionWord], sources: Sequence[Source], matcher: Matcher
) -> dict[str, float]:
    """How much of a claim its sources hold, 0 to 1 each.

    covered: by weight, half matches counting a quarter; alone: the same by the sentences without
    their surroundings; missing: the weight of words that are nowhere; foreign: matches across
    languages are weaker.
    """
    weights = np.array([word.weight for word in words], dtype=np.float32)
    matched = _matched(claim, words, sources, matcher)
    own, credited = matched.own.max(axis=0), matched.credited.max(axis=0)
    return {
        "covered": float(credited @ weights),
        "alone": float(own @ weights),
        "missing": float(weights[credited < _MISSING].sum()),
        "foreign": float(np.mean([source.is_foreign for source in sources])),
    }


def is_comparable(words: Sequence[QuestionWord], claim: str) -> bool:
    """Whether the matcher knows enough of a claim's words to judge it."""
    capitals = capitalised(claim, words)
    unknown = sum(w.weight for w in words if w.is_name and w.form not in capitals)
    return bool(words) and unknown <= _BLIND * sum(w.weight for w in words)


@dataclass(frozen=True, slots=True, eq=False)
class _Matched:
    """Best match of each word, sharpened, shape (sources, words)."""

    own: NDArray[np.float32]
    credited: NDArray[np.float32]


def _matched(
    claim: str, words: Sequence[QuestionWord], sources: Sequence[Source], matcher: Matcher
) -> _Matched:
    texts = [t for source in sources for t in (source.text, source.speaker, source.title)]
    languages = [source.language for source in sources for _ in range(3)]
    found = matcher.match(words, texts, languages)
    found = np.maximum(found, match_names(words, capitalised(claim, words), texts))
    sharp = (found**_SHARPNESS).astype(np.float32).reshape(len(sources), 3, len(words))
    worth = np.array([[1.0], [_SPEAKER], [_TITLE]], dtype=np.float32)
    credited: NDArray[np.float32] = (sharp * worth).max(axis=1)
    return _Matched(sharp[:, 0], credited)
