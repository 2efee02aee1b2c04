"""What a retrieval report shows of rankings, and every report of times."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from qa.evaluation.reports.charts import Chart, Count, column_chart
from qa.evaluation.results import Result

WORST = 30
"""Questions of a bench that are shown, the worst first."""
SHOWN = 3
"""Documents of each ranking."""
STEPS = 20
"""Of the time axis, about."""
_RANKS = (1, 2, 3, 5, 10, 20, 50, 100)
_NONE = "none"
_NICE = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Relevant:
    """A document that is relevant to a question, and where the ranking has it."""

    id: str
    gain: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document that was found."""

    id: str
    score: float
    relevant: bool


@dataclass(frozen=True, slots=True)
class RankingCase:
    """A question of a bench with what was found for it."""

    result: Result
    relevant: tuple[Relevant, ...]
    """The best ranked first."""
    ranked: tuple[Ranked, ...]


def first_relevant(result: Result) -> int | None:
    """Rank of the first relevant document; None where none was found."""
    relevant, ranked = _relevant(result), enumerate(result.details["ranked"], 1)
    return next((rank for rank, document in ranked if document["id"] in relevant), None)


def worst(results: Sequence[Result]) -> tuple[RankingCase, ...]:
    """The questions that are least well served, but none that is served perfectly."""
    short = [result for result in results if (result.metrics.get("ndcg@10") or 0) < 1]
    short.sort(key=_quality)
    return tuple(map(_case, short[:WORST]))


def rank_chart(results: Sequence[Result]) -> Chart:
    """How many questions find their first relevant document at which rank."""
    counts = Counter(_rank_label(first_relevant(result)) for result in results)
    columns = [Count(label, counts[label], label == _NONE) for label in (*_labels(), _NONE)]
    return column_chart(
        "Rank of the first relevant document",
        f"{counts['1']} of {len(results)} questions have a relevant document in first place,"
        f" {counts[_NONE]} have none among the documents found",
        columns,
        "Rank",
    )


def latency_chart(results: Sequence[Result], summary: Mapping[str, Any]) -> Chart:
    """How long the questions took; the last column holds the slower ones too."""
    median, slow = summary["latency_p50_ms"], summary["latency_p95_ms"]
    times = [result.milliseconds for result in results]
    step = _nice(max(1.6 * slow, 1e-3) / STEPS)
    steps = max(1, min(2 * STEPS, floor(min(max(times, default=0), 1.6 * slow) / step) + 1))
    counts = Counter(min(steps - 1, floor(time / step)) for time in times)
    edges = [place * step for place in range(steps + 1)]
    slower = sum(time >= edges[-1] for time in times)
    return column_chart(
        "Time for each question",
        f"Half of the questions took at most {median:.0f} ms, 95\u00a0% at most {slow:.0f} ms"
        + (f"; the last column holds {slower} that took longer still" if slower else ""),
        [Count(f"{edges[place]:g}–{edges[place + 1]:g}", counts[place]) for place in range(steps)],
        "Milliseconds",
        {f"p50 {median:.0f} ms": median, f"p95 {slow:.0f} ms": slow},
        edges,
    )


def _case(result: Result) -> RankingCase:
    relevant, ranked = _relevant(result), result.details["ranked"]
    ranks = {document["id"]: rank for rank, document in enumerate(ranked, 1)}
    found = [Relevant(key, gain, ranks.get(key)) for key, gain in relevant.items()]
    found.sort(key=lambda document: (document.rank is None, document.rank or 0))
    best = (Ranked(d["id"], d["score"], d["id"] in relevant) for d in ranked[:SHOWN])
    return RankingCase(result, tuple(found[:SHOWN]), tuple(best))


def _relevant(result: Result) -> dict[str, float]:
    """The gains of documents; benches also list documents that were judged and have none."""
    return {key: gain for key, gain in result.details["relevant"].items() if gain > 0}


def _quality(result: Result) -> tuple[float, float, int]:
    """Worst first: by the top of the ranking, then by how far down relevance begins."""
    metrics = result.metrics
    rank = first_relevant(result)
    return metrics.get("ndcg@10") or 0, metrics.get("recall@100") or 0, -(rank or 1_000)


def _labels() -> Iterator[str]:
    for before, last in zip((0, *_RANKS), _RANKS, strict=False):
        yield str(last) if last == before + 1 else f"{before + 1}–{last}"


def _rank_label(rank: int | None) -> str:
    if rank is None or rank > _RANKS[-1]:
        return _NONE
    return list(_labels())[bisect_left(_RANKS, rank)]


def _nice(step: float) -> float:
    """The next round number: 1, 2, 2.5 or 5 times a power of ten."""
    power: float = 10.0 ** floor(log10(step))
    return power * next(factor for factor in _NICE if factor * power >= step * (1 - 1e-9))
