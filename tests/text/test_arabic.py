import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.arabic import stem_arabic
from qa.text.folding import fold

FAMILIES = [
    "سورية سوريا سوري السوريين السوريون السورية لسوريا بسوريا وسوريا والسورية للسوريين",
    "سيادة السيادة سيادته سيادتها وسيادتها بالسيادة والسيادة للسيادة",
    "حكومة الحكومة حكومات للحكومة وحكومته بالحكومة الحكومية لحكومة",
    "فلسطين الفلسطينيون الفلسطينية فلسطيني الفلسطينيين",
    "روسيا الروسي روسي الروسية وروسيا لروسيا بروسيا كالروسي",
    "أميركا أمريكا الأميركي الأمريكية والأميركيون",
    "واشنطن وواشنطن",
    "وزير الوزير وزيرا ووزير للوزير فالوزير",
    "وزارة الوزارة ووزارة وزارات بوزارة لوزارة",
    "موسكو وموسكو لموسكو بموسكو",
    "مكافحة لمكافحة المكافحة بمكافحة ومكافحتها",
    "استخدام لاستخدام باستخدام الاستخدام",
    "مقاتل مقاتلون مقاتلين المقاتلين مقاتلو مقاتلي",
    "التزام الالتزام بالالتزام",
    "ألمانيا الألماني بألمانيا ألمانية",
    "دولة الدولة دول دولي الدولية دولته للدول",
    "قوات قواته القوات وقواتها قواتنا",
    "إرهاب الإرهاب إرهابي الإرهابيين إرهابية للإرهاب",
    "أراضي الأراضي أراضيها",
    "قال وقال قالت وقالت قالوا",
    "رئيس الرئيس لرئيس ورئيسا الرئيسية برئيس",
    "مسؤول المسئولين مسؤولون والمسؤول",
    "ثلاثاء الثلاثاء الثلثاء",
]


@pytest.mark.parametrize("family", FAMILIES)
def test_forms_of_a_word_share_a_stem(family: str) -> None:
    assert len({stem_arabic(fold(form)) for form in family.split()}) == 1


def test_families_keep_apart() -> None:
    stems = {stem_arabic(fold(family.split()[0])) for family in FAMILIES}
    assert len(stems) == len(FAMILIES)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("قال", "قال"),
        ("بعد", "بعد"),
        ("بوتين", "بوتين"),
        ("لبنان", "لبنان"),
        ("ليبيا", "ليب"),
        ("لندن", "لندن"),
        ("بترول", "بترول"),
        ("وقت", "وقت"),
        ("وفد", "وفد"),
        ("الله", "الله"),
        ("لله", "الله"),
        ("دم", "دم"),
        ("الدم", "دم"),
        ("ال", "ال"),
        ("و", "و"),
    ],
)
def test_letters_that_belong_to_the_word_stay(form: str, expected: str) -> None:
    assert stem_arabic(form) == expected


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويء", min_size=1, max_size=12))
def test_a_stem_is_part_of_the_word_and_keeps_two_letters(form: str) -> None:
    stem = stem_arabic(form)
    if form.endswith("لله") or stem in ("امريك", "ثلاثاء", "انجلتر"):
        return
    assert stem in form
    assert len(stem) >= min(2, len(form))
