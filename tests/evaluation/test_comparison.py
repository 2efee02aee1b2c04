from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from qa.errors import UsageError
from qa.evaluation.comparison import Comparison, MetricChange, compare, gate
from qa.evaluation.intervals import Interval
from qa.evaluation.results import RETRIEVAL, Run
from tests.evaluation.sample import answered, result, run

KEYS = "abcd"


def scored(name: str, *values: float | None, **details: Any) -> Run:  # noqa: ANN401
    """A run with one metric: its value for a, b, c and so on."""
    results = (
        result(key, {name: value}, **details) for key, value in zip(KEYS, values, strict=False)
    )
    return run(*results)


def change(before: Run, after: Run) -> MetricChange:
    """The change of the only metric that the runs have."""
    [found] = compare(before, after).changes
    return found


def changed(before: Run, after: Run) -> list[str]:
    return [question.id for question in compare(before, after).changed]


def test_a_change_is_the_mean_of_each_questions_own() -> None:
    found = change(scored("answered", 1, 0, 0.5, 1), scored("answered", 0, 0, 1, 1))
    assert (found.before, found.after) == (2.5 / 4, 2 / 4)
    assert found.difference.mean == (-1 + 0 + 0.5 + 0) / 4
    assert found.questions == 4


def test_a_fall_of_every_question_is_no_chance() -> None:
    worse = change(scored("answered", 1, 0.5, 1), scored("answered", 0.5, 0, 0.5))
    assert worse.difference.interval == Interval(-0.5, -0.5)
    assert (worse.is_worse, worse.is_better) == (True, False)


def test_a_fall_of_one_question_in_two_may_be_chance() -> None:
    # One resample in four holds only the question that stayed, and one only the other.
    same = change(scored("answered", 1, 1), scored("answered", 0, 1))
    assert same.difference.interval == Interval(-1, 0)
    assert (same.is_worse, same.is_better) == (False, False)


def test_a_rise_of_every_question_is_better() -> None:
    better = change(scored("answered", 0, 0), scored("answered", 1, 1))
    assert (better.is_worse, better.is_better) == (False, True)


@pytest.mark.parametrize("name", ["error_rate", "hallucination_rate"])
def test_of_mistakes_fewer_are_better(name: str) -> None:
    none, some = scored(name, 0, 0), scored(name, 1, 1)
    assert change(none, some).is_worse
    assert change(some, none).is_better


def test_only_questions_that_both_runs_have_the_metric_for_count() -> None:
    found = change(scored("answered", 1, None, 1, 1), scored("answered", 0, 0, None, 0))
    assert (found.questions, found.before, found.after) == (2, 1, 0)


def test_one_question_says_nothing_of_a_metric() -> None:
    assert compare(scored("answered", 1), scored("answered", 0)).changes == ()


def test_results_are_paired_by_id_whatever_their_order() -> None:
    a, b = result("a", {"answered": 1.0}), result("b", {"answered": 0.0})
    comparison = compare(run(a, b), run(b, a))
    assert comparison.changes[0].difference.interval == Interval(0, 0)
    assert comparison.changed == ()


def test_language_pairs_are_compared_each_where_there_are_several() -> None:
    def mixed(english: float, arabic: float) -> Run:
        values = {"a": english, "b": english, "c": arabic, "d": arabic}
        pairs = {"a": "en→ar", "b": "en→ar", "c": "ar→ar", "d": "ar→ar"}
        return run(*(result(key, {"answered": v}, pair=pairs[key]) for key, v in values.items()))

    comparison = compare(mixed(1, 0), mixed(1, 1))
    found = [(found.group, found.difference.mean) for found in comparison.changes]
    assert found == [("overall", 1 / 2), ("ar→ar", 1), ("en→ar", 0)]
    one = scored("answered", 1, 1, pair="en→ar")
    assert [found.group for found in compare(one, one).changes] == ["overall"]


def test_questions_that_only_one_run_has_are_named_and_not_compared() -> None:
    before = run(result("a", {"x": 1.0}), result("b", {"x": 1.0}), result("c", {"x": 1.0}))
    after = run(result("b", {"x": 1.0}), result("z", {"x": 0.0}), result("c", {"x": 1.0}))
    comparison = compare(before, after)
    assert comparison.unpaired == ("a", "z")
    assert comparison.changes[0].questions == 2
    assert comparison.changed == ()


def test_runs_without_a_common_question_are_refused() -> None:
    with pytest.raises(UsageError, match=r"'one' \(answers\) and 'two' \(answers\)"):
        compare(run(result("a"), name="one"), run(result("b"), name="two"))


def test_a_question_set_is_not_compared_with_a_bench() -> None:
    with pytest.raises(UsageError, match="compare runs of one question set"):
        compare(run(result("a")), run(result("a"), kind=RETRIEVAL))


# --- questions that changed


def test_a_changed_question_has_both_answers_and_what_it_gained() -> None:
    before = run(answered("a", "no", {"answered": 1.0, "error_rate": 0.0, "refused": None}))
    after = run(answered("a", "yes", {"answered": 0.0, "error_rate": 1.0, "refused": None}))
    [found] = compare(before, after).changed
    assert (found.id, found.before, found.after) == ("a", "no", "yes")
    assert found.metrics == {"answered": (1, 0), "error_rate": (0, 1)}
    assert found.gained == (0 - 1) - (1 - 0)


def test_another_wording_is_a_change_of_nothing_gained() -> None:
    [found] = compare(run(answered("a", "no")), run(answered("a", "No"))).changed
    assert (found.gained, found.metrics) == (0, {})


def test_a_metric_that_a_question_did_not_have_counts_from_zero() -> None:
    [found] = compare(scored("x", None), scored("x", 0.25)).changed
    assert (found.gained, found.metrics) == (0.25, {"x": (None, 0.25)})


def test_the_worst_losses_come_first_and_what_stayed_not_at_all() -> None:
    assert changed(scored("x", 1, 0, 1, 1), scored("x", 0.5, 1, 1, 0)) == ["d", "a", "b"]


def test_a_ranking_is_shown_by_its_first_three_documents() -> None:
    def ranking(*documents: str) -> Run:
        return run(result("a", ranked=[{"id": key, "score": 1.0} for key in documents]))

    [found] = compare(ranking(*"xyzv"), ranking(*"yxzv")).changed
    assert (found.before, found.after) == ("x, y, z", "y, x, z")
    assert changed(ranking(*"xyzv"), ranking(*"xyzw")) == []


def test_the_document_holds_it_all() -> None:
    before = scored("answered", 1, 1, answer={"answer": "before"})
    after = scored("answered", 0, 0, answer={"answer": "after"})
    document = json.loads(json.dumps(compare(before, after).as_json()))
    assert document["before"]["name"] == document["after"]["name"] == "set"
    assert document["changes"] == [
        {
            "group": "overall",
            "metric": "answered",
            "questions": 2,
            "before": 1.0,
            "after": 0.0,
            "difference": -1.0,
            "interval": [-1.0, -1.0],
            "verdict": "worse",
        }
    ]
    assert document["changed"][0] == {
        "id": "a",
        "question": "a?",
        "gained": -1.0,
        "metrics": {"answered": [1.0, 0.0]},
        "before": "before",
        "after": "after",
    }
    assert document["unpaired"] == []


# --- the gate


def test_a_run_passes_beside_itself_and_beside_a_worse_one() -> None:
    good, bad = scored("answered", 1, 1, 1), scored("answered", 0, 0, 0)
    assert gate(good, good) == gate(bad, good) == []


def test_a_metric_that_fell_is_complained_of_with_its_figures() -> None:
    assert gate(scored("answered", 1, 1, 1), scored("answered", 0, 0, 0)) == [
        "answered (overall) went from 1.0000 to 0.0000: -1.0000,"
        " 95 % interval -1.0000 to -1.0000, 3 questions"
    ]


def test_a_fall_that_chance_explains_passes() -> None:
    assert gate(scored("answered", 1, 1), scored("answered", 0, 1)) == []


def test_an_untrue_citation_never_passes() -> None:
    untrue = scored("citation_validity", 1, 0.5, None)
    assert gate(untrue, untrue) == ["citation_validity is 0.7500, not 1"]


def test_a_question_that_the_baseline_lacks_may_not_cite_untruly_either() -> None:
    before = scored("citation_validity", 1)
    assert gate(before, scored("citation_validity", 1, 0)) != []


def test_a_comparison_knows_its_regressions() -> None:
    comparison: Comparison = compare(scored("x", 1, 1), scored("x", 0, 0))
    assert comparison.regressions == comparison.changes
    assert compare(scored("x", 0, 0), scored("x", 1, 1)).regressions == ()


def test_a_run_that_leaves_out_questions_of_the_baseline_does_not_pass() -> None:
    before, after = run(result("a", {"x": 1}), result("b", {"x": 0})), run(result("a", {"x": 1}))
    assert gate(before, after) == ["1 questions of the baseline were not asked: b"]
    assert gate(after, before) == []


def test_the_same_id_with_another_question_is_another_question() -> None:
    before = run(result("a", {"x": 1}), result("b", {"x": 1}))
    after = run(result("a", {"x": 1}), replace(result("b", {"x": 0}), question="another?"))
    comparison = compare(before, after)
    assert comparison.unpaired == ("b",)
    assert comparison.changed == ()
