"""Countries and cities that a text names, told across languages by the names CLDR gives them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from babel import Locale, UnknownLocaleError

from qa.text.language import direction
from qa.text.stopwords import STOP_WORDS
from qa.text.tokens import Token, tokenize

_LONGEST = 4
"""Words of a name."""
_ZONES = ("Africa/", "Asia/", "Europe/")
"""Time zones whose example cities are spelled in every language; elsewhere many are hamlets."""
_DECLINED = frozenset({"de", "ru"})
_COMMON_WORDS = frozenset({"مالي"})
"""Mali, and financial."""

_Names: TypeAlias = Mapping[tuple[str, ...], frozenset[str]]
"""The codes of each name, by its words."""


@dataclass(frozen=True, slots=True)
class Place:
    """A country or city with where the text names it."""

    codes: frozenset[str]
    """CLDR's codes of whatever bears the name: TR, or Europe/Istanbul."""
    start: int
    end: int


def find_places(text: str, language: str) -> list[Place]:
    """The places that a text calls by their whole names, capitalised where the script can."""
    tokens = tokenize(text, language)
    is_declined = language in _DECLINED
    names = _names(language).by_stem if is_declined else _names(language).by_form
    words = [token.stem if is_declined else token.form for token in tokens]
    return [
        Place(codes, first.start, last.end)
        for codes, first, last in _matches(tokens, words, names)
        if _may_name(text, first, language)
    ]


def place_codes(text: str, language: str) -> frozenset[str]:
    """The codes of all places in a text, in any inflection and as adjectives that share a stem."""
    tokens = tokenize(text, language)
    names = _names(language).by_stem
    found = _matches(tokens, [t.stem for t in tokens], names)
    return frozenset(code for codes, _, _ in found for code in codes)


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    by_form: _Names
    by_stem: _Names


def _matches(
    tokens: Sequence[Token], words: Sequence[str], names: _Names
) -> Iterator[tuple[frozenset[str], Token, Token]]:
    """The longest name at each place: its codes, its first and its last token."""
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
            codes = names.get(tuple(words[at : at + size]))
            if codes:
                yield codes, tokens[at], tokens[at + size - 1]
                at += size - 1
                break
        at += 1


def _may_name(text: str, first: Token, language: str) -> bool:
    if direction(language) == "rtl":
        return first.form not in _COMMON_WORDS
    return text[first.start].isupper()


@cache
def _names(language: str) -> _Gazetteer:
    by_form: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    by_stem: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    stop_words = STOP_WORDS.get(language, frozenset())
    for code, name in _named(language):
        tokens = tokenize(name, language)
        forms = tuple(token.form for token in tokens)
        if tokens and len(tokens) <= _LONGEST and (name.isupper() or forms[0] not in stop_words):
            by_form[forms].add(code)
            if language == "ar":
                for attached in ("و", "ل", "ب", "ف"):
                    by_form[attached + forms[0], *forms[1:]].add(code)
            by_stem[tuple(token.stem for token in tokens)].add(code)
    return _Gazetteer(_frozen(by_form), _frozen(by_stem))


def _frozen(names: Mapping[tuple[str, ...], set[str]]) -> _Names:
    return {name: frozenset(codes) for name, codes in names.items()}


def _named(language: str) -> Iterator[tuple[str, str]]:
    """Code and name of every place; none where CLDR does not know the language."""
    try:
        locale = Locale(language)
    except UnknownLocaleError:
        return
    yield from ((code, name) for code, name in locale.territories.items() if code.isalpha())
    for zone, names in locale.time_zones.items():
        if zone.startswith(_ZONES) and "city" in names:
            yield _code(zone), names["city"]
    if language == "en":  # the zones' own names
        zones = [str(zone) for zone in Locale("ar").time_zones]
        zones = [zone for zone in zones if zone.startswith(_ZONES)]
        yield from ((_code(zone), zone.rsplit("/", 1)[-1].replace("_", " ")) for zone in zones)
    for code, others in _aliases()["names"].get(language, {}).items():
        yield from ((code, other) for other in others)


def _code(zone: str) -> str:
    """The zone's, or the country's where its city is the capital."""
    code: str = _aliases()["capitals"].get(zone, zone)
    return code


@cache
def _aliases() -> Mapping[str, Any]:
    """What newspapers say besides: short names, and capitals that stand for their countries."""
    table: Mapping[str, Any] = json.loads(
        files("qa.answers").joinpath("places.json").read_text(encoding="utf-8")
    )
    return table
