import pytest

from qa.index.keys import is_plain, language_of, model_keys, own_language, script_of, stem_of
from qa.index.word_table import WordTable
from qa.text.tokens import tokenize


def test_arabic_and_russian_are_looked_up_by_stem_and_english_by_form() -> None:
    assert model_keys("Markets rose") == ["markets", "rose"]
    assert model_keys("والحكومة", "ar") == model_keys("حكومة")
    assert model_keys("والحكومة") == model_keys("حكومة")
    assert model_keys("правительства", "ru") == model_keys("правительство", "ru")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("gouvernement", "gouvernements", "fr"),
        ("hükümet", "hükümetin", "tr"),
        ("کشور", "کشورها", "fa"),
        ("frontera", "fronteras", "es"),
        ("Regierung", "Regierungen", "de"),
    ],
)
def test_other_languages_have_stems_of_their_own(one: str, other: str, language: str) -> None:
    [key] = model_keys(one, language)
    assert key.endswith(f"@{language}")
    assert [key] == model_keys(other, language)
    assert not is_plain(key)
    assert language_of(key) == language
    assert stem_of(key) == tokenize(one, language)[0].stem


def test_words_of_two_languages_that_are_spelled_alike_differ() -> None:
    assert model_keys("pays", "fr") != model_keys("pays", "en")


def test_without_an_entry_of_its_own_a_word_is_looked_up_plain(table: WordTable) -> None:
    assert table.keys("oil", "fr") == ["oil"]
    assert table.keys("Sovereignty سيادة", "fa") == ["sovereignty", model_keys("سيادة")[0]]
    assert table.ids("oil", "fr").tolist() == table.ids("oil", "en").tolist()


@pytest.mark.parametrize(
    ("entry", "language"),
    [("oil", "en"), ("نفط", "ar"), ("нефт", "ru"), ("##ing", ""), ("2015", ""), ("pay@fr", "fr")],
)
def test_languages_of_entries(entry: str, language: str) -> None:
    assert language_of(entry) == language
    assert own_language(entry) == ("" if is_plain(entry) else language)


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("oil", "latin"),
        ("été", "latin"),
        ("نفط", "arabic"),
        ("нефть", "cyrillic"),
        ("##ing", ""),
        ("2015", ""),
        ("石油", ""),
        ("", ""),
    ],
)
def test_scripts(word: str, script: str) -> None:
    assert script_of(word) == script
