"""Whether a text asks something, and which of its words say what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from qa.text.tokens import QUESTION_WORDS, Token, is_stop_word

_MARKS = "?؟"
_ENDS = ".!…۔"
_CLOSING = "\"'”’») \n\t"
_OPENING_WORDS = 3
"""A question word stands among the first words: "in which year", "tell me what"."""


def content_words(tokens: Sequence[Token], language: str) -> list[Token]:
    """The words that are neither stop words nor ask; all of them where there is no other."""
    asking = QUESTION_WORDS.get(language, frozenset())
    return [
        token
        for token in tokens
        if not is_stop_word(token.form, language) and token.form not in asking
    ] or list(tokens)


def asks(text: str, tokens: Sequence[Token], language: str) -> bool:
    """Whether it is a question: by its mark, or by a question word that no full stop belies."""
    if any(mark in text for mark in _MARKS):
        return True
    asking = QUESTION_WORDS.get(language, frozenset())
    begins = any(token.form in asking for token in tokens[:_OPENING_WORDS])
    return begins and not text.rstrip(_CLOSING).endswith(tuple(_ENDS))
