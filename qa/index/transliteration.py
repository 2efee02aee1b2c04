"""How a name may be written in another script, likeliest first.

A joint source-channel model (Li, Zhang and Su 2004): a name is a chain of units, each a few
letters beside how they are written, and a unit is as likely as it was after the one before it
in a training list; of pairs never met, as it was after any (Witten and Bell 1991).

A file of arrays: unit i is the i-th line of `units`, its letters and what is written for them
around a tab, the first one empty: where names begin and end. It costs `alone[i]` after any other;
after unit j it costs what `costs` has beside i in `following[offsets[j] : offsets[j + 1]]`, else
`leaving[j]` more than alone. Costs are negative logarithms of chances, in sixteenths.

`listed` has the names that lists write otherwise than the chain would (*Velayati*, ولايتي): a line
each, the name, a tab and its spellings with blanks between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nlargest, nsmallest
from math import exp, inf
from pathlib import Path
from types import MappingProxyType
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

FILE = "transliteration.npz"
LONGEST_UNIT = 3
"""Letters of a name that are written as one."""
_BOUNDARY = 0
_BEAM = 40
"""Beginnings of a spelling that are carried on from each letter."""
_SPELLINGS = 60
_SHORTEST, _LONGEST = 3, 16
"""Letters of a name, and of a spelling at least; fewer may be any word."""
_STEP = 1 / 16
_CACHED_NAMES = 1 << 12

Unit: TypeAlias = tuple[str, str]
Costs: TypeAlias = NDArray[np.uint8]
_Way: TypeAlias = tuple[int, str]
"""The last unit of a beginning of a name, and what is written so far."""
_Ways: TypeAlias = dict[_Way, float]
"""Each with its cost."""


@dataclass(frozen=True, slots=True, eq=False)
class UnitCosts:
    """What the file holds, as the module says."""

    units: tuple[Unit, ...]
    alone: Costs
    leaving: Costs
    offsets: NDArray[np.uint32]
    following: NDArray[np.uint16]
    costs: Costs


def stored_cost(chance: NDArray[np.float64]) -> Costs:
    """Chances as the file has them; 1e-7 is the least it can tell."""
    costs: Costs = np.clip(np.round(-np.log(chance) / _STEP), 0, 255).astype(np.uint8)
    return costs


_NO_COSTS = np.zeros(1, np.uint8)
_NO_UNITS = UnitCosts(
    units=(("", ""),),
    alone=_NO_COSTS,
    leaving=_NO_COSTS,
    offsets=np.zeros(2, np.uint32),
    following=np.zeros(0, np.uint16),
    costs=_NO_COSTS[:0],
)


class Transliteration:
    """Writes names of the training list's first script in its second; safe for threads."""

    def __init__(
        self, stored: UnitCosts = _NO_UNITS, listed: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.stored = stored
        self.listed = listed
        """Spellings, with blanks between, of names that lists write otherwise than expected."""
        self.spellings = lru_cache(_CACHED_NAMES)(self._spellings)
        """Spellings of a folded name with their chances, the likeliest first, listed ones as
        likely as any; none where the model lacks a letter of it."""

    def __reduce__(self) -> tuple[type[Transliteration], tuple[UnitCosts, dict[str, str]]]:
        return Transliteration, (self.stored, dict(self.listed))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """That of a model folder; one that knows no letter where it has no such file."""
        if not (folder / FILE).exists():
            return cls()
        with np.load(folder / FILE) as arrays:
            lines = arrays["units"].tobytes().decode().split("\n")
            units = tuple((left, right) for left, _, right in (x.partition("\t") for x in lines))
            names = ("alone", "leaving", "offsets", "following", "costs")
            listed = arrays["listed"].tobytes().decode().splitlines()
            costs = UnitCosts(units, *(arrays[name] for name in names))
            return cls(costs, dict(line.split("\t") for line in listed))

    def write(self, folder: Path) -> None:
        """Writes the file into a model folder."""
        lines = "\n".join("\t".join(unit) for unit in self.stored.units)
        listed = "\n".join("\t".join(name) for name in sorted(self.listed.items()))
        np.savez_compressed(
            folder / FILE,
            units=np.frombuffer(lines.encode(), np.uint8),
            alone=self.stored.alone,
            leaving=self.stored.leaving,
            offsets=self.stored.offsets,
            following=self.stored.following,
            costs=self.stored.costs,
            listed=np.frombuffer(listed.encode(), np.uint8),
        )

    def _spellings(self, name: str) -> Mapping[str, float]:
        expected = self._expected(name)
        listed = self.listed.get(name, "").split()
        if not (expected and listed):
            return expected
        others = {w: chance for w, chance in expected.items() if w not in listed}
        return dict.fromkeys(listed, max(expected.values())) | others

    def _expected(self, name: str) -> Mapping[str, float]:
        """By the chain of units alone."""
        if not _SHORTEST <= len(name) <= _LONGEST:
            return {}
        chances: defaultdict[str, float] = defaultdict(float)
        for (unit, written), cost in self._ways(name).items():
            # The same letters may be cut into units in several ways.
            if len(written) >= _SHORTEST:
                chances[written] += exp(-cost - self._ending(unit))
        total = sum(chances.values())
        best = nlargest(_SPELLINGS, chances, key=chances.__getitem__)
        return {written: chances[written] / total for written in best}

    def _ways(self, name: str) -> _Ways:
        """Ways of writing a whole name that the beam search has kept."""
        ways: list[_Ways] = [{} for _ in range(len(name) + 1)]
        ways[0][_BOUNDARY, ""] = 0.0
        for start, here in enumerate(ways[:-1]):
            kept = nsmallest(_BEAM, here.items(), key=lambda way: way[1])
            for end in range(start + 1, min(start + LONGEST_UNIT, len(name)) + 1):
                self._carry_on(kept, name[start:end], ways[end])
        return ways[-1]

    def _carry_on(self, kept: Sequence[tuple[_Way, float]], letters: str, ways: _Ways) -> None:
        """Adds to `ways` each kept one with each unit of some letters, where none is cheaper."""
        units = self._by_letters.get(letters, ())
        for (last, written), cost in kept:
            after, leaving = self._after[last], self._leaving[last]
            for unit, letters_written, alone in units:
                longer = unit, written + letters_written
                total = cost + after.get(unit, leaving + alone)
                if total < ways.get(longer, inf):
                    ways[longer] = total

    def _ending(self, last: int) -> float:
        return self._after[last].get(_BOUNDARY, self._leaving[last] + self._alone[_BOUNDARY])

    @cached_property
    def _by_letters(self) -> dict[str, list[tuple[int, str, float]]]:
        """Units by the letters of the name: their number, what is written and the cost alone."""
        units: defaultdict[str, list[tuple[int, str, float]]] = defaultdict(list)
        for i, (letters, written) in enumerate(self.stored.units):
            units[letters].append((i, written, self._alone[i]))
        return dict(units)

    @cached_property
    def _after(self) -> list[dict[int, float]]:
        """For each unit what those met after it cost."""
        stored = self.stored
        parts = [slice(*ends) for ends in zip(stored.offsets, stored.offsets[1:], strict=False)]
        costs = stored.costs * _STEP
        return [
            dict(zip(stored.following[part].tolist(), costs[part].tolist(), strict=True))
            for part in parts
        ]

    @cached_property
    def _alone(self) -> list[float]:
        costs: list[float] = (self.stored.alone * _STEP).tolist()
        return costs

    @cached_property
    def _leaving(self) -> list[float]:
        costs: list[float] = (self.stored.leaving * _STEP).tolist()
        return costs
