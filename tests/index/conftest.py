"""A tiny word table in the shipped model's own format, and articles to index."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import sleep

import numpy as np
import pytest
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from qa.articles.archive import Archive
from qa.articles.versions import version_of
from qa.index.embedding import StaticEmbedder
from qa.index.keys import model_keys
from qa.index.word_table import WordTable, load_word_table
from qa.model import Article, StoredPassage

WORDS = "oil price minister said market border city water report سيادة سوريا حكومة نفط".split()
PIECES = ["un", "##known", "##er", "##s"]
DIMENSION = 16


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model2vec folder: int8 rows, weights, one common direction."""
    folder = tmp_path_factory.mktemp("table")
    keys = [key for word in WORDS for key in model_keys(word)]
    vocabulary = {word: row for row, word in enumerate(["[UNK]", *keys, *PIECES])}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=64))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    random = np.random.default_rng(5)
    rows = random.integers(-127, 128, (len(vocabulary), DIMENSION)).astype(np.int8)
    weights = np.linspace(0.1, 1.0, len(vocabulary), dtype=np.float32)
    StaticModel(rows, tokenizer, config={"name": "tiny"}, weights=weights).save_pretrained(folder)
    np.save(folder / "common_directions.npy", np.eye(1, DIMENSION, dtype=np.float32))
    return folder


@pytest.fixture(scope="session")
def table(model_folder: Path) -> WordTable:
    return load_word_table(model_folder)


@pytest.fixture(scope="session")
def embedder(table: WordTable) -> StaticEmbedder:
    return StaticEmbedder(table)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}") as archive:
        yield archive


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    """Makes an article of one passage that says its key and its edition."""

    def make(key: str, edition: int = 1) -> Article:
        text = f"The minister said that oil of {key} rose. This is edition {edition}."
        draft = Article(
            key, "", f"Report on {key}", text, "en", "Herald", published=date(2015, 9, 16)
        )
        return replace(draft, version=version_of(draft))

    return make


@pytest.fixture(scope="session")
def passage() -> Callable[..., StoredPassage]:
    """Makes a stored passage; what is not said is the same for all."""

    def make(id_: int, **values: object) -> StoredPassage:
        usual = StoredPassage(id_, id_, "oil price", "report", "en", "Herald", date(2015, 9, 16))
        return replace(usual, **values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A real Chroma server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).parent / "chroma"
    command = [chroma, "run", "--path", tmp_path / "server", "--host", "127.0.0.1", "--port", port]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL) as process:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise TimeoutError(f"no Chroma server on port {port}")
