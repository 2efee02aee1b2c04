from __future__ import annotations

import pytest

from qa.answers.cited import Text
from qa.answers.negation import contradicted, polarity
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
        ("de", "Russland wird der Koalition nicht beitreten.", "beitreten"),
        ("de", "Die Türkei ist dafür, Russland bezahlt das nicht.", "Russland bezahlt das nicht"),
        ("de", "nicht nur Öl, sondern Gas", ""),
        ("de", "Er hat keine Einwände", "Einwände"),
        ("es", "Rusia no firmará el acuerdo, pero Turquía sí", "firmará el acuerdo"),
        ("es", "no solo petróleo, sino gas", ""),
        ("fa", "روسیه این پیشنهاد را نمی‌پذیرد.", "روسیه این پیشنهاد را نمی‌پذیرد"),
        ("fa", "ترکیه موافق است اما روسیه نیست", "روسیه نیست"),
        ("fa", "نه تنها نفت", ""),
        ("xx", "not this", ""),
    ],
)
def test_what_is_denied(language: str, text: str, denied: str) -> None:
    assert polarity(Text(text, language)).denied.strip() == denied


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
