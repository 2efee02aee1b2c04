import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qa.evaluation.comparison import compare
from qa.evaluation.failures import Failure
from qa.evaluation.gold import Problem
from qa.evaluation.intervals import Interval
from qa.evaluation.results import ANSWERS, Result, Run, RunInfo
from qa.serve.evaluation_render import (
    FAILURES,
    NOTICES,
    NoticeKind,
    between,
    comparison_html,
    form_html,
    group_name,
    missing_html,
    notice_html,
    progress_html,
    result_html,
    runs_html,
    seconds,
)
from qa.serve.evaluation_store import QuestionSet, StoredRun
from qa.serve.evaluations import Evaluation, Progress
from qa.serve.interruptible import Interruptible
from qa.serve.labels import Labels, labels_in
from tests.serve.scripted import Scripted

ENGLISH, ARABIC = labels_in("en"), labels_in("ar")
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
INFO = RunInfo(ANSWERS, "seeds", "q", "index", "1", {}, "0")
STORED = StoredRun(
    "seeds-20260102T120000Z", datetime(2026, 1, 2, 12, tzinfo=UTC), INFO, True, 0.5, True
)


def result(
    number: int, evidence: float = 1.0, answer: str = "so", pair: str = "en→ar", **details: object
) -> Result:
    metrics: Mapping[str, float | None] = {
        "evidence@1": evidence,
        "evidence@3": 1.0,
        "answered": 1.0,
        "refused": None,
        "citation_validity": 1.0,
    }
    fields = {"pair": pair, "lang": "en", "answer": {"answer": answer}} | details
    return Result(f"q{number}", f"question {number}?", metrics, 120.0, fields)


def run(*results: Result) -> Run:
    return Run(INFO, results)


def figures(labels: Labels, *results: Result, earlier: tuple[StoredRun, ...] = ()) -> str:
    return result_html(labels, STORED, run(*results), earlier, "")


def test_the_headline_figures_have_their_intervals() -> None:
    html = figures(ENGLISH, *(result(n, float(n < 3)) for n in range(4)))
    assert "The first quote holds the answer" in html
    assert "<bdi>75%</bdi>" in html
    assert re.search(r"95% interval: 25% to 100%", html)
    assert "0.12 s" in html
    # None of the questions is unanswerable.
    assert "<dt>Questions without an answer" not in html


def test_a_single_question_has_no_interval() -> None:
    assert "95% interval" not in figures(ENGLISH, result(1))


def test_languages_are_named_in_the_interface_language() -> None:
    both = (result(1), result(2, pair="fr→none"))
    assert re.search(r"French.*no article answers", figures(ENGLISH, *both), re.DOTALL)
    assert re.search(r"الفرنسية.*لا مقال يجيب", figures(ARABIC, *both), re.DOTALL)


def test_failures_are_counted_in_words() -> None:
    html = figures(ENGLISH, result(1, failure=str(Failure.REFUSED)), result(2))
    assert "What went wrong: 1" in html
    assert re.search(r"<strong>1</strong> <span>It was found, but the question was refused", html)
    assert FAILURES.keys() == set(Failure)


def test_the_report_is_linked_where_there_is_one() -> None:
    link = 'href="evaluations/seeds-20260102T120000Z/report.html" target="_blank"'
    assert link in figures(ENGLISH, result(1))
    without = replace(STORED, has_report=False)
    assert "href" not in result_html(ENGLISH, without, run(result(1)), (), "")


def test_a_run_can_be_compared_only_where_there_is_an_earlier_one() -> None:
    assert "compare_runs" not in figures(ENGLISH, result(1))
    assert "compare_runs" in figures(ENGLISH, result(1), earlier=(STORED,))


def changes(labels: Labels, before: list[Result], after: list[Result]) -> str:
    return comparison_html(labels, compare(run(*before), run(*after)), STORED)


def test_changes_are_said_in_words() -> None:
    wrong, right = [result(n, 0.0, "no") for n in range(9)], [result(n) for n in range(9)]
    better, worse = changes(ENGLISH, wrong, right), changes(ENGLISH, right, wrong)
    assert re.search(r"\+100\.0.*▲</span> better", better, re.DOTALL)
    assert re.search("\u2212100\\.0.*▼</span> worse", worse, re.DOTALL)
    assert "The first quote holds the answer: before no, now yes" in better
    assert "Questions with another answer: 9" in better
    assert "أفضل" in changes(ARABIC, wrong, right)
    same = changes(ENGLISH, right, right)
    assert "better</span>" not in same
    assert "Questions with another answer: 0" in same


def test_both_answers_stand_side_by_side_each_in_its_direction() -> None:
    html = changes(ENGLISH, [result(1, answer="قبل"), result(2)], [result(1), result(2)])
    assert '<h5>Before</h5><p dir="auto">قبل</p>' in html
    assert '<h5>After</h5><p dir="auto">so</p>' in html
    assert "The answer changed, the figures above did not." in html


def test_clear_changes_of_a_language_are_listed_apart() -> None:
    before = [result(n, 0.0) for n in range(5)] + [result(n, pair="ar→ar") for n in range(5, 9)]
    after = [result(n) for n in range(5)] + [result(n, pair="ar→ar") for n in range(5, 9)]
    html = changes(ENGLISH, before, after)
    assert "The first quote holds the answer · English, articles: Arabic" in html
    assert group_name(ARABIC, "overall") == "كل الأسئلة"


@pytest.mark.parametrize("labels", [ENGLISH, ARABIC])
def test_everything_that_others_wrote_is_escaped(labels: Labels) -> None:
    stored = replace(STORED, name=EVIL, info=replace(INFO, name=EVIL))
    hostile = Result(EVIL, EVIL, result(1).metrics, 1.0, {"pair": f"{EVIL}→{EVIL}", "kind": EVIL})
    said = replace(hostile, details={**hostile.details, "answer": {"answer": EVIL}})
    evaluation = Evaluation(EVIL, QuestionSet(EVIL, ()), Interruptible(Scripted({})))
    html = "".join(
        [
            form_html(labels, {EVIL: EVIL}, EVIL, 1, "", None, EVIL),
            form_html(labels, {}, "", 0, "", None, EVIL),
            form_html(labels, {}, "", 0, "", evaluation, EVIL),
            *(notice_html(labels, kind, EVIL, EVIL, EVIL) for kind in NoticeKind),
            missing_html(labels, [Problem("1", EVIL)], 2),
            result_html(labels, stored, run(said), [stored], EVIL),
            comparison_html(labels, compare(run(hostile), run(said)), stored),
            runs_html(labels, [stored, replace(stored, finished=False)], EVIL, {EVIL}, busy=False),
        ]
    )
    assert not re.search("<(script|img)", html)
    assert html.count("&lt;script&gt;") > 15


def test_progress_counts_and_says_what_is_left() -> None:
    evaluation = Evaluation("r", QuestionSet("s", ()), Interruptible(Scripted({})))
    evaluation.progress = Progress(3, 1_200, 75.0)
    html = progress_html(ENGLISH, evaluation)
    assert '<progress max="1200" value="3" aria-label="Questions asked">' in html
    assert "3 of 1,200 questions" in html
    assert "About 1 minute left" in html
    evaluation.progress = Progress(0, 1_200)
    assert "left" not in progress_html(ENGLISH, evaluation)


def test_every_notice_has_words_and_only_a_stopped_run_is_resumed() -> None:
    assert NOTICES.keys() == set(NoticeKind)
    stopped = notice_html(ENGLISH, NoticeKind.STOPPED, run="r")
    assert 'data-action="resume_run" data-run="r"' in stopped
    assert "resume_run" not in notice_html(ENGLISH, NoticeKind.CHANGED)
    told = notice_html(ENGLISH, NoticeKind.SET, "is not JSON", "own.jsonl, line 2:")
    assert "own.jsonl, line 2: <bdi>is not JSON</bdi>" in told


def test_missing_questions_can_be_left_out_while_some_are_left() -> None:
    problems = [Problem(str(n), f"reason {n % 7}") for n in range(9)]
    some = missing_html(ENGLISH, problems, 12)
    assert "Leave them out and ask the other 3" in some
    assert "More reasons: 2" in some
    every = missing_html(ENGLISH, problems, 9)
    assert "run_set" not in every
    assert "None is left to ask" in every


def test_runs_are_opened_resumed_or_outdated() -> None:
    stopped = replace(STORED, finished=False, headline=None)
    assert 'aria-current="true"' in runs_html(ENGLISH, [STORED], STORED.name, set(), busy=False)
    assert "resume_run" in runs_html(ENGLISH, [stopped], "", {STORED.name}, busy=False)
    assert "resume_run" not in runs_html(ENGLISH, [stopped], "", {STORED.name}, busy=True)
    assert "the archive has changed since" in runs_html(ENGLISH, [stopped], "", set(), busy=False)
    assert "No run yet" in runs_html(ENGLISH, [], "", set(), busy=False)


def test_a_set_with_a_problem_cannot_be_run() -> None:
    problem = notice_html(ENGLISH, NoticeKind.SET, "holds no question")
    html = form_html(ENGLISH, {"a": "a"}, "a", 0, problem, None, "folder")
    assert re.search(r"run_set\"\s+disabled", html)
    assert "holds no question" in html


def test_figures_are_written_as_readers_write_them() -> None:
    assert between(ENGLISH, Interval(0.123, 1.0)) == "95% interval: 12.3% to 100%"
    assert ARABIC.percent(0.5) == "\u206650%\u2069"
    assert [seconds(ms) for ms in (90.4, 990, 1_250, 61_000)] == ["0.09", "0.99", "1.2", "61.0"]
    assert [ENGLISH.points(d) for d in (0.031, -0.04, 0.0, -0.0001)] == [
        "+3.1",
        "\u22124.0",
        "0.0",
        "0.0",
    ]
    assert json.dumps(ARABIC.duration(20), ensure_ascii=False) == '"20 ثانية"'
