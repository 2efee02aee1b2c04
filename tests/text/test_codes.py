import pytest

from qa.text.codes import language_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ar", "ar"),
        (" AR ", "ar"),
        ("ar-SY", "ar"),
        ("fa_IR", "fa"),
        ("zz", "zz"),
        ("ara", "ar"),
        ("ara-EG", "ar"),
        ("fre", "fr"),
        ("fra", "fr"),
        ("ckb", "ckb"),
        ("Arabic", "ar"),
        ("Arabic (Egypt)", "ar"),
        ("English language", "en"),
        ("العربية", "ar"),
        ("Français", "fr"),
        ("Thai", "th"),
    ],
)
def test_languages_by_what_files_call_them(name: str, code: str) -> None:
    assert language_code(name) == code


@pytest.mark.parametrize("name", ["", "klingon", "und", "mul", "no idea", "1", "ar, en"])
def test_what_names_no_language(name: str) -> None:
    assert language_code(name) is None
