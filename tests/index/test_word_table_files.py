import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from safetensors.numpy import save_file

from qa.errors import EmbedderError
from qa.index.glosses import write_glosses
from qa.index.word_table import WordTable, load_word_table, unit_rows


def test_the_name_changes_with_the_files(
    model_folder: Path, table: WordTable, tmp_path: Path
) -> None:
    copy = shutil.copytree(model_folder, tmp_path / "copy")
    assert load_word_table(copy).name == table.name
    other = shutil.copytree(model_folder, tmp_path / "other")
    np.save(other / "common_directions.npy", np.eye(2, table.dimension, dtype=np.float32))
    assert load_word_table(other).name != table.name
    assert table.name.startswith("tiny-")


def test_glosses_are_read_and_change_the_name(
    model_folder: Path, table: WordTable, tmp_path: Path
) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "glossed")
    write_glosses(folder, {"petrol@fr": 1})
    glossed = load_word_table(folder)
    assert glossed.keys("pétrole", "fr") == [table.words[1]]
    assert glossed.name != table.name
    assert pickle.loads(pickle.dumps(glossed)).keys("pétrole", "fr") == [table.words[1]]


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


@pytest.mark.parametrize(
    "name",
    [
        "model.safetensors",
        "tokenizer.json",
        "config.json",
        "common_directions.npy",
        "translations.npz",
        "transliteration.npz",
        "glosses.npz",
    ],
)
def test_a_damaged_model_is_an_embedder_error(
    name: str, model_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    (folder / name).write_bytes(b"\xff broken")
    with pytest.raises(EmbedderError, match="cannot be read"):
        load_word_table(folder)


def test_the_static_model_needs_no_torch(model_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from qa.index.word_table import load_word_table;"
        f"load_word_table(Path({str(model_folder)!r})); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")
