from __future__ import annotations

import pytest

from qa.evaluation.failures import MEANING, Failure, classify, count
from tests.evaluation.sample import result

RIGHT: dict[str, float | None] = {
    "refused": None,
    "answered": 1,
    "retrieved@10": 1,
    "evidence@1": 1,
    "evidence@3": 1,
}
NOT_FIRST: dict[str, float | None] = {"evidence@1": 0}
NOT_CITED: dict[str, float | None] = {**NOT_FIRST, "evidence@3": 0}
REFUSED: dict[str, float | None] = {**NOT_CITED, "answered": 0}


@pytest.mark.parametrize(
    ("metrics", "failure"),
    [
        ({}, None),
        ({**NOT_CITED, "retrieved@10": 0}, Failure.NOT_RETRIEVED),
        ({**REFUSED, "retrieved@10": 0}, Failure.NOT_RETRIEVED),
        (REFUSED, Failure.REFUSED),
        (NOT_CITED, Failure.NOT_USED),
        (NOT_FIRST, Failure.USED_WRONGLY),
        ({"retrieved@10": 0}, None),
        ({"refused": 1.0}, None),
        ({"refused": 0.0}, Failure.ANSWERED),
    ],
)
def test_the_first_step_that_failed(
    metrics: dict[str, float | None], failure: Failure | None
) -> None:
    assert classify(RIGHT | metrics, supported=True) is failure


def test_evidence_for_a_claim_that_it_does_not_support_is_used_wrongly() -> None:
    assert classify(RIGHT, supported=False) is Failure.USED_WRONGLY


def test_failures_are_counted_by_kind_zeros_too() -> None:
    results = [
        result("a", failure=Failure.REFUSED),
        result("b", failure="refused wrongly"),
        result("c", failure=None),
        result("d", failure="answered what it should refuse"),
    ]
    assert count(results) == {
        "not retrieved": 0,
        "refused wrongly": 2,
        "retrieved but not used": 0,
        "used wrongly": 0,
        "answered what it should refuse": 1,
    }


def test_every_failure_has_a_meaning() -> None:
    assert set(MEANING) == set(Failure)
