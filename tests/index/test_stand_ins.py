"""What words without an entry go by: keys of a table of a few words."""

import numpy as np
import pytest

from qa.index.stand_ins import StandIns
from qa.text.tokens import tokenize

WORDS = ["water", "markets", "market", "اقليم", "radio", "luft@de", "qualitat@de", "arbeit@de"]
MORE = ["refus@fr", "amt@de", "wass@de", "stoff@de"]
ENTRIES = [*WORDS, *MORE]
ROWS = {entry: row for row, entry in enumerate(ENTRIES)}
# The later, the rarer.
RARITY = np.linspace(0.1, 1, len(ENTRIES), dtype=np.float32)
STAND_INS = StandIns(ENTRIES, ROWS, RARITY, {"eau@fr": 0, "вод": 0})


def key(word: str, language: str) -> str:
    [token] = tokenize(word, language)
    return STAND_INS.key(token, language)


def test_a_word_of_a_dictionary_goes_by_its_gloss() -> None:
    assert key("eaux", "fr") == "water"
    assert key("воды", "ru") == "water"


def test_a_french_verb_in_the_plural_goes_by_its_singular() -> None:
    assert key("refusent", "fr") == "refus@fr"
    assert key("accent", "fr") == "accent"
    assert key("refusent", "es") == "refusent"


def test_others_of_a_further_language_are_looked_up_plain() -> None:
    assert key("radio", "fr") == "radio"
    assert key("Lavrov", "fr") == "lavrov"
    assert key("eaux", "es") == "eaux"


def test_english_and_arabic_words_go_by_other_forms() -> None:
    assert key("marketing", "en") == "markets"
    assert key("باقليم", "ar") == "اقليم"
    assert key("كلمه", "ar") == "كلم"


@pytest.mark.parametrize(
    ("compound", "halves"),
    [
        ("Luftqualität", "luft@de qualitat@de"),
        ("Luftqualitäten", "luft@de qualitat@de"),
        ("Arbeitsluft", "arbeit@de luft@de"),
        ("Wasserstoff", "wass@de stoff@de"),
    ],
)
def test_a_german_compound_goes_by_its_halves(compound: str, halves: str) -> None:
    assert key(compound, "de") == halves


def test_of_several_cuts_the_one_of_the_most_frequent_halves_is_taken() -> None:
    words = ["stau@de", "beck@de", "staub@de", "eck@de"]
    rows = {word: row for row, word in enumerate(words)}
    [token] = tokenize("Staubecken", "de")
    basin = StandIns(words, rows, np.array([0.2, 0.3, 0.4, 0.5], np.float32), {})
    dust = StandIns(words, rows, np.array([0.5, 0.4, 0.3, 0.2], np.float32), {})
    assert basin.key(token, "de") == "stau@de beck@de"
    assert dust.key(token, "de") == "staub@de eck@de"


def test_no_half_is_a_syllable_or_unknown() -> None:
    assert key("Arbeitsamt", "de") == "arbeitsamt"
    assert key("Luftpirat", "de") == "luftpirat"


def test_other_languages_are_not_cut() -> None:
    assert key("luftqualitat", "fr") == "luftqualitat"
