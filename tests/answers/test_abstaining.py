from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from qa.answers.abstention import Calibration, Reason, features, load_calibration, why_not
from qa.answers.extractive import ExtractiveAnswerer
from qa.answers.scoring import Ranking
from qa.model import Hit
from qa.roles import Matcher

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
    assert found["missing"] == found["absent_at_home"] == found["absent_name"] == 0.0
    assert found["elsewhere"] == found["off_topic"] == found["not_said"] == 0.0
    assert found["length"] == pytest.approx(math.log(2))
    assert found["foreign"] == 1.0


def test_features_of_a_name_that_the_hits_lack(ranking_of: RankingOf) -> None:
    found = features(ranking_of("sovereignty of Merkel"))
    assert found["missing"] == pytest.approx(1 / 2)
    assert found["absent_name"] == 1.0
    assert found["absent_at_home"] == 0.0


def test_features_of_a_place_that_is_not_where_the_answer_is(ranking_of: RankingOf) -> None:
    assert features(ranking_of("sovereignty of Egypt"))["absent_entity"] == 1.0
    assert features(ranking_of("the NATO on sovereignty"))["absent_entity"] == 1.0
    assert features(ranking_of("sovereignty of Syria"))["absent_entity"] == 0.0


def test_what_is_absent_is_told_in_ones_own_language(ranking_of: RankingOf) -> None:
    found = features(ranking_of("سيادة البطريق"))
    assert found["absent_at_home"] == found["missing"] == pytest.approx(1 / 2)


def test_whose_words_are_asked_for_must_speak(ranking_of: RankingOf) -> None:
    said = features(ranking_of("what did Medvedev say about sovereignty?"))
    other = features(ranking_of("what did Kerry say about sovereignty?"))
    credited = features(ranking_of("sovereignty according to Kerry"))
    assert said["not_said"] == said["off_topic"] == 0.0
    assert other["not_said"] == credited["not_said"] == 1.0


def test_what_somebody_never_spoke_of_is_off_topic(ranking_of: RankingOf) -> None:
    found = features(ranking_of("what did Medvedev say about penguins?"))
    assert found["off_topic"] == pytest.approx(1.0, abs=0.01)
    assert found["not_said"] == 0.0


def test_what_another_sentence_covers_is_elsewhere(ranking_of: RankingOf) -> None:
    assert features(ranking_of("strikes sovereignty"))["elsewhere"] > 0.2


@pytest.mark.parametrize(
    ("question", "lacks"), [("how many strikes?", 0.0), ("why sovereignty?", 0.0)]
)
def test_an_answer_holds_what_the_question_asks_for(
    ranking_of: RankingOf, question: str, lacks: float
) -> None:
    assert features(ranking_of(question))["lacks_kind"] == lacks
    assert features(ranking_of("when sovereignty?"))["lacks_kind"] == 1.0


def test_the_reason_names_the_missing_name(ranking_of: RankingOf) -> None:
    assert why_not(ranking_of("Merkel on sovereignty")) == (Reason.UNKNOWN_NAME, "merkel")
    assert why_not(ranking_of("sovereignty of penguins")) == (Reason.TOO_FAR, None)
    league = "What did the Arab League say about sovereignty?"
    assert why_not(ranking_of(league)) == (Reason.UNKNOWN_NAME, "Arab League")
    assert why_not(ranking_of("Merkel on NATO"))[1] == "merkel"


def test_the_shipped_calibration_knows_the_features(ranking_of: RankingOf) -> None:
    calibration = load_calibration()
    known = features(ranking_of("Syrian sovereignty"))
    assert set(calibration.coefficients) <= set(known)
    assert 0 < calibration.threshold < 1


def test_a_calibration_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text('{"coefficients": {"stated": 1.0}, "intercept": 0, "threshold": 0.4}')
    assert load_calibration(file) == Calibration({"stated": 1.0}, 0, 0.4)
