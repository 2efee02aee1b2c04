"""The training rows as arrays: every source read, cut into keys, counted and grouped by kind."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.model import Vectors
from qa.training.errors import TrainingError
from qa.training.sources import Kind, Pair, Source, read_pairs
from qa.training.vocabulary import Ragged

Keys = Callable[[str, str], list[str]]
"""Text and language → keys of the word table."""
Encode = Callable[[Sequence[str]], Vectors]
"""English texts → the teacher's unit vectors."""


@dataclass(frozen=True, slots=True)
class KeyedSource:
    """A source whose texts have been cut into keys; pairs with an empty side are left out."""

    source: Source
    pairs: tuple[Pair, ...]
    english: tuple[tuple[str, ...], ...]
    other: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """The rows of one kind: both sides as rows of the word table, and the vector to land on."""

    english: Ragged
    other: Ragged
    targets: Vectors
    """Unit vectors, shape (rows, dimension)."""
    chances: NDArray[np.float64]
    """Probability of each row to be drawn; they add up to 1."""

    @property
    def cumulative(self) -> NDArray[np.float64]:
        """Where in 0 to 1 the chance of each row ends."""
        return np.cumsum(self.chances)

    def __len__(self) -> int:
        return len(self.chances)


def read_sources(
    data: Path, sources: Iterable[Source], keys: Keys, longest: int
) -> list[KeyedSource]:
    """Every source, its texts cut to `longest` keys."""
    known: dict[tuple[str, str], tuple[str, ...]] = {}

    def keys_of(text: str, language: str) -> tuple[str, ...]:
        # Passages come once per question.
        if (text, language) not in known:
            known[text, language] = tuple(keys(text, language)[:longest])
        return known[text, language]

    read = [_keyed(source, read_pairs(data, source), keys_of) for source in sources]
    if not any(source.pairs for source in read):
        raise TrainingError(f"no training rows in {str(data)!r}: check --data")
    return read


def _keyed(
    source: Source, pairs: Sequence[Pair], keys: Callable[[str, str], tuple[str, ...]]
) -> KeyedSource:
    rows = [(pair, keys(pair.english, "en"), keys(pair.other, source.language)) for pair in pairs]
    kept = [row for row in rows if row[1] and row[2]]
    return KeyedSource(
        source,
        tuple(pair for pair, _, _ in kept),
        tuple(english for _, english, _ in kept),
        tuple(other for _, _, other in kept),
    )


_WORTH = {Kind.SENTENCES: 1.0, Kind.WORDS: 2.0, Kind.NAMES: 0.5, Kind.PROSE: 1.0}
"""Of a key's being in a text of a kind: a dictionary's word is asked for sooner than a name that
stands in one list, which its letters find too."""


def key_worth(sources: Iterable[KeyedSource]) -> dict[str, float]:
    """How much each key is worth an entry: how often it is met, by what kind of text it is in."""
    worth: defaultdict[str, float] = defaultdict(float)
    by_kind: defaultdict[Kind, list[KeyedSource]] = defaultdict(list)
    for read in sources:
        by_kind[read.source.kind].append(read)
    for kind, several in by_kind.items():
        for key, count in count_keys(several).items():
            worth[key] += _WORTH[kind] * count
    return worth


def count_keys(sources: Iterable[KeyedSource]) -> Counter[str]:
    """How often each key stands in some sources, a repeated text counted once."""
    texts = {text for source in sources for side in (source.english, source.other) for text in side}
    return Counter(key for text in texts for key in text)


def english_keys(sources: Iterable[KeyedSource]) -> set[str]:
    """Keys that stand in English text."""
    return {
        key
        for source in sources
        for side in (
            (source.english, source.other) if source.source.language == "en" else (source.english,)
        )
        for text in side
        for key in text
    }


def teacher_vectors(sources: Sequence[KeyedSource], encode: Encode) -> list[Vectors]:
    """For each source, the teacher's vector of each row's English side."""
    texts = sorted({pair.english for source in sources for pair in source.pairs})
    places = {text: place for place, text in enumerate(texts)}
    vectors = encode(texts)
    return [
        vectors[np.array([places[pair.english] for pair in source.pairs], dtype=np.int64)]
        for source in sources
    ]


@dataclass(frozen=True, slots=True)
class Space:
    """The student's space: the directions in which the teacher's vectors vary most."""

    mean: Vectors
    """Shape (teacher dimension,)."""
    directions: Vectors
    """Columns, shape (teacher dimension, dimension)."""

    @classmethod
    def of(cls, vectors: Sequence[Vectors], dimension: int) -> "Space":
        """Principal components of all vectors; TrainingError if there are too few."""
        total = np.concatenate(vectors)
        if dimension > total.shape[1]:
            raise TrainingError(f"dimension {dimension} exceeds the teacher's {total.shape[1]}")
        mean = total.mean(axis=0)
        centred = total - mean
        _, directions = np.linalg.eigh(centred.T @ centred)
        return cls(mean, np.ascontiguousarray(directions[:, ::-1][:, :dimension]))

    def reduce(self, vectors: Vectors) -> Vectors:
        """The teacher's vectors in this space, unit length."""
        reduced = (vectors - self.mean) @ self.directions
        united: Vectors = reduced / np.linalg.norm(reduced, axis=1, keepdims=True)
        return united


def group(
    sources: Sequence[KeyedSource], targets: Sequence[Vectors], rows: Mapping[str, int]
) -> dict[Kind, Samples]:
    """The rows of each kind, of all its sources, with keys replaced by rows of the table."""
    members: dict[Kind, list[int]] = defaultdict(list)
    for place, source in enumerate(sources):
        if source.pairs:
            members[source.source.kind].append(place)
    return {kind: _samples(sources, targets, rows, places) for kind, places in members.items()}


def _samples(
    sources: Sequence[KeyedSource],
    targets: Sequence[Vectors],
    rows: Mapping[str, int],
    places: Sequence[int],
) -> Samples:
    def ragged(sides: Iterable[tuple[tuple[str, ...], ...]]) -> Ragged:
        return Ragged.from_lists(
            [rows[k] for k in text if k in rows] for side in sides for text in side
        )

    weights = np.concatenate(
        [np.full(len(sources[place].pairs), sources[place].source.weight) for place in places]
    )
    return Samples(
        ragged(sources[place].english for place in places),
        ragged(sources[place].other for place in places),
        np.concatenate([targets[place] for place in places]),
        weights / weights.sum(),
    )
