"""One spelling for each word: what readers type alike is folded alike, with a map back.

Folding is decided character by character (the table below), after two letters that Unicode
may spell with a combining mark are put together: that keeps the map simple and makes
composed and decomposed text fold alike.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from qa.model import Span

FOLDING_VERSION = 2
"""Part of the index fingerprint: raise it when any text folds, is cut or stems differently."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters began in the original."""

    text: str
    offsets: tuple[int, ...]
    """len(text) + 1 numbers, never falling; the last is the length of the original."""

    def original(self, start: int, end: int) -> Span:
        """Where text[start:end] stands in the original, the marks on its last letter included."""
        if start >= end:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], max(self.offsets[end], self.offsets[end - 1] + 1))


def fold(text: str) -> str:
    """The folded text: Arabic letter forms, case, accents, digits, quotes and dashes made one."""
    return _joined(text).translate(_TABLE)


def fold_with_offsets(text: str) -> Folded:
    """The folded text, equal to `fold(text)`, with its map to the original."""
    pieces = [_TABLE[ord(character)] for character in _joined(text)]
    offsets = [start for start, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), (*offsets, len(text)))


_WITH_MARK = {
    "و\u0654": "ؤ",
    "ي\u0654": "ئ",
    "ى\u0654": "ئ",
    "ی\u0654": "ئ",
    "и\u0306": "й",
    "И\u0306": "Й",
}


def _joined(text: str) -> str:
    """The text with `_WITH_MARK` letters composed in place; their marks stay, so lengths agree."""
    if "\u0654" not in text and "\u0306" not in text:
        return text
    characters = list(text)
    base = 0
    for place, character in enumerate(text):
        if unicodedata.combining(character) == 0:
            base = place
        else:
            letter = characters[base]
            characters[base] = _WITH_MARK.get(letter + character, letter)
    return "".join(characters)


def _spread(groups: dict[str, str]) -> dict[str, str]:
    return {variant: target for target, variants in groups.items() for variant in variants}


_LETTERS = _spread(
    {
        "ا": "ٱٲٳ",
        # Egypt writes مسئول where the Levant writes مسؤول: the seat of a hamza says nothing.
        "ء": "ؤئٴ",
        "ي": "ىیېۍێے",
        "ه": "ةہھەۃ",
        "ك": "کڪ",
        "ف": "ڤڡ",
        # Composed on purpose: dropping the breve would merge й with и.
        "й": "йЙ",
        "ae": "æ",
        "d": "đð",
        "h": "ħ",
        "i": "ı",
        "l": "ł",
        "n": "ŋ",
        "o": "ø",
        "oe": "œ",
        "th": "þ",
        "'": "‘’‚‛ʼʻʿʾ´`′＇",
        '"': "“”„‟«»″＂",
        "-": "‐‑‒–—―−",
        ",": "،٬",
        ";": "؛",
        "?": "؟",
        ".": "۔٫",
        "%": "٪",
        "\n": "\r\x0b\x0c\x85\u2028\u2029",
        # Signs whose decomposition would glue letters or blanks to the word before.
        " ": "™℠",
        "": "ـ\u034f\u180b\u180c\u180d\u180e\ufe70\ufe72\ufe74\ufe76\ufe78\ufe7a\ufe7c\ufe7e",
    }
)


def _is_invisible(character: str) -> bool:
    """Combining marks, joiners, bidi controls and variation selectors: nothing to match on."""
    if unicodedata.combining(character):
        return True
    if unicodedata.category(character) in ("Cf", "Me"):
        return True
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _fold_character(character: str) -> str:
    """One character folded until nothing more changes, which makes folding idempotent."""
    if character in _LETTERS:
        return _LETTERS[character]
    if _is_invisible(character):
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    simpler = unicodedata.normalize("NFKD", character)
    if simpler == character:
        simpler = character.casefold()
    if simpler == character:
        return character
    return "".join(_fold_character(part) for part in _joined(simpler))


class _Table(dict[int, str]):
    """Folded form by code point, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_TABLE = _Table()
