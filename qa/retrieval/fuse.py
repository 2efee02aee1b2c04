"""Blending what several retrieval legs think of the same candidates into one score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.model import LegRank

Scores: TypeAlias = NDArray[np.float32]
"""A leg's scores of the candidates, shape (candidates,); NaN where it did not find one."""
Places: TypeAlias = NDArray[np.intp]
"""Which of the candidates, shape (some,)."""

BY_LANGUAGE = frozenset({"late"})
"""Legs that score all candidates: the others name the best of all languages, and what their lists
hold of one of them says little about the rest of it."""
ACROSS = 1.35
"""A match by translations stands out less than one by equal words: what it scores above the mean
counts so much more, where the archive holds the question's language too."""
PRIOR = 20
"""Passages of a language by which it is judged half by itself, half like the others."""


def blend(
    legs: Mapping[str, Scores], weights: Mapping[str, float], languages: Sequence[str], asked: str
) -> Scores:
    """Weighted sum of the legs' standardised scores; a leg without a weight only watches.

    `languages` are the candidates', `asked` is the question's. A candidate that a leg did not find
    counts as that leg's worst; a leg that found none, or thinks the same of all, does not vote.
    """
    groups = _groups(languages)
    total = np.zeros(len(languages), dtype=np.float32)
    for name, scores in legs.items():
        within = groups.values() if name in BY_LANGUAGE else [np.arange(len(languages))]
        total += weights.get(name, 0.0) * standardise(scores, within)
    if asked in groups:
        across = np.ones(len(total), dtype=bool)
        across[groups[asked]] = False
        total[across & (total > 0)] *= ACROSS
    return total


def _groups(languages: Sequence[str]) -> dict[str, Places]:
    """Places of the candidates in each language."""
    of = np.array(languages)
    return {str(language): np.flatnonzero(of == language) for language in np.unique(of)}


def standardise(scores: Scores, groups: Iterable[Places]) -> Scores:
    """Zero mean and unit variance within each group, missing scores first set to the minimum.

    The equal words of the question's own language score more than any translation, so passages are
    compared with those in their language (z-scores, as Savoy 2004 merges the lists of several
    collections). The fewer a group has, the more it goes by the mean and variance of all.
    """
    found = ~np.isnan(scores)
    if not found.any():
        return np.zeros_like(scores)
    filled = np.where(found, scores, scores[found].min())
    if filled.std() < 1e-6 * max(1.0, float(np.abs(filled).max())):
        return np.zeros_like(scores)
    standard = np.empty_like(filled)
    for places in groups:
        standard[places] = _within(filled[places], filled)
    return standard


def _within(part: Scores, whole: Scores) -> Scores:
    own = len(part) / (len(part) + PRIOR)
    mean = own * part.mean() + (1 - own) * whole.mean()
    variance = own * part.var() + (1 - own) * whole.var()
    standard: Scores = ((part - mean) / np.sqrt(variance)).astype(np.float32)
    return standard


def ranks(scores: Scores, chosen: Sequence[int]) -> list[LegRank | None]:
    """Place and score of the chosen candidates in a leg, None where the leg did not find one."""
    places = np.empty(len(scores), dtype=int)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)  # NaN goes last
    return [
        None if np.isnan(scores[i]) else LegRank(int(places[i]), float(scores[i])) for i in chosen
    ]
