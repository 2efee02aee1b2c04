"""What a question asks for: its content words, each with its vector, stem and name keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.index.embedding import WordTable, model_key, unit_rows
from qa.model import QuestionWord, Vector
from qa.text.names import name_keys
from qa.text.tokens import QUESTION_WORDS, Token, is_stop_word, tokenize

MAX_WORDS = 32
"""A longer question keeps its rarest words: the cost of a search grows with them."""


@dataclass(frozen=True, slots=True, eq=False)
class AskedWord:
    """A content word of a question in every form that it can be looked for."""

    word: QuestionWord
    stem: str
    names: tuple[str, ...]
    vector: Vector
    """All zeros where the table knows no piece of the word."""


def read_question(question: str, language: str, table: WordTable) -> tuple[AskedWord, ...]:
    """The content words of a question, each stem once; empty where there is no word at all."""
    tokens = _content(tokenize(question, language), language)
    rarity = [_rarity(token, table) for token in tokens]
    kept = sorted(np.argsort([-r for r in rarity], kind="stable")[:MAX_WORDS].tolist())
    total = sum(rarity[i] for i in kept) or 1.0
    return tuple(
        _asked(tokens[i], rarity[i] / total, _looks_like_a_name(tokens[i], question, table), table)
        for i in kept
    )


def vectors_of(words: Sequence[AskedWord], dimension: int) -> NDArray[np.float32]:
    """The words' vectors, shape (words, dimension)."""
    return np.array([word.vector for word in words], np.float32).reshape(-1, dimension)


def word_vector(token: Token, table: WordTable) -> Vector:
    """The word's row, or the mean of its pieces' rows; all zeros where it has none."""
    rows = table.vectors[table.ids_of_keys([model_key(token)])]
    vector: Vector = unit_rows(rows.sum(axis=0, keepdims=True))[0]
    return vector


def _asked(token: Token, weight: float, is_name: bool, table: WordTable) -> AskedWord:
    return AskedWord(
        word=QuestionWord(token.form, weight, is_name),
        stem=token.stem,
        names=name_keys(token.form),
        vector=word_vector(token, table),
    )


def _content(tokens: Sequence[Token], language: str) -> list[Token]:
    distinct = {token.stem: token for token in reversed(tokens)}.values()
    ordered = sorted(distinct, key=lambda token: token.start)
    asking = QUESTION_WORDS.get(language, frozenset())
    return [
        t for t in ordered if not is_stop_word(t.form, language) and t.form not in asking
    ] or ordered


def _rarity(token: Token, table: WordTable) -> float:
    """The table's inverse-frequency weight; a word that is not in it is as rare as any."""
    row = table.row(model_key(token))
    return float(table.weights.max() if row is None else table.weights[row])


def _looks_like_a_name(token: Token, question: str, table: WordTable) -> bool:
    """A capital that begins no sentence, or a word that the table does not hold."""
    first = not any(c.isalpha() for c in question[: token.start])
    capital = question[token.start].isupper() and not first and not question.isupper()
    return capital or table.row(model_key(token)) is None
