"""Exact match and token F1 of an answer against reference texts, after SQuAD.

Rajpurkar et al., "SQuAD", EMNLP 2016, section 6.1: the best score over the references counts.
Of two empty texts both scores are 1, of one empty text 0, and a question without references has
the empty text as its reference: SQuAD 2.0 (Rajpurkar, Jia and Liang, ACL 2018). Words are
compared as spelled: across scripts F1 is 0, so give references in the answer's language.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from qa.errors import UsageError
from qa.text.folding import fold

Normaliser: TypeAlias = Callable[[str], str]
"""A text as its words, folded, with single blanks between them."""


def normalise(text: str) -> str:
    """The words that are compared, for texts of any language.

    As SQuAD does: lower case, no punctuation, no a, an, the. Beyond it:

    * `fold`, which holds Lucene's ArabicNormalizer (bare alef, ه for ة, ي for ى, no harakat, no
      tatweel) and goes further: hamza loses its seat (ؤ and ئ, which Lucene keeps), Persian and
      presentation forms, accents, marks and the digits of every script become plain.
    * Citation markers go. A mark between words parts them, so that 2-1 is not 21, but U.S. stays
      one word. A decimal point or comma stays, as a point, so that 3.5 is not 35; before just
      three digits it groups them and goes, so that 1,000 is 1000.
    * The Arabic article goes, at the beginning of a word only, if two letters are left, and with
      it the particles written on to it: a span of Arabic text cannot leave those out, while a
      reference is often written without them. A particle without an article stays, for it
      cannot be told from a letter of the word. الله stays whole. Again and again, so that
      التزام and الالتزام meet.
    """
    words = _apart(_MARKER.sub(" ", text)).split()
    return " ".join(_without_article(word) for word in words if word not in _ENGLISH_ARTICLES)


def official_normalise(text: str, language: str) -> str:
    """What MLQA's evaluation script does, for comparison with published figures only.

    Lewis et al. 2020, mlqa_evaluation_v1.py. The Arabic rule deletes ال anywhere, which makes
    قال ("said") ق and الرجال رج. ARCD's script (Mozannar et al. 2019) has the same rule in a
    later version, with a, an, the as well, but leaves Arabic punctuation in. Raises UsageError
    for a language that MLQA has no rule for. The script's F1 of two texts without words is 0,
    ours 1.
    """
    if language not in _OFFICIAL_ARTICLES:
        known = ", ".join(_OFFICIAL_ARTICLES)
        raise UsageError(f"MLQA has no rule for the language {language!r}: use one of {known}")
    kept = "".join(c for c in text.lower() if not _is_official_punctuation(c))
    bare = re.sub(_OFFICIAL_ARTICLES[language], " ", kept)
    if language == "zh":
        bare = re.sub("([\u4e00-\u9fa5])", r" \1 ", bare)
    return " ".join(bare.split())


def exact_match(answer: str, references: Sequence[str], normalise: Normaliser = normalise) -> float:
    """1 if the normalised answer is one of the normalised references, else 0 (SQuAD)."""
    ours = normalise(answer)
    return float(any(ours == normalise(reference) for reference in references or [""]))


def token_f1(answer: str, references: Sequence[str], normalise: Normaliser = normalise) -> float:
    """Harmonic mean of precision and recall of the answer's words, each as often as it stands.

    The best over the references (SQuAD).
    """
    ours = Counter(normalise(answer).split())
    return max(_f1(ours, Counter(normalise(text).split())) for text in references or [""])


def _f1(ours: Counter[str], theirs: Counter[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    # 2PR / (P + R), with P = common / ours and R = common / theirs.
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


_ENGLISH_ARTICLES = frozenset({"a", "an", "the"})
_MARKER = re.compile(r"\[\s*\d{1,3}(?:\s*[,،;؛–-]\s*\d{1,3})*\s*\]")
_GROUPING = re.compile(r"(?<=\d)(?<!\b0)[.,'](?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_WITHIN_WORDS = re.compile(r"(?<=\w)['.](?=\w)")


def _apart(text: str) -> str:
    """The folded text with blanks for its marks, but for those within numbers and words."""
    grouped = _GROUPING.sub("", fold(text))
    return ".".join(_without_marks(part) for part in _DECIMAL.split(grouped))


def _without_marks(text: str) -> str:
    joined = _WITHIN_WORDS.sub("", text)
    return "".join(" " if unicodedata.category(c)[0] in "PS" else c for c in joined)


_ARABIC_ARTICLE = re.compile(r"(?:(?:[وف]?ب|[وفكل])?ال|[وف]?لل)(?=[\u0621-\u064a]{2})(?!له$)")


def _without_article(word: str) -> str:
    while article := _ARABIC_ARTICLE.match(word):
        word = word[article.end() :]
    return word


def _is_official_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


_NOTHING = r"(?!)"
_OFFICIAL_ARTICLES = {
    "en": r"\b(?:a|an|the)\b",
    "es": r"\b(?:un|una|unos|unas|el|la|los|las)\b",
    "hi": _NOTHING,
    "vi": r"\b(?:của|là|cái|chiếc|những)\b",
    "de": r"\b(?:ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
    # The script's other alternative, a blank and ال before the text's beginning, never matches.
    "ar": "ال",
    "zh": _NOTHING,
}

OFFICIAL_LANGUAGES = frozenset(_OFFICIAL_ARTICLES)
"""Those that MLQA has a rule for."""
