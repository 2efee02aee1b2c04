from __future__ import annotations

import pytest

from qa.answers.wording import quotations, stands_in


@pytest.mark.parametrize(
    ("words", "source", "stands"),
    [
        ("must be destroyed at once", "He said it “must be destroyed at once”.", True),
        ("must\u200f be  destroyed, at once.", "It must be destroyed, at once!", True),
        ("must be destroyed", "It must not be destroyed", False),
        ("be destroyed at", "must be destroyed atonce", False),
        ("destroyed at", "must be destroyed at once", False),
        ("", "anything", False),
    ],
)
def test_words_stand_in_a_source(words: str, source: str, stands: bool) -> None:
    assert stands_in(words, source) is stands


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ('He said "it must be destroyed" and left', ["it must be destroyed"]),
        ("قال «يجب تدميره فوراً» ثم «لا»", ["يجب تدميره فوراً"]),
        ("“one two three” „vier fünf sechs“", ["one two three", "vier fünf sechs"]),
        ('don\'t 5" or 6" at all', []),
    ],
)
def test_quotations_of_three_words_or_more(claim: str, found: list[str]) -> None:
    assert quotations(claim) == found
