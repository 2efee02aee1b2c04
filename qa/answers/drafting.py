"""A chat model's reply while it comes in: whole sentences, each with the sources it marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.answers.chat_model import ModelChunk
from qa.answers.marks import MarkParser, Piece, merged
from qa.errors import ChatModelError
from qa.text.sentences import sentence_spans

_GAP = re.compile(r"\s+(?=\S)")
_MAY_END = frozenset(".!?؟۔…‼⁇⁈⁉»”›\"'’)]*")
_BEHIND, _AHEAD = 80, 24
"""Characters around a gap that decide whether a sentence ends there: a fixed number, so that
it makes no difference how much of the reply has come."""
_WORD = re.compile(r"\w")
_ENDED = re.compile(r"(?<!\d)[.!?؟۔…‼⁇⁈⁉][»”›\"'’)\]*]*$")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls that turn text around or hide it; the joiners and marks of plain writing stay."""
_LONGEST = 20_000
"""Characters of a reply; a model that has not stopped by then will not."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, with the blanks before it."""

    pieces: tuple[Piece, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The sources that it marks, each once, in order."""
        return tuple(dict.fromkeys(n for piece in self.pieces for n in piece.numbers))

    @property
    def text(self) -> str:
        """The sentence without its marks and the blanks that set them off."""
        text = ""
        for piece in self.pieces:
            if piece.numbers:
                text = text.rstrip()
            elif text and _WORD.match(piece.text) and not text[-1].isspace():
                text += f" {piece.text}"
            else:
                text += piece.text
        return text.strip()


class SentenceReader:
    """Cuts pieces into sentences; a mark after the full stop belongs to the sentence before it.

    A mark at the beginning of a line belongs to the sentence that follows on that line.
    """

    def __init__(self) -> None:
        self._text = ""
        """What has been read of the sentence at hand and after it, without marks."""
        self._marks: list[tuple[int, Piece]] = []
        """Marks with their places in the text."""
        self._searched = 0
        """Up to where no sentence ends."""

    def feed(self, piece: Piece) -> Iterator[Drafted]:
        """The sentences that are whole now."""
        if piece.numbers:
            self._marks.append((len(self._text), piece))
            return
        self._text += piece.text
        yield from self._whole(is_all=False)

    def close(self) -> Iterator[Drafted]:
        """The sentences that are left."""
        yield from self._whole(is_all=True)
        if _WORD.search(self._text):
            yield self._cut(len(self._text))

    def _whole(self, *, is_all: bool) -> Iterator[Drafted]:
        while gap := _GAP.search(self._text, self._searched):
            ends = self._ends_at(gap, is_all=is_all)
            if ends is None:
                return
            if ends:
                yield self._cut(self._end_of(gap))
            else:
                self._searched = gap.end()

    def _ends_at(self, gap: re.Match[str], *, is_all: bool) -> bool | None:
        """Whether a sentence ends before a gap; None where more must come to tell."""
        if not _WORD.search(self._text, 0, gap.start()):
            return False
        if "\n" in gap[0]:
            return True
        if self._text[gap.start() - 1] not in _MAY_END:
            return False
        ahead, newline, _ = self._text[gap.end() : gap.end() + _AHEAD].partition("\n")
        if len(ahead) < _AHEAD and not newline and not is_all:
            return None
        behind = self._text[max(0, gap.end() - _BEHIND) : gap.end()]
        return _is_boundary(behind + ahead, len(behind))

    def _end_of(self, gap: re.Match[str]) -> int:
        """Where the next sentence begins: behind the marks in the gap that belong to this one."""
        last_line = gap.start() + gap[0].rfind("\n") if "\n" in gap[0] else gap.end()
        own = [place for place, _ in self._marks if place <= last_line]
        return max([gap.start(), *own])

    def _cut(self, end: int) -> Drafted:
        own = [(place, mark) for place, mark in self._marks if place <= end]
        later = self._marks[len(own) :]
        pieces: list[Piece] = []
        begin = 0
        for place, mark in own:
            pieces += [Piece(self._text[begin:place]), mark]
            begin = place
        pieces.append(Piece(self._text[begin:end]))
        self._text = self._text[end:]
        self._marks = [(place - end, mark) for place, mark in later]
        self._searched = 0
        return Drafted(tuple(piece for piece in pieces if piece.text or piece.numbers))


class Reply:
    """One reply of a chat model: which marks were dropped and how it ended."""

    def __init__(self, known: Iterable[int]) -> None:
        self._marks = MarkParser(frozenset(known))
        self._sentences = SentenceReader()
        self._length = 0
        self.error: ChatModelError | None = None
        """What broke the reply off after its beginning."""

    @property
    def dropped_marks(self) -> int:
        """Marks so far that point nowhere."""
        return self._marks.dropped

    @property
    def is_empty(self) -> bool:
        """Whether nothing but blanks has come."""
        return self._length == 0

    def read(self, chunks: Iterator[ModelChunk]) -> Iterator[Drafted]:
        """The sentences as they become whole; of a reply that breaks off, the half one is left out.

        Raises ChatModelError only where the model failed before a word of it had come.
        """
        try:
            for chunk in chunks:
                yield from self._read(chunk.text)
                if self._length > _LONGEST:
                    raise ChatModelError("broken", "the reply does not come to an end")
        except ChatModelError as error:
            if self.is_empty:
                raise
            self.error = error
        rest = [*self._sentences.close()]
        if self.error and rest and not _ENDED.search(rest[-1].text):
            rest.pop()
        yield from rest

    def _read(self, text: str) -> Iterator[Drafted]:
        self._length += len(text.strip())
        for piece in merged(self._marks.feed(_HIDDEN.sub("", text))):
            yield from self._sentences.feed(piece)


def _is_boundary(window: str, at: int) -> bool:
    """Whether one sentence ends and another begins at a place of the window."""
    spans = sentence_spans(window)
    before = [span for span in spans if span.end <= at]
    after = [span for span in spans if span.start >= at]
    return bool(before and after) and len(before) + len(after) == len(spans)
