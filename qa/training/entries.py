"""Which words of which language get an entry of the table, and what each weighs.

English and Arabic are what the table is made of; the further languages join it, each with a
number of entries of its own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import language_of, model_keys
from qa.training.corpus import KeyedSource, count_keys, key_worth
from qa.training.sources import Kind, Language, Source, read_counts
from qa.training.vocabulary import MARK, UNKNOWN, Vocabulary, inverse_frequency, most_frequent

FIRST = frozenset({"en", "ar"})
_RUNNING_TEXT = (Kind.SENTENCES, Kind.PROSE)
_FULL_PIECE = 5
"""Letters from which on a piece is as telling as pieces get: half a word."""

Counts = Mapping[str, float]
"""Key → how often it was met."""


def of_language(sources: Sequence[KeyedSource], code: str) -> list[KeyedSource]:
    """The sources of one further language."""
    return [read for read in sources if read.source.language == code]


def of_first(sources: Sequence[KeyedSource]) -> list[KeyedSource]:
    """The sources of English and Arabic."""
    return [read for read in sources if read.source.language in FIRST]


def language_counts(
    language: Language, sources: Sequence[KeyedSource], listed: Mapping[str, float]
) -> Counts:
    """How often the keys of a language's rows are met: there, and as often again in a list."""
    rows = Counter(
        key
        for read in of_language(sources, language.code)
        for text in set(read.other)
        for key in text
        if language_of(key) == language.code
    )
    scale = sum(rows.values()) / max(1.0, sum(listed.values()))
    return {key: count + scale * listed.get(key, 0.0) for key, count in rows.items()}


def listed_keys(data: Path, sources: Sequence[Source], language: Language) -> Counts:
    """The keys of a language's frequency lists."""
    counts: Counter[str] = Counter()
    for source in sources:
        if source.kind is Kind.COUNTS and source.language == language.code:
            for word, count in read_counts(data, source).items():
                for key in model_keys(word, language.code):
                    counts[key] += count
    return counts


def language_worth(counts: Counts, sources: Sequence[KeyedSource], english: Counts) -> Counts:
    """How much each key of a language is worth an entry: how often it is met, and its translation.

    The lists are of speech and the rows few: that souveraineté is asked for, English prose tells.
    """
    pivot: dict[str, float] = dict.fromkeys(counts, 0.0)
    for read in sources:
        if read.source.kind is Kind.WORDS:
            for word, other in zip(read.english, read.other, strict=True):
                if len(word) == len(other) == 1 and other[0] in pivot:
                    pivot[other[0]] = max(pivot[other[0]], english.get(word[0], 0.0))
    scale = sum(counts.values()) / max(1.0, sum(pivot.values()))
    return {key: count + scale * pivot[key] for key, count in counts.items()}


def chosen_words(
    sources: Sequence[KeyedSource], words: int, further: Mapping[Language, Counts]
) -> list[str]:
    """The keys that get an entry: those of English and Arabic, then each further language's."""
    english = count_keys(read for read in sources if read.source.kind is Kind.PROSE)
    chosen = most_frequent(key_worth(of_first(sources)), words)
    for language, counts in further.items():
        worth = language_worth(counts, of_language(sources, language.code), english)
        chosen += most_frequent(worth, language.words)
    return list(dict.fromkeys(chosen))


def entry_weights(
    vocabulary: Vocabulary, sources: Sequence[KeyedSource], further: Mapping[Language, Counts]
) -> NDArray[np.float32]:
    """Inverse frequencies in the running text of a language; a piece weighs by its length."""
    running = [read for read in of_first(sources) if read.source.kind in _RUNNING_TEXT]
    weights = _inverse(vocabulary, count_keys(running))
    for counts in further.values():
        own = [row for row, entry in enumerate(vocabulary.entries) if entry in counts]
        weights[own] = _inverse(vocabulary, counts)[own]
    for row, entry in enumerate(vocabulary.entries[vocabulary.words :], start=vocabulary.words):
        weights[row] *= min(len(entry.removeprefix(MARK)), _FULL_PIECE) / _FULL_PIECE / 2
    weights[vocabulary.entries.index(UNKNOWN)] = 0
    return weights


def _inverse(vocabulary: Vocabulary, counts: Counts) -> NDArray[np.float32]:
    return inverse_frequency(np.array([counts.get(entry, 0) for entry in vocabulary.entries]))
