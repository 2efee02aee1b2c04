"""From dictionaries of the further languages to an English word for each one without a row."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import language_of
from qa.model import Vectors
from qa.training.corpus import KeyedSource
from qa.training.sources import Kind
from qa.training.start import unit_rows

_LISTS = (Kind.WORDS, Kind.NAMES)
"""The more trusted first."""
_FLEETING = re.compile(r"(.*[бвгджзйклмнпрстфхцчшщ])[еоё]([кнтц])")
"""Stems of Russian nouns whose last vowel is in the first case only: Египет, but Египту."""

Texts = Mapping[str, list[list[int]]]
"""Key → its translations, each as the rows of English words."""


def glosses(
    sources: Sequence[KeyedSource],
    rows: Mapping[str, int],
    vectors: Vectors,
    weights: NDArray[np.float32],
) -> dict[str, int]:
    """Key → row of the English word that is nearest to all its translations together.

    Only of keys that have no row themselves and that a single word translates; what lists of names
    say is heeded where dictionaries say nothing. `vectors` are unit rows, shape (len(rows),
    dimension).
    """
    found: dict[str, int] = {}
    for kind in _LISTS:
        lists = [read for read in sources if read.source.kind is kind]
        for key, texts in _translated(lists, rows).items():
            single = [text[0] for text in texts if len(text) == 1]
            if single and key not in found:
                centre = sum(_mean(text, vectors, weights) for text in texts)
                found[key] = single[int(np.argmax(vectors[single] @ centre))]
    return found


def _translated(sources: Sequence[KeyedSource], rows: Mapping[str, int]) -> Texts:
    """The translations of words without a row, and of the other stems that they have."""
    own: defaultdict[str, list[list[int]]] = defaultdict(list)
    declined: defaultdict[str, list[list[int]]] = defaultdict(list)
    for read in sources:
        for english, other in _entries(read):
            text = [rows[word] for word in english if word in rows]
            if len(text) == len(english):
                own[other].append(text)
                if language_of(other) == "ru" and (stem := _FLEETING.fullmatch(other)):
                    declined["".join(stem.groups())].append(text)
    return {key: texts for key, texts in {**declined, **own}.items() if key not in rows}


def _entries(read: KeyedSource) -> list[tuple[tuple[str, ...], str]]:
    """The rows of a list whose other side is a single word."""
    pairs = zip(read.english, read.other, strict=True)
    return [(english, other[0]) for english, other in pairs if len(other) == 1]


def _mean(text: Sequence[int], vectors: Vectors, weights: NDArray[np.float32]) -> Vectors:
    weighed = (vectors[text] * weights[text][:, None]).sum(axis=0, keepdims=True)
    mean: Vectors = unit_rows(weighed)[0]
    return mean
