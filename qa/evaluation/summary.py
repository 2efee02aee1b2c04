"""From results to figures: means with intervals, overall and by group, and percentiles of time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType
from typing import Any

from qa.evaluation.intervals import Interval, mean_interval
from qa.evaluation.results import Result

LOWER_IS_BETTER = frozenset({"hallucination_rate", "error_rate"})
"""Metrics that count mistakes."""
GROUPS: Mapping[str, str] = MappingProxyType(
    {"by_language": "lang", "by_pair": "pair", "by_kind": "kind", "by_split": "split"}
)
"""Name in the summary → field of a result."""
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's mean over the questions that it is about."""

    mean: float
    interval: Interval | None
    """95 %; None for fewer than two questions."""
    questions: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of some results."""

    questions: int
    figures: Mapping[str, Figure]
    """By metric; a metric that is about none of the questions is left out."""
    names: tuple[str, ...]
    """Every metric that the results know."""
    latency_p50_ms: float
    latency_p95_ms: float

    def as_json(self) -> dict[str, Any]:
        """Metrics flat under their names, None where nothing counts; their intervals beside."""
        means = {
            name: self.figures[name].mean if name in self.figures else None for name in self.names
        }
        return {
            "questions": self.questions,
            **means,
            "latency_p50_ms": self.latency_p50_ms,
            "latency_p95_ms": self.latency_p95_ms,
            "intervals": {
                name: [figure.interval.low, figure.interval.high]
                for name, figure in self.figures.items()
                if figure.interval
            },
        }


def summarise(results: Sequence[Result]) -> Summary:
    """The figures over all results."""
    names = tuple(dict.fromkeys(name for result in results for name in result.metrics))
    figures = {name: figure for name in names if (figure := _figure(name, results))}
    times = sorted(result.milliseconds for result in results)
    return Summary(
        questions=len(results),
        figures=figures,
        names=names,
        latency_p50_ms=round(percentile(times, 50), 2),
        latency_p95_ms=round(percentile(times, 95), 2),
    )


def summarise_by(field: str, results: Sequence[Result]) -> dict[str, Summary]:
    """The figures of each group of results with the same value of a field, in its order."""
    groups: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        if value := result.group(field):
            groups[value].append(result)
    return {value: summarise(groups[value]) for value in sorted(groups)}


def summary_json(results: Sequence[Result]) -> dict[str, Any]:
    """Figures overall and by each of `GROUPS` that the results have, ready for json.dumps."""
    grouped = {name: summarise_by(field, results) for name, field in GROUPS.items()}
    return summarise(results).as_json() | {
        name: {value: summary.as_json() for value, summary in parts.items()}
        for name, parts in grouped.items()
        if parts
    }


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of values in ascending order; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def _figure(name: str, results: Sequence[Result]) -> Figure | None:
    values = [value for result in results if (value := result.metrics.get(name)) is not None]
    if not values:
        return None
    interval = mean_interval(values)
    if interval:
        interval = Interval(round(interval.low, DIGITS), round(interval.high, DIGITS))
    return Figure(round(fmean(values), DIGITS), interval, len(values))
