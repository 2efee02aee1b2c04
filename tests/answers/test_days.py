from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.days import find_days, is_borne_out, stated_days

SOURCE = "وأفاد البيت الأبيض أمس الأربعاء 16 أيلول/سبتمبر أنه يرحب"


def borne_out(text: str, language: str, source: str, published: date | None) -> bool:
    stated = stated_days(source, "ar", published)
    days = find_days(text, language)
    assert days
    return all(is_borne_out(day, stated) for day in days)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "16 September"),
        ("en", "on Wednesday, September 16, 2015"),
        ("en", "September 2015"),
        ("en", "2015-09-16"),
        ("ar", "١٦ سبتمبر"),
        ("ar", "16 شتنبر 2015"),
        ("fr", "mercredi 16 septembre"),
        ("ru", "в среду, 16 сентября 2015 года"),
        ("tr", "16 Eylül Çarşamba"),
        ("de", "am Mittwoch, den 16. September 2015"),
        ("es", "el miércoles 16 de septiembre de 2015"),
        ("fa", "چهارشنبه ۱۶ سپتامبر ۲۰۱۵"),
        ("fa", "روز چهار شنبه"),
    ],
)
def test_a_day_in_any_language(language: str, text: str) -> None:
    assert borne_out(text, language, SOURCE, date(2015, 9, 17))


@pytest.mark.parametrize("text", ["17 August", "Thursday 16 September", "16 September 2014"])
def test_another_day(text: str) -> None:
    assert not borne_out(text, "en", SOURCE, date(2015, 9, 17))


def test_without_a_date_of_publication_a_year_cannot_be_told() -> None:
    assert borne_out("16 September", "en", SOURCE, None)
    assert not borne_out("16 September 2015", "en", SOURCE, None)


def test_the_missing_year_is_the_nearest() -> None:
    assert borne_out("3 January 2016", "en", "في 3 كانون الثاني المقبل", date(2015, 12, 28))


def test_yesterday_is_the_day_before_publication() -> None:
    assert borne_out("16 September 2015", "en", "قال أمس", date(2015, 9, 17))


@pytest.mark.parametrize(("language", "said"), [("de", "gestern"), ("es", "ayer"), ("fa", "دیروز")])
def test_yesterday_in_other_languages(language: str, said: str) -> None:
    stated = stated_days(f"{said}:", language, date(2015, 9, 17))
    assert (2015, 9, 16) in {(day.year, day.month, day.day) for day in stated}


@given(st.text(), st.sampled_from(["ar", "en", "ru", "xx"]))
def test_days_are_where_they_say(text: str, language: str) -> None:
    for day in find_days(text, language):
        assert day.written in text[day.start : day.end]


def test_a_weekday_may_stand_apart_from_its_date() -> None:
    source = "الثلاثاء المقبل 15 كانون الأول"
    assert borne_out("Tuesday, 15 December", "en", source, None)
    assert not borne_out("Monday, 15 December", "en", source, None)
