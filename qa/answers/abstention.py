"""Whether the best sentence answers the question at all: a fitted probability and its reason."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from qa.answers.scoring import Matches, Ranking, Scores

CALIBRATION_FILE = "calibration.json"
_PRESENT = 0.2
"""A word matched worse than this (sharpened) is not there; unrelated words reach 0.15."""
_TINY = 1e-6


class Reason(StrEnum):
    """Why there is no answer; keys of the reasons in frames.json."""

    EMPTY_INDEX = "empty_index"
    NO_WORDS = "no_words"
    NO_ARTICLE = "no_article"
    UNKNOWN_NAME = "unknown_name"
    TOO_FAR = "too_far"
    MODEL = "model"


@dataclass(frozen=True)
class Calibration:
    """A logistic regression over the features, and the probability below which to abstain."""

    coefficients: Mapping[str, float]
    intercept: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """How surely the best sentence answers the question, 0 to 1."""
        logit = self.intercept + sum(c * features[name] for name, c in self.coefficients.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@cache
def load_calibration(path: Path | None = None) -> Calibration:
    """The calibration in a file, by default the shipped one."""
    source = files("qa.answers").joinpath(CALIBRATION_FILE) if path is None else path
    table = json.loads(source.read_text(encoding="utf-8"))
    return Calibration(table["coefficients"], table["intercept"], table["threshold"])


def features(ranking: Ranking) -> dict[str, float]:
    """What tells an answered question from one that only sounds like the archive, 0 to 1 each.

    specific: the question covered by the best sentence and its surroundings, words that every
    sentence here matches counting little; missing, absent: the weight of words that are not
    there, or in none of the hits; absent_at_home: within one language that says more;
    absent_name: a word with a capital is in none; foreign: matches across languages are weaker.
    """
    matches, best = ranking.matches, ranking.order[0]
    weights, credited = matches.weights, ranking.credited[best]
    specific = weights * (1.0 - matches.own.mean(axis=0)) + _TINY
    is_absent = _anywhere(matches) < _PRESENT
    absent = float(weights[is_absent].sum())
    foreign = float(ranking.is_foreign)
    return {
        "specific": float(credited @ specific / specific.sum()),
        "missing": float(weights[credited < _PRESENT].sum()),
        "absent": absent,
        "absent_at_home": absent * (1.0 - foreign),
        "absent_name": float((is_absent & matches.capitals).any()),
        "foreign": foreign,
    }


def _anywhere(matches: Matches) -> Scores:
    """Best match of each word in any sentence, speaker or title of the hits, shape (words,)."""
    best: Scores = np.maximum.reduce([matches.own, matches.speaker, matches.title]).max(axis=0)
    return best


def why_not(ranking: Ranking) -> tuple[Reason, str | None]:
    """The reason for abstaining, with the name (as QuestionWord.form) that the hits lack."""
    matches = ranking.matches
    may_be_name = matches.names | matches.capitals
    lacking = [
        (float(best), word.form)
        for word, best, name in zip(matches.words, _anywhere(matches), may_be_name, strict=True)
        if name and best < _PRESENT
    ]
    return (Reason.UNKNOWN_NAME, min(lacking)[1]) if lacking else (Reason.TOO_FAR, None)
