"""Arabic words whose spaces were lost: وزيرالخارجية, العربيةالحكومة, as pages and PDFs have them.

Cut are three kinds of runs, from the surest on: after a ة, which only ends words; before a word
with the article that the list of known words has (حفرالباطن); and runs too long for one word, by
the likeliest known words (a unigram model, its chances by Zipf's law from the words' ranks, as in
Norvig 2009, "Natural Language Corpus Data"), if they hold most of its letters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

WORDS_FILE = "arabic_words.txt"
_ARABIC = re.compile("[ء-غف-ي]+")
_ENDS_WORDS = re.compile(r"(?<=ة)(?=[ء-ي]{2})")
_ARTICLE = "ال"
_ATTACHED = re.compile(r"[وف]?(?:[بك]?ال|لل|[بكل])?")
"""What stands before a word's own letters without a space."""
_LEAST_RUN = 9
"""Letters of two words together; shorter runs are as often one word that the list lacks."""
_LEAST_WORD = 3
_LEAST_SECOND = 6
"""Letters of a second word with its article: اتصالاتهم is no اتص and الاتهم."""
_LONG_RUN = 16
"""Letters that hardly any one word has."""
_LONGEST_RUN = 300
"""What is longer is no text."""
_LONGEST_WORD = 15
_SHORT_WORDS = frozenset("في من عن او لم لن قد ان هو هي ما لا يا اي كي مع هل ام لو اذ بل".split())
_FREQUENT = 3000
"""Words of three letters further down the list are too often parts of others."""
_UNKNOWN = 9.0
_UNKNOWN_LETTER = 2.5
"""Cost of what is no known word, and of each of its letters; see `_costs`."""
_BEFORE = (
    *((particle, 4, "", 2.0) for particle in "وفبكل"),
    *((particles, 5, "", 4.0) for particles in ("وب", "ول", "وك", "فب", "فل")),
    *(("لل", 5, instead, 2.0) for instead in ("ال", "")),
    ("ال", 6, "", 2.0),
    *((f"{particle}ال", 7, "", 4.0) for particle in "وفبك"),
)
"""Attached words with the letters that all have together at least, what may stand instead, cost."""
_BEHIND = (("ه", 5, 3.0), ("ها", 6, 3.0), ("هم", 6, 3.0), ("نا", 6, 3.0))
_KNOWN = 0.7
"""Share of a long run's letters that known words must hold."""


def words_of_run(form: str, written: str) -> list[tuple[int, int]]:
    """Begin and end of each word in a folded run of letters; mostly there is one.

    `written` are the same letters before folding.
    """
    is_short = len(form) < _LEAST_RUN and "ة" not in written[:-2]
    if is_short or not _ARABIC.fullmatch(form):
        return [(0, len(form))]
    ends = [0, *(match.start() for match in _ENDS_WORDS.finditer(written)), len(form)]
    return [
        (begin + first, begin + last)
        for begin, end in pairwise(ends)
        for first, last in _words(form[begin:end])
    ]


@lru_cache(maxsize=1 << 14)
def _words(form: str) -> list[tuple[int, int]]:
    if not _LEAST_RUN <= len(form) <= _LONGEST_RUN or form in _ranks():
        return [(0, len(form))]
    if len(form) < _LONG_RUN:
        second = _second_word(form)
        return [(0, second), (second, len(form))] if second else [(0, len(form))]
    words = _likeliest(form)
    known = sum(end - begin for begin, end in words if _cost(form[begin:end]) is not None)
    return words if known >= _KNOWN * len(form) else [(0, len(form))]


def _second_word(form: str) -> int:
    """Where a known word with the article begins behind another word; 0 where none does."""
    for place in range(_LEAST_WORD, len(form) - _LEAST_SECOND + 1):
        if form.startswith(_ARTICLE, place) and form[place:] in _ranks():
            return 0 if _ATTACHED.fullmatch(form, 0, place) else place
    return 0


def _likeliest(form: str) -> list[tuple[int, int]]:
    """The words of least cost that make up a run (Viterbi)."""
    least, begins = [0.0], [0]
    for end in range(1, len(form) + 1):
        costs = (
            (least[begin] + _cost_or_unknown(form[begin:end]), begin)
            for begin in range(max(0, end - _LONGEST_WORD), end)
        )
        cost, begin = min(costs)
        least.append(cost)
        begins.append(begin)
    words = []
    end = len(form)
    while end:
        words.append((begins[end], end))
        end = begins[end]
    return words[::-1]


def _cost_or_unknown(word: str) -> float:
    cost = _cost(word)
    return _UNKNOWN + _UNKNOWN_LETTER * len(word) if cost is None else cost


def _cost(word: str) -> float | None:
    """Cost of a known word, attached ones included; None where it is none."""
    costs = _costs()
    known = [costs[rest] + more for rest, more in _readings(word) if rest in costs]
    return min(known, default=None)


def _readings(word: str) -> Iterator[tuple[str, float]]:
    """A word as it is and without attached ones, each with what they cost."""
    yield word, 0.0
    for attached, least, instead, cost in _BEFORE:
        if len(word) >= least and word.startswith(attached):
            yield instead + word[len(attached) :], cost
    for attached, least, cost in _BEHIND:
        if len(word) >= least and word.endswith(attached):
            yield word[: -len(attached)], cost


@cache
def _ranks() -> Mapping[str, int]:
    """Known words from the most frequent on, each with its place in the list.

    Made by `python -m qa.training.known_words`; the first line says of what.
    """
    _, *words = files("qa.text").joinpath(WORDS_FILE).read_text(encoding="utf-8").splitlines()
    return {word: rank for rank, word in enumerate(words)}


@cache
def _costs() -> Mapping[str, float]:
    """Minus the logarithm of each known word's chance, of those that may be part of a long run."""
    ranks = _ranks()
    whole = math.log(len(ranks))
    return {
        word: math.log((rank + 2) * whole)
        for word, rank in ranks.items()
        if _may_be_part(word, rank) and not _ATTACHED.fullmatch(word)
    }


def _may_be_part(word: str, rank: int) -> bool:
    if len(word) < _LEAST_WORD:
        return word in _SHORT_WORDS
    return len(word) > _LEAST_WORD or rank < _FREQUENT
