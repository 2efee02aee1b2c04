import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import fold
from qa.text.stopwords import QUESTION_WORDS, STOP_WORDS
from qa.text.tokens import is_stop_word, tokenize

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from("abzÉßİ'’.,-_ 0٣9/@\n\u200f\u0640ـ«»ﷺﻻابوي\u064e\u0654ةйЁ🚀"),
        st.characters(),
    )
)


def forms(text: str, language: str | None = None) -> list[str]:
    return [token.form for token in tokenize(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syria's army", ["syria", "army"]),
        ("Syria’s don't", ["syria", "don"]),
        ("l’Assemblée d'Obama aujourd'hui", ["l", "assemblee", "d", "obama", "aujourdhui"]),
        ("Putin'in Suriye'nin Ankara'daki", ["putin", "suriye", "ankara"]),
        ("Qur'an O'Brien", ["quran", "obrien"]),
        ("al-Assad F-16 COVID-19", ["al", "assad", "f", "16", "covid", "19"]),
        ("the U.S. and the U.N.", ["the", "us", "and", "the", "un"]),
        ("1,000.5 3.5% ١٬٠٠٠ ٣٫٥ 3،5", ["1,000.5", "3.5", "1,000", "3.5", "3,5"]),
        ("1373-2170", ["1373", "2170"]),
        ("20th G20 5G", ["20th", "g20", "5g"]),
        ("2015م الـ60", ["2015", "م", "ال", "60"]),
        ("«داعش»، بـ”داعش”", ["داعش", "ب", "داعش"]),
        ("سوريا.وقال", ["سوريا", "وقال"]),
        ("كتاب\u200cها سُورِيَّة", ["كتابها", "سوريه"]),
        ("#كأس_العالم", ["كاس", "العالم"]),
        ("www.example.com/a?b=1", ["www", "example", "com", "a", "b", "1"]),
        ("'quoted'", ["quoted"]),
        ("وعبدالعزيز عبدُالرحمن", ["وعبد", "العزيز", "عبد", "الرحمن"]),
        ("بأبوظبي، نصرالله", ["بابو", "ظبي", "نصر", "الله"]),
        ("Abdulaziz Abdelfattah's", ["abdul", "aziz", "abdel", "fattah"]),
        ("", []),
        ("؟! … «»", []),
        ("\u0654\u064b", []),
    ],
)
def test_forms(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_places_are_in_the_original() -> None:
    text = "قالَ «مِيدفيديف»: Syria’s U.S. ٣٫٥"
    assert [text[t.start : t.end] for t in tokenize(text)] == [
        "قالَ", "مِيدفيديف", "Syria", "U.S", "٣٫٥",
    ]  # fmt: skip


def test_a_name_written_as_one_word_is_at_two_places() -> None:
    text = "الملك عَبْدالعَزِيز"
    assert [text[t.start : t.end] for t in tokenize(text)][1:] == ["عَبْد", "العَزِيز"]


def test_a_ligature_of_several_words_is_several_tokens_at_one_place() -> None:
    assert [(t.form, t.start, t.end) for t in tokenize("النبي ﷺ")][1:] == [
        (word, 6, 7) for word in ("صلي", "الله", "عليه", "وسلم")
    ]


@given(MIXED)
def test_a_form_is_its_span_folded(text: str) -> None:
    for token in tokenize(text):
        found = fold(text[token.start : token.end]).replace("'", "").replace(".", "")
        assert token.form.replace(".", "") in found


@given(MIXED)
def test_tokens_are_in_order_and_not_empty(text: str) -> None:
    tokens = tokenize(text)
    assert all(t.form and t.stem and 0 <= t.start < t.end <= len(text) for t in tokens)
    starts = [t.start for t in tokens]
    assert starts == sorted(starts)


@given(st.text(alphabet="abÉИйابوةﻻ0٣9 .,-_«»\n\u200f\u0640\u064e🚀"))
def test_every_letter_and_digit_is_in_a_token(text: str) -> None:
    covered = {place for t in tokenize(text) for place in range(t.start, t.end)}
    assert [c for i, c in enumerate(text) if c.isalnum() and fold(c) and i not in covered] == []


def test_numbers_of_one_value_share_a_stem() -> None:
    assert {t.stem for t in tokenize("1,000 1.000 1000 ١٬٠٠٠ ١٠٠٠")} == {"1000"}
    assert {t.stem for t in tokenize("3.5 3,5 ٣٫٥ 3،5")} == {"3.5"}


def test_stop_words_are_folded_forms() -> None:
    assert is_stop_word(fold("إلى"), "ar")
    assert is_stop_word("über".replace("ü", "u"), "de")
    assert not is_stop_word("us", "en")


def test_without_a_language_a_stop_word_of_any_counts() -> None:
    assert is_stop_word("the")
    assert is_stop_word("من")
    assert not is_stop_word("the", "fr")
    assert not is_stop_word("the", "xx")


@pytest.mark.parametrize("language", ["ar", "en", "fr", "ru", "tr", "fa", "es", "de", "ur"])
def test_every_language_has_its_words(language: str) -> None:
    words = STOP_WORDS[language] | QUESTION_WORDS[language]
    assert words == {fold(word) for word in words}
    assert not any(" " in word for word in words)


QUESTIONS = {
    "en": "what did Medvedev say about Syrian sovereignty?",
    "ar": "ماذا قال ميدفيديف عن السيادة السورية؟",
    "fr": "Qu'a dit Medvedev sur la souveraineté syrienne ?",
    "ru": "Что сказал Медведев о суверенитете Сирии?",
    "tr": "Medvedev Suriye'nin egemenliği hakkında ne dedi?",
    "fa": "مدودف درباره حاکمیت سوریه چه گفت؟",
    "es": "¿Qué dijo Medvedev sobre la soberanía siria?",
    "de": "Was sagte Medwedew über die syrische Souveränität?",
}
TOPICS = {
    "en": "medvedev syrian sovereignty",
    "ar": "ميدفيديف السياده السوريه",
    "fr": "medvedev souverainete syrienne",
    "ru": "медведев суверенитете сирии",
    "tr": "medvedev suriye egemenligi",
    "fa": "مدودف حاكميت سوريه",
    "es": "medvedev soberania siria",
    "de": "medwedew syrische souveranitat",
}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_without_its_question_words_is_its_topic(language: str) -> None:
    content = [
        form
        for form in forms(QUESTIONS[language], language)
        if not is_stop_word(form, language) and form not in QUESTION_WORDS[language]
    ]
    assert " ".join(content) == TOPICS[language]


@pytest.mark.parametrize(
    "piece", ["a", "a'", "'", "1,", "U.S.", "ا", "ـ", "\u200f", "a.1,", " ", "🚀"]
)
def test_long_words_are_tokenized_in_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    tokenize(text)
    assert time.process_time() - began < 4
