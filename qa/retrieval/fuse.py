"""Blending what several retrieval legs think of the same candidates into one score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.model import LegRank

Scores: TypeAlias = NDArray[np.float32]
"""A leg's scores of the candidates, shape (candidates,); NaN where it did not find one."""


def blend(legs: Mapping[str, Scores], weights: Mapping[str, float]) -> Scores:
    """Weighted sum of the legs' standardised scores; a leg without a weight only watches.

    A candidate that a leg did not find counts as that leg's worst; a leg that found none, or
    thinks the same of all, does not vote.
    """
    size = len(next(iter(legs.values()), ()))
    total = np.zeros(size, dtype=np.float32)
    for name, scores in legs.items():
        total += weights.get(name, 0.0) * standardise(scores)
    return total


def standardise(scores: Scores) -> Scores:
    """Zero mean and unit variance, the missing ones first set to the minimum; else all zeros."""
    found = ~np.isnan(scores)
    if not found.any():
        return np.zeros_like(scores)
    filled = np.where(found, scores, scores[found].min())
    deviation = filled.std()
    if deviation < 1e-6 * max(1.0, float(np.abs(filled).max())):
        return np.zeros_like(scores)
    standard: Scores = ((filled - filled.mean()) / deviation).astype(np.float32)
    return standard


def ranks(scores: Scores, chosen: Sequence[int]) -> list[LegRank | None]:
    """Place and score of the chosen candidates in a leg, None where the leg did not find one."""
    places = np.empty(len(scores), dtype=int)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)  # NaN goes last
    return [
        None if np.isnan(scores[i]) else LegRank(int(places[i]), float(scores[i])) for i in chosen
    ]
