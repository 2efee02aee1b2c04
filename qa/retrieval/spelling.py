"""How far two words that share a name key are the same name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from qa.text.folding import fold
from qa.text.names import name_key, name_keys

_VOWELS = {"a": "aاаяآ", "i": "ieyиыеэйيئى", "u": "ouwоуюёوؤ"}
_VOWEL = {letter: sound for sound, letters in _VOWELS.items() for letter in letters}
_ALIKE = 0.6
_TELLING = 2
"""Letters of a key; one consonant is in every other word."""
_LETTER = re.compile(r"\w")


def reliability(key: str) -> float:
    """How much an equal name key says, 0 to 1: short skeletons belong to many words."""
    return min(1.0, max(0, len(key) - 1) / 4)


def same_name(one: str, other: str, key: str) -> float:
    """Likelihood, 0 to 1, that two spellings with this key in common are of the same name."""
    return reliability(key) * (0.5 + 0.5 * likeness(one, other))


def likeness(one: str, other: str) -> float:
    """How alike two words sound, in whatever scripts, 0 to 1."""
    return SequenceMatcher(None, _sounds(one), _sounds(other), autojunk=False).ratio()


def is_spelled_otherwise(one: str, other: str) -> bool:
    """Whether one is the other in another script, as far as both tell how they sound."""
    shared = {*name_keys(one)} & {*name_keys(other)}
    if max(map(len, shared), default=0) < _TELLING:
        return False
    return likeness(one, other) >= _ALIKE


@lru_cache(maxsize=1 << 14)
def _sounds(form: str) -> str:
    """The word in Latin consonants and the three vowels that Arabic writes."""
    return "".join(_VOWEL.get(m[0]) or name_key(m[0]) for m in _LETTER.finditer(fold(form)))
