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
from functools import cache, cached_property
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


@dataclass(frozen=True)
class OrganisationName:
    """What an organisation is called in a language; cut into words when they are asked for."""

    text: str
    language: str
    """ISO 639-1 code."""
    is_common: bool
    """Whether it is a common word too."""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words."""
        return tuple(tokenize(self.text, self.language))

    @cached_property
    def forms(self) -> _Words:
        """Its words with their endings, of Arabic without attached words and the article."""
        return _forms(self.tokens, self.language)

    @cached_property
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

    @property
    def code(self) -> str:
        """What tells it from others: the first of its names."""
        return self.names[0].text


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
        return frozenset({self.organisation.code})

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
    """The codes of all organisations that a text may name, by whatever name."""
    places = _places(tokenize(text, language), language)
    named = (place.line for place in places if _may_name(text, place))
    return frozenset(organisations()[line].code for line in named)


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
    return OrganisationName(text, language, text != name)


_Named: TypeAlias = tuple[int, OrganisationName]
"""A name with the line that has it."""


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    name: OrganisationName
    first: Token
    last: Token


def _places(tokens: Sequence[Token], language: str) -> Iterator[_Place]:
    """The longest name at each place: as any language writes it, or by stems of the text's own."""
    forms, stems = _forms(tokens, language), tuple(token.stem for token in tokens)
    at = 0
    while at < len(tokens):
        found = [
            *((len(name.forms), line, name) for line, name in _by_form(forms, at, language)),
            *((len(name.stems), line, name) for line, name in _by_stem(stems, at, language)),
        ]
        # Of names as long as one another that of the text's own language, which knows its words.
        best = max(found, key=lambda one: (one[0], one[2].language == language), default=None)
        if best:
            size, line, name = best
            yield _Place(line, name, tokens[at], tokens[at + size - 1])
        at += best[0] if best else 1


def _by_form(forms: _Words, at: int, language: str) -> Iterator[_Named]:
    """By whatever language's name; in Latin letters short abbreviations only by its and English."""
    for line, name in _beginning_with().get(forms[at], ()):
        is_short = name.text.isupper() and len(name.text) <= _WORDLIKE
        is_foreign = language in _LATIN and name.language not in (language, "en")
        if forms[at : at + len(name.forms)] == name.forms and not (is_short and is_foreign):
            yield line, name


def _by_stem(stems: _Words, at: int, language: str) -> Iterator[_Named]:
    if _has_forms(language):
        return
    for line, name in _beginning_with_stem(language).get(stems[at], ()):
        if stems[at : at + len(name.stems)] == name.stems:
            yield line, name


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
def _beginning_with() -> Mapping[str, Sequence[_Named]]:
    """The names of all languages by the form of their first words."""
    return _grouped(
        (bare_form(_first(name).form, name.language), line, name) for line, name in _all_names()
    )


@cache
def _beginning_with_stem(language: str) -> Mapping[str, Sequence[_Named]]:
    """The names of a language by the stems of their first words."""
    # Of letters alone, what looks like an ending is none.
    own = ((line, name) for line, name in _all_names() if not name.text.isupper())
    return _grouped(
        (_first(name).stem, line, name) for line, name in own if name.language == language
    )


def _first(name: OrganisationName) -> Token:
    """The first word, cut alone: most names are met in no text."""
    return tokenize(name.text.split()[0], name.language)[0]


def _grouped(named: Iterable[tuple[str, int, OrganisationName]]) -> Mapping[str, Sequence[_Named]]:
    groups: defaultdict[str, list[_Named]] = defaultdict(list)
    for word, line, name in named:
        groups[word].append((line, name))
    return dict(groups)


def _all_names() -> Iterator[_Named]:
    for line, organisation in enumerate(organisations()):
        for name in organisation.names:
            yield line, name
