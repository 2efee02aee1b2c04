import pytest

from qa.articles.lines import Kind, is_interruption, read_line


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Kind.BLANK),
        (" \u00a0\u200f", Kind.BLANK),
        ("***", Kind.RULE),
        ("200", Kind.NUMBER),
        ("12/5/2017", Kind.DATE),
        ("الأربعاء 16 سبتمبر 2015م", Kind.DATE),
        ("| وكالات", Kind.CREDIT),
        ("الأخبار", Kind.SECTION),
        ("زر الذهاب إلى الأعلى", Kind.BUTTON),
        ("© 2015 The Daily Example", Kind.NOTICE),
        ("اترك تعليقاً", Kind.COMMENT_FORM),
        ("مقالات ذات صلة", Kind.AFTERMATH),
        ("اتفاق أميركي روسي استخباراتي", Kind.PLAIN),
        ("وقال: «نعم، سنفعل».", Kind.PLAIN),
        ("وقال الوزير: «نعم، سنفعل».", Kind.PROSE),
        ("He asked: “Who is it?”", Kind.PROSE),
        ("كلمة " * 41, Kind.PROSE),
        ("اترك تعليقاً " * 30, Kind.PROSE),
    ],
)
def test_kinds(text: str, kind: Kind) -> None:
    assert read_line(text).kind is kind


def test_interruptions() -> None:
    assert is_interruption("— Advertisement —")
    assert not is_interruption("Share")
    assert not is_interruption("Advertisement revenues fell in May")
