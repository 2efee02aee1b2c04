import pytest

from qa.text.language import detect_language
from qa.text.organisations import (
    find_organisations,
    organisation_codes,
    organisations,
)


def named(text: str, language: str) -> list[tuple[str, str]]:
    """The organisations by their first names, each with how the text has it."""
    return [
        (mention.organisation.code, text[mention.start : mention.end])
        for mention in find_organisations(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("the Arab League's summit", "en", [("Arab League", "Arab League")]),
        ("بيان للجامعة العربية", "ar", [("Arab League", "للجامعة العربية")]),
        ("جامعة الدول العربية", "ar", [("Arab League", "جامعة الدول العربية")]),
        ("der Arabischen Liga", "de", [("Arab League", "Arabischen Liga")]),
        ("резолюция Совета Безопасности", "ru", [("Security Council", "Совета Безопасности")]),
        ("Güvenlik Konseyi'nin kararı", "tr", [("Security Council", "Güvenlik Konseyi")]),
        ("شورای امنیت", "fa", [("Security Council", "شورای امنیت")]),
        (
            "the U.N. Security Council",
            "en",
            [("United Nations", "U.N"), ("Security Council", "Security Council")],
        ),
    ],
)
def test_names_are_found_in_the_text_s_language_with_its_endings(
    text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    assert named(text, language) == expected


def test_a_name_is_known_as_other_languages_write_it() -> None:
    assert named("Que dit Hezbollah ?", "fr") == [("Hezbollah", "Hezbollah")]
    assert named("Was sagt die OPEC?", "de") == [("OPEC", "OPEC")]


def test_a_short_abbreviation_is_of_the_text_s_language_or_of_any_in_other_letters() -> None:
    assert named("Que dit l'OMS ?", "fr") == [("World Health Organization", "OMS")]
    assert named("ماذا أعلنت OMS؟", "ar") == [("World Health Organization", "OMS")]
    assert named("Who did the OMS work for?", "en") == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("What did the WHO say?", True),
        ("what did the who say?", False),
        ("WHAT DID THE WHO SAY?", False),
        ("what did nato say?", True),
        ("Nato and Russia", True),
        ("what did the pkk say?", True),
        ("Das sagte Merkel mit der afp", False),
        ("ab Montag", False),
    ],
)
def test_an_abbreviation_that_may_be_another_word_is_told_by_its_capitals(
    text: str, is_one: bool
) -> None:
    assert bool(find_organisations(text, detect_language(text, "en"))) == is_one


@pytest.mark.parametrize(
    "text", ["قاعدة عسكرية", "اللغة العربية", "شبه الجزيرة", "طالب في الجامعة"]
)
def test_a_common_word_tells_no_organisation(text: str) -> None:
    assert find_organisations(text, "ar") == []


def test_a_text_may_name_an_organisation_by_a_common_word() -> None:
    assert organisation_codes("أعلنت القاعدة مسؤوليتها", "ar") == {"Al-Qaeda"}
    assert organisation_codes("who said so", "en") == frozenset()


def test_a_mention_knows_the_other_names() -> None:
    [mention] = find_organisations("ماذا قالت الجامعة العربية؟", "ar")
    others = [name.text for name in mention.otherwise]
    assert {"Arab League", "جامعة الدول العربية"} <= {*others}
    assert "الجامعة العربية" not in others


def test_every_name_of_the_list_names_its_line_alone() -> None:
    lines = organisations()
    assert len({line.code for line in lines}) == len(lines)
    for line in lines:
        for name in line.names:
            text = f"(x {name.text})"
            assert line.code in organisation_codes(text, name.language), name.text
            told = [code for code, _ in named(text, name.language)]
            assert told == ([] if name.is_common else [line.code]), name.text
