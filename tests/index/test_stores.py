import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexStateError, StorageBusyError, StorageError
from qa.index.lexical import PassageTerms
from qa.index.preparation import Prepared
from qa.index.stores import Fingerprint, Index
from qa.model import StoredPassage

MAKE = Fingerprint("tiny-1", 4, "query: ", "passage: ", "words-1", "1-200", 3)


@pytest.fixture
def folder(tmp_path: Path, passage: Callable[..., StoredPassage]) -> Path:
    """An index of two passages, closed."""
    passages = [passage(1), passage(2)]
    vectors = np.eye(2, 4, dtype=np.float32)
    words = [np.array([n], dtype=np.int32) for n in (1, 2)]
    with Index.open(tmp_path / "index", MAKE, write=True) as index:
        index.add(Prepared(passages, vectors, [PassageTerms("oil", "", "")] * 2, words))
        index.commit()
    return tmp_path / "index"


def test_an_index_can_be_opened_again(folder: Path) -> None:
    with Index.open(folder, MAKE) as index:
        assert index.counts() == (2, 2, 2)
        assert index.ids() == {1, 2}
    assert Index.made_with(folder) == MAKE


def test_what_is_deleted_leaves_every_store(folder: Path) -> None:
    with Index.open(folder, MAKE, write=True) as index:
        index.delete([1])
        assert index.counts() == (1, 1, 1)
        index.clear()
        assert index.counts() == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"embedder": "e5"}, "embedder 'tiny-1' instead of 'e5'"),
        ({"dimension": 384}, "dimension 4 instead of 384"),
        ({"passage_prefix": ""}, "passage_prefix 'passage: ' instead of ''"),
        (
            {"folding": 4, "passages": "2"},
            "passages '1-200' instead of '2'; folding 3 instead of 4",
        ),
        ({"format": 99}, "format 1 instead of 99"),
    ],
)
def test_another_fingerprint_is_refused_with_the_remedy(
    folder: Path, change: dict[str, str | int], words: str
) -> None:
    other = replace(MAKE, **change)  # type: ignore[arg-type]
    for write in (False, True):
        with pytest.raises(IndexStateError, match="qa rebuild") as refused:
            Index.open(folder, other, write=write)
        assert words in str(refused.value)
    assert other.digest != MAKE.digest


def test_making_it_anew_empties_it_and_takes_the_new_fingerprint(folder: Path) -> None:
    other = replace(MAKE, embedder="e5", dimension=5)
    with Index.create(folder, other) as index:
        assert index.counts() == (0, 0, 0)
    Index.open(folder, other).close()


def test_no_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="qa ingest"):
        Index.open(tmp_path / "index", MAKE)
    assert not (tmp_path / "index").exists()
    assert Index.made_with(tmp_path / "index") is None


@pytest.mark.parametrize("name", ["vectors", "lexical", "words.sqlite"])
@pytest.mark.parametrize("write", [False, True])
def test_a_lost_store_names_the_remedy(folder: Path, name: str, write: bool) -> None:
    lost = folder / name
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    with pytest.raises(IndexStateError, match=rf"{name}.*qa rebuild"):
        Index.open(folder, MAKE, write=write)
    # A failed opening holds nothing, so that the remedy can be applied in the same process.
    Index.create(folder, MAKE).close()


@pytest.mark.parametrize("name", ["vectors/chroma.sqlite3", "lexical/meta.json", "words.sqlite"])
def test_a_damaged_store_names_the_remedy(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\x00damaged" * 3000)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        Index.open(folder, MAKE)
    Index.create(folder, MAKE).close()


@pytest.mark.parametrize("text", ["", "{", json.dumps([1]), json.dumps({"format": 1})])
def test_a_damaged_fingerprint_names_the_remedy(folder: Path, text: str) -> None:
    (folder / "index.json").write_text(text)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        Index.open(folder, MAKE)


def test_a_second_writer_is_refused(folder: Path) -> None:
    with Index.open(folder, MAKE, write=True), pytest.raises(StorageBusyError):
        Index.open(folder, MAKE, write=True)
    Index.open(folder, MAKE, write=True).close()


def test_a_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="index"):
        Index.create(tmp_path / "file" / "index", MAKE)
