"""Two runs over the same questions: by how much each metric changed, and which questions did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, TypeAlias

from qa.errors import UsageError
from qa.evaluation.intervals import Difference, paired_difference
from qa.evaluation.results import Result, Run, RunInfo
from qa.evaluation.summary import DIGITS, LOWER_IS_BETTER

Pair: TypeAlias = tuple[Result, Result]
"""The same question before and after."""

OVERALL = "overall"
SHOWN = 3
"""Documents of a ranking that stand for it."""


@dataclass(frozen=True, slots=True)
class MetricChange:
    """How one metric changed over the questions that both runs have it for."""

    group: str
    """overall, or a language pair such as en→ar."""
    name: str
    questions: int
    before: float
    after: float
    difference: Difference

    @property
    def is_worse(self) -> bool:
        """Whether the interval of the change lies on the wrong side of zero."""
        return self.difference.rose if self.name in LOWER_IS_BETTER else self.difference.fell

    @property
    def is_better(self) -> bool:
        """Whether the interval of the change lies on the right side of zero."""
        return self.difference.fell if self.name in LOWER_IS_BETTER else self.difference.rose

    def as_json(self) -> dict[str, Any]:
        """The change, ready for json.dumps."""
        return {
            "group": self.group,
            "metric": self.name,
            "questions": self.questions,
            "before": round(self.before, DIGITS),
            "after": round(self.after, DIGITS),
            "difference": round(self.difference.mean, DIGITS),
            "interval": [
                round(self.difference.interval.low, DIGITS),
                round(self.difference.interval.high, DIGITS),
            ],
            "verdict": "worse" if self.is_worse else "better" if self.is_better else "same",
        }


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """A question whose answer or ranking is another one now."""

    id: str
    question: str
    gained: float
    """Sum of its metrics' changes, each counted so that more is better."""
    metrics: Mapping[str, tuple[float | None, float | None]]
    """Those that changed, before and after."""
    before: str
    """The answer's text, or the first documents of the ranking."""
    after: str

    def as_json(self) -> dict[str, Any]:
        """The question with both answers, ready for json.dumps."""
        return {
            "id": self.id,
            "question": self.question,
            "gained": round(self.gained, DIGITS),
            "metrics": {name: list(values) for name, values in self.metrics.items()},
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another."""

    before: RunInfo
    after: RunInfo
    changes: tuple[MetricChange, ...]
    """Overall, then by language pair."""
    changed: tuple[ChangedQuestion, ...]
    """The worst losses first."""
    unpaired: tuple[str, ...]
    """Ids of questions that only one of the runs asks, or each in other words."""

    @property
    def regressions(self) -> tuple[MetricChange, ...]:
        """The changes for the worse that chance does not explain."""
        return tuple(change for change in self.changes if change.is_worse)

    def as_json(self) -> dict[str, Any]:
        """The whole comparison, ready for json.dumps."""
        return {
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "changes": [change.as_json() for change in self.changes],
            "changed": [question.as_json() for question in self.changed],
            "unpaired": list(self.unpaired),
        }


def compare(before: Run, after: Run) -> Comparison:
    """Compare the questions that both runs hold; raises UsageError where there is none."""
    earlier = {_asked(result): result for result in before.results}
    pairs = [(earlier[_asked(r)], r) for r in after.results if _asked(r) in earlier]
    if not pairs or before.info.kind != after.info.kind:
        raise UsageError(
            f"{before.info.name!r} ({before.info.kind}) and {after.info.name!r}"
            f" ({after.info.kind}) have no question in common: compare runs of one question set"
        )
    unpaired = earlier.keys() ^ {_asked(result) for result in after.results}
    return Comparison(
        before=before.info,
        after=after.info,
        changes=tuple(_changes(pairs)),
        changed=tuple(sorted(_changed(pairs), key=lambda question: question.gained)),
        unpaired=tuple(sorted({key for key, _ in unpaired})),
    )


def gate(baseline: Run, run: Run) -> list[str]:
    """Why a run must not pass, a line each: worse than its baseline, or a citation untrue."""
    comparison = compare(baseline, run)
    return [
        *_untrue(run.results),
        *_left_out(baseline, comparison),
        *(_complaint(change) for change in comparison.regressions),
    ]


def _untrue(results: Sequence[Result]) -> Iterator[str]:
    validity = [v for r in results if (v := r.metrics.get("citation_validity")) is not None]
    if sum(validity) < len(validity):
        yield f"citation_validity is {fmean(validity):.4f}, not 1"


def _left_out(baseline: Run, comparison: Comparison) -> Iterator[str]:
    """A run could pass by not asking what it fails at."""
    missing = [r.id for r in baseline.results if r.id in comparison.unpaired]
    if missing:
        yield f"{len(missing)} questions of the baseline were not asked: {', '.join(missing[:10])}"


def _asked(result: Result) -> tuple[str, str]:
    """What makes it the same question: an id may be given to another one."""
    return result.id, result.question


def _complaint(change: MetricChange) -> str:
    low, high = change.difference.interval.low, change.difference.interval.high
    return (
        f"{change.name} ({change.group}) went from {change.before:.4f} to {change.after:.4f}:"
        f" {change.difference.mean:+.4f}, 95 % interval {low:+.4f} to {high:+.4f},"
        f" {change.questions} questions"
    )


def _changes(pairs: Sequence[Pair]) -> Iterator[MetricChange]:
    groups: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair[1].group("pair")].append(pair)
    yield from _group_changes(OVERALL, pairs)
    if len(groups) > 1:
        for name in sorted(groups):
            yield from _group_changes(name, groups[name])


def _group_changes(group: str, pairs: Sequence[Pair]) -> Iterator[MetricChange]:
    for name in dict.fromkeys(name for _, after in pairs for name in after.metrics):
        values = [both for pair in pairs if (both := _both(pair, name))]
        if len(values) > 1:
            yield _change(group, name, *zip(*values, strict=True))


def _both(pair: Pair, name: str) -> tuple[float, float] | None:
    before, after = (result.metrics.get(name) for result in pair)
    return None if before is None or after is None else (before, after)


def _change(group: str, name: str, before: Sequence[float], after: Sequence[float]) -> MetricChange:
    difference = paired_difference(before, after)
    return MetricChange(group, name, len(before), fmean(before), fmean(after), difference)


def _changed(pairs: Sequence[Pair]) -> Iterator[ChangedQuestion]:
    for before, after in pairs:
        metrics = {
            name: (before.metrics.get(name), value)
            for name, value in after.metrics.items()
            if before.metrics.get(name) != value
        }
        if metrics or _shown(before) != _shown(after):
            gained = sum(_gain(name, *values) for name, values in metrics.items())
            yield ChangedQuestion(
                after.id, after.question, gained, metrics, _shown(before), _shown(after)
            )


def _gain(name: str, before: float | None, after: float | None) -> float:
    change = (after or 0.0) - (before or 0.0)
    return -change if name in LOWER_IS_BETTER else change


def _shown(result: Result) -> str:
    """What the question got, as text."""
    if answer := result.details.get("answer"):
        return str(answer["answer"])
    return ", ".join(document["id"] for document in result.details.get("ranked", [])[:SHOWN])
