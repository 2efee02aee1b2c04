import pytest

from qa.evaluation.reports.reliability import BINS, Outcome, judged, levels, outcome, trust
from qa.evaluation.results import Result
from tests.evaluation.runs import answered, refused


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (answered("1"), Outcome.RIGHT),
        (answered("2", failure="used wrongly"), Outcome.WRONG),
        (answered("3", answerable=False), Outcome.UNFOUNDED),
        (refused("4", answerable=True), Outcome.HELD_BACK),
        (refused("5", answerable=False), Outcome.REFUSED),
    ],
)
def test_what_became_of_a_question(result: Result, expected: Outcome) -> None:
    assert outcome(result) == expected


def test_levels_part_confidence_into_equal_steps() -> None:
    at = [0.0, 0.05, 0.1, 0.95, 1.0]
    found = levels(judged([answered(str(c), confidence=c) for c in at]))
    assert len(found) == BINS
    assert [level.questions for level in found] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_what_a_refusal_would_have_been_is_left_open() -> None:
    results = [
        answered("1", confidence=0.25),
        answered("2", failure="used wrongly", confidence=0.25),
        refused("3", answerable=True, confidence=0.25),
        refused("4", answerable=False, confidence=0.25),
    ]
    level = levels(judged(results))[2]
    assert level.right == 1 / 4
    assert level.right_at_most == 2 / 4


def test_trust_is_about_what_was_answered() -> None:
    results = [
        answered("1", confidence=0.9),
        answered("2", answerable=False, confidence=0.5),
        refused("3", answerable=True, confidence=0.1),
    ]
    found = trust(judged(results))
    assert found is not None
    assert (found.answers, found.right) == (2, 1 / 2)
    assert found.confidence == pytest.approx((0.9 + 0.5) / 2)


def test_answers_without_confidence_are_left_out() -> None:
    assert judged([answered("1", confidence=None)]) == []
    assert trust([]) is None
