from __future__ import annotations

import pytest

from qa.answers.entities import codes_of_words, find_entities, match_entities
from qa.model import QuestionWord


@pytest.mark.parametrize(
    ("question", "language", "form", "text"),
    [
        ("Pourquoi Damas refuse ?", "fr", "damas", "ترفض دمشق ذلك"),
        ("Где Турция?", "ru", "турция", "دخلت القوات تركيا"),
        ("Why does Damascus refuse?", "en", "damascus", "Damaskus lehnt ab"),
        ("Что говорит МАГАТЭ?", "ru", "магатэ", "أعلنت الوكالة الدولية للطاقة الذرية"),
        ("What did the WHO say?", "en", "who", "بيان لمنظمة الصحة العالمية"),
    ],
)
def test_a_place_or_an_organisation_is_found_in_another_language(
    question: str, language: str, form: str, text: str
) -> None:
    codes = codes_of_words(question, language, find_entities(question, language))
    words = [QuestionWord(form, 0.5, True), QuestionWord("xyz", 0.5, False)]
    other = "de" if "lehnt" in text else "ar"
    found = match_entities(words, codes, [text, "لا شيء"], [other, "ar"])
    assert found[0, 0] > 0.8
    assert found.sum() == found[0, 0]


def test_other_words_are_no_places() -> None:
    assert find_entities("what did he say?", "en") == []
