"""An article's text as passages: runs of whole sentences, the unit that is indexed and searched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.model import Article, Span
from qa.text.sentences import sentence_spans

TARGET_WORDS = 200
GIANT_WORDS = 2 * TARGET_WORDS
"""A sentence this long is no longer one: tables and lists without punctuation are cut."""
CHARACTERS_A_WORD = 10
"""Scripts without spaces are measured by characters; no spaced language's words average this."""
_PATIENCE = 1.2
LONGEST_WORD = TARGET_WORDS * CHARACTERS_A_WORD
PASSAGE_VERSION = f"1-{TARGET_WORDS}-{GIANT_WORDS}"

_WORD = re.compile(rf"\S{{1,{LONGEST_WORD}}}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of a giant one, with its size in words."""

    span: Span
    words: int
    ends_paragraph: bool


def split_passages(text: str) -> list[Span]:
    """Trimmed runs of whole sentences, about 200 words or fewer, that hold every visible character.

    Sentences of 200 to 400 words stand alone; longer ones are cut between words. A run of 2,000
    visible characters counts as more than a word and is cut too. Linear in the text's length.
    """
    pieces = list(_pieces(text))
    remaining = sum(piece.words for piece in pieces)
    passages: list[Span] = []
    run: list[_Piece] = []
    size = 0
    for piece in pieces:
        if run and _ends_before(piece, run[-1], size, _even_share(remaining)):
            passages.append(_joined(run))
            remaining -= size
            run, size = [], 0
        run.append(piece)
        size += piece.words
    return [*passages, _joined(run)] if run else passages


def context_of(article: Article) -> str:
    """Title, then date and outlet: put before each passage for indexing, never cited."""
    published = article.published.isoformat() if article.published else None
    about = " · ".join(part for part in (published, article.outlet) if part)
    return "\n".join(part for part in (article.title, about) if part)


def _even_share(words: int) -> float:
    """Words a passage when the rest of a text is shared out evenly: no crumb is left at its end."""
    return words / max(-(-words // TARGET_WORDS), 1)


def _ends_before(following: _Piece, last: _Piece, size: int, share: float) -> bool:
    """Whether a run of `size` words is better ended than carried on by the following sentence."""
    if size + following.words > TARGET_WORDS:
        return True
    # Within a paragraph a run may grow larger than its share, to meet the paragraph's end.
    wanted = share if last.ends_paragraph else _PATIENCE * share
    return size + following.words / 2 >= wanted


def _joined(run: list[_Piece]) -> Span:
    return Span(run[0].span.start, run[-1].span.end)


def _pieces(text: str) -> Iterator[_Piece]:
    spans = sentence_spans(text)
    for index, span in enumerate(spans):
        following = spans[index + 1].start if index + 1 < len(spans) else len(text)
        ends_paragraph = text.find("\n", span.end, following) >= 0
        words = _size(text[span.start : span.end])
        if words < GIANT_WORDS:
            yield _Piece(span, words, ends_paragraph)
        else:
            yield from _cut(text, span, ends_paragraph)


def _size(sentence: str) -> int:
    """Words of a sentence, or what its characters would make where words are not spaced."""
    by_characters = len(sentence) // CHARACTERS_A_WORD
    if by_characters >= GIANT_WORDS:
        return by_characters
    return max(len(sentence.split()), by_characters)


def _cut(text: str, span: Span, ends_paragraph: bool) -> Iterator[_Piece]:
    """A giant sentence as consecutive pieces of at most the target's words and characters."""
    first = end = span.start
    words = 0
    for match in _WORD.finditer(text, span.start, span.end):
        if words and (words == TARGET_WORDS or match.end() - first > LONGEST_WORD):
            yield _Piece(Span(first, end), TARGET_WORDS, ends_paragraph=False)
            words = 0
        if not words:
            first = match.start()
        end = match.end()
        words += 1
    yield _Piece(Span(first, end), max(words, (end - first) // CHARACTERS_A_WORD), ends_paragraph)
