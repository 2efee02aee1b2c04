"""Retrieved passages as numbered sentences: what a chat model reads, and what it may cite."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.answers.reading import Sentence, read_hits
from qa.model import Article, Hit, Span

_BYTES_PER_TOKEN = 3
_LONGEST = 2000
"""Characters of a sentence that the model is shown; a table without full stops has no end."""
_ZERO_WIDTH_NON_JOINER = "\u200c"
_STRAY_JOINER = re.compile(r"(?<![ء-ۿ])\u200c|\u200c(?![ء-ۿ])")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs"})
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_INERT = str.maketrans(
    dict.fromkeys("[【［〖⟦", "(")
    | dict.fromkeys("]】］〗⟧", ")")
    | {"<": "‹", ">": "›", "＜": "‹", "＞": "›", "|": "¦", '"': "”"}
)
"""What marks, tags and line numbers are made of, and what a reader takes for the same."""


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that may be cited, with its number."""

    number: int
    sentence: Sentence

    @property
    def article(self) -> Article:
        """The article that it stands in."""
        return self.sentence.article

    @property
    def span(self) -> Span:
        """Its place there: article.text[span] == text."""
        return self.sentence.span

    @property
    def text(self) -> str:
        """As stored, to the character."""
        return self.sentence.text


@dataclass(frozen=True, slots=True)
class Sources:
    """The sentences of the best passages, numbered from 1 on."""

    sentences: tuple[Source, ...]
    used: int
    """How many of the hits, best first, they are of."""
    offered: int

    @property
    def numbers(self) -> Collection[int]:
        """What a mark may point to."""
        return range(1, len(self.sentences) + 1)

    def __getitem__(self, number: int) -> Source:
        """The sentence of a number in `numbers`."""
        return self.sentences[number - 1]

    def render(self) -> str:
        """The block of a prompt: articles with their sentences, one a line; text in it is inert."""
        runs = groupby(self.sentences, key=_Run())
        return "\n\n".join(_rendered(list(run)) for _, run in runs)


def number_sentences(hits: Sequence[Hit], limit_tokens: int) -> Sources:
    """The sentences of as many of the best passages as the limit holds, at least one sentence.

    Passages that adjoin in an article become one, at the place of the better; a sentence of a
    wire copy, in the same surroundings, comes once.
    """
    sentences = _distinct(read_hits(hits))
    used = _fitting(sentences, limit_tokens, len(hits))
    kept = [sentence for sentence in sentences if sentence.hit < used]
    if kept and kept[0].hit == kept[-1].hit:
        kept = _beginning(kept, limit_tokens)
    ordered = [sentence for run in _runs(kept) for sentence in run]
    numbered = tuple(Source(n, sentence) for n, sentence in enumerate(ordered, start=1))
    return Sources(numbered, used, len(hits))


def estimate_tokens(text: str) -> int:
    """About how many tokens a text costs, rather too many: models count each in their own way."""
    return 1 + len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN


def inert(text: str) -> str:
    """The text on one line without anything that a prompt or a mark is built of, or that hides."""
    visible = _STRAY_JOINER.sub("", " ".join(text.split())).translate(_INERT)
    return "".join(character for character in visible if not _is_hidden(character))


def _is_hidden(character: str) -> bool:
    if character == _ZERO_WIDTH_NON_JOINER:
        return False
    point = ord(character)
    return unicodedata.category(character) in _HIDDEN or any(
        point in selectors for selectors in _VARIATION_SELECTORS
    )


def _distinct(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Every place once, though passages overlap, and every text after the same text once."""
    places: set[tuple[str, str, int]] = set()
    texts: set[tuple[str, tuple[str, ...]]] = set()
    kept: list[Sentence] = []
    for sentence in sentences:
        place = (sentence.article.key, sentence.article.version, sentence.span.start)
        text = (" ".join(sentence.text.split()), sentence.before[:1])
        if place not in places and text not in texts:
            kept.append(sentence)
        places.add(place)
        texts.add(text)
    return kept


def _fitting(sentences: Sequence[Sentence], limit: int, offered: int) -> int:
    """How many of the hits fit, best first; the first that has sentences does in any case."""
    cost = 0
    for hit, own in groupby(sentences, key=_hit):
        before, cost = cost, cost + _cost(list(own))
        if before and cost > limit:
            return hit
    return offered


def _hit(sentence: Sentence) -> int:
    return sentence.hit


def _beginning(sentences: Sequence[Sentence], limit: int) -> list[Sentence]:
    """The sentences that fit from the first on, which is there in any case."""
    counts = range(1, len(sentences) + 1)
    most = bisect_right(counts, limit, key=lambda count: _cost(sentences[:count]))
    return list(sentences[: max(1, most)])


def _cost(sentences: Sequence[Sentence]) -> int:
    """Tokens of a passage in the prompt."""
    return estimate_tokens(_rendered([Source(100, sentence) for sentence in sentences]))


def _runs(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Stretches of articles, the one with the best passage first."""
    by_place = sorted(sentences, key=lambda s: (s.article.key, s.article.version, s.span.start))
    runs: list[list[Sentence]] = []
    for sentence in by_place:
        if runs and _adjoin(runs[-1][-1], sentence):
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    return sorted(runs, key=lambda run: min(sentence.hit for sentence in run))


def _adjoin(one: Sentence | Source, other: Sentence | Source) -> bool:
    """Whether nothing but blanks stands between the end of one and the start of the other."""
    if (one.article.key, one.article.version) != (other.article.key, other.article.version):
        return False
    between = one.article.text[one.span.end : other.span.start]
    return one.span.end <= other.span.start and (not between or between.isspace())


class _Run:
    """A key for groupby: a number that grows wherever a sentence does not adjoin the last."""

    def __init__(self) -> None:
        self._last: Source | None = None
        self._run = 0

    def __call__(self, source: Source) -> int:
        if self._last is None or not _adjoin(self._last, source):
            self._run += 1
        self._last = source
        return self._run


def _rendered(run: Sequence[Source]) -> str:
    article = run[0].article
    lines = [f"{source.number}| {_shown(source.text)}" for source in run]
    return "\n".join([f"<article{_attributes(article)}>", *lines, "</article>"])


def _shown(text: str) -> str:
    shown = inert(text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown}…"


def _attributes(article: Article) -> str:
    return "".join(f' {name}="{inert(value[:_LONGEST])}"' for name, value in _known(article))


def _known(article: Article) -> Iterator[tuple[str, str]]:
    """What is known of an article: context for the model, which cannot be cited."""
    published = article.published.isoformat() if article.published else None
    facts = {
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": published,
        "language": article.language,
    }
    return ((name, value) for name, value in facts.items() if value)
