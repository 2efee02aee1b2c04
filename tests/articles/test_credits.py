import pytest

from qa.articles.credits import Credit, read_credit


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("| وكالات", Credit(author="وكالات")),
        ("| أحمد الخطيب", Credit(author="أحمد الخطيب")),
        ("صحيفة الوطن", Credit(outlet="الوطن")),
        ("جريدة الشرق الأوسط", Credit(outlet="الشرق الأوسط")),
        ("الوسط – المحرر السياسي\u00a0", Credit("الوسط", "المحرر السياسي")),
        ("دمشق - سانا", Credit(author="سانا")),
        ("رويترز، أ.ف.ب", Credit(author="رويترز، أ.ف.ب")),
        ("(AFP)", Credit(author="AFP")),
        ("كتب: محمد علي", Credit(author="محمد علي")),
        ("بقلم محمد علي", Credit(author="محمد علي")),
        ("By Ann Lee in Moscow", Credit(author="Ann Lee in Moscow")),
        ("By Ann Lee, Moscow - 16 September 2015", Credit(author="Ann Lee")),
        ("Автор: Иван Петров", Credit(author="Иван Петров")),
        ("المصدر: جريدة الوطن", Credit(outlet="الوطن")),
        ("Source: Reuters", Credit(outlet="Reuters")),
        ("Kaynak: AA", Credit(outlet="AA")),
    ],
)
def test_credits(line: str, credit: Credit) -> None:
    assert read_credit(line) == credit


@pytest.mark.parametrize(
    "line",
    [
        "صحيفة تركية: أنقرة تستعد للحرب",
        "وكالة الطاقة الذرية تحذر طهران",
        "By the end of May the talks had failed",
        "By Tuesday evening nobody had left the room in which the talks were held.",
        "Par ailleurs, le ministre part",
        "كتب كثيرة في معرض دمشق",
        "قال الوزير لرويترز",
        "Moscow - Washington",
        "|",
        "",
    ],
)
def test_other_lines(line: str) -> None:
    assert read_credit(line) is None
