"""Reports of a run: one page for the browser and one for pull requests."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2

from qa.answers.abstention import load_calibration
from qa.evaluation.reports import reliability
from qa.evaluation.reports.cases import PassageText, anchors, failure_groups, values
from qa.evaluation.reports.charts import (
    Chart,
    Range,
    Strip,
    bar_chart,
    reliability_chart,
    strip_chart,
)
from qa.evaluation.reports.figures import (
    MEANINGS,
    Grouping,
    bars,
    grouping,
    measures,
    metric_names,
)
from qa.evaluation.reports.ranks import first_relevant, latency_chart, rank_chart, worst
from qa.evaluation.results import Result, Run
from qa.text.language import detect_language, direction

HTML_FILE = "report.html"
MARKDOWN_FILE = "report.md"
TEMPLATES = Path(__file__).parent / "templates"

HEADLINES: Mapping[str, tuple[str, ...]] = {
    "answers": (
        "evidence@1",
        "evidence@3",
        "answered",
        "refused",
        "citation_validity",
        "retrieved@10",
        "token_f1",
    ),
    "retrieval": ("ndcg@10", "recall@1", "recall@10", "recall@100", "mrr@10"),
}
CHARTED: Mapping[str, tuple[str, ...]] = {
    "answers": ("evidence@1", "refused", "token_f1"),
    "retrieval": ("ndcg@10", "recall@10"),
}
GROUPED: Mapping[str, tuple[str, ...]] = {
    "answers": ("evidence@1", "evidence@3", "answered", "refused", "retrieved@10", "token_f1"),
    "retrieval": HEADLINES["retrieval"],
}
"""Metrics of the tables by group."""
FIELDS: Mapping[str, str] = {
    "pair": "language pair",
    "kind": "kind of question",
    "split": "split",
}
NAMED = 10
"""Questions of each failure that the Markdown report names."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figures by one field, drawn and as a table."""

    grouping: Grouping
    charts: tuple[Chart, ...]


def answer_reports(run: Run, summary: Mapping[str, Any], passage: PassageText) -> dict[str, str]:
    """report.html and report.md of a run over a question set, by file name."""
    failures = failure_groups(run, passage)
    confidence = reliability.judged(run.results)
    page = {
        "failures": failures,
        "failed": sum(len(group.cases) for group in failures),
        "confidence_charts": list(_confidence_charts(confidence)),
        "trust": reliability.trust(confidence),
        "filters": {field: values(field, run.results) for field in ("failure", "lang", "kind")},
    }
    return _reports("answers", run, summary, page)


def retrieval_reports(run: Run, summary: Mapping[str, Any]) -> dict[str, str]:
    """report.html and report.md of a retrieval bench, by file name."""
    page = {
        "rank_chart": rank_chart(run.results),
        "ranks": {result.id: first_relevant(result) for result in run.results},
        "worst": worst(run.results),
    }
    return _reports("retrieval", run, summary, page)


def _reports(
    kind: str, run: Run, summary: Mapping[str, Any], page: Mapping[str, Any]
) -> dict[str, str]:
    names = metric_names(run.results)
    shared = {
        "run": run,
        "info": _facts(summary),
        "summary": summary,
        "headlines": measures(HEADLINES[kind], summary),
        "figures": measures(names, summary),
        "breakdowns": list(_breakdowns(kind, run.results, summary)),
        "latency_chart": latency_chart(run.results, summary),
        "anchors": anchors(run),
        "named": NAMED,
    }
    return {
        HTML_FILE: _render(f"{kind}.html", **shared, **page),
        MARKDOWN_FILE: _render(f"{kind}.md", **shared, **page),
    }


def _facts(summary: Mapping[str, Any]) -> dict[str, str]:
    """What the run was made with, named as readers would."""
    run = summary["run"]
    facts = {
        "Program": f"news-qa {run['version']}",
        "Index": run["index"],
        "Archive state": run["articles"],
        "Question set": run["questions"],
    }
    settings = {name: str(value) for name, value in run["settings"].items() if value is not None}
    return facts | settings


def _breakdowns(
    kind: str, results: Sequence[Result], summary: Mapping[str, Any]
) -> Iterator[Breakdown]:
    """The figures by each field in which there is something to compare."""
    for field, title in FIELDS.items():
        found = grouping(f"By {title}", field, GROUPED[kind], summary)
        if found and len(found.groups) > 1:
            charts = _group_charts(CHARTED[kind], field, results, summary)
            yield Breakdown(found, tuple(charts))


def _group_charts(
    metrics: Sequence[str], field: str, results: Sequence[Result], summary: Mapping[str, Any]
) -> Iterator[Chart]:
    for name in metrics:
        found = bars(name, field, results, summary)
        if len(found) > 1:
            title = f"{name} by {FIELDS[field]}"
            yield bar_chart(title, f"{MEANINGS[name]}; whiskers: 95\u00a0% interval", found)


def _confidence_charts(questions: Sequence[reliability.Judged]) -> Iterator[Chart]:
    """Share that is right, and what became of the questions, over confidence."""
    if not questions:
        return
    threshold = load_calibration().threshold
    levels = reliability.levels(questions)
    ranges = [
        Range(level.low, level.high, level.right, level.right_at_most, level.questions)
        for level in levels
        if level.questions
    ]
    yield reliability_chart(
        "Right answers at each level of confidence",
        "Bars that follow the dotted diagonal mean that confidence can be taken at its word;"
        " hatched: refused questions that have an answer, which may have come out right or wrong",
        ranges,
        ("Confidence", "Share that is right"),
        threshold,
    )
    yield strip_chart(
        "What became of the questions",
        "Questions by confidence: those left of the threshold are refused;"
        " a good threshold leaves little in the three rows in the middle",
        [
            Strip(
                kind.value,
                tuple(level.outcomes[kind] for level in levels),
                kind not in (reliability.Outcome.RIGHT, reliability.Outcome.REFUSED),
            )
            for kind in reliability.Outcome
        ],
        "Confidence",
        threshold,
    )


def text_direction(text: str, language: str | None = None) -> str:
    """The direction of a text with letters that run as the language does, or else of most letters.

    A foreign name at the beginning does not turn a text round, nor a long quote the words about it.
    """
    letters = sum(map(str.isalpha, text))
    right_to_left = len(_RIGHT_TO_LEFT.findall(text))
    if language and (right_to_left if direction(language) == "rtl" else letters - right_to_left):
        return direction(language)
    return "rtl" if 2 * right_to_left > letters else "ltr"


@cache
def text_language(text: str) -> str:
    """ISO 639-1 code, or nothing where the words do not tell."""
    return detect_language(text, default="")


def cell(text: object) -> str:
    """A text as it may stand in a cell of a Markdown table."""
    line = " ".join(str(text).split())
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", line).replace("<", "&lt;")


def number(value: float | None, digits: int = 3) -> str:
    """A figure with that many decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def script_hash(script: str) -> str:
    """What a content security policy calls the page's one script."""
    return "sha256-" + b64encode(sha256(script.encode()).digest()).decode()


def _render(template: str, **values: object) -> str:
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "cell": cell,
        "direction": text_direction,
        "language": text_language,
        "number": number,
    }
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    environment.globals |= {"script": script, "script_hash": script_hash(script)}
    return environment
