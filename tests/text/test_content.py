import pytest

from qa.text.content import asks, content_words
from qa.text.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "language", "is_question"),
    [
        ("What did Lavrov say about the border", "en", True),
        ("In which year was the treaty signed", "en", True),
        ("Tell me what Kerry said.", "en", False),
        ("Has it gone well?", "en", True),
        ('"It did not go well," he said.', "en", False),
        ("When the talks failed, both sides left Geneva.", "en", False),
        ("oil prices in Europe", "en", False),
        ("ماذا قال لافروف عن الحدود", "ar", True),
        ("هل أغلقت تركيا حدودها؟", "ar", True),
        ("أغلقت تركيا حدودها مع سوريا", "ar", False),
        ("", "en", False),
    ],
)
def test_a_mark_or_a_question_word_asks(text: str, language: str, is_question: bool) -> None:
    assert asks(text, tokenize(text, language), language) is is_question


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("What did the president say about oil?", "en", ["president", "oil"]),
        ("ماذا قال عن النفط؟", "ar", ["النفط"]),
        ("what is it?", "en", ["what", "is", "it"]),
        ("؟!", "ar", []),
    ],
)
def test_content_words_say_what_it_is_about(text: str, language: str, words: list[str]) -> None:
    assert [token.form for token in content_words(tokenize(text, language), language)] == words
