"""Which language a text is in, and which way it runs.

Common words and letters settle nearly every text in microseconds; lingua, which takes a tenth
of a second to load, is asked about the few Latin texts that hold no common word. It finds a
language for keys hit at random too, and is as sure of them as of real words: whoever knows the
words of a language may ask for a guess to be borne out by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from qa.text.stopwords import QUESTION_WORDS, STOP_WORDS
from qa.text.tokens import Token, tokenize

if TYPE_CHECKING:
    from lingua import LanguageDetector

IsWord: TypeAlias = Callable[[str, str], bool]
"""Whether a folded word is one of a language."""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "he", "ps", "ckb", "ug", "yi", "sd", "dv"})
_LATIN = {"en": "ENGLISH", "fr": "FRENCH", "tr": "TURKISH", "es": "SPANISH", "de": "GERMAN"}
LATIN_LANGUAGES = tuple(_LATIN)
"""Languages of Latin letters, which only their words tell from one another."""
_LETTERS = {
    "fr": re.compile("[àâæçéèêëîïôœùûÿ]", re.IGNORECASE),
    # Case by case: without it the dotless ı would be every i.
    "tr": re.compile("[çğıöşüÇĞİÖŞÜ]"),
    "es": re.compile("[áéíñóú¿¡]", re.IGNORECASE),
    "de": re.compile("[äöüß]", re.IGNORECASE),
}
"""Letters of a language that English has not."""
_JOINS_WORDS = frozenset({"de"})
_SHORTEST_PART = 3
_SAMPLE = 1000
_MARGIN = 0.3
_COMMON = 3
"""A common word says this many times more about a text than a name that stands in it."""


def direction(language: str) -> str:
    """'rtl' or 'ltr' by ISO 639-1 code; a region (fa-IR) does not matter."""
    return "rtl" if re.split("[-_]", language.lower())[0] in _RIGHT_TO_LEFT else "ltr"


def detect_language(text: str, default: str = "en", is_word: IsWord | None = None) -> str:
    """ISO 639-1 code among ar en fr ru tr fa es de ur; default where none of their words is.

    With `is_word` a language of Latin letters needs a word or a letter of its own in the text.
    """
    sample = _sample(text)
    tokens = tokenize(sample)
    forms = [token.form for token in tokens if not _is_of_name(token, sample)]
    script = _script(forms)
    found = _BY_SCRIPT[script](sample, forms) if script else None
    if found in _LATIN and is_word and not _is_borne_out(found, sample, forms, is_word):
        return default
    return found or default


def _is_of_name(token: Token, sample: str) -> bool:
    """«UN» is no French article, and the «al» of al-Assad no Spanish word."""
    written = sample[token.start : token.end]
    is_acronym = len(written) > 1 and written.isupper() and not sample.isupper()
    after = sample[token.end : token.end + 2]
    return is_acronym or (after[:1] == "-" and after[1:].isupper())


def _is_borne_out(language: str, sample: str, forms: Iterable[str], is_word: IsWord) -> bool:
    if language in _LETTERS and _LETTERS[language].search(sample):
        return True
    if any(language in _speakers(form) or is_word(form, language) for form in forms):
        return True
    return language in _JOINS_WORDS and any(_is_joined(form, language, is_word) for form in forms)


def _is_joined(form: str, language: str, is_word: IsWord) -> bool:
    """Whether a word is two of that language in one, as Wahlergebnis is of Wahl and Ergebnis."""
    places = range(_SHORTEST_PART, len(form) - _SHORTEST_PART + 1)
    return any(is_word(form[:i], language) and is_word(form[i:], language) for i in places)


def _sample(text: str) -> str:
    """The beginning and the middle: a long text may begin with names or in another language."""
    if len(text) <= 2 * _SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]}"


_SCRIPTS = {
    "arabic": re.compile("[\u0621-\u06d3]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "latin": re.compile("[a-z]"),
}


def _script(forms: Iterable[str]) -> str | None:
    """The script of most words; a tie goes to the one that is less often quoted in others."""
    weights: Counter[str] = Counter()
    for form in forms:
        for script, letter in _SCRIPTS.items():
            if letter.match(form):
                weights[script] += _COMMON if _speakers(form) else 1
    return max(weights, key=lambda s: (weights[s], s != "latin")) if weights else None


@lru_cache(maxsize=1 << 14)
def _speakers(form: str) -> tuple[str, ...]:
    """The languages in which a word is common."""
    return tuple(
        language
        for language in STOP_WORDS
        if form in STOP_WORDS[language] or form in QUESTION_WORDS[language]
    )


_URDU = re.compile("[ٹڈڑںےہھ]")
_PERSIAN = re.compile("[پچژگ]")
_PERSIAN_SHAPES = re.compile("[کی]")
_ARABIC = re.compile("[ةأإؤ\u064b-\u064d]|ى(?!\u0654)")
_ARABIC_SHAPES = re.compile("[كي]")


def _arabic_script(sample: str, forms: Iterable[str]) -> str:
    """Letters tell; where they do not, common words."""
    urdu, persian, arabic = (len(p.findall(sample)) for p in (_URDU, _PERSIAN, _ARABIC))
    shapes = len(_PERSIAN_SHAPES.findall(sample))
    weights = Counter(_votes(forms))
    weights["ur"] += 3 * urdu
    weights["fa"] += 3 * persian + (shapes if urdu == 0 else 0)
    weights["ar"] += 3 * arabic + len(_ARABIC_SHAPES.findall(sample))
    return max(("ar", "fa", "ur"), key=lambda language: weights[language])


def _votes(forms: Iterable[str]) -> list[str]:
    return [language for form in forms for language in _speakers(form)]


def _latin_script(sample: str, forms: Iterable[str]) -> str | None:
    """None where nothing decides, as for a lone name."""
    votes = Counter(language for language in _votes(forms) if language in _LATIN)
    ranked = votes.most_common(2)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0]
    found = _detector().detect_language_of(sample)
    return found.iso_code_639_1.name.lower() if found else None


def _cyrillic_script(sample: str, forms: Iterable[str]) -> str:
    return "ru"


_BY_SCRIPT: dict[str, Callable[[str, Iterable[str]], str | None]] = {
    "arabic": _arabic_script,
    "cyrillic": _cyrillic_script,
    "latin": _latin_script,
}


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Low accuracy loads trigrams only: 45 MB in place of 260 for a whole process."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in _LATIN.values()]
    builder = LanguageDetectorBuilder.from_languages(*languages)
    return builder.with_low_accuracy_mode().with_minimum_relative_distance(_MARGIN).build()
