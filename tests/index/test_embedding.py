import shutil
from pathlib import Path

import numpy as np
import pytest

from qa.index.embedding import StaticEmbedder
from qa.index.word_table import WordTable, load_word_table


def test_a_passage_is_the_weighted_mean_less_the_common_direction(table: WordTable) -> None:
    [vector] = StaticEmbedder(table).embed_passages(["oil price oil"])
    oil, price = (table.ids(word)[0] for word in ("oil", "price"))
    expected = (
        2 * table.weights[oil] * table.vectors[oil] + table.weights[price] * table.vectors[price]
    )
    expected[0] = 0  # the model's only common direction is its first axis
    assert vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)


def test_a_text_without_a_known_word_is_all_zeros(table: WordTable) -> None:
    assert not StaticEmbedder(table).embed_passages(["", "漢字"]).any()
    assert StaticEmbedder(table).embed_passages([]).shape == (0, table.dimension)


def test_stop_words_of_a_question_are_left_out(table: WordTable) -> None:
    embedder = StaticEmbedder(table)
    question = embedder.embed_question("What is the oil price?")
    assert question == pytest.approx(embedder.embed_question("oil price"), abs=1e-6)


def test_all_words_of_a_statement_count(table: WordTable) -> None:
    embedder = StaticEmbedder(table)
    stated = embedder.embed_question("The UN said oil.")
    assert stated == pytest.approx(embedder.embed_passages(["The UN said oil."])[0], abs=1e-6)


def test_a_stop_word_of_another_language_stays(table: WordTable) -> None:
    embedder = StaticEmbedder(table)
    # "un" is French for "a", and a piece of the table.
    question = embedder.embed_question("What did the UN minister say?")
    assert question != pytest.approx(embedder.embed_question("minister"), abs=1e-3)


def test_a_question_of_stop_words_only_is_not_empty(model_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    vocabulary = (folder / "tokenizer.json").read_text("utf-8")
    (folder / "tokenizer.json").write_text(vocabulary.replace('"water"', '"who"'), "utf-8")
    assert StaticEmbedder(load_word_table(folder)).embed_question("who?").any()
