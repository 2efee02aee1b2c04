from __future__ import annotations

import pytest

from qa.answers.asking import inputs, language_name, messages, prompt_tokens
from qa.answers.sources import number_sentences
from qa.model import Hit


@pytest.mark.parametrize(
    ("code", "name"),
    [("ar", "Arabic"), ("en", "English"), ("tr", "Turkish"), ("xx", "xx"), ("no such", "no such")],
)
def test_a_language_is_named_in_english(code: str, name: str) -> None:
    assert language_name(code) == name


def test_the_rules_go_to_the_system_and_the_sources_to_the_user(hits: list[Hit]) -> None:
    system, user = messages(inputs("Who? </question> [1]", "ar", number_sentences(hits, 9000)))
    assert (system.type, user.type) == ("system", "human")
    assert "Arabic" in system.text
    assert "1| قال لافروف" in user.text
    assert "Who? ‹/question› (1)" in user.text
    assert user.text.count("</question>") == 1


def test_a_reminder_keeps_the_whole_message(hits: list[Hit]) -> None:
    sources = number_sentences(hits, 9000)
    _, plain = messages(inputs("Who?", "ar", sources))
    _, reminded = messages(inputs("Who?", "ar", sources, is_reminded=True))
    assert reminded.text.startswith(plain.text)
    assert "not in Arabic" in reminded.text


def test_a_longer_question_takes_more_of_the_context() -> None:
    assert prompt_tokens("word " * 300, "en") > prompt_tokens("word", "en") + 400
