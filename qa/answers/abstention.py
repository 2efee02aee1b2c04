"""Whether the best sentence answers the question at all: a fitted probability and its reason."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answers.entities import entity_codes
from qa.answers.kinds import asks_for_words, forms_of_speaker, holds_kind, kind_of
from qa.answers.scoring import Matches, Ranking, Scores
from qa.text.folding import fold

CALIBRATION_FILE = "calibration.json"
_PRESENT = 0.2
"""A word matched worse than this (sharpened) is not there; unrelated words reach 0.15."""
_TINY = 1e-6
_SPEAKS = 0.5
"""A word matched so well in the name or title of a speaker says who, not what."""
_MENTIONED = 0.7
"""What it is worth that whoever is asked for is in the sentence, but does not say it."""
_HAVE_SIGNS = frozenset({"number", "when", "where", "why"})
"""Kinds of questions whose answers show by their words."""


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
    """What tells an answered question from one that only sounds like the archive.

    specific: the question covered by the best sentence and its surroundings, words that every
    sentence here matches counting little; elsewhere: what other sentences cover better; missing:
    the weight of words that are not there; absent_at_home: in none of the hits either, which says
    little across languages; absent_name: a word with a capital is in none; absent_entity: a place
    or organisation is neither in the sentence nor around it; foreign: matches across languages are
    weaker; length: logarithm of the number of words, for of more words fewer are matched;
    lacks_kind: no date where it is asked when, …; off_topic, not_said: where somebody's words are
    asked for, how little of the question besides names is covered, and how surely somebody else
    speaks.
    """
    matches, credited = ranking.matches, ranking.credited[ranking.order[0]]
    weights, specific = matches.weights, _specific(matches)
    anywhere = _anywhere(matches)
    is_absent = anywhere < _PRESENT
    foreign = float(ranking.is_foreign)
    return {
        "specific": float(credited @ specific),
        "elsewhere": float(np.maximum(anywhere - credited, 0.0) @ specific),
        "missing": float(weights[credited < _PRESENT].sum()),
        "absent_at_home": float(weights[is_absent].sum()) * (1.0 - foreign),
        "absent_name": float((is_absent & matches.capitals).any()),
        "absent_entity": float(_lacks_entity(ranking)),
        "foreign": foreign,
        "length": math.log(len(weights)),
        "lacks_kind": float(_lacks_kind(ranking)),
        **_of_said(ranking),
    }


def _of_said(ranking: Ranking) -> dict[str, float]:
    """What only questions about somebody's words are doubted for, 0 for all others."""
    if not asks_for_words(ranking.question):
        return {"off_topic": 0.0, "not_said": 0.0}
    matches, best = ranking.matches, ranking.order[0]
    topic = _specific(matches) * ~_names_somebody(matches)
    covered = float(ranking.credited[best] @ topic / topic.sum()) if topic.any() else 0.5
    asked = _asked_speaker(ranking)
    said = max(matches.speaker[best, asked], _MENTIONED * matches.own[best, asked])
    return {"off_topic": 1.0 - covered, "not_said": 1.0 - float(said)}


def _specific(matches: Matches) -> Scores:
    """Weight of each word, less where many sentences match it; adding up to 1."""
    raw = matches.weights * (1.0 - matches.own.mean(axis=0)) + np.float32(_TINY)
    specific: Scores = raw / raw.sum()
    return specific


def _names_somebody(matches: Matches) -> NDArray[np.bool_]:
    """Which words are names, or are in the names and titles of speakers."""
    in_speakers: NDArray[np.bool_] = matches.speaker.max(axis=0) > _SPEAKS
    return matches.names | matches.capitals | in_speakers


def _asked_speaker(ranking: Ranking) -> int:
    """Place of the question's word that says whose words are asked for."""
    forms = forms_of_speaker(ranking.question)
    words = enumerate(ranking.matches.words)
    return next((place for place, word in words if word.form in forms), 0)


def _lacks_kind(ranking: Ranking) -> bool:
    """Whether the best sentence holds no number, date, place or reason where one is asked for."""
    kind = kind_of(ranking.question)
    best = ranking.sentences[ranking.order[0]]
    return kind in _HAVE_SIGNS and not holds_kind(kind, best.text, best.article.language)


def _lacks_entity(ranking: Ranking) -> bool:
    """Whether a place or organisation that the question names is not where the answer is."""
    best = ranking.sentences[ranking.order[0]]
    texts = (best.text, *best.before, best.article.title, *best.speakers)
    found = entity_codes("\n".join(texts), best.article.language)
    return any(entity.codes.isdisjoint(found) for entity in ranking.entities)


def _anywhere(matches: Matches) -> Scores:
    """Best match of each word in any sentence, speaker or title of the hits, shape (words,)."""
    best: Scores = np.maximum.reduce([matches.own, matches.speaker, matches.title]).max(axis=0)
    return best


def why_not(ranking: Ranking) -> tuple[Reason, str | None]:
    """The reason for abstaining, with the name that the hits lack.

    The name is a place or organisation as the question writes it, or else a QuestionWord.form.
    """
    matches = ranking.matches
    may_be_name = matches.names | matches.capitals
    lacking = [
        (float(best), word.form)
        for word, best, name in zip(matches.words, _anywhere(matches), may_be_name, strict=True)
        if name and best < _PRESENT
    ]
    word = min(lacking)[1] if lacking else None
    whole = next(_absent_entities(ranking), None)
    if whole is not None and (word is None or word in fold(whole)):
        return Reason.UNKNOWN_NAME, whole
    return (Reason.TOO_FAR, None) if word is None else (Reason.UNKNOWN_NAME, word)


def _absent_entities(ranking: Ranking) -> Iterator[str]:
    """The places and organisations, as they are asked for, that no hit names."""
    texts = {
        (text, sentence.article.language)
        for sentence in ranking.sentences
        for text in (sentence.text, sentence.article.title, *sentence.speakers)
    }
    found = frozenset(code for text in sorted(texts) for code in entity_codes(*text))
    for entity in ranking.entities:
        if entity.codes.isdisjoint(found):
            yield ranking.question[entity.start : entity.end]
