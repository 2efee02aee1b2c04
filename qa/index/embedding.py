"""Text to vectors: the embedder over the word table, and which embedder a name means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.index.word_table import WordTable, load_word_table, unit_rows
from qa.model import Vector, Vectors
from qa.roles import Embedder
from qa.text.content import asks, content_words
from qa.text.language import detect_language
from qa.text.tokens import tokenize


class StaticEmbedder:
    """Weighted mean of word vectors less their common directions, unit length (an `Embedder`)."""

    prefixes = ("", "")

    def __init__(self, table: WordTable) -> None:
        self.table = table

    @property
    def name(self) -> str:
        """The table's name and the hash of its files."""
        return self.table.name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self.table.dimension

    def embed_question(self, text: str) -> Vector:
        """The mean of a question's content words; of all words of a statement."""
        language = detect_language(text)
        tokens = tokenize(text, language)
        if asks(text, tokens, language):
            tokens = content_words(tokens, language)
        keys = [self.table.key(token, language) for token in tokens]
        question: Vector = self.embed_ids([self.table.ids_of_keys(keys)])[0]
        return question

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Means of all words of each text; a text without a known word is all zeros."""
        return self.embed_ids([self.table.ids(text) for text in texts])

    def embed_ids(self, texts: Sequence[NDArray[np.int32]]) -> Vectors:
        """The vectors of texts given as rows of the table, shape (len(texts), dimension)."""
        table = self.table
        means = np.zeros((len(texts), table.dimension), dtype=np.float32)
        for mean, ids in zip(means, texts, strict=True):
            # One text at a time: its rows stay in the processor's cache.
            np.matmul(table.weights[ids], table.vectors[ids], out=mean)
        means -= (means @ table.directions.T) @ table.directions
        return unit_rows(means)


def load_embedder(name: str, device: str, batch_size: int) -> Embedder:
    """The shipped embedder for "", else the sentence-transformers model of that name or path."""
    if not name:
        return StaticEmbedder(load_word_table())
    from qa.index.hub import HubEmbedder

    return HubEmbedder(name, device=device, batch_size=batch_size)
