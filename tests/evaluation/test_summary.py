from __future__ import annotations

import json

import pytest

from qa.evaluation.intervals import Interval
from qa.evaluation.summary import percentile, summarise, summarise_by, summary_json
from tests.evaluation.sample import result

RESULTS = [
    result("a", {"answered": 1.0, "refused": None}, milliseconds=10, lang="en", split="test"),
    result("b", {"answered": 1.0, "refused": None}, milliseconds=20, lang="ar", split="test"),
    result("c", {"answered": 0.0, "refused": None}, milliseconds=30, lang="ar"),
    result("d", {"answered": None, "refused": 1.0}, milliseconds=40, lang="en"),
]


def test_a_mean_is_over_the_questions_that_the_metric_is_about() -> None:
    summary = summarise(RESULTS)
    assert summary.questions == 4
    assert summary.figures["answered"].mean == round((1 + 1 + 0) / 3, 4)
    assert summary.figures["answered"].questions == 3
    assert summary.figures["refused"].mean == 1


def test_a_mean_has_an_interval_from_two_questions_on() -> None:
    figures = summarise(RESULTS).figures
    # All of three zeros is one in 27 resamples, more than 2.5 %; so is all of three ones.
    assert figures["answered"].interval == Interval(0, 1)
    assert figures["refused"].interval is None


def test_times_are_nearest_rank_percentiles() -> None:
    summary = summarise(RESULTS)
    assert (summary.latency_p50_ms, summary.latency_p95_ms) == (20, 40)


@pytest.mark.parametrize(("percent", "value"), [(50, 2), (95, 4), (100, 4), (1, 1), (25, 1)])
def test_nearest_rank_percentiles(percent: float, value: float) -> None:
    assert percentile([1, 2, 3, 4], percent) == value


def test_the_percentile_of_nothing_is_zero() -> None:
    assert percentile([], 50) == 0


def test_a_summary_is_flat_with_its_intervals_beside() -> None:
    assert summarise(RESULTS).as_json() == {
        "questions": 4,
        "answered": 0.6667,
        "refused": 1.0,
        "latency_p50_ms": 20,
        "latency_p95_ms": 40,
        "intervals": {"answered": [0.0, 1.0]},
    }


def test_a_metric_that_is_about_no_question_has_no_mean() -> None:
    assert summarise(RESULTS[:3]).as_json()["refused"] is None
    assert "refused" not in summarise(RESULTS[:3]).figures


def test_groups_are_of_results_with_the_same_value_in_its_order() -> None:
    groups = summarise_by("lang", RESULTS)
    assert list(groups) == ["ar", "en"]
    assert groups["ar"].figures["answered"].mean == 1 / 2
    assert groups["en"].questions == 2


def test_results_without_the_field_are_in_no_group() -> None:
    assert {name: group.questions for name, group in summarise_by("split", RESULTS).items()} == {
        "test": 2
    }


def test_a_document_has_the_groups_that_there_are() -> None:
    document = json.loads(json.dumps(summary_json(RESULTS)))
    assert document["answered"] == 0.6667
    assert document["by_language"]["ar"]["questions"] == 2
    assert document["by_split"]["test"]["answered"] == 1
    assert not {"by_pair", "by_kind"} & document.keys()
