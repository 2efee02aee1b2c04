"""Names across scripts: the consonants that survive transliteration, as keys.

Medvedev, Медведев and ميدفيديف agree on `mdfdf`. Vowels, w, y and h are written too
differently to be part of a key, voiced and voiceless pairs too differently to be told apart
where one script lacks the letter. Where a spelling has several readings (j is English, German
or Spanish), `name_keys` gives each; the first one is `name_key`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice, product

from qa.text.folding import fold

# Spellings in the order they are tried, and what they may sound like, likeliest first. Chosen
# by what most often differed between the two spellings of a person in a training list.
_READINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bma?c(?=[gkcq])", ("m",)),
    (r"t?sch", ("x", "sk")),
    (r"shch|tch|tsh|sh|cz|щ|ш|ч|тш|тч|تش|ش", ("x",)),
    (r"cch|ck|cqu", ("k",)),
    (r"cc(?=[ei])", ("x", "ks")),
    (r"ch", ("x", "k")),
    (r"ç", ("x", "s")),
    (r"sz|\bs(?=[pt])", ("s", "x")),
    (r"c(?=[eiy])", ("s", "x")),
    (r"(?<=i)c\b", ("k", "x")),
    (r"dzh|dj|zh|dg(?=e)|дж|ж|دج|ج|غ|گ|ژ", ("g",)),
    (r"چ", ("x", "g")),
    (r"t[sz]|dz|z|s|тс|дз|ц|с|з|تس|تز|دز|س|ص|ز", ("s",)),
    (r"gh(?=t)", ("",)),
    (r"(?<=n)g(?=t)", ("g", "")),
    (r"\bk(?=n)|х", ("k", "")),
    (r"kh|qu|c|k|к|ك|خ", ("k",)),
    (r"q|ق", ("k", "g")),
    (r"gn(?=[aeiou])", ("gn", "n")),
    (r"gh|г", ("g", "")),
    (r"g", ("g",)),
    (r"j", ("g", "", "k")),
    (r"(?<=[aeo]u)x\b", ("", "ks")),
    (r"x", ("ks",)),
    (r"w", ("", "f")),
    (r"ph|f|v|ф|в|ف", ("f",)),
    (r"(?<=m)p(?=[bst])", ("b", "")),
    (r"b|p|б|п|ب|پ", ("b",)),
    (r"(?<=[aeoun])t\b", ("t", "")),
    (r"(?<=[aun])d\b", ("d", "")),
    (r"(?<=ie)r\b", ("r", "")),
    (r"th|t|т|ت|ط|ٹ", ("t",)),
    (r"ث", ("t", "s")),
    (r"dh|d|д|د|ڈ", ("d",)),
    (r"ذ|ض", ("d", "s")),
    (r"ظ", ("s", "d")),
    (r"l|л|ل", ("l",)),
    (r"m|м|م", ("m",)),
    (r"n|н|ن|ں", ("n",)),
    (r"r|р|ر|ڑ", ("r",)),
)
_UNIT = re.compile("|".join(f"({spelling})" for spelling, _ in _READINGS))
_MARKED = str.maketrans(
    {"č": "tch", "ć": "tch", "š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "ž": "zh", "ź": "zh"}
    | {"ż": "zh", "ț": "ts", "ţ": "ts"}
)
_DOUBLED = re.compile(r"([^c])\1+")  # cc and cch have readings of their own
_ATTACHED = re.compile(r"[وف]?(?:(?:[بك]?ال|لل)(?=...)|[بكلف](?=....))")
_OPEN = re.compile("[aeiouаеиоуэاعءآ]")
_OTHERWISE = {"fa": ("و", "ف"), "tr": ("c", "dj")}
"""Letters that a language reads in a way of its own too, and how others write that."""
_SHORT = 3
"""Keys shorter than this say too little: they tell an opening vowel too (Obama abm, بما bm)."""
_MOST_READINGS = 6
_LONGEST_NAME = 40


def _sounds(spelling: str) -> list[tuple[str, ...]]:
    """What each unit of a plain word may sound like."""
    return [_READINGS[(unit.lastindex or 1) - 1][1] for unit in _UNIT.finditer(spelling)]


# Arabic is read most, and its spellings heed no neighbour: there, letters are looked up.
_ARABIC_PAIRS = {pair: _sounds(pair)[0][0] for pair in ("تش", "دج", "تس", "تز", "دز")}
_ARABIC_SOUNDS = {
    letter: tuple(chain(*_sounds(letter))) for letter in "ءابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ"
}
_ARABIC_WORD = re.compile(f"[{''.join(_ARABIC_SOUNDS)}]+")
_UNCERTAIN = {letter: told for letter, told in _ARABIC_SOUNDS.items() if len(told) > 1}
_CERTAIN = str.maketrans(
    {letter: "".join(told) for letter, told in _ARABIC_SOUNDS.items() if len(told) <= 1}
)


@lru_cache(maxsize=1 << 16)
def name_key(form: str) -> str:
    """The likeliest consonant skeleton of a Latin, Cyrillic or Arabic word; '' without one."""
    return next(iter(_readings(form)), "")


@lru_cache(maxsize=1 << 16)
def name_keys(form: str, language: str | None = None) -> tuple[str, ...]:
    """All keys of a word, for Arabic also without attached particles (و ب ل ف ك ال).

    In Persian a و may be a v, which Arabic writes ف (لاوروف, Lavrov), in Turkish a c is the j of
    others (Öcalan, أوجلان).
    """
    folded = form if _ARABIC_WORD.fullmatch(form) else fold(form)
    keys = _readings(form)
    if language in _OTHERWISE:
        for reread in _reread(form.lower(), *_OTHERWISE[language]):
            keys += _readings(reread)
    attached = _ATTACHED.match(folded)
    if attached:
        keys += _readings(folded[attached.end() :])
    return tuple(dict.fromkeys(filter(None, keys)))


def _reread(form: str, letter: str, other: str) -> list[str]:
    """A word with each of a letter, and all of them, written otherwise."""
    places = [place for place, found in enumerate(form) if found == letter]
    single = [f"{form[:place]}{other}{form[place + 1 :]}" for place in places]
    return [*single, form.replace(letter, other)] if places else []


def _readings(form: str) -> list[str]:
    if len(form) > _LONGEST_NAME:
        return []
    if _ARABIC_WORD.fullmatch(form):
        plain = _once(form)
        keys = _arabic_keys(plain)
    else:
        plain = _plain(form)
        keys = _products(_sounds(plain))
    opening = "a" if _OPEN.match(plain) else ""
    return [opening + key if 0 < len(key) < _SHORT else key for key in keys]


def _arabic_keys(plain: str) -> list[str]:
    for pair, sound in _ARABIC_PAIRS.items():
        plain = plain.replace(pair, sound)
    skeleton = plain.translate(_CERTAIN)
    if skeleton.isascii():
        return [skeleton]
    return _products([_UNCERTAIN.get(letter, (letter,)) for letter in skeleton])


def _products(sounds: Sequence[Sequence[str]]) -> list[str]:
    return ["".join(reading) for reading in islice(product(*sounds), _MOST_READINGS)]


def _plain(form: str) -> str:
    """Folded, but for the Latin letters whose marks change the sound."""
    lowered = form.lower()
    folded = fold(lowered.translate(_MARKED).replace("ç", "\0")).replace("\0", "ç")
    return _once(folded)


def _once(word: str) -> str:
    """Doubled letters made single; most words show at a glance that they have none."""
    return word if len(set(word)) == len(word) else _DOUBLED.sub(r"\1", word)
