from __future__ import annotations

import json
import string
from importlib.resources import files

import pytest

from qa.answers.verdicts import Finding, Flaw

TABLES = json.loads(files("qa.answers").joinpath("verdicts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_language_words_every_flaw_alike(language: str) -> None:
    assert set(TABLES[language]) == {str(flaw) for flaw in Flaw}
    for flaw, phrase in TABLES[language].items():
        assert _fields(phrase) == _fields(TABLES["en"][flaw])


def test_a_word_that_runs_the_other_way_is_isolated() -> None:
    assert Finding(Flaw.NAME, "لافروف").worded("en") == (
        "the name \u2068لافروف\u2069 is not in the source"
    )
    assert Finding(Flaw.NAME, "لافروف").worded("ar") == "لا يرد الاسم لافروف في المصدر"


def test_a_word_in_latin_letters_is_isolated_in_persian() -> None:
    assert Finding(Flaw.NAME, "Lawrow").worded("fa") == "نام \u2068Lawrow\u2069 در منبع نیست"
    assert Finding(Flaw.NAME, "Lawrow").worded("de") == "der Name Lawrow steht nicht in der Quelle"


def test_a_language_without_phrases_falls_back_to_english() -> None:
    assert Finding(Flaw.UNCITED).worded("it") == "cites no source"


def _fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}
