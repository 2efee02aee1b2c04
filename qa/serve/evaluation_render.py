"""The HTML of the Evaluation tab: figures in words, from templates that escape everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from qa.evaluation.comparison import OVERALL, ChangedQuestion, Comparison, MetricChange
from qa.evaluation.failures import Failure, count
from qa.evaluation.gold import NO_ARTICLES, Problem
from qa.evaluation.intervals import Interval
from qa.evaluation.results import Run
from qa.evaluation.summary import Summary, summarise, summarise_by
from qa.serve.evaluation_store import MAX_UPLOAD, StoredRun
from qa.serve.evaluations import Evaluation
from qa.serve.labels import Labels
from qa.serve.render import render_template

METRICS: Mapping[str, str] = {
    "evidence@1": "metric_evidence_1",
    "evidence@3": "metric_evidence_3",
    "answered": "metric_answered",
    "refused": "metric_refused",
    "citation_validity": "metric_validity",
}
"""The headline metrics → their labels."""
FAILURES: Mapping[Failure, str] = {
    Failure.NOT_RETRIEVED: "failure_not_retrieved",
    Failure.REFUSED: "failure_refused",
    Failure.NOT_USED: "failure_not_used",
    Failure.USED_WRONGLY: "failure_used_wrongly",
    Failure.ANSWERED: "failure_answered",
}
COLUMNS = ("evidence@1", "evidence@3", "answered", "refused")
"""Metrics in the table by language."""
RUNS = 50
"""Runs that are listed."""
CHANGED = 50
"""Changed questions that are shown."""
REASONS = 5
"""Reasons that are named of questions that cannot be scored."""


class NoticeKind(StrEnum):
    """What the tab has to say; the beginnings of its labels."""

    SET = "set"
    BUSY = "busy"
    STOPPED = "stopped"
    CHANGED = "changed"
    OUTDATED = "outdated"
    FAILED = "failed"


NOTICES: Mapping[NoticeKind, tuple[str, str]] = {
    NoticeKind.SET: ("set_problem_title", "set_problem_text"),
    NoticeKind.BUSY: ("busy_title", "busy_text"),
    NoticeKind.STOPPED: ("stopped_title", "stopped_text"),
    NoticeKind.CHANGED: ("changed_title", "changed_text"),
    NoticeKind.OUTDATED: ("outdated_title", "outdated_text"),
    NoticeKind.FAILED: ("run_failed_title", "run_failed_text"),
}
"""Title, and the text where nothing more exact can be said."""


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """A row of the table by language."""

    asked: str
    """Name of the questions' language."""
    answered: str
    """Names of the articles' languages; empty where no article answers."""
    summary: Summary


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some questions cannot be scored."""

    text: str
    questions: int


def form_html(
    labels: Labels,
    sets: Mapping[str, str],
    chosen: str,
    questions: int,
    problem: str,
    running: Evaluation | None,
    folder: str,
) -> str:
    """The choice of a question set (value → name), or what is under way.

    `problem` is HTML that stands in place of the number of questions.
    """
    return render_template(
        "evaluation_form.html",
        labels=labels,
        sets=sets,
        chosen=chosen,
        questions=questions,
        problem=problem,
        running=running,
        folder=folder,
        limit=MAX_UPLOAD,
    )


def progress_html(labels: Labels, evaluation: Evaluation) -> str:
    """How far the run under way is."""
    return render_template("evaluation_progress.html", labels=labels, progress=evaluation.progress)


def notice_html(
    labels: Labels, kind: NoticeKind, problem: str = "", place: str = "", run: str = ""
) -> str:
    """A line or two on what went otherwise; `run` is one that can be resumed."""
    title, text = NOTICES[kind]
    return render_template(
        "evaluation_notice.html",
        labels=labels,
        title=labels.text(title),
        text="" if problem else labels.text(text),
        problem=problem,
        place=place,
        run=run,
        failed=kind is NoticeKind.FAILED,
    )


def missing_html(labels: Labels, problems: Sequence[Problem], questions: int) -> str:
    """Which of a set's questions cannot be scored; the others can be asked, if there are any."""
    counted: defaultdict[str, int] = defaultdict(int)
    for problem in problems:
        counted[problem.reason] += 1
    reasons = [Reason(*reason) for reason in counted.items()]
    return render_template(
        "evaluation_missing.html",
        labels=labels,
        missing=len(problems),
        questions=questions,
        reasons=reasons[:REASONS],
        more=len(reasons[REASONS:]),
    )


def result_html(
    labels: Labels, stored: StoredRun, run: Run, earlier: Sequence[StoredRun], against: str
) -> str:
    """The figures of a finished run; `earlier` are the runs it can be compared with."""
    summary = summarise(run.results)
    failed = count(run.results)
    return render_template(
        "evaluation_result.html",
        labels=labels,
        run=stored,
        summary=summary,
        metrics=METRICS,
        columns=COLUMNS,
        pairs=language_pairs(labels, run),
        failures=[(label, failed[failure]) for failure, label in FAILURES.items()],
        failed=sum(failed.values()),
        earlier=earlier,
        against=against,
        between=between,
        seconds=seconds,
    )


def comparison_html(labels: Labels, comparison: Comparison, before: StoredRun) -> str:
    """What changed since an earlier run: the headline metrics, clear changes, and questions."""
    return render_template(
        "evaluation_comparison.html",
        labels=labels,
        before=before,
        changes=[c for c in comparison.changes if c.group == OVERALL and c.name in METRICS],
        others=[c for c in comparison.changes if _is_clear(c) and not _is_headline(c)],
        changed=comparison.changed[:CHANGED],
        total=len(comparison.changed),
        unpaired=len(comparison.unpaired),
        metrics=METRICS,
        verdict=verdict,
        outcomes=outcomes,
        group=lambda name: group_name(labels, name),
    )


def runs_html(
    labels: Labels,
    runs: Sequence[StoredRun],
    opened: str,
    resumable: AbstractSet[str],
    *,
    busy: bool,
) -> str:
    """The list of runs, newest first; `opened` is shown; `busy`: none can be resumed just now."""
    return render_template(
        "evaluation_runs.html",
        labels=labels,
        runs=runs[:RUNS],
        opened=opened,
        resumable=resumable,
        busy=busy,
    )


def language_pairs(labels: Labels, run: Run) -> list[LanguagePair]:
    """The figures by languages of question and articles, in the interface's words."""
    return [
        LanguagePair(*_pair_names(labels, pair), summary)
        for pair, summary in summarise_by("pair", run.results).items()
    ]


def group_name(labels: Labels, group: str) -> str:
    """A comparison's group in words: everything, or a pair of languages."""
    if group == OVERALL:
        return labels.text("all_questions")
    asked, answered = _pair_names(labels, group)
    return labels.text("pair", asked=asked, answered=answered or labels.text("no_article"))


def between(labels: Labels, interval: Interval) -> str:
    """A 95 % interval of a share in words."""
    return labels.text(
        "between", low=labels.percent(interval.low), high=labels.percent(interval.high)
    )


def seconds(milliseconds: float) -> str:
    """A time to answer in seconds, exact where it is short."""
    value = milliseconds / 1000
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def verdict(change: MetricChange) -> str:
    """better, worse or same: the end of a label's key and of a style."""
    return "worse" if change.is_worse else "better" if change.is_better else "same"


def outcomes(labels: Labels, question: ChangedQuestion) -> list[tuple[str, str, str]]:
    """Label of each headline metric that changed, with its values before and after in words."""
    return [
        (labels.text(label), _value(labels, values[0]), _value(labels, values[1]))
        for name, label in METRICS.items()
        if (values := question.metrics.get(name))
    ]


def _value(labels: Labels, value: float | None) -> str:
    """A metric of one question: most are 0 or 1."""
    words = {None: "none", 0.0: "no", 1.0: "yes"}
    return labels.text(words[value]) if value in words else labels.percent(value or 0.0)


def _pair_names(labels: Labels, pair: str) -> tuple[str, str]:
    """Names of the languages on both sides of a pair such as en→ar+fr or en→none."""
    asked, _, answered = pair.partition("→")
    codes = [] if answered == NO_ARTICLES else answered.split("+")
    return labels.language_name(asked), ", ".join(map(labels.language_name, codes))


def _is_clear(change: MetricChange) -> bool:
    return change.is_worse or change.is_better


def _is_headline(change: MetricChange) -> bool:
    return change.group == OVERALL and change.name in METRICS
