from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from qa.answers.abstention import Calibration, Reason, features, load_calibration, why_not
from qa.answers.extractive import ExtractiveAnswerer
from qa.answers.scoring import Ranking
from qa.model import Hit, Matcher

RankingOf: TypeAlias = Callable[[str], Ranking]


@pytest.fixture
def ranking_of(matcher: Matcher, hits: Sequence[Hit]) -> RankingOf:
    def ranked(question: str) -> Ranking:
        ranking = ExtractiveAnswerer(matcher).rank(question, hits)
        assert ranking is not None
        return ranking

    return ranked


def test_the_probability_is_that_of_a_logistic_regression() -> None:
    calibration = Calibration({"covered": 2.0, "weakest": -1.0}, 0.5, 0.5)
    probability = calibration.probability({"covered": 0.75, "weakest": 1.0, "unused": 9.0})
    assert probability == pytest.approx(1 / (1 + math.exp(-(0.5 + 2.0 * 0.75 - 1.0))))


def test_features_of_a_question_that_one_sentence_answers(ranking_of: RankingOf) -> None:
    found = features(ranking_of("Syrian sovereignty"))
    assert found["specific"] > 0.99
    assert found["missing"] == found["absent"] == found["absent_name"] == 0.0
    assert found["foreign"] == 1.0


def test_features_of_a_name_that_the_hits_lack(ranking_of: RankingOf) -> None:
    found = features(ranking_of("sovereignty of Merkel"))
    assert found["missing"] == found["absent"] == pytest.approx(1 / 2)
    assert found["absent_name"] == 1.0
    assert found["absent_at_home"] == 0.0


def test_what_is_absent_in_ones_own_language_says_more(ranking_of: RankingOf) -> None:
    found = features(ranking_of("سيادة البطريق"))
    assert found["absent_at_home"] == found["absent"] == pytest.approx(1 / 2)


def test_the_reason_names_the_missing_name(ranking_of: RankingOf) -> None:
    assert why_not(ranking_of("Merkel on sovereignty")) == (Reason.UNKNOWN_NAME, "merkel")
    assert why_not(ranking_of("sovereignty of penguins")) == (Reason.TOO_FAR, None)


def test_the_shipped_calibration_knows_the_features(ranking_of: RankingOf) -> None:
    calibration = load_calibration()
    known = features(ranking_of("Syrian sovereignty"))
    assert set(calibration.coefficients) <= set(known)
    assert 0 < calibration.threshold < 1


def test_a_calibration_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text('{"coefficients": {"stated": 1.0}, "intercept": 0, "threshold": 0.4}')
    assert load_calibration(file) == Calibration({"stated": 1.0}, 0, 0.4)
