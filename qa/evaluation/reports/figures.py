"""The figures of a summary as reports show them: with their meaning, intervals and groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from qa.evaluation.intervals import Interval
from qa.evaluation.reports.charts import Bar
from qa.evaluation.results import Result
from qa.evaluation.summary import LOWER_IS_BETTER

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "evidence@1": "The first citation holds the evidence",
        "evidence@3": "One of the first three citations holds the evidence",
        "article@1": "The first citation is from the right article",
        "answered": "Questions with an answer that were not refused",
        "refused": "Questions without an answer that were refused",
        "citation_validity": "Quotes that stand in their article, character for character",
        "retrieved@10": "One of the ten best passages holds the evidence",
        "citation_precision": "Share of the cited characters that are evidence",
        "citation_recall": "Share of the evidence's characters that are cited",
        "alce_precision": "Citations that their claim needs (ALCE)",
        "alce_recall": "Claims that their citations support (ALCE)",
        "claims_supported": "Claims that are quoted or that pass the checks of support",
        "exact_match": "Answers that are a reference word for word",
        "token_f1": "Words shared by answer and reference",
        "exact_match_official": "Exact match by MLQA's rules, to compare with papers",
        "token_f1_official": "Shared words by MLQA's rules, to compare with papers",
        "hallucination_rate": "Questions without an answer that got one",
        "error_rate": "Questions with an answer that were refused",
        "ndcg@10": "How near to the top the relevant documents are, of ten",
        "recall@1": "Relevant documents that are in first place",
        "recall@10": "Relevant documents that are among the first ten",
        "recall@100": "Relevant documents that are among the first hundred",
        "mrr@10": "One over the rank of the first relevant document, 0 beyond ten",
    }
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric of some questions; no mean where it is about none of them."""

    name: str
    mean: float | None
    interval: Interval | None

    @property
    def meaning(self) -> str:
        """In plain words; empty for a metric that nobody has described."""
        return MEANINGS.get(self.name, "")

    @property
    def lower_is_better(self) -> bool:
        """Whether it counts mistakes."""
        return self.name in LOWER_IS_BETTER


@dataclass(frozen=True, slots=True)
class Group:
    """The questions with one value of a field."""

    value: str
    questions: int
    measures: tuple[Measure, ...]
    latency_p50_ms: float
    latency_p95_ms: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """The figures by each value of a field."""

    title: str
    field: str
    metrics: tuple[str, ...]
    groups: tuple[Group, ...]


def measure(name: str, summary: Mapping[str, Any]) -> Measure:
    """One metric of a summary or of one of its groups."""
    ends = summary["intervals"].get(name)
    return Measure(name, summary.get(name), Interval(*ends) if ends else None)


def measures(names: Iterable[str], summary: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Those of the metrics that the summary has a mean of, in the order of the names."""
    return tuple(m for name in names if (m := measure(name, summary)).mean is not None)


def metric_names(results: Sequence[Result]) -> tuple[str, ...]:
    """Every metric of a run, the described ones first and in their order."""
    known = dict.fromkeys(name for result in results for name in result.metrics)
    described = [name for name in MEANINGS if name in known]
    return tuple(dict.fromkeys([*described, *known]))


def grouping(
    title: str, field: str, metrics: Sequence[str], summary: Mapping[str, Any]
) -> Grouping | None:
    """The groups of `by_<field>` with the metrics that any has; None without groups."""
    parts: Mapping[str, Mapping[str, Any]] = summary.get(f"by_{field}", {})
    if not parts:
        return None
    shown = tuple(
        name for name in metrics if any(part.get(name) is not None for part in parts.values())
    )
    groups = (
        Group(
            value,
            part["questions"],
            tuple(measure(name, part) for name in shown),
            part["latency_p50_ms"],
            part["latency_p95_ms"],
        )
        for value, part in parts.items()
    )
    return Grouping(title, field, shown, tuple(groups))


def bars(name: str, field: str, results: Sequence[Result], summary: Mapping[str, Any]) -> list[Bar]:
    """A metric's bar for each group of questions that it is about."""
    return [
        Bar(value, found.mean, found.interval, _asked(name, field, value, results))
        for value, part in summary.get(f"by_{field}", {}).items()
        if (found := measure(name, part)).mean is not None
    ]


def _asked(name: str, field: str, value: str, results: Sequence[Result]) -> int:
    """How many questions of a group the metric is about."""
    return sum(r.group(field) == value and r.metrics.get(name) is not None for r in results)
