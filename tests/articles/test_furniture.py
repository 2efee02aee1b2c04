import pytest

from qa.articles import furniture
from qa.articles.furniture import AFTERMATH, BUTTONS, COMMENT_FORMS, NOTICES, label, vocabulary


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  (0) تعليقات ", "# تعليقات"),
        ("1,204 Shares", "# shares"),
        ("• أضِف تعليقاً!", "اضف تعليقا"),
        ("— *** —", ""),
        ("10:30 – 12.5.2017", "# #"),
    ],
)
def test_label(line: str, expected: str) -> None:
    assert label(line) == expected


def test_whole_lines_and_beginnings() -> None:
    words = vocabulary("اترك تعليقاً | Back to top\nSubscribe to our…")
    assert label("اترك تعليقا") in words
    assert label("BACK TO TOP ↑") in words
    assert label("Subscribe to our newsletter") in words
    assert label("Subscribe to ours") not in words
    assert label("اترك تعليقاً على الخبر") not in words


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("إقرأ أيضاً:", AFTERMATH),
        ("12 Comments", BUTTONS),
        ("Поделиться", BUTTONS),
        ("Laisser un commentaire", COMMENT_FORMS),
        ("لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *", COMMENT_FORMS),
        ("تنويه : التعليقات لا تعبر عن رأي الصحيفة", NOTICES),
        ("جميع الحقوق محفوظة لصحيفة الوطن 2015", NOTICES),
        ("We use cookies to improve your visit", NOTICES),
    ],
)
def test_furniture_is_known(line: str, known: furniture.Vocabulary) -> None:
    assert label(line) in known


def test_fields_of_a_form_are_furniture() -> None:
    fields = furniture.FORM_FIELDS
    entries = [*fields.whole, *(f"{beginning}more" for beginning in fields.beginnings)]
    assert [e for e in entries if e not in COMMENT_FORMS and e not in NOTICES] == []


@pytest.mark.parametrize(
    "line",
    [
        "اشترك في الاجتماع وزراء خارجية الدول الست",
        "المزيد من القتلى سقطوا أمس في حلب",
        "تابعنا على مدى أسابيع ما يجري في المدينة",
        "رفض الوزير التعليق على الأمر",
        "The views expressed by the minister were clear",
        "More talks are due next week",
        "Comments by the minister angered Moscow",
        "Share prices fell in Moscow",
    ],
)
def test_sentences_are_not_furniture(line: str) -> None:
    known = (BUTTONS, AFTERMATH, COMMENT_FORMS, NOTICES, furniture.SECTIONS)
    assert not any(label(line) in words for words in known)
