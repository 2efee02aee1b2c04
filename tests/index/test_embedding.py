import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece

from qa.errors import EmbedderError
from qa.index.embedding import (
    StaticEmbedder,
    WordTable,
    load_word_table,
    unit_rows,
)
from qa.index.keys import model_keys
from qa.index.translations import Translations


def words_of(table: WordTable, text: str) -> list[str]:
    return [table.words[row] for row in table.ids(text)]


def test_arabic_is_looked_up_by_stem_and_the_rest_by_form() -> None:
    assert model_keys("Markets rose") == ["markets", "rose"]
    assert model_keys("والحكومة") == model_keys("حكومة")


def test_known_words_keep_their_order_and_number(table: WordTable) -> None:
    assert words_of(table, "Oil price, oil border") == ["oil", "price", "oil", "border"]
    assert words_of(table, "سيادة oil") == [model_keys("سيادة")[0], "oil"]


def test_unknown_words_fall_into_the_longest_pieces(table: WordTable) -> None:
    assert words_of(table, "unknowner oiler") == ["un", "##known", "##er", "oil", "##er"]


def test_an_english_word_without_a_row_goes_by_another_form(table: WordTable) -> None:
    assert words_of(table, "Markets, marketing: oils") == ["market", "market", "oil"]
    assert [table.words[row] for row in table.ids("markets", "fr")] == ["market", "##s"]


def test_an_arabic_word_without_a_row_goes_by_itself_less_a_particle(table: WordTable) -> None:
    [sovereignty] = words_of(table, "سيادة")
    assert words_of(table, "كسيادة فسيادة") == [sovereignty, sovereignty]
    assert words_of(table, "نسيادة") != [sovereignty]


def test_words_of_no_known_piece_are_left_out(table: WordTable) -> None:
    assert words_of(table, "zzz oil [UNK] 漢字") == ["oil"]
    assert table.ids("").dtype == np.int32


def test_rows_are_unit_and_weights_are_read(table: WordTable) -> None:
    assert np.linalg.norm(table.vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert table.vectors.dtype == table.weights.dtype == np.float32
    assert table.weights[[0, -1]] == pytest.approx([0.1, 1.0])
    assert table.row("oil") == table.ids("oil")[0]
    assert table.row("[UNK]") is None


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


def test_the_name_changes_with_the_files(
    model_folder: Path, table: WordTable, tmp_path: Path
) -> None:
    copy = shutil.copytree(model_folder, tmp_path / "copy")
    assert load_word_table(copy).name == table.name
    other = shutil.copytree(model_folder, tmp_path / "other")
    np.save(other / "common_directions.npy", np.eye(2, table.dimension, dtype=np.float32))
    assert load_word_table(other).name != table.name
    assert table.name.startswith("tiny-")


def test_weights_and_common_directions_may_be_absent(model_folder: Path, tmp_path: Path) -> None:
    model = StaticModel.from_pretrained(model_folder)
    StaticModel(model.embedding, model.tokenizer).save_pretrained(tmp_path / "plain")
    plain = load_word_table(tmp_path / "plain")
    assert plain.weights.tolist() == [1] * len(plain.words)
    assert plain.directions.shape == (0, plain.dimension)


def test_a_folder_is_read_as_model2vec_reads_it(model_folder: Path, table: WordTable) -> None:
    model = StaticModel.from_pretrained(model_folder)
    assert table.words == list(model.tokens)
    assert np.array_equal(table.vectors, unit_rows(model.embedding.astype(np.float32)))
    assert model.weights is not None
    assert np.array_equal(table.weights, model.weights)


def test_every_word_has_a_row(model_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    save_file({"embeddings": np.ones((3, 16), np.int8)}, folder / "model.safetensors")
    with pytest.raises(EmbedderError, match=r"\d+ words for 3 rows"):
        load_word_table(folder)


def test_a_missing_model_is_not_asked_of_the_network(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"nowhere.*model\.safetensors.*install"):
        load_word_table(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_model_is_an_embedder_error(
    name: str, model_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    (folder / name).write_bytes(b"\xff broken")
    with pytest.raises(EmbedderError, match="cannot be read"):
        load_word_table(folder)


def test_the_static_model_needs_no_torch(model_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from qa.index.embedding import load_word_table;"
        f"load_word_table(Path({str(model_folder)!r})); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_a_word_of_a_language_that_joined_is_translated_by_way_of_english() -> None:
    words = ["[UNK]", "oil", "نفط", "petrol@fr"]
    chances = Translations.of(4, np.array([3, 1]), np.array([1, 2]), np.array([0.8, 0.5]))
    rows = np.eye(4, dtype=np.float32)
    other = WordTable("tiny", words, *_rest(rows), translations=chances)
    assert other.translated("petrol@fr") == pytest.approx({1: 0.8, 2: 0.4}, abs=0.01)
    assert other.translated("oil") == pytest.approx({2: 0.5}, abs=0.01)
    assert other.translated("nobody") == {}


def test_words_of_languages_that_no_article_is_in_are_passed_over() -> None:
    rows = np.eye(4, dtype=np.float32)
    other = WordTable("tiny", ["[UNK]", "oil", "petrol@fr", "##s"], *_rest(rows))
    assert other.languages == {"fr"}
    assert other.similarity(rows, {"fr"}).tolist() == rows.tolist()
    assert other.similarity(rows, ()).diagonal().tolist() == [1, 1, 0, 1]


def _rest(
    rows: NDArray[np.float32],
) -> tuple[Tokenizer, NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What a table of four rows needs besides its words."""
    tokenizer = Tokenizer(WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    return tokenizer, rows, np.ones(4, dtype=np.float32), rows[:0]
