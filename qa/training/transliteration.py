"""From lists of names in two scripts to the model that writes the one in the other.

Which letters stand for which is learnt by expectation and maximisation over every way of cutting
both spellings into units (Jiampojamarn, Kondrak and Sherif 2007, "Applying many-to-many
alignments and hidden Markov models to letter-to-phoneme conversion"); the best cut of each name
is then counted, unit after unit. Names that a list writes otherwise than that would have them
are kept as they are listed.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from random import Random
from typing import TypeAlias

import numpy as np

from qa.index.transliteration import (
    LONGEST_UNIT,
    Transliteration,
    Unit,
    UnitCosts,
    stored_cost,
)
from qa.retrieval.spelling import likeness
from qa.text.folding import fold
from qa.training.corpus import KeyedSource
from qa.training.sources import Kind, Pair

NamePair: TypeAlias = tuple[str, str]
"""A word of a name beside how it is written in the other script, both folded."""

_LONGEST_WRITTEN = 2
"""Letters that a unit is written with; none for silent ones."""
_LEARNT_FROM = 20_000
"""Names that the chances of units are learnt from; all are counted afterwards."""
_ROUNDS = 6
_LEAST_EXPECTED = 0.5
_LEAST_MET = 10
_LEAST_SHARE = 0.005
"""Of the times that a unit's letters are met; what is rarer is a slip of a list."""
_LEAST_PAIRED = 2
_SOUNDS_LIKE = 0.4
_BOUNDARY: Unit = ("", "")
_ARTICLE = "ال"
_SHORTEST = 2
"""Letters of what is left without the article."""

_Cut: TypeAlias = tuple[Unit, ...]
_Edge: TypeAlias = tuple[tuple[int, int], tuple[int, int], Unit]
"""Where in both spellings a unit begins, where it ends, and what it is."""


def transliteration(pairs: Sequence[NamePair]) -> Transliteration:
    """The model of some names, each counted once; one without letters where there are none."""
    distinct = sorted(set(pairs))
    Random(0).shuffle(distinct)
    chances = _unit_chances(distinct[:_LEARNT_FROM])
    cuts = [cut for pair in distinct if (cut := _best_cut(pair, chances))]
    usual = _usual(cuts)
    if not usual:
        return Transliteration()
    expected = Transliteration(_costs(usual))
    return Transliteration(expected.stored, _unexpected(distinct, expected))


def name_pairs(sources: Iterable[KeyedSource]) -> list[NamePair]:
    """English names and Russian ones beside Arabic, word by word, by way of the English word."""
    arabic: defaultdict[str, set[str]] = defaultdict(set)
    russian: list[NamePair] = []
    for read in sources:
        if read.source.kind is Kind.NAMES:
            for english, other in chain.from_iterable(map(_words_of, read.pairs)):
                if read.source.language == "ar":
                    arabic[english].add(_bare(other, english))
                elif read.source.language == "ru":
                    russian.append((english, other))
    return [
        *((name, written) for name, several in arabic.items() for written in several),
        *((name, written) for english, name in russian for written in arabic.get(english, ())),
    ]


def _unexpected(pairs: Iterable[NamePair], expected: Transliteration) -> dict[str, str]:
    """The listed spellings of names that are all less likely than another one.

    Words that do not sound like the name are beside it by a slip of the list, or by the order of
    words in it (Sadr City, مدينة الصدر).
    """
    listed: defaultdict[str, set[str]] = defaultdict(set)
    for name, written in pairs:
        listed[name].add(written)
    kept: dict[str, str] = {}
    for name, several in listed.items():
        first = next(iter(expected.spellings(name)), None)
        sounding = sorted(w for w in several if likeness(name, w) >= _SOUNDS_LIKE)
        if first and first not in several and sounding:
            kept[name] = " ".join(sounding)
    return kept


def _words_of(pair: Pair) -> Iterator[NamePair]:
    """Where both names have as many words, those at the same place."""
    names, written = fold(pair.english).split(), fold(pair.other).split()
    for name, word in zip(names, written, strict=True) if len(names) == len(written) else ():
        if min(len(name), len(word)) > 1 and (name + word).isalpha() and name.isascii():
            yield name, word


def _bare(arabic: str, english: str) -> str:
    """Without the article, which place names have in Arabic alone."""
    bare = arabic.removeprefix(_ARTICLE)
    return arabic if english.startswith("al") or len(bare) < _SHORTEST else bare


def _edges(pair: NamePair) -> Iterator[_Edge]:
    """Every unit at every place of two spellings, in the order of where they begin."""
    name, written = pair
    for i in range(len(name)):
        for j in range(len(written) + 1):
            for end in range(i + 1, min(i + LONGEST_UNIT, len(name)) + 1):
                for stop in range(j, min(j + _LONGEST_WRITTEN, len(written)) + 1):
                    yield (i, j), (end, stop), (name[i:end], written[j:stop])


def _unit_chances(pairs: Sequence[NamePair]) -> Mapping[Unit, float]:
    """How often units are met, as expected over all cuts of the names."""
    chances: Mapping[Unit, float] = defaultdict(lambda: 1.0)
    for _ in range(_ROUNDS):
        expected: defaultdict[Unit, float] = defaultdict(float)
        for pair in pairs:
            _expect(pair, chances, expected)
        kept = {unit: n for unit, n in expected.items() if n >= _LEAST_EXPECTED}
        total = sum(kept.values())
        chances = defaultdict(float, {unit: n / total for unit, n in kept.items()})
    return chances


def _expect(pair: NamePair, chances: Mapping[Unit, float], expected: dict[Unit, float]) -> None:
    """Adds to each unit how often it is in the cuts of a pair (the forward-backward algorithm)."""
    whole = len(pair[0]), len(pair[1])
    edges = [(*edge, chance) for edge in _edges(pair) if (chance := chances[edge[2]])]
    before = defaultdict(float, {(0, 0): 1.0})
    for start, end, _, chance in edges:
        before[end] += before[start] * chance
    after = defaultdict(float, {whole: 1.0})
    for start, end, _, chance in reversed(edges):
        after[start] += after[end] * chance
    if before[whole]:
        for start, end, unit, chance in edges:
            expected[unit] += before[start] * chance * after[end] / before[whole]


def _best_cut(pair: NamePair, chances: Mapping[Unit, float]) -> _Cut:
    """The likeliest cut of a pair; empty where there is none."""
    best: dict[tuple[int, int], tuple[float, _Cut]] = {(0, 0): (0.0, ())}
    for start, end, unit in _edges(pair):
        if start in best and chances[unit]:
            score = best[start][0] + math.log(chances[unit])
            if end not in best or score > best[end][0]:
                best[end] = score, (*best[start][1], unit)
    return best.get((len(pair[0]), len(pair[1])), (0.0, ()))[1]


def _usual(cuts: Sequence[_Cut]) -> list[_Cut]:
    """Those whose units are all met often enough."""
    met = Counter(unit for cut in cuts for unit in cut)
    letters: Counter[str] = Counter()
    for unit, count in met.items():
        letters[unit[0]] += count
    usual = {
        unit
        for unit, count in met.items()
        if count >= _LEAST_MET and count >= _LEAST_SHARE * letters[unit[0]]
    }
    return [cut for cut in cuts if usual.issuperset(cut)]


def _costs(cuts: Sequence[_Cut]) -> UnitCosts:
    """What units cost, with the chance of what was never met as Witten and Bell (1991) have it."""
    chains = [(_BOUNDARY, *cut, _BOUNDARY) for cut in cuts]
    met = Counter(unit for chain in chains for unit in chain[1:])
    paired = Counter(pair for chain in chains for pair in pairwise(chain))
    kinds = Counter(last for last, _ in paired)
    units = sorted(met)  # the boundary, which is empty, is first
    number = {unit: i for i, unit in enumerate(units)}
    alone = {unit: count / met.total() for unit, count in met.items()}
    kept = sorted(pair for pair, count in paired.items() if count >= _LEAST_PAIRED)
    lasts = [number[last] for last, _ in kept]
    chances = [
        (paired[last, unit] + kinds[last] * alone[unit]) / (met[last] + kinds[last])
        for last, unit in kept
    ]
    return UnitCosts(
        units=tuple(units),
        alone=stored_cost(np.array([alone[unit] for unit in units])),
        leaving=stored_cost(np.array([kinds[u] / (met[u] + kinds[u]) for u in units])),
        offsets=np.searchsorted(lasts, np.arange(len(units) + 1)).astype(np.uint32),
        following=np.array([number[unit] for _, unit in kept], dtype=np.uint16),
        costs=stored_cost(np.array(chances)),
    )
