from __future__ import annotations

import pytest

from qa.answers.namesakes import capitalised, match_names, same_name
from qa.model import QuestionWord
from qa.text.names import name_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kerry", "كيري"),
        ("shoigu", "شويغو"),
        ("mosul", "الموصل"),
        ("medvedev", "مدفيديف"),
        ("ميدفيديف", "مدفيديف"),
        ("лавров", "لافروف"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert likeness(one, other) > 0.7


@pytest.mark.parametrize(
    ("one", "other"), [("kerry", "قراءة"), ("pope", "البابا"), ("kerry", "غربي")]
)
def test_words_that_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < 0.7


def test_only_names_are_matched_by_sound() -> None:
    words = (QuestionWord("kerry", 0.5, False), QuestionWord("need", 0.5, False))
    found = match_names(words, frozenset({"kerry"}), ["قال كيري إن ند", "الطقس بارد"])
    assert found[0, 0] > 0.7
    assert found[:, 1].tolist() == [0.0, 0.0]
    assert found[1, 0] == 0.0


def test_a_capital_at_the_beginning_counts_too() -> None:
    words = (QuestionWord("kerry", 0.5, False), QuestionWord("need", 0.5, False))
    assert capitalised("Kerry on the need", words) == {"kerry"}


def likeness(one: str, other: str) -> float:
    shared = {*name_keys(one)} & {*name_keys(other)}
    return max((same_name(one, other, key) for key in shared), default=0.0)
