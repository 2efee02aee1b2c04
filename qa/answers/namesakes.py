"""Names of a question in a handful of sentences, in whatever script and spelling.

Among all words of an archive a short name key says little; among a few sentences that were
retrieved for the question, an equal key and a like sound say that it is the name.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.model import QuestionWord
from qa.text.folding import fold
from qa.text.names import name_key, name_keys
from qa.text.tokens import tokenize

_STRENGTH = (0.0, 0.3, 0.85, 0.95, 1.0)
"""What an equal key is worth by its length; longer ones as the last."""
_KEY_ALONE, _SOUND = 0.3, 0.75
"""Share of an equal key, and of how alike the words sound; a little off is still the name."""
_SPELLING = 0.8
"""Within one script, words less alike are different words."""
_VOWELS = {"a": "aاаяآ", "i": "ieyиыеэйيئى", "u": "ouwоуюёوؤ"}
_SOUND_OF = {letter: sound for sound, letters in _VOWELS.items() for letter in letters}


def capitalised(question: str, words: Sequence[QuestionWord]) -> frozenset[str]:
    """Forms of the words that the question writes with a capital."""
    capitals = {t.form for t in tokenize(question) if question[t.start].isupper()}
    return frozenset(word.form for word in words if word.form in capitals)


def match_names(
    words: Sequence[QuestionWord], capitals: frozenset[str], texts: Sequence[str]
) -> NDArray[np.float32]:
    """How surely each name is in each text, 0 to 1, shape (texts, words); 0 for other words."""
    found = np.zeros((len(texts), len(words)), dtype=np.float32)
    for column, word in enumerate(words):
        if (word.is_name or word.form in capitals) and not word.in_capitals:
            keys = name_keys(word.form, word.language)
            found[:, column] = [_best(word.form, keys, _forms_by_key(text)) for text in texts]
    return found


def same_name(one: str, other: str, key: str) -> float:
    """How surely two words that share a name key are spellings of one name, 0 to 1."""
    alike = SequenceMatcher(None, _sounds(one), _sounds(other), autojunk=False).ratio()
    if alike < _SPELLING and _script(one) == _script(other):
        return 0.0
    strength = _STRENGTH[min(len(key), len(_STRENGTH) - 1)]
    return min(1.0, strength * (_KEY_ALONE + _SOUND * alike))


def _script(form: str) -> str:
    """ARABIC, LATIN, CYRILLIC …, by the first letter."""
    return unicodedata.name(form[0], "").split(" ")[0]


def _best(form: str, keys: Sequence[str], by_key: Mapping[str, Sequence[str]]) -> float:
    likely = (same_name(form, other, key) for key in keys for other in by_key.get(key, ()))
    return max(likely, default=0.0)


@lru_cache(maxsize=1 << 13)
def _forms_by_key(text: str) -> Mapping[str, Sequence[str]]:
    """The words of a text by each of their name keys."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for form in dict.fromkeys(token.form for token in tokenize(text)):
        for key in name_keys(form):
            found[key].append(form)
    return dict(found)


@lru_cache(maxsize=1 << 14)
def _sounds(form: str) -> str:
    """The word in the consonants of name keys and the three vowels that Arabic writes."""
    return "".join(_SOUND_OF.get(letter) or name_key(letter) for letter in fold(form))
