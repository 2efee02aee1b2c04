from __future__ import annotations

import pytest

from qa.answers.replies import SENTINEL, is_foreign, is_sentinel, says_nothing


@pytest.mark.parametrize(
    "text", [SENTINEL, f"**{SENTINEL}**", "<NO-ANSWER>", "no-answer.", f"Sorry. {SENTINEL}"]
)
def test_the_sentinel_is_known_however_it_is_set_off(text: str) -> None:
    assert is_sentinel(text)


def test_a_sentence_that_speaks_of_no_answer_is_not_the_sentinel() -> None:
    assert not is_sentinel("He gave no-answer replies all day.")


@pytest.mark.parametrize(
    "text",
    [
        "I cannot answer this from the sources.",
        "I don't know.",
        "للأسف، لا تتضمن المصادر جواباً.",
        "لم يرد ذلك في المقالات.",
        "Je n'ai trouvé aucune réponse.",
        "Ответа нет.",
        "Bu bilgi kaynaklarda verilmemiş.",
        "Die Quellen sagen dazu nichts.",
        "پاسخی در منابع نیست.",
    ],
)
def test_a_short_denial_in_any_language_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["Oil rose.", "ارتفع النفط.", "Цены выросли.", "Fiyatlar yükseldi.", ""]
)
def test_an_answer_does_not_say_nothing(text: str) -> None:
    assert not says_nothing(text)


def test_a_long_text_is_no_refusal_for_a_no_in_it() -> None:
    assert not says_nothing("There is no doubt that oil rose. " * 20)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Oil prices rose after the talks.", "en", False),
        ("Oil prices rose after the talks.", "ar", True),
        ("Oil prices rose after the talks.", "fr", True),
        ("ارتفعت أسعار النفط بعد المحادثات.", "en", True),
        ("ارتفعت أسعار النفط بعد المحادثات.", "ar", False),
        ("He said: «ارتفعت أسعار النفط كثيراً جداً بعد المحادثات» in the end.", "en", False),
        ("Sergei Lavrov, Moscow", "ar", False),
        ("Oil prices rose after the talks.", "zh", False),
        ("Oil prices rose after the talks.", "en-GB", False),
    ],
)
def test_a_reply_in_another_language_is_told(text: str, language: str, expected: bool) -> None:
    assert is_foreign(text, language) is expected
