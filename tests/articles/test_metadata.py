from datetime import date
from pathlib import Path

import pytest

from qa.articles.cleaning import clean
from qa.articles.metadata import Metadata, find_metadata


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("000_8c1c864d118376be", Metadata()),
        # The page says «صحيفة الوطن»: the noun for newspaper is no part of the name.
        ("001_01317e2837700f45", Metadata(outlet="الوطن", author="وكالات")),
        ("002_f10f2db986368882", Metadata(outlet="اخبار مصر")),
        # «15 كانون الأول» in its text is an event, not the day of publication.
        ("003_7134a8dc5dcca6b8", Metadata()),
        (
            "004_cf3dbfa4259b4b62",
            Metadata("الوسط", "المحرر السياسي", date(2015, 9, 16), date(2017, 5, 12)),
        ),
    ],
)
def test_seeds(seeds: Path, name: str, expected: Metadata) -> None:
    page = clean((seeds / f"{name}.txt").read_text(encoding="utf-8"))
    assert find_metadata(page) == expected


def of_page(above: str, below: str = "") -> Metadata:
    text = "It began on 3 May 2014, the minister said.\n\nIt ended on 4 May 2014."
    return find_metadata(clean(f"Talks resume in Vienna\n{above}\n\n{text}\n\n{below}"))


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("", "", Metadata()),
        ("By Ann Lee\n16 September 2015", "", Metadata(None, "Ann Lee", date(2015, 9, 16))),
        ("By Ann Lee, Moscow 16 September 2015", "", Metadata(None, "Ann Lee", date(2015, 9, 16))),
        ("", "Source: Reuters\n\nShare", Metadata("Reuters")),
        ("", "المصدر: صحيفة الوطن", Metadata("الوطن")),
        ("", "(رويترز)", Metadata(author="رويترز")),
        ("موسكو - رويترز", "", Metadata(author="رويترز")),
        ("الوطن – هيئة التحرير", "", Metadata("الوطن", "هيئة التحرير")),
        (
            "Publié le 1er août 2015 - Mis à jour le 2 août 2015",
            "",
            Metadata(published=date(2015, 8, 1), updated=date(2015, 8, 2)),
        ),
        ("آخر تحديث: ١٢ أيار ٢٠١٧", "", Metadata(updated=date(2017, 5, 12))),
        ("Обновлено: 12 мая 2017", "", Metadata(updated=date(2017, 5, 12))),
        ("", "نشر في: 16/9/2015", Metadata(published=date(2015, 9, 16))),
        ("", "Leave a comment\n\nIvan, 1 June 2019", Metadata()),
    ],
)
def test_lines_around_the_text(above: str, below: str, expected: Metadata) -> None:
    assert of_page(above, below) == expected
