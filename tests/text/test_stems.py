import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import fold
from qa.text.stems import bare_form, english_stems, stem


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("en", "government governments"),
        ("en", "attack attacked attacks attacking"),
        ("fr", "déclaration déclarations"),
        ("fr", "déclaré déclarée déclarées déclarer déclare"),
        ("fr", "premier première premières"),
        ("ru", "суверенитет суверенитета суверенитету"),
        ("ru", "ёлка елки"),
        ("tr", "egemenlik egemenliği egemenliğinin egemenliğine"),
        ("tr", "Suriye Suriyenin Suriyeli Suriyede"),
        ("tr", "savaş savaşı savaşın savaşta savaşlar"),
        ("tr", "ülke ülkeler ülkenin ülkesi ülkesinin"),
        ("es", "declaración declaraciones declarar"),
        ("de", "Häuser Haus Hause"),
        ("fa", "کتاب کتاب‌ها کتاب‌های کتابی"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, family: str) -> None:
    assert len({stem(fold(form), language) for form in family.split()}) == 1


def test_script_goes_before_language() -> None:
    assert stem("السياده", "en") == stem("سياده", "ar") == "سياد"
    assert stem("страны", "en") == stem("страна", "ru")


@pytest.mark.parametrize(
    ("form", "language", "bare"),
    [
        ("السيسي", "ar", "سيسي"),
        ("والسيستاني", "ar", "سيستاني"),
        ("الله", "ar", "الله"),
        ("السيسي", "fa", "السيسي"),
        ("attacks", "en", "attacks"),
    ],
)
def test_a_bare_form_keeps_its_endings(form: str, language: str, bare: str) -> None:
    assert bare_form(form, language) == bare


def test_an_unknown_language_is_stemmed_as_english() -> None:
    assert stem("attacks", "xx") == stem("attacks") == "attack"


def test_numbers_keep_their_value() -> None:
    assert [stem(form) for form in ("1,000,000", "3,5", "16.9.2015", "20th")] == [
        "1000000", "3.5", "16.9.2015", "20th",
    ]  # fmt: skip


def test_what_is_too_long_for_a_word_stays() -> None:
    assert stem("ا" * 1000) == "ا" * 1000


@given(st.text(min_size=1), st.sampled_from([None, "ar", "en", "fr", "ru", "tr", "fa", "es", "de"]))
def test_a_stem_is_never_empty(text: str, language: str | None) -> None:
    form = fold(text).strip()
    if form:
        assert stem(form, language)


def test_stems_of_many_english_words_are_those_of_each() -> None:
    forms = ["markets", "rose", "sovereignty", "fumbled", "dispensaries", "a"]
    assert english_stems(forms) == [stem(form, "en") for form in forms]
