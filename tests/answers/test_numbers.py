from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.numbers import find_numbers


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ar", "نحو 4 آلاف طلعة", 4000),
        ("ar", "٨٬٥٠٠ منشأة", 8500),
        ("ar", "خمسة وعشرون ألف مقاتل", 25_000),
        ("ar", "ثلاثمئة وخمسين", 350),
        ("ar", "ألفان وخمسمئة", 2500),
        ("ar", "بثلاثة مواقع", 3),
        ("en", "twenty-five thousand", 25_000),
        ("en", "three hundred and fifty", 350),
        ("en", "1.5 million", 1_500_000),
        ("en", "2 500", 2500),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "soixante-quinze", 75),
        ("fr", "3,5 millions", 3_500_000),
        ("ru", "сто двадцать три", 123),
        ("ru", "4 тыс. вылетов", 4000),
        ("tr", "iki bin beş yüz", 2500),
        ("tr", "ayın 29'unda", 29),
        ("fa", "۱۲ نفر", 12),
        ("de", "fünfundzwanzigtausend", 25_000),
        ("de", "dreihundertfünfzig", 350),
        ("de", "zwei Millionen dreihunderttausend", 2_300_000),
        ("de", "drei Mrd. Euro", 3_000_000_000),
        ("de", "zwölf", 12),
        ("es", "treinta y cinco", 35),
        ("es", "ciento cincuenta mil", 150_000),
        ("es", "tres mil millones", 3_000_000_000),
        ("es", "un millón doscientos mil", 1_200_000),
        ("fa", "بیست و پنج هزار", 25_000),
        ("fa", "سی\u200cونه", 39),
        ("fa", "دو میلیون و پانصد هزار", 2_500_000),
    ],
)
def test_one_number(language: str, text: str, value: float) -> None:
    [number] = find_numbers(text, language)
    assert value in number.readings
    assert not number.is_percent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "90 في المئة"),
        ("ar", "٩٠٪"),
        ("en", "90 per cent"),
        ("fr", "90 pour cent"),
        ("ru", "90 процентов"),
        ("tr", "yüzde 90"),
        ("tr", "%90"),
        ("de", "90 Prozent"),
        ("es", "90 por ciento"),
        ("fa", "۹۰ درصد"),
        ("fa", "۹۰٪"),
    ],
)
def test_percentages_agree_with_one_another_only(language: str, text: str) -> None:
    [number] = find_numbers(text, language)
    assert number.agrees(find_numbers("90%", "en")[0])
    assert not number.agrees(find_numbers("90", "en")[0])


def test_a_point_may_part_thousands_or_decimals() -> None:
    [number] = find_numbers("1.500", "fr")
    assert number.readings == {1500.0, 1.5}


def test_neighbours_that_make_no_number_stay_apart() -> None:
    found = [n.readings for n in find_numbers("1373-2170-2178, forty fifty", "en")]
    assert found == [{1373.0}, {2170.0}, {2178.0}, {40.0}, {50.0}]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "آلاف المقاتلين، لست هنا"),
        ("en", "of the"),
        ("de", "Hunderte, Hunderttausende und sonst niemand"),
        ("es", "miles de personas"),
        ("fa", "نه تنها دوده و هزاران نفر، بی بی سی"),
    ],
)
def test_what_is_no_number(language: str, text: str) -> None:
    assert find_numbers(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "exact"),
    [
        ("en", "one of the two, two men, three, 1", [False, False, True, True, True]),
        ("fr", "les deux hommes, deux femmes", [False, True]),
        ("ru", "эти два дня, две недели", [False, True]),
        ("tr", "bu iki gün, üç ay, bir yıl", [False, True, False]),
        ("ar", "رجلان اثنان، ثلاثة أيام", [False, True]),
        ("de", "eine der zwei Frauen, zwei Männer", [False, False, True]),
        ("es", "una de las dos, dos hombres", [False, False, True]),
        ("fa", "این دو کشور، دو کشور، یک کشور", [False, True, False]),
    ],
)
def test_small_words_are_exact_where_they_only_count(
    language: str, text: str, exact: list[bool]
) -> None:
    assert [n.is_exact for n in find_numbers(text, language)] == exact


@given(st.text(), st.sampled_from(["ar", "en", "fr", "ru", "tr", "de", "es", "fa", "xx"]))
def test_numbers_are_where_they_say(text: str, language: str) -> None:
    for number in find_numbers(text, language):
        assert text[number.start : number.end] == number.written
        assert number.written
