from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.dates import MONTHS, find_dates, is_dateline, parse_date
from qa.text.folding import fold


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("16 سبتمبر 2015م الموافق 02 ذي الحجة 1436هـ", date(2015, 9, 16)),
        ("١٦ أيلول ٢٠١٥", date(2015, 9, 16)),
        ("الخميس 29 كانون الأول/ديسمبر 2016", date(2016, 12, 29)),
        ("29 ديسمبر (كانون الأول) 2016", date(2016, 12, 29)),
        ("2 تشرين الثاني 2014", date(2014, 11, 2)),
        ("2 كانون ثاني 2014", date(2014, 1, 2)),
        ("3 جويلية 2016", date(2016, 7, 3)),
        ("3 غشت 2016", date(2016, 8, 3)),
        ("September 16th, 2015", date(2015, 9, 16)),
        ("16-Sep-2015", date(2015, 9, 16)),
        ("le 1er août 2015", date(2015, 8, 1)),
        ("12 мая 2017 г.", date(2017, 5, 12)),
        ("12 Ağustos 2016", date(2016, 8, 12)),
        ("16 de septiembre de 2015", date(2015, 9, 16)),
        ("2015-09-16T10:30:00Z", date(2015, 9, 16)),
        ("16/9/2015", date(2015, 9, 16)),
        ("9/16/2015", date(2015, 9, 16)),
        ("16.09.2015", date(2015, 9, 16)),
    ],
)
def test_dates_as_newspapers_write_them(line: str, expected: date) -> None:
    assert [found.date for found in find_dates(fold(line))] == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "02 ذي الحجة 1436هـ",
        "02/12/1436",
        "15 كانون الأول",
        "مايو 2017",
        "31/02/2015",
        "1373-2170-2178",
    ],
)
def test_no_gregorian_date(line: str) -> None:
    assert find_dates(fold(line)) == []


def test_several_dates_stand_in_order() -> None:
    line = fold("نشر: 1 شباط 2015، آخر تحديث: 3 آذار 2015")
    found = find_dates(line)
    assert [x.date for x in found] == [date(2015, 2, 1), date(2015, 3, 3)]
    assert line[found[0].start : found[0].end] == "1 شباط 2015"


def test_every_month_has_names_in_every_script() -> None:
    for month in range(1, 13):
        names = "".join(name for name, number in MONTHS.items() if number == month)
        assert any("\u0600" <= c <= "\u06ff" for c in names)
        assert any("а" <= c <= "я" for c in names)
        assert any("a" <= c <= "z" for c in names)


@pytest.mark.parametrize(
    "line",
    [
        "العدد 4758 - الأربعاء 16 سبتمبر 2015م الموافق 02 ذي الحجة 1436هـ",
        "تحديث: 12 مايو 2017",
        "الأربعاء 16 سبتمبر",
        "Published: 16 September 2015 10:30 GMT",
        "John Smith, 16 September 2015",
        "منذ 3 ساعات",
        "2 hours ago",
        "12/5/2017",
    ],
)
def test_datelines(line: str) -> None:
    assert is_dateline(line)


@pytest.mark.parametrize(
    "line",
    [
        "سيلتقي الرئيس الروسي ونظيره في 15 كانون الأول 2015",
        "Ministers meet in Paris on 16 September 2015",
        "It ended on 4 May 2014.",
        "5 killed in Damascus",
        "الأربعاء",
    ],
)
def test_lines_that_say_more_than_when(line: str) -> None:
    assert not is_dateline(line)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-09-16", date(2015, 9, 16)),
        ("2015-09-16T23:30:00+03:00", date(2015, 9, 16)),
        ("Wed, 16 Sep 2015 10:00:00 GMT", date(2015, 9, 16)),
        ("1442390400", date(2015, 9, 16)),
        ("1442390400000", date(2015, 9, 16)),
        ("1442390400.0", date(2015, 9, 16)),
        ("981173106", date(2001, 2, 3)),
        ("981173106000", date(2001, 2, 3)),
        ("1712052312345", date(2024, 4, 2)),
        ("1712052312345.0", date(2024, 4, 2)),
        ("1712052312345678", date(2024, 4, 2)),
        ("1712052312345678900", date(2024, 4, 2)),
        ("20240402", date(2024, 4, 2)),
        ("202404021530", date(2024, 4, 2)),
        ("20240402153059", date(2024, 4, 2)),
        ("٢٠٢٤٠٤٠٢", date(2024, 4, 2)),
        ("20240402T153059Z", date(2024, 4, 2)),
        ("2024-04-02 15:30:59", date(2024, 4, 2)),
        (" 16 سبتمبر 2015 ", date(2015, 9, 16)),
        ("yesterday", None),
        ("2015", None),
        ("1436-12-02", None),
        ("1402-05-12", None),
        ("0000-00-00", None),
        ("0000-00-00 00:00:00", None),
        ("2015-09", None),
        ("00000000", None),
        ("20241302", None),
        ("1 Jan 99999999999 00:00:00", None),
        ("", None),
    ],
)
def test_parse_date(value: str, expected: date | None) -> None:
    assert parse_date(value) == expected


@given(st.text("0123456789 -+:/.,TZ٣JanGMT"))
def test_whatever_stands_in_a_field_of_dates(value: str) -> None:
    assert parse_date(value) is None or isinstance(parse_date(value), date)
