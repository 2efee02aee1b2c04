"""Organisations that a text names, and what they are called in other languages.

Their names are seldom the translation of their words (the Security Council is مجلس الأمن, the
Council of Security) and often letters alone (IAEA, МАГАТЭ), so `organisations.tsv` lists them: a
line each, a column for each language, names parted by bars. A question mark after a name says
that it is a common word too: it is looked for, but does not tell the organisation by itself.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from qa.text.language import direction
from qa.text.stems import bare_form
from qa.text.stopwords import QUESTION_WORDS
from qa.text.tokens import Token, is_stop_word, tokenize

_COMMON = "?"
_WORDLIKE = 3
"""Letters of an abbreviation up to which it may be another word in small letters, and another
abbreviation in another language."""
_LATIN = frozenset({"en", "fr", "de", "es", "tr"})
"""Languages that read one another's abbreviations as other ones: ASL, PP."""

_Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """What an organisation is called in a language."""

    text: str
    language: str
    """ISO 639-1 code."""
    is_common: bool
    """Whether it is a common word too."""
    tokens: tuple[Token, ...]

    @property
    def forms(self) -> _Words:
        """Its words with their endings, of Arabic without attached words and the article."""
        return _forms(self.tokens, self.language)

    @property
    def stems(self) -> _Words:
        """The stems of its words."""
        return tuple(token.stem for token in self.tokens)

    @property
    def is_form(self) -> bool:
        """Whether its stem may be another word's: طالبان (Taliban) and طالب (student)."""
        return len(self.tokens) == 1 and _has_forms(self.language) and self.forms != self.stems


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation with its names, the English ones first."""

    names: tuple[OrganisationName, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation with where the text names it: text[start:end]."""

    organisation: Organisation
    name: OrganisationName
    start: int
    end: int

    @property
    def codes(self) -> frozenset[str]:
        """What tells the organisation from others."""
        return frozenset({code_of(self.organisation)})

    @property
    def otherwise(self) -> tuple[OrganisationName, ...]:
        """The other names, but for those that are a common word in small letters (WHO)."""
        return tuple(
            name
            for name in self.organisation.names
            if name.stems != self.name.stems and not _is_plain(*name.forms)
        )


def find_organisations(text: str, language: str) -> list[Mention]:
    """The organisations that a text calls by a name that tells them, in order."""
    return [
        Mention(organisations()[place.line], place.name, place.first.start, place.last.end)
        for place in _places(tokenize(text, language), language)
        if not place.name.is_common and _may_name(text, place)
    ]


def organisation_codes(text: str, language: str) -> frozenset[str]:
    """The first names of all organisations that a text may name, by whatever name."""
    places = _places(tokenize(text, language), language)
    named = (place.line for place in places if _may_name(text, place))
    return frozenset(code_of(organisations()[line]) for line in named)


def code_of(organisation: Organisation) -> str:
    """What tells an organisation from others: the first of its names."""
    return organisation.names[0].text


@cache
def organisations() -> tuple[Organisation, ...]:
    """All that the list has, in its order."""
    table = files("qa.text").joinpath("organisations.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Organisation(
            tuple(
                _named(name, language)
                for language, names in row.items()
                for name in names.split("|")
                if name
            )
        )
        for row in rows
    )


def _named(name: str, language: str) -> OrganisationName:
    text = name.removesuffix(_COMMON)
    return OrganisationName(text, language, text != name, tuple(tokenize(text, language)))


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    name: OrganisationName
    first: Token
    last: Token


@dataclass(frozen=True, slots=True)
class _Names:
    """Line and name by words, and how many words a name has that begins with a word."""

    by_words: Mapping[_Words, tuple[int, OrganisationName]]
    longest: Mapping[str, int]

    def at(self, words: Sequence[str], start: int) -> tuple[int, int, OrganisationName] | None:
        """Size, line and name of the longest name that begins there."""
        for size in range(self.longest.get(words[start], 0), 0, -1):
            found = self.by_words.get(tuple(words[start : start + size]))
            if found and start + size <= len(words):
                return size, *found
        return None


def _places(tokens: Sequence[Token], language: str) -> Iterator[_Place]:
    """The longest name at each place: as any language writes it, or by stems of the text's own."""
    forms, stems = _forms(tokens, language), [token.stem for token in tokens]
    by_form, by_stem = _by_form(language), _by_stem(language)
    at = 0
    while at < len(tokens):
        either = [by_form.at(forms, at), by_stem.at(stems, at)]
        found = max((one for one in either if one), key=_size, default=None)
        if found:
            size, line, name = found
            yield _Place(line, name, tokens[at], tokens[at + size - 1])
            at += size
        else:
            at += 1


def _size(found: tuple[int, int, OrganisationName]) -> int:
    return found[0]


def _may_name(text: str, place: _Place) -> bool:
    """Whether letters that may be another word are written as an abbreviation is."""
    if not place.name.text.isupper() or place.first != place.last:
        return True
    form, written = place.first.form, text[place.first.start : place.last.end]
    if written.isupper() and not text.isupper():
        return True
    has_capitals = any(letter.isupper() for letter in text) and not text.isupper()
    return not (_is_plain(form) or (len(form) <= _WORDLIKE and has_capitals))


def _is_plain(*forms: str) -> bool:
    """Whether a single word is a stop word, or asks, in any language."""
    if len(forms) > 1:
        return False
    return is_stop_word(forms[0]) or any(forms[0] in words for words in QUESTION_WORDS.values())


def _has_forms(language: str) -> bool:
    """Whether names hardly change but for attached words, which `bare_form` takes off."""
    return direction(language) == "rtl"


def _forms(tokens: Sequence[Token], language: str) -> _Words:
    return tuple(bare_form(token.form, language) for token in tokens)


@cache
def _by_form(language: str) -> _Names:
    """By whatever language's name; in Latin letters short abbreviations only by its and English."""
    own_first = sorted(_all_names(), key=lambda named: named[1].language != language)
    return _names(
        (line, name, name.forms)
        for line, name in own_first
        if name.language in (language, "en")
        or language not in _LATIN
        or not (name.text.isupper() and len(name.text) <= _WORDLIKE)
    )


@cache
def _by_stem(language: str) -> _Names:
    if _has_forms(language):
        return _names(())
    own = ((line, name) for line, name in _all_names() if name.language == language)
    # Of letters alone, what looks like an ending is none.
    return _names((line, name, name.stems) for line, name in own if not name.text.isupper())


def _all_names() -> Iterator[tuple[int, OrganisationName]]:
    for line, organisation in enumerate(organisations()):
        for name in organisation.names:
            yield line, name


def _names(named: Iterable[tuple[int, OrganisationName, _Words]]) -> _Names:
    by_words: dict[_Words, tuple[int, OrganisationName]] = {}
    longest: defaultdict[str, int] = defaultdict(int)
    for line, name, words in named:
        by_words.setdefault(words, (line, name))
        longest[words[0]] = max(longest[words[0]], len(words))
    return _Names(by_words, longest)
