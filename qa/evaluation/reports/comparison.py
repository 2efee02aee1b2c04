"""A comparison to read: lines for the terminal, Markdown for pull requests, both on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.errors import StorageError
from qa.evaluation.comparison import OVERALL, ChangedQuestion, Comparison, MetricChange
from qa.evaluation.results import RunInfo

JSON_FILE = "comparison.json"
MARKDOWN_FILE = "comparison.md"
_LONGEST = 600
"""Characters of an answer in a table cell."""


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """comparison.json and comparison.md in a folder, which is made where it is missing."""
    document = json.dumps(comparison.as_json(), ensure_ascii=False, indent=2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / JSON_FILE).write_text(document + "\n", encoding="utf-8")
        (folder / MARKDOWN_FILE).write_text(as_markdown(comparison), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"cannot write to {str(folder)!r} ({error.strerror or error}): give another --out"
        ) from error


def terminal_lines(comparison: Comparison) -> Iterator[str]:
    """Each overall metric, the pairs that got worse or better, and the questions that changed."""
    yield f"{'metric':24}{'before':>9}{'after':>9}{'change':>9}   95 % interval"
    for change in comparison.changes:
        if change.group == OVERALL or change.is_worse or change.is_better:
            yield _line(change)
    yield ""
    yield f"{len(comparison.changed)} questions changed"
    for question in comparison.changed:
        yield f"\n{question.id}  {question.question}  ({_metrics(question)})"
        yield f"  before: {question.before}"
        yield f"  after:  {question.after}"
    if comparison.unpaired:
        yield f"\nonly in one of the runs: {', '.join(comparison.unpaired)}"


def as_markdown(comparison: Comparison) -> str:
    """The same as two tables: metrics, and changed questions with both answers side by side."""
    before, after = comparison.before, comparison.after
    heading = [f"## {after.name}: what changed", "", _origin("Before", before)]
    heading += [_origin("After", after), ""]
    metrics = _table(
        ("", "metric", "questions", "before", "after", "change", "95 % interval", "verdict"),
        [_cells(change) for change in comparison.changes],
    )
    questions = _table(
        ("question", "metrics", "before", "after"),
        [_question_cells(question) for question in comparison.changed],
    )
    title = f"### {len(comparison.changed)} questions changed"
    return "\n".join([*heading, *metrics, "", title, "", *questions, ""])


def _origin(when: str, run: RunInfo) -> str:
    return f"- {when}: version {run.version}, index `{run.index}`"


def _line(change: MetricChange) -> str:
    name = change.name if change.group == OVERALL else f"{change.name} ({change.group})"
    interval = change.difference.interval
    mark = "  worse" if change.is_worse else "  better" if change.is_better else ""
    return (
        f"{name:24}{change.before:>9.4f}{change.after:>9.4f}{change.difference.mean:>+9.4f}"
        f"   {interval.low:+.4f} to {interval.high:+.4f}{mark}"
    )


def _cells(change: MetricChange) -> tuple[str, ...]:
    found = change.as_json()
    low, high = found["interval"]
    return (
        change.group,
        change.name,
        str(change.questions),
        f"{change.before:.4f}",
        f"{change.after:.4f}",
        f"{change.difference.mean:+.4f}",
        f"{low:+.4f} to {high:+.4f}",
        str(found["verdict"]),
    )


def _question_cells(question: ChangedQuestion) -> tuple[str, ...]:
    asked = f"`{question.id}` {question.question}"
    return (asked, _metrics(question), _shortened(question.before), _shortened(question.after))


def _metrics(question: ChangedQuestion) -> str:
    changes = (f"{name} {_value(b)} → {_value(a)}" for name, (b, a) in question.metrics.items())
    return ", ".join(changes) or "wording alone"


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = "|" + "---|" * len(head)
    return [_row(head), rule, *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return (
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells) + " |"
    )
