"""Citation marks in a reply, parsed as it streams in, whatever form the model gives them.

A mark is numbers in square brackets of any width: separated, as a range, doubled, with digits of
any script, with a footnote's caret, or with a dagger and what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_OPENERS = "[【［〖⟦"
_CLOSERS = "]】］〗⟧"
_DAGGER = "†"
_DASHES = r"\-‐‑‒–—−"
_SEPARATORS = ",،;؛、，；"
_IGNORED = r"\s^#\u200b-\u200f\u061c\u2060\u2066-\u2069\ufeff"
_BETWEEN = _IGNORED + _SEPARATORS
_ITEM = rf"\d++(?:[{_IGNORED}]*+[{_DASHES}][{_IGNORED}]*+\d++)?+"
_NUMBERS = re.compile(rf"[{_IGNORED}]*+{_ITEM}(?:[{_BETWEEN}]++{_ITEM})*+[{_BETWEEN}]*+(?=†|$)")
_FIRST_AND_LAST = re.compile(rf"(\d++)(?:[{_IGNORED}]*+[{_DASHES}][{_IGNORED}]*+(\d++))?+")
_BODY = re.compile(rf"[\d{_BETWEEN}{_DASHES}]++")
_TAIL = re.compile(rf"[^{re.escape(_OPENERS + _CLOSERS)}\n]++")
_TEXT = re.compile(rf"[^{re.escape(_OPENERS)}]++")
_CLOSES_UP = frozenset(".,;:!?…،؛؟۔»”’)")
"""No blank is left before these where a mark between is dropped."""
_MOST_DIGITS = 6
"""Of a number; int() takes the square of the length."""
_WIDEST = 12
"""Sources in a range; a wider one says «somewhere in there», which is no source."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a reply: text, or the numbers that one mark points to."""

    text: str = ""
    numbers: tuple[int, ...] = ()


class MarkParser:
    """Splits a reply into text and marks; where it is cut into chunks makes no difference.

    Half marks are held back. Numbers that are not `known` are dropped and counted, with the blank
    before a mark that keeps none. Text never holds a mark, also not one that the parts around a
    dropped one would make. Every character is looked at a bounded number of times.
    """

    def __init__(self, known: Collection[int]) -> None:
        self._known = frozenset(known)
        self._before = ""
        """The blank before the marks dropped last."""
        self._blank: list[str] = []
        """The blank read last: it shows only what follows whether it is kept."""
        self._opened: list[str] = []
        """The brackets that the mark being read begins with."""
        self._held: list[str] = []
        """What stands in them so far."""
        self._in_tail = False
        self._may_close = 0
        """How many brackets more may close the mark that was read last."""
        self.dropped = 0
        """Numbers so far that point nowhere."""

    def feed(self, text: str) -> list[Piece]:
        """The pieces that are certain now that this text has come."""
        pieces: list[Piece] = []
        place = 0
        while place < len(text):
            step = self._within if self._opened else self._outside
            place = step(text, place, pieces)
        return pieces

    def close(self) -> list[Piece]:
        """Ends the reply; a mark begun and not ended is left out, and so are blanks at the end."""
        self._before, self._blank, self._held, self._opened = "", [], [], []
        return []

    def _outside(self, text: str, place: int, pieces: list[Piece]) -> int:
        if self._may_close and text[place] in _CLOSERS:
            self._may_close -= 1
            return place + 1
        self._may_close = 0
        if text[place] in _OPENERS:
            self._opened = [text[place]]
            return place + 1
        end = _run(_TEXT, text, place)
        self._add_text(text[place:end], pieces)
        return end

    def _within(self, text: str, place: int, pieces: list[Piece]) -> int:
        end = _run(_TAIL if self._in_tail else _BODY, text, place)
        if end > place:
            self._held.append(text[place:end])
            return end
        return place + self._turn(text[place], pieces)

    def _turn(self, character: str, pieces: list[Piece]) -> int:
        """At what cannot go on inside a mark: how many characters are done with, 0 or 1."""
        if character in _CLOSERS:
            self._end(character, pieces)
        elif character in _OPENERS and not self._held:
            self._opened.append(character)
        elif character == _DAGGER and not self._in_tail:
            self._in_tail = True
            self._held.append(character)
        else:
            # Without its bracket where another opens: what is left must not become a mark later.
            self._give_up([] if character in _OPENERS else self._opened, pieces)
            return 0
        return 1

    def _end(self, closer: str, pieces: list[Piece]) -> None:
        found = _NUMBERS.match("".join(self._held))
        if found is None:
            self._held.append(closer)
            self._give_up(self._opened, pieces)
            return
        numbers = self._resolved(found[0])
        self._may_close = len(self._opened) - 1
        self._reset()
        if numbers:
            self._add_mark(numbers, pieces)
        else:
            self._before, self._blank = self._before or "".join(self._blank), []

    def _give_up(self, opened: list[str], pieces: list[Piece]) -> None:
        """What was held is text."""
        text = "".join(opened + self._held)
        self._reset()
        if text:
            self._add_text(text, pieces)

    def _reset(self) -> None:
        self._opened, self._held, self._in_tail = [], [], False

    def _add_text(self, text: str, pieces: list[Piece]) -> None:
        visible = text.strip()
        start = text.find(visible)
        if not visible:
            self._blank.append(text)
            return
        self._blank.append(text[:start])
        pieces.append(Piece(self._gap(visible[0]) + visible))
        self._blank.append(text[start + len(visible) :])

    def _add_mark(self, numbers: tuple[int, ...], pieces: list[Piece]) -> None:
        if gap := self._gap():
            pieces.append(Piece(gap))
        pieces.append(Piece(numbers=numbers))

    def _gap(self, following: str = "") -> str:
        """The blank to what follows: one of two where a mark between them was dropped."""
        before, after = self._before, "".join(self._blank)
        self._before, self._blank = "", []
        if "\n" in before and "\n" not in after:
            return before
        return after or ("" if following in _CLOSES_UP else before)

    def _resolved(self, body: str) -> tuple[int, ...]:
        numbers: dict[int, None] = {}
        for first, last in _FIRST_AND_LAST.findall(body):
            wanted = _range(first, last)
            kept = [number for number in wanted if number in self._known]
            self.dropped += max(1, len(wanted)) - len(kept)
            numbers |= dict.fromkeys(kept)
        return tuple(numbers)


def merged(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces with neighbouring texts made one."""
    text: list[str] = []
    for piece in pieces:
        if piece.text:
            text.append(piece.text)
            continue
        if text:
            yield Piece("".join(text))
            text = []
        yield piece
    if text:
        yield Piece("".join(text))


def _run(pattern: re.Pattern[str], text: str, place: int) -> int:
    """Where the characters of the pattern end that begin at a place."""
    found = pattern.match(text, place)
    return found.end() if found else place


def _range(first: str, last: str) -> range:
    """The numbers of a mark's item; none where it is no range, or too wide a one."""
    low, high = _number(first), _number(last or first)
    return range(low, high + 1) if high - low < _WIDEST else range(0)


def _number(digits: str) -> int:
    """The number written in decimal digits of any script; 0, which is no source, if too long."""
    return int(digits) if len(digits) <= _MOST_DIGITS else 0
