"""What a reply is other than an answer: a refusal, or text in another language than asked for."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from qa.text.folding import fold
from qa.text.language import detect_language

SENTINEL = "<no-answer/>"
"""What the prompt asks for. No article can hold it: angle brackets are replaced there."""
_SENTINEL = re.compile(r"<\s*no-answer\s*/?\s*>|^\W*no-answer\W*$", re.IGNORECASE)
_SHORT = 400
"""Characters; what is longer and cites nothing is an answer from the model's own memory."""
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"|„[^„“”]*[“”]|\([^()]*\)")
_DETECTED = frozenset("ar en fr ru tr fa es de ur".split())
_FEWEST_WORDS = 4
"""Fewer may be names, which are in any language."""


def is_sentinel(text: str) -> bool:
    """Whether a sentence holds the agreed token, or is it without its brackets."""
    return _SENTINEL.search(text) is not None


def says_nothing(reply: str) -> bool:
    """Whether a reply that cites nothing is a refusal: the agreed token, or a short denial.

    A denial without a source is either a refusal or a claim that nothing bears out; as an
    answer it is worth the same.
    """
    if is_sentinel(reply):
        return True
    return len(reply) <= _SHORT and _denials().search(fold(reply)) is not None


def is_foreign(text: str, language: str) -> bool:
    """Whether a text is in another language than this one, quotations in it left aside.

    Never where that language cannot be told from others.
    """
    own = _QUOTED.sub(" ", text)
    wanted = language.partition("-")[0].lower()
    if wanted not in _DETECTED or len(own.split()) < _FEWEST_WORDS:
        return False
    return detect_language(own, default=wanted) != wanted


@cache
def _denials() -> re.Pattern[str]:
    """The words that refusals are made of, of all languages: few models keep to one."""
    tables = json.loads(files("qa.answers").joinpath("refusals.json").read_text(encoding="utf-8"))
    turns = sorted({fold(turn) for table in tables.values() for turn in table})
    return re.compile(rf"(?<!\w)(?:{'|'.join(turns)})(?!\w)")
