"""What a question asks for: its content words, each with its vector, stem and name keys."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.index.embedding import WordTable, unit_rows
from qa.model import QuestionWord, Vector
from qa.text.names import name_keys
from qa.text.tokens import QUESTION_WORDS, Token, is_stop_word, tokenize

MAX_WORDS = 32
"""A longer question keeps its rarest words: the cost of a search grows with them."""
_SURE = 0.8
"""Cosine that a sure translation counts as: it may be of another sense of the word."""


@dataclass(frozen=True, slots=True, eq=False)
class AskedWord:
    """A content word of a question in every form that it can be looked for."""

    word: QuestionWord
    key: str
    """What it looks up in the word table."""
    stem: str
    names: tuple[str, ...]
    vector: Vector
    """All zeros where the table knows no piece of the word."""
    translations: Mapping[int, float]
    """Chance by row of the table, from aligned text."""


def read_question(question: str, language: str, table: WordTable) -> tuple[AskedWord, ...]:
    """The content words of a question, each stem once; empty where there is no word at all."""
    tokens = _content(tokenize(question, language), language)
    keys = [table.key(token, language) for token in tokens]
    rarity = [_rarity(key, table) for key in keys]
    kept = sorted(np.argsort([-r for r in rarity], kind="stable")[:MAX_WORDS].tolist())
    total = sum(rarity[i] for i in kept) or 1.0
    return tuple(
        AskedWord(
            word=QuestionWord(
                form=tokens[i].form,
                weight=rarity[i] / total,
                is_name=table.row(keys[i]) is None or _is_capital(tokens[i], question, language),
                language=language,
            ),
            key=keys[i],
            stem=tokens[i].stem,
            names=name_keys(tokens[i].form),
            vector=word_vector(keys[i], table),
            translations=table.translated(keys[i]),
        )
        for i in kept
    )


def vectors_of(words: Sequence[AskedWord], dimension: int) -> NDArray[np.float32]:
    """The words' vectors, shape (words, dimension)."""
    return np.array([word.vector for word in words], np.float32).reshape(-1, dimension)


def told_similarity(chance: float) -> float:
    """The cosine that a translation by aligned text counts as, where vectors say less."""
    return _SURE * math.sqrt(chance)


def word_vector(key: str, table: WordTable) -> Vector:
    """The row of a key, or the mean of its pieces' rows; all zeros where it has none."""
    rows = table.vectors[table.ids_of_keys([key])]
    vector: Vector = unit_rows(rows.sum(axis=0, keepdims=True))[0]
    return vector


def _content(tokens: Sequence[Token], language: str) -> list[Token]:
    distinct = {token.stem: token for token in reversed(tokens)}.values()
    ordered = sorted(distinct, key=lambda token: token.start)
    asking = QUESTION_WORDS.get(language, frozenset())
    return [
        t for t in ordered if not is_stop_word(t.form, language) and t.form not in asking
    ] or ordered


def _rarity(key: str, table: WordTable) -> float:
    """The table's inverse-frequency weight; a word that is not in it is as rare as any."""
    row = table.row(key)
    return float(table.weights.max() if row is None else table.weights[row])


def _is_capital(token: Token, question: str, language: str) -> bool:
    """A capital that begins no sentence: a name, but in German."""
    first = not any(c.isalpha() for c in question[: token.start])
    capital = question[token.start].isupper() and not first and not question.isupper()
    return capital and language != "de"
