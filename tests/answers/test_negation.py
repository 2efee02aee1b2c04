from __future__ import annotations

import pytest

from qa.answers.negation import Text, contradicted, polarity
from qa.roles import Matcher


@pytest.mark.parametrize(
    ("language", "text", "denied"),
    [
        ("en", "Russia will not join the coalition.", "join the coalition"),
        ("en", "She didn't agree, he did", "agree"),
        ("en", "not only oil, but gas", ""),
        ("ar", "ليس عن الانضمام، بل عن التنسيق", "عن الانضمام"),
        ("ar", "لا سيما النفط", ""),
        ("fr", "elle n’a pas signé.", "signé"),
        ("ru", "Россия не вступит", "вступит"),
        ("xx", "not this", ""),
    ],
)
def test_what_is_denied(language: str, text: str, denied: str) -> None:
    assert polarity([Text(text, language)]).denied.strip() == denied


@pytest.mark.parametrize(
    ("claim", "source", "word"),
    [
        ("they accept", "they do not accept", "accept"),
        ("they do not accept", "they accept", "accept"),
        ("they do not accept", "they do not accept", None),
        ("they accept", "they accept", None),
        ("they accept", "they did not accept then but accept now", None),
    ],
)
def test_what_is_denied_on_one_side_only(
    matcher: Matcher, claim: str, source: str, word: str | None
) -> None:
    words = matcher.question_words(claim)
    found = contradicted(Text(claim, "en"), [Text(source, "en")], words, matcher)
    assert (found.form if found else None) == word
