"""The sentences of retrieved passages, each with who says it and what stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answers.statements import find_statements
from qa.model import Article, Hit, Span, Statement
from qa.text.sentences import sentence_spans

_LOOK_BACK = 3000
"""Characters before a passage that are read too, to learn whom its titles and pronouns mean."""
_CACHED_WINDOWS = 2048


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage."""

    article: Article
    span: Span
    """In the article's text."""
    text: str
    statements: tuple[Statement, ...]
    """Who says what in it; spans in the article's text."""
    before: tuple[str, ...]
    """The sentences before it, nearest first, at most two."""
    hit: int
    """Place of its passage among the hits, 0 is first."""

    @property
    def speakers(self) -> tuple[str, ...]:
        """Titles and names of everybody who speaks in it."""
        known = (s.known_as or s.speaker for s in self.statements)
        return tuple(dict.fromkeys(name for name in known if name))


def read_hits(hits: Sequence[Hit]) -> list[Sentence]:
    """The sentences of all hits in order; reads a bounded part of each article only."""
    return [sentence for place, hit in enumerate(hits) for sentence in _read_hit(hit, place)]


def _read_hit(hit: Hit, place: int) -> list[Sentence]:
    article, passage = hit.article, hit.passage
    begin = _window_start(article.text, passage.start)
    read = _read_window(article.text[begin : passage.end], passage.start - begin, article.language)
    return [
        Sentence(
            article=article,
            span=Span(begin + own.span.start, begin + own.span.end),
            text=article.text[begin + own.span.start : begin + own.span.end],
            statements=tuple(_shifted(statement, begin) for statement in own.statements),
            before=own.before,
            hit=place,
        )
        for own in read
    ]


def _window_start(text: str, passage: int) -> int:
    """Where reading begins: at the beginning of a line, or of the passage itself."""
    earliest = passage - _LOOK_BACK
    if earliest <= 0:
        return 0
    line = text.find("\n", earliest, passage)
    return passage if line < 0 else line + 1


@dataclass(frozen=True, slots=True)
class _Read:
    span: Span
    statements: tuple[Statement, ...]
    before: tuple[str, ...]


@lru_cache(maxsize=_CACHED_WINDOWS)
def _read_window(window: str, passage: int, language: str) -> tuple[_Read, ...]:
    """The sentences from offset `passage` on; those before it are read for their names."""
    spans = sentence_spans(window[:passage])
    first = len(spans)
    own = sentence_spans(window[passage:])
    spans += [Span(passage + span.start, passage + span.end) for span in own]
    statements = find_statements(window, spans, language)
    texts = [window[span.start : span.end] for span in spans]
    return tuple(
        _Read(
            span=spans[i],
            statements=tuple(s for s in statements if _within(s.span, spans[i])),
            before=tuple(reversed(texts[max(0, i - 2) : i])),
        )
        for i in range(first, len(spans))
    )


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _shifted(statement: Statement, by: int) -> Statement:
    span = Span(statement.span.start + by, statement.span.end + by)
    return Statement(span, statement.speaker, statement.cue, statement.known_as)
