"""Whether a text asks something, and which of its words say what it is about."""

from __future__ import annotations

from collections.abc import Container, Sequence

from qa.text.tokens import QUESTION_WORDS, Token, is_stop_word

_MARKS = "?؟"
_ENDS = ".!…۔"
_CLOSING = "\"'”’») \n\t"
_OPENING_WORDS = 3
"""A question word stands among the first words: "in which year", "tell me what"."""


def content_words(
    tokens: Sequence[Token], language: str, names: Container[Token] = ()
) -> list[Token]:
    """The words that are neither stop words nor ask; all of them where there is no other.

    `names` are content whatever they look like, as in "What did the WHO say?".
    """
    content = [t for t in tokens if t in names or not is_common(t.form, language)]
    return content or list(tokens)


def is_common(form: str, language: str) -> bool:
    """Whether a folded word is a stop word, or one that asks."""
    return is_stop_word(form, language) or form in QUESTION_WORDS.get(language, frozenset())


def asks(text: str, tokens: Sequence[Token], language: str) -> bool:
    """Whether it is a question: by its mark, or by a question word that no full stop belies."""
    if any(mark in text for mark in _MARKS):
        return True
    asking = QUESTION_WORDS.get(language, frozenset())
    begins = any(token.form in asking for token in tokens[:_OPENING_WORDS])
    return begins and not text.rstrip(_CLOSING).endswith(tuple(_ENDS))
