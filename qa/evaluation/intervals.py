"""Bootstrap confidence intervals over questions: how far a mean could be off by chance.

A metric's values are those of the questions it is about, one each. Efron and Tibshirani, "An
Introduction to the Bootstrap", 1993, chapters 6 and 13; for retrieval experiments Sakai,
"Evaluating evaluation metrics based on the bootstrap", SIGIR 2006. Nothing is drawn anew from
run to run: the same values, in whatever order, have the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.errors import UsageError

RESAMPLES = 2_000
"""Twice what Efron and Tibshirani (section 13.3) and Sakai find enough for 95 %."""

_PERCENTS = (2.5, 97.5)
_FEWEST = 2
_SEED = 2006
# Up to so many distinct values, counting them is faster than drawing one by one.
_FEW = 8
# What summing in another order may change; a bound this near to zero is zero.
_ROUNDING = 1e-12

_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between which 95 % of the resampled means lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a metric changed from one run to the next, over the same questions."""

    mean: float
    """After minus before."""
    interval: Interval

    @property
    def rose(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.interval.low > _ROUNDING

    @property
    def fell(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.interval.high < -_ROUNDING


def mean_interval(values: Sequence[float]) -> Interval | None:
    """The 95 % percentile bootstrap of the mean; None of fewer than two values.

    Values that are all equal have an interval of no width: what the sample does not show, the
    bootstrap cannot know.
    """
    if len(values) < _FEWEST:
        return None
    low, high = np.percentile(_resampled_means(np.asarray(values, np.float64)), _PERCENTS)
    return Interval(float(low), float(high))


def paired_difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """The change of the mean, question by question, with its paired bootstrap.

    Questions are resampled, not runs: both values of a question stay together, so that what makes
    a question hard for both runs cancels out. Raises UsageError unless both have the same number
    of values, two or more.
    """
    if len(before) != len(after):
        raise UsageError(
            f"{len(before)} values before and {len(after)} after are no pairs: "
            "give both runs' values for the same questions, in the same order"
        )
    changes = [new - old for old, new in zip(before, after, strict=True)]
    interval = mean_interval(changes)
    if interval is None:
        raise UsageError(f"{len(changes)} questions show no change: compare {_FEWEST} or more")
    return Difference(fsum(changes) / len(changes), interval)


def _resampled_means(values: _Floats) -> _Floats:
    # Measured from one of the values, so that values that are all equal have that very mean.
    distinct, counts = np.unique(values, return_counts=True)
    origin = distinct[0]
    above = (
        _means_of_few(distinct - origin, counts)
        if len(distinct) <= _FEW
        else _means(np.sort(values) - origin)
    )
    means: _Floats = origin + above
    return means


def _means(values: _Floats) -> _Floats:
    # Not @: on a busy machine the threads of BLAS wait for each other ten times as long.
    means: _Floats = np.einsum("rv,v->r", _draws(len(values)), values) / len(values)
    return means


def _means_of_few(distinct: _Floats, counts: NDArray[np.int64]) -> _Floats:
    """The same for values of which many are equal, 0 and 1 above all: draws only how many."""
    size = int(counts.sum())
    draws = np.random.default_rng(_SEED).multinomial(size, counts / size, RESAMPLES)
    means: _Floats = draws @ distinct / size
    return means


@lru_cache(maxsize=4)
def _draws(size: int) -> _Floats:
    """How often each resample draws each value, shape (RESAMPLES, size); rows add up to size.

    Kept, at 16 kB a value, because the metrics of a group of questions are about one of few
    numbers of them, and drawing takes far longer than using what was drawn.
    """
    places = np.random.default_rng(_SEED).integers(size, size=(RESAMPLES, size))
    places += size * np.arange(RESAMPLES)[:, np.newaxis]
    counts = np.bincount(places.ravel(), minlength=RESAMPLES * size).astype(np.float64)
    counts.flags.writeable = False
    return counts.reshape(RESAMPLES, size)
