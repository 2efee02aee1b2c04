from collections.abc import Callable, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.index.embedding import StaticEmbedder
from qa.index.preparation import Preparation, Prepared
from qa.index.word_table import WordTable
from qa.model import StoredPassage, Vector, Vectors
from qa.text.names import name_keys
from qa.text.stems import bare_form
from qa.text.tokens import tokenize

MakePassage = Callable[..., StoredPassage]
news = st.text(st.sampled_from("aoil نفطسيادة .,:'-«»!؟\n\t\u00a0\u200f1٢"), max_size=60)


class Listening:
    """An embedder that keeps what it was given."""

    name, dimension, prefixes = "listening", 4, ("", "")

    def __init__(self) -> None:
        self.heard: list[str] = []

    def embed_question(self, text: str) -> Vector:
        return np.zeros(4, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return np.zeros((len(texts), 4), dtype=np.float32)


def prepare(table: WordTable, *passages: StoredPassage) -> Prepared:
    return Preparation(StaticEmbedder(table), table).prepare(passages)


@given(text=news, language=st.sampled_from(["ar", "en", "ru"]))
def test_cutting_run_by_run_is_cutting_the_text(
    table: WordTable, passage: MakePassage, text: str, language: str
) -> None:
    prepared = prepare(table, passage(1, text=text, context="", language=language))
    tokens = tokenize(text, language)
    assert prepared.terms[0].text.split() == [token.stem for token in tokens]
    assert prepared.terms[0].forms.split() == [bare_form(t.form, language) for t in tokens]
    assert prepared.terms[0].names.split() == [k for t in tokens for k in name_keys(t.form)]
    assert prepared.words[0].tolist() == table.ids(text, language).tolist()


def test_the_context_is_apart_in_the_lexical_index_only(
    table: WordTable, passage: MakePassage
) -> None:
    prepared = prepare(table, passage(1, text="oil price", context="Report from Medvedev"))
    [terms] = prepared.terms
    assert "report" not in terms.text
    assert "report" in terms.context
    assert name_keys("medvedev")[0] in terms.names.split()
    assert [table.words[row] for row in prepared.words[0]][:3] == ["oil", "price", "report"]


def test_vectors_are_those_of_the_embedder(table: WordTable, passage: MakePassage) -> None:
    prepared = prepare(
        table, passage(1, text="oil price", context="report"), passage(2, text="city")
    )
    expected = StaticEmbedder(table).embed_passages(["oil price report", "city report"])
    assert np.allclose(prepared.vectors, expected)


def test_another_embedder_gets_the_context_before_the_text(
    table: WordTable, passage: MakePassage
) -> None:
    embedder = Listening()
    Preparation(embedder, table).prepare([passage(1, text="oil price", context="report")])
    assert embedder.heard == ["report\noil price"]
