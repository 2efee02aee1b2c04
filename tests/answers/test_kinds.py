from __future__ import annotations

import pytest

from qa.answers.kinds import asks_for_words, forms_of_speaker, holds_kind, kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many strikes were there?", "number"),
        ("كم عدد الضربات؟", "number"),
        ("متى يزور كيري موسكو؟", "when"),
        ("When will he come?", "when"),
        ("Почему он отказался?", "why"),
        ("Kerry Moskova'yı ne zaman ziyaret edecek?", "when"),
        ("Who met Lavrov?", "who"),
        ("Obama on the long campaign", None),
    ],
)
def test_the_asking_word_tells_the_kind(question: str, kind: str | None) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "holds"),
    [
        ("number", "نفذ ١٨ ضربة", True),
        ("number", "نحو عشرة آلاف", True),
        ("number", "لا شيء", False),
        ("when", "في 29 كانون الأول الماضي", True),
        ("why", "رفض لأنها الجهة الوحيدة", True),
        ("why", "ولأنه رفض", True),
        ("said", "قال لا", False),
        (None, "18", False),
    ],
)
def test_sentences_that_hold_what_is_asked(kind: str | None, sentence: str, holds: bool) -> None:
    assert holds_kind(kind, sentence) is holds


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What did Medvedev say?", True),
        ("How many are there according to Shoigu?", True),
        ("ما رأي لافروف في الاتفاق؟", True),
        ("Medvedev bu konuda ne dedi?", True),
        ("When did Kerry come?", False),
    ],
)
def test_questions_for_somebodys_words(question: str, asks: bool) -> None:
    assert asks_for_words(question) is asks


def test_the_speaker_is_looked_for_after_who_is_credited() -> None:
    assert forms_of_speaker("How many, according to Shoigu?") == ["shoigu"]
    assert forms_of_speaker("Medvedev ne dedi?")[0] == "medvedev"
