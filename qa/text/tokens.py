"""Words and numbers with their stems and their places in the original text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.text.folding import Folded, fold, fold_with_offsets
from qa.text.glued import second_word
from qa.text.run_on import words_of_run
from qa.text.stems import stem
from qa.text.stopwords import QUESTION_WORDS, STOP_WORDS

__all__ = ["QUESTION_WORDS", "STOP_WORDS", "Token", "is_stop_word", "stem", "tokenize"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number: `form` is text[start:end] folded, inner apostrophes and dots left out."""

    form: str
    stem: str
    start: int
    end: int


# A chunk is what can hold words together: runs of characters that are neither blanks nor
# punctuation, joined by single marks. Chunks repeat, so what is found in them is cached.
_BREAK = (
    r"\s\x00-/:-@\[-`{-\x7f\xa1-\xa9\xab\xac\xae-\xb1\xb6-\xb8\xbb\xbf"
    r"\u2010-\u2027\u2030-\u205e\u060c\u061b\u061f\u066a-\u066d\u06d4"
)
_CHUNK = re.compile(rf"[^{_BREAK}]+(?:[.,'’‘ʼ´`\u060c\u066b\u066c][^{_BREAK}]+)*")

_ARABIC = r"\u0621-\u065f\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\u08a0-\u08ff"
_LETTER = rf"(?:[^\W\d_{_ARABIC}])"
_WORD = re.compile(
    rf"(?P<acronym>{_LETTER}(?:\.{_LETTER})+(?!\w))"
    rf"|\d*{_LETTER}(?:{_LETTER}|\d)*(?:'{_LETTER}(?:{_LETTER}|\d)*)*"
    r"|\d+(?:[.,]\d+)*"
    rf"|[{_ARABIC}]+"
)
# One word whose letters fold one by one: most chunks, found at a third of the cost.
_SIMPLE = re.compile(r"[ء-غف-يٹپچژکگی]+|[A-Za-z]+|[А-я]+")
_LONGEST_CACHED = 40
_NOT_CUT = frozenset({"fa", "ur"})


def tokenize(text: str, language: str | None = None) -> list[Token]:
    """The words of a text in order; language picks the stemmer of Latin and Persian words."""
    tokens = []
    for chunk in _CHUNK.finditer(text):
        word, place = chunk[0], chunk.start()
        found = _found if len(word) <= _LONGEST_CACHED else _found.__wrapped__
        tokens += [
            Token(form, stemmed, place + start, place + end)
            for form, stemmed, start, end in found(word, language)
        ]
    return tokens


def is_stop_word(form: str, language: str | None = None) -> bool:
    """Whether a folded word carries no topic in that language, or in any when none is given."""
    if language is not None:
        return form in STOP_WORDS.get(language, frozenset())
    return any(form in words for words in STOP_WORDS.values())


@lru_cache(maxsize=1 << 17)
def _found(chunk: str, language: str | None) -> tuple[tuple[str, str, int, int], ...]:
    """Form, stem and place within the chunk of each of its words."""
    if _SIMPLE.fullmatch(chunk):
        form = fold(chunk)
        parts = _words_within(form, chunk, language)
        return tuple((form[a:b], stem(form[a:b], language), a, b) for a, b in parts)
    folded = fold_with_offsets(chunk)
    written = _as_written(chunk, folded)
    found = []
    for match in _WORD.finditer(folded.text):
        for start, end in _parts(match, written, language):
            word = match.string[start:end]
            form = re.sub("['.]", "", word) if _is_joined(match) else word
            span = folded.original(start, end)
            found.append((form, stem(form, language), span.start, span.end))
    return tuple(found)


def _words_within(form: str, written: str, language: str | None) -> list[tuple[int, int]]:
    """Where the words of a folded run of letters are: several where no space is between them."""
    second = second_word(form)
    if second:
        return [(0, second), (second, len(form))]
    # Persian has Arabic phrases as words of its own: فوق‌العاده.
    return [(0, len(form))] if language in _NOT_CUT else words_of_run(form, written)


def _as_written(chunk: str, folded: Folded) -> str:
    """The letters of a folded chunk as they were before."""
    return "".join(chunk[place] for place in folded.offsets[:-1])


def _is_joined(match: re.Match[str]) -> bool:
    return match["acronym"] is not None or "'" in match[0]


_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|dell|nell|all|sull)'")
_ENDING = re.compile(
    r"'(?:s|t|d|m|re|ve|ll"  # English
    r"|n?[iu]n|[ysn]?[iu]|[yn]?[ae]|[dt][ae]n?(?:ki)?|n[dt][ae]n?|y?l[ae]|l[ae]r\w*|[dt][iu]r)$"
)


def _parts(match: re.Match[str], written: str, language: str | None) -> list[tuple[int, int]]:
    """Words of a match: elided articles (l', d') stand alone, endings ('s, Turkish 'da) go."""
    start, end = match.span()
    elisions = []
    if "'" in match[0]:
        while elided := _ELISION.match(match.string, start, end):
            elisions.append((start, elided.end() - 1))
            start = elided.end()
        ending = _ENDING.search(match.string[start:end])
        if ending:
            end = start + ending.start()
    words = _words_within(match.string[start:end], written[start:end], language)
    return [*elisions, *((start + first, start + last) for first, last in words)]
