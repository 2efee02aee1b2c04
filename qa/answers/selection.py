"""Which sentences of a ranking are shown: the best, and others close to it that say more."""

from __future__ import annotations

from qa.answers.reading import Sentence
from qa.answers.scoring import Ranking
from qa.text.tokens import tokenize

_MOST = 3
_CLOSE = 0.75
"""A further sentence must score this share of the best one."""
_SAME = 0.6
"""Sentences that share this much of the shorter one's words say the same."""


def choose(ranking: Ranking) -> list[Sentence]:
    """One to three sentences, best first, none repeating another."""
    chosen: list[Sentence] = []
    stems: list[frozenset[str]] = []
    least = _CLOSE * float(ranking.scores[ranking.order[0]])
    for place in ranking.order:
        sentence = ranking.sentences[place]
        if len(chosen) == _MOST or (chosen and ranking.scores[place] < least):
            break
        own = frozenset(token.stem for token in tokenize(sentence.text))
        if not any(_overlap(own, other) > _SAME for other in stems):
            chosen.append(sentence)
            stems.append(own)
    return chosen


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words as a share of the shorter set."""
    return len(one & other) / max(1, min(len(one), len(other)))
