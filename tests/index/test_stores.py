import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from qa.errors import IndexStateError, StorageBusyError, StorageError
from qa.index.lexical import PassageTerms
from qa.index.preparation import Prepared
from qa.index.stores import Fingerprint, Index
from qa.index.vectors import SHARED_COLLECTION, VectorIndex
from qa.model import StoredPassage

MAKE = Fingerprint("tiny-1", 4, "query: ", "passage: ", "words-1", "1-200", 3)


MakeIndex = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, passage: Callable[..., StoredPassage]) -> MakeIndex:
    """Makes an index of some passages, closed."""

    def make(name: str, *ids: int, chroma_url: str = "") -> Path:
        vectors = np.eye(len(ids), 4, dtype=np.float32)
        words = [np.array([n], dtype=np.int32) for n in ids]
        terms = [PassageTerms("oil", "", "oil", "")] * len(ids)
        with Index.open(tmp_path / name, MAKE, write=True, chroma_url=chroma_url) as index:
            index.add(Prepared([passage(i) for i in ids], vectors, terms, words))
            index.commit()
        return tmp_path / name

    return make


@pytest.fixture
def folder(make: MakeIndex) -> Path:
    """An index of two passages, closed."""
    return make("index", 1, 2)


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
        ({"format": 99}, "format 2 instead of 99"),
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


def test_folders_on_one_server_are_no_matter_of_each_other(make: MakeIndex, server: str) -> None:
    one = make("one", 1, 2, chroma_url=server)
    other = make("other", 3, chroma_url=server)
    Index.create(other, MAKE, chroma_url=server).close()
    with (
        Index.open(one, MAKE, chroma_url=server) as kept,
        Index.open(other, MAKE, chroma_url=server) as emptied,
    ):
        assert kept.counts() == (2, 2, 2)
        assert {i for i, _ in kept.vectors.search(np.ones(4, np.float32), 9)} == {1, 2}
        assert emptied.counts() == (0, 0, 0)


def test_what_is_made_anew_leaves_nothing_on_the_server(make: MakeIndex, server: str) -> None:
    folder = make("index", 1, 2, chroma_url=server)
    before = collections(server)
    Index.create(folder, MAKE, chroma_url=server).close()
    assert len(before) == len(collections(server)) == 1
    assert before != collections(server)


def test_a_collection_that_is_gone_names_the_remedy(make: MakeIndex, server: str) -> None:
    folder = make("index", 1, chroma_url=server)
    [name] = collections(server)
    vectors = VectorIndex(folder / "unused", server, name=name)
    vectors.drop(name)
    vectors.close()
    for write in (False, True):
        with pytest.raises(IndexStateError, match=rf"no collection '{name}'.*qa rebuild"):
            Index.open(folder, MAKE, write=write, chroma_url=server)
    Index.create(folder, MAKE, chroma_url=server).close()


def made_before(folder: Path, url: str = "") -> None:
    """Makes an index as one of before collections had names of their own."""
    header = folder / "index.json"
    values = json.loads(header.read_text())
    vectors = VectorIndex(folder / "vectors", url, name=values.pop("collection"))
    vectors.rename(SHARED_COLLECTION)
    vectors.close()
    header.write_text(json.dumps(values))


def test_an_embedded_index_of_before_goes_on(folder: Path) -> None:
    made_before(folder)
    for write in (False, True):
        with Index.open(folder, MAKE, write=write) as index:
            assert index.counts() == (2, 2, 2)


def test_an_index_of_before_takes_its_collection_on_a_server(make: MakeIndex, server: str) -> None:
    folder, copy = make("index", 1, 2, chroma_url=server), make("other", 1, 2)
    made_before(folder, server)
    made_before(copy)
    with Index.open(folder, MAKE, chroma_url=server) as reader:
        assert reader.counts() == (2, 2, 2)
    assert collections(server) == [SHARED_COLLECTION]
    for _ in range(2):
        with Index.open(folder, MAKE, write=True, chroma_url=server) as index:
            assert index.counts() == (2, 2, 2)
    assert SHARED_COLLECTION not in collections(server)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        Index.open(copy, MAKE, chroma_url=server)


def test_the_collection_of_another_index_of_before_is_let_be(make: MakeIndex, server: str) -> None:
    made_before(make("index", 1, 2, chroma_url=server), server)
    other = make("other", 1, 3)
    made_before(other)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        Index.open(other, MAKE, write=True, chroma_url=server)
    Index.create(other, MAKE, chroma_url=server).close()
    shared = VectorIndex(other / "unused", server)
    assert sorted(shared.ids()) == [1, 2]
    shared.close()


def collections(server: str) -> list[str]:
    """Names of what the server holds."""
    index = VectorIndex(Path("unused"), server, name=f"asked-{uuid4().hex}", create=True)
    asked = index._name
    names = [collection.name for collection in index._client.list_collections()]
    index.drop(asked)
    index.close()
    return [name for name in names if name != asked]
