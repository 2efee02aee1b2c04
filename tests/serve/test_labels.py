from datetime import date
from string import Formatter

import pytest

from qa.serve.labels import ASSETS, all_labels, examples, labels_in, preferred_language


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_language_has_every_label_with_the_same_placeholders() -> None:
    english, *others = all_labels().values()
    for other in others:
        assert other.texts.keys() == english.texts.keys()
        for key, text in english.texts.items():
            assert placeholders(other.texts[key]) == placeholders(text), key


def test_no_label_is_left_over() -> None:
    users = [*ASSETS.glob("templates/*.html"), *ASSETS.parent.glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in users)
    assert [key for key in labels_in("en").texts if f'"{key}"' not in code] == []


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("fr-FR,fr;q=0.9,ar;q=0.5,en;q=0.3", "ar"),
        ("en;q=0.4,ar;q=0.6", "ar"),
        ("de", "en"),
        ("", "en"),
        ("ar;q=high,en", "en"),
    ],
)
def test_the_first_interface_language_of_the_browser_is_taken(accept: str, language: str) -> None:
    assert preferred_language(accept) == language


def test_unknown_languages_get_the_default_labels() -> None:
    assert labels_in("xx") is labels_in("en")


def test_dates_and_language_names_are_written_in_the_interface_language() -> None:
    assert labels_in("en").date(date(2015, 9, 16)) == "16 September 2015"
    assert labels_in("ar").date(date(2015, 9, 16)) == "16 سبتمبر 2015"
    assert labels_in("en").date(None) == ""
    assert labels_in("ar").language_name("fr") == "الفرنسية"
    assert labels_in("en").language_name("no such language") == "no such language"


def test_the_page_offers_questions_in_several_languages() -> None:
    assert examples()[0].text == "what did Medvedev say about Syrian sovereignty?"
    assert {example.language for example in examples()} >= {"en", "ar", "fr"}
