"""Retrieval metrics of one question, each with its definition and source.

`ranked` holds document ids, best first, none twice; `relevant` maps document ids to their gain,
0 meaning judged and not relevant. Names carry their parameter, as in `ndcg@10`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log2
from typing import TypeAlias

from qa.errors import UsageError

Metric: TypeAlias = Callable[[Sequence[str], Mapping[str, int], int], float]


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Gain of each of the first k over log2(rank + 1), as a share of the best possible order.

    Järvelin and Kekäläinen 2002, with the linear gain of trec_eval's `ndcg_cut`.
    """
    ideal = _discounted(sorted(relevant.values(), reverse=True)[:k])
    gained = _discounted([relevant.get(document, 0) for document in ranked[:k]])
    return gained / ideal if ideal else 0.0


def recall(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Share of the relevant documents that are among the first k (trec_eval's `recall`)."""
    wanted = {document for document, gain in relevant.items() if gain > 0}
    return len(wanted.intersection(ranked[:k])) / len(wanted) if wanted else 0.0


def mrr(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """One over the rank of the first relevant document, 0 past rank k (TREC-8 QA, 1999)."""
    ranks = (rank for rank, document in enumerate(ranked[:k], 1) if relevant.get(document, 0) > 0)
    return 1 / next(ranks, float("inf"))


METRICS: Mapping[str, Metric] = {"ndcg": ndcg, "recall": recall, "mrr": mrr}


def measure(name: str, ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    """The metric called e.g. "recall@100"; raises UsageError for a name that is none."""
    base, _, k = name.partition("@")
    if base not in METRICS or not k.isdecimal() or int(k) == 0:
        known = ", ".join(f"{metric}@K" for metric in METRICS)
        raise UsageError(f"no metric is called {name!r}: use one of {known}")
    return METRICS[base](ranked, relevant, int(k))


def _discounted(gains: Sequence[int]) -> float:
    """Discounted gain; what is judged below zero gains nothing, as trec_eval has it."""
    return sum(max(gain, 0) / log2(rank + 1) for rank, gain in enumerate(gains, 1))
