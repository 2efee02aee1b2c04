import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexStateError, StorageError
from qa.index.vectors import VectorIndex
from qa.index.word_table import unit_rows
from qa.model import Filters, StoredPassage, Vectors

MakePassage = Callable[..., StoredPassage]
DIMENSION = 8


def unit_vectors(count: int, seed: int = 3) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return unit_rows(vectors)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    index = VectorIndex(tmp_path / "vectors", create=True)
    yield index
    index.close()


def test_nearest_first_with_the_cosine(index: VectorIndex, passage: MakePassage) -> None:
    vectors = unit_vectors(50)
    index.add([passage(n) for n in range(1, 51)], vectors)
    question = unit_vectors(1, seed=4)[0]
    found = index.search(question, 10)
    cosines = vectors @ question
    assert [i for i, _ in found] == (np.argsort(-cosines)[:10] + 1).tolist()
    assert [score for _, score in found] == pytest.approx(
        sorted(cosines, reverse=True)[:10], abs=1e-5
    )


@pytest.mark.parametrize("k", [0, 1, 49, 50, 51, 5000])
def test_any_k_is_answered(index: VectorIndex, passage: MakePassage, k: int) -> None:
    index.add([passage(n) for n in range(1, 51)], unit_vectors(50))
    assert len(index.search(unit_vectors(1)[0], k)) == min(k, 50)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(language="ar"), {2}),
        (Filters(outlet="The Herald"), {3}),
        (Filters(since=date(2015, 9, 16)), {1, 2, 3}),
        (Filters(until=date(2015, 9, 15)), set()),
        (Filters(since=date(2015, 9, 16), until=date(2015, 9, 16)), {1, 2}),
        (Filters(language="en", outlet="The Herald", since=date(2016, 1, 1)), {3}),
        (Filters(outlet="nobody's"), set()),
    ],
)
def test_filters_are_applied_in_the_engine(
    index: VectorIndex, passage: MakePassage, filters: Filters, found: set[int]
) -> None:
    held = [
        passage(1),
        passage(2, language="ar"),
        passage(3, outlet="The Herald", published=date(2016, 2, 1)),
        passage(4, outlet=None, published=None),
    ]
    # A thousand nearer ones that no filter here lets through.
    crowd = [passage(n, language="xx", outlet="x", published=None) for n in range(5, 1005)]
    near = unit_vectors(1) + 0.01 * unit_vectors(1000, seed=8)
    index.add([*held, *crowd], np.concatenate([-unit_vectors(4), near]))
    assert {i for i, _ in index.search(unit_vectors(1)[0], 50, filters)} == found
    # So few that those which pass are looked for among the nearest.
    index.delete(range(5, 1005))
    best = index.search(unit_vectors(1)[0], 1, filters)
    assert {i for i, _ in best} <= found
    assert bool(best) == bool(found)


def test_a_filter_that_lets_much_pass_changes_no_order(
    index: VectorIndex, passage: MakePassage
) -> None:
    languages = {n: "ar" if n % 3 else "en" for n in range(300)}
    index.add([passage(n, language=languages[n]) for n in languages], unit_vectors(300))
    near = unit_vectors(1, seed=8)[0]
    every = index.search(near, 300)
    arabic = [i for i, _ in every if languages[i] == "ar"]
    assert [i for i, _ in index.search(near, 20, Filters(language="ar"))] == arabic[:20]


def test_more_than_one_batch_is_added_and_deleted(index: VectorIndex, passage: MakePassage) -> None:
    count = 6000  # Chroma takes 5,461 at a time
    index.add([passage(n) for n in range(count)], unit_vectors(count))
    assert index.count() == count
    index.delete(range(5900))
    assert sorted(index.ids()) == list(range(5900, count))
    assert len(index.search(unit_vectors(1)[0], 200)) == 100


def test_adding_again_replaces(index: VectorIndex, passage: MakePassage) -> None:
    one, other = unit_vectors(2)
    index.add([passage(1)], one[np.newaxis])
    index.add([passage(1, language="ar")], other[np.newaxis])
    [(found, score)] = index.search(other, 5, Filters(language="ar"))
    assert found == 1
    assert score == pytest.approx(1.0, abs=1e-5)
    assert index.count() == 1


def test_a_passage_without_a_known_word_can_be_stored(
    index: VectorIndex, passage: MakePassage
) -> None:
    index.add(
        [passage(1), passage(2)], np.stack([np.zeros(DIMENSION, np.float32), unit_vectors(1)[0]])
    )
    assert [i for i, _ in index.search(unit_vectors(1)[0], 5)] == [2, 1]


def test_unknown_passages_are_not_missed(index: VectorIndex, passage: MakePassage) -> None:
    index.delete([1, 2, 3])
    index.add([passage(1)], unit_vectors(1))
    index.delete([2])
    assert index.ids() == [1]
    index.clear()
    assert index.count() == 0


def test_what_is_stored_outlives_the_client(tmp_path: Path, passage: MakePassage) -> None:
    first = VectorIndex(tmp_path, create=True)
    first.add([passage(7)], unit_vectors(1))
    first.close()
    again = VectorIndex(tmp_path)
    assert again.search(unit_vectors(1)[0], 1)[0][0] == 7
    again.close()


def test_a_missing_store_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="qa rebuild"):
        VectorIndex(tmp_path)


def test_a_damaged_store_names_the_remedy_and_can_be_made_anew(tmp_path: Path) -> None:
    VectorIndex(tmp_path, create=True).close()
    database = tmp_path / "chroma.sqlite3"
    database.write_bytes(b"no database" * 2000)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        VectorIndex(tmp_path)
    database.unlink()
    VectorIndex(tmp_path, create=True).close()


def test_a_lost_graph_is_noticed(tmp_path: Path, passage: MakePassage) -> None:
    index = VectorIndex(tmp_path, create=True)
    index.add([passage(n) for n in range(2000)], unit_vectors(2000))
    index.check(DIMENSION)
    index.close()
    for graph in tmp_path.glob("*/*.bin"):
        graph.unlink()
    again = VectorIndex(tmp_path)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        again.check(DIMENSION)
    again.close()


def test_a_server_serves_as_well(server: str, tmp_path: Path, passage: MakePassage) -> None:
    index = VectorIndex(tmp_path / "unused", server, create=True)
    index.add([passage(1), passage(2, language="ar")], unit_vectors(2))
    again = VectorIndex(tmp_path / "unused", server)
    assert [i for i, _ in again.search(unit_vectors(1)[0], 9, Filters(language="ar"))] == [2]
    again.delete([2])
    assert index.count() == 1
    again.close()
    index.close()
    del again, index
    gc.collect()  # a connection that is left open warns, and fails this test


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1:8000", "ftp://127.0.0.1"])
def test_a_wrong_server_names_the_setting(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="QA_CHROMA_URL"):
        VectorIndex(tmp_path, url)


def test_a_password_of_a_server_is_refused_and_not_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="without them") as refused:
        VectorIndex(tmp_path, "http://news:S3cret/@127.0.0.1:9")
    with pytest.raises(StorageError, match="QA_CHROMA_URL") as mistyped:
        VectorIndex(tmp_path, "news:S3cret@127.0.0.1:9")
    assert "S3cret" not in f"{refused.value}{mistyped.value}"
