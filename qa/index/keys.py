"""The entries of a word table that a word looks up.

English, Arabic and Russian have the plain entries of their scripts: English by form, the other
two by stem. A further language has entries of its own, its stems marked with its code: `pay@fr`
is a country and no payment. A word without an entry of its own language is looked up plain, as
names often are.
"""

from __future__ import annotations

from bisect import bisect
from functools import cache

from qa.text.tokens import Token, stem, tokenize

_SCRIPTS = ((0x0, "latin"), (0x370, ""), (0x400, "cyrillic"), (0x530, ""), (0x600, "arabic"))
_STARTS = [start for start, _ in _SCRIPTS]
_LAST = 0x700
_OWNERS = {"latin": "en", "cyrillic": "ru", "arabic": "ar"}
_PLAIN = frozenset({"", *_OWNERS.values()})
_MARK = "@"


def plain_key(form: str) -> str:
    """The entry that a word of any language may look up: its stem, if Latin its form."""
    return stem(form) if "\u0400" <= form[0] <= "\u06ff" else form


def model_key(token: Token, language: str | None = None) -> str:
    """The entry that stands for a word in its language."""
    if (language or "") in _PLAIN:
        return plain_key(token.form)
    return marked_key(token.stem, language)


def marked_key(stem: str, language: str | None) -> str:
    """The entry of a stem that is of one language alone."""
    return f"{stem}{_MARK}{language}"


def model_keys(text: str, language: str | None = None) -> list[str]:
    """The entries of a text's words, in order: what training counts."""
    return [model_key(token, language) for token in tokenize(text, language)]


def is_plain(entry: str) -> bool:
    """Whether an entry is shared by the languages of its script."""
    return _MARK not in entry


def own_language(entry: str) -> str:
    """The language that an entry is of alone; empty where it is shared."""
    return _parted(entry)[1]


def language_of(entry: str) -> str:
    """ISO 639-1 code of an entry's language; empty for word pieces, digits and other scripts."""
    word, language = _parted(entry)
    return language or _OWNERS.get(script_of(word), "")


def word_of(entry: str) -> str:
    """The form or stem that an entry stands for, without the mark of its language."""
    return _parted(entry)[0]


def stem_of(entry: str) -> str:
    """The stem by which the lexical index knows an entry's word."""
    word, language = _parted(entry)
    return word if language else stem(word)


def _parted(entry: str) -> tuple[str, str]:
    """An entry's word and its mark; of the entries of a compound the last one's mark."""
    word, mark, language = entry.rpartition(_MARK)
    return (word, language) if mark else (entry, "")


def script_of(word: str) -> str:
    """The script of a word's first letter; empty for word pieces, digits and other scripts."""
    return _script_of_letter(word[:1])


# Asked of all entries when a table is opened, which begin with some hundred letters.
@cache
def _script_of_letter(letter: str) -> str:
    if not letter.isalpha() or ord(letter) >= _LAST:
        return ""
    return _SCRIPTS[bisect(_STARTS, ord(letter)) - 1][1]
