from __future__ import annotations

import pytest

from qa.answers.places import find_places, place_codes


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("ar", "وتركيا ترفض", "TR"),
        ("ar", "في الولايات المتحدة", "US"),
        ("en", "The United States refused", "US"),
        ("en", "a US official", "US"),
        ("ru", "в Турции", "TR"),
        ("fr", "la Turquie", "TR"),
        ("tr", "ABD'nin", "US"),
        ("ru", "в Москве", "RU"),
        ("de", "die Lage Syriens", "SY"),
        ("de", "in der Türkei", "TR"),
        ("es", "en EE. UU.", "US"),
        ("es", "en Siria", "SY"),
        ("fa", "در آمریکا", "US"),
        ("fa", "مرز ترکیه", "TR"),
    ],
)
def test_a_place_by_its_name_in_any_language(language: str, text: str, code: str) -> None:
    [place] = find_places(text, language)
    assert code in place.codes


def test_small_letters_name_no_place() -> None:
    assert find_places("he gave us a turkey", "en") == []


def test_adjectives_point_to_places_too() -> None:
    assert {"TR", "SY"} <= place_codes("الحدود التركية السورية", "ar")


def test_a_language_that_nobody_knows_has_no_places() -> None:
    assert find_places("Turkey", "xx") == []
