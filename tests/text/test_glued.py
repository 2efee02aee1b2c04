import pytest

from qa.text.glued import second_word


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("عبدالعزيز", ["عبد", "العزيز"]),
        ("عبدالله", ["عبد", "الله"]),
        ("والعبدالكريم", ["والعبد", "الكريم"]),
        ("ابوظبي", ["ابو", "ظبي"]),
        ("ابوالعيش", ["ابو", "العيش"]),
        ("رامالله", ["رام", "الله"]),
        ("abdulaziz", ["abdul", "aziz"]),
        ("abdellatif", ["abdel", "latif"]),
        ("nasrallah", ["nasr", "allah"]),
        ("davutoglu", ["davut", "oglu"]),
    ],
)
def test_names_of_two_words(form: str, words: list[str]) -> None:
    second = second_word(form)
    assert [form[:second], form[second:]] == words


@pytest.mark.parametrize(
    "form",
    "عبدال عبدالي ابواب ابوابها ابواق ابوللو ابوته ابوتها ابوهما ابوه بابوا كابول لابورتا "
    "الله والله بالله عبد abdullah inshallah oglu abdul abdomen abdullayev abdali".split(),
)
def test_single_words_stay_whole(form: str) -> None:
    assert second_word(form) == 0
