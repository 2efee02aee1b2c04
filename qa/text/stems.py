"""Folded word to stem: inflected forms of a word should agree, different words should not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.text.arabic import bare_arabic, stem_arabic
from qa.text.folding import fold

if TYPE_CHECKING:
    import Stemmer

_SNOWBALL = {
    "en": "english",
    "fr": "french",
    "ru": "russian",
    "es": "spanish",
    "de": "german",
}
_LONGEST_WORD = 40
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@lru_cache(maxsize=1 << 17)
def stem(form: str, language: str | None = None) -> str:
    """The stem of a folded word; its script decides, then the language (Latin: English)."""
    if form[:1].isdigit():
        return _number(form)
    if len(form) > _LONGEST_WORD:
        return form
    if _ARABIC.match(form):
        return _persian(form) if language in ("fa", "ur") else stem_arabic(form)
    if _CYRILLIC.match(form):
        return _snowball("ru", form)
    if language == "tr":
        return _turkish(form)
    return _snowball(language if language in _SNOWBALL else "en", form)


@lru_cache(maxsize=1 << 17)
def bare_form(form: str, language: str | None = None) -> str:
    """A folded word with its endings; Arabic without the article and attached words."""
    if _ARABIC.match(form) and language not in ("fa", "ur") and len(form) <= _LONGEST_WORD:
        return bare_arabic(form)
    return form


def english_stems(forms: Sequence[str]) -> list[str]:
    """The stems of many folded words of ASCII letters, much faster than one by one."""
    stems: list[str] = _stemmer("en").stemWords(forms)
    return stems


def _number(form: str) -> str:
    """1,000 and 1.000 are 1000; 3,5 is 3.5."""
    if _GROUPED.fullmatch(form):
        return re.sub("[.,]", "", form)
    return form.replace(",", ".")


@lru_cache(maxsize=len(_SNOWBALL))
def _stemmer(language: str) -> Stemmer.Stemmer:
    import Stemmer

    return Stemmer.Stemmer(_SNOWBALL[language])


def _snowball(language: str, form: str) -> str:
    return fold(_stemmer(language).stemWord(_accented(language, form)))


def _accented(language: str, form: str) -> str:
    """Accents that folding took away and that the stemmer's endings need."""
    if language == "es":
        return re.sub(r"(?<=[aei]r)ia(s|n|mos)?$", r"ía\1", re.sub(r"ion$", "ión", form))
    if language == "fr":
        return re.sub(r"iere(s?)$", r"ière\1", re.sub(r"ee(s?)$", r"é\1", form))
    return form


_PERSIAN_SUFFIX = re.compile(r"(?:هايي|هاي|ها|ان|ات|ي)$")


def _persian(form: str) -> str:
    ending = _PERSIAN_SUFFIX.search(form)
    return form[: ending.start()] if ending and ending.start() >= 3 else form


# A lone n or s goes too: folded, bakan+ı and ülke+nin, savaş+ı and ülke+si look alike.
_TURKISH_ENDING = re.compile(
    r"(?<=....)(?:l[ae]r|n?[dt][ae]n?|n?[iu]n|[iu][mn][iu]z|[ysn]?[iu]|y?l[ae]|[yn]?[ae]|l[iu]"
    r"|ki|[dt][iu]r|[iu]m|[ns])$"
)
_HARDENED = {"b": "p", "d": "t", "g": "k"}


def _turkish(form: str) -> str:
    """Endings off, the last consonant hardened: egemenligi and egemenlik meet.

    Snowball's Turkish needs the vowels that folding merges.
    """
    while ending := _TURKISH_ENDING.search(form):
        form = form[: ending.start()]
    return form[:-1] + _HARDENED.get(form[-1], form[-1])
