from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexStateError, StorageError
from qa.index.words import WordIds, WordStore


def ids(*values: int) -> WordIds:
    return np.array(values, dtype=np.int32)


@pytest.fixture
def store(tmp_path: Path) -> WordStore:
    return WordStore(tmp_path / "words.sqlite", create=True)


def test_words_come_back_in_the_order_asked(store: WordStore) -> None:
    store.add([1, 2, 3], [ids(10, 11), ids(), ids(12)])
    assert [words.tolist() for words in store.get_many([3, 1, 99, 2, 3])] == [
        [12],
        [10, 11],
        [],
        [],
        [12],
    ]


def test_adding_again_replaces(store: WordStore) -> None:
    store.add([1], [ids(10)])
    store.add([1], [ids(20, 21)])
    assert store.get_many([1])[0].tolist() == [20, 21]
    assert store.count() == 1


def test_deleted_words_are_gone(store: WordStore) -> None:
    store.add([1, 2], [ids(1), ids(2)])
    store.delete([2, 99])
    assert store.ids() == [1]
    store.clear()
    assert store.count() == 0


def test_what_is_stored_outlives_the_store(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite"
    first = WordStore(path, create=True)
    first.add([7], [ids(1, 2, 3)])
    first.close()
    assert WordStore(path).get_many([7])[0].tolist() == [1, 2, 3]


def test_threads_read_while_another_writes(store: WordStore) -> None:
    store.add(range(100), [ids(n, n + 1) for n in range(100)])

    def read(seed: int) -> bool:
        asked = [(seed * 7 + n) % 100 for n in range(50)]
        return all(
            w.tolist() == [a, a + 1] for a, w in zip(asked, store.get_many(asked), strict=True)
        )

    with ThreadPoolExecutor(8) as threads:
        writing = [threads.submit(store.add, [1000 + n], [ids(n)]) for n in range(40)]
        assert all(threads.map(read, range(80)))
        for write in writing:
            write.result()
    assert store.count() == 140


def test_a_missing_file_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match=r"words\.sqlite.*qa rebuild"):
        WordStore(tmp_path / "words.sqlite")


def test_a_damaged_file_names_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "words.sqlite").write_bytes(b"not a database at all" * 500)
    with pytest.raises(IndexStateError, match="qa rebuild"):
        WordStore(tmp_path / "words.sqlite")


def test_a_place_that_cannot_be_opened_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no-such-folder"):
        WordStore(tmp_path / "no-such-folder" / "words.sqlite", create=True)
