from __future__ import annotations

import pytest

from qa.answers.kinds import holds_kind, kind_of


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
