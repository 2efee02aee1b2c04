import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from qa.articles.archive import Archive
from qa.errors import IndexStateError
from qa.index.embedding import StaticEmbedder
from qa.index.indexer import Indexer, Pace
from qa.index.stores import Fingerprint, Index
from qa.index.word_table import WordTable
from qa.model import Article

MakeArticle = Callable[..., Article]
PACE = Pace(batch=8, step=3)
KEYS = [f"article{n}" for n in range(20)]


@pytest.fixture
def fingerprint(embedder: StaticEmbedder, table: WordTable) -> Fingerprint:
    return Fingerprint(embedder.name, embedder.dimension, "", "", table.name, "1", 1)


@pytest.fixture
def index(tmp_path: Path, fingerprint: Fingerprint) -> Iterator[Index]:
    with Index.open(tmp_path / "index", fingerprint, write=True) as index:
        yield index


@pytest.fixture
def indexer(archive: Archive, index: Index, embedder: StaticEmbedder, table: WordTable) -> Indexer:
    return Indexer(archive, index, embedder, table, PACE)


def live_passages(archive: Archive) -> set[int]:
    """Ids of all live passages; the archive of a test never gives out as many as 1,000."""
    return archive.live_ids(range(1000))


def assert_in_step(archive: Archive, index: Index, keys: Sequence[str], edition: int) -> None:
    """Readers see these articles in this edition, and each store holds just their passages."""
    found = {a.key: a.text for a in archive.articles()}
    assert found.keys() == set(keys)
    assert all(f"edition {edition}." in text for text in found.values())
    live = live_passages(archive)
    assert len(live) == len(keys)
    for store in (index.vectors, index.lexical, index.words):
        assert sorted(store.ids()) == sorted(live)
    assert archive.retired() == []


def test_pending_articles_reach_every_store(
    archive: Archive, index: Index, indexer: Indexer, article: MakeArticle
) -> None:
    archive.put([article(key) for key in KEYS])
    seen: list[int] = []
    assert indexer.index_pending(seen.append) == len(KEYS) == sum(seen)
    assert_in_step(archive, index, KEYS, edition=1)
    assert indexer.index_pending() == 0


def test_a_new_edition_takes_the_place_of_the_old(
    archive: Archive, index: Index, indexer: Indexer, article: MakeArticle
) -> None:
    archive.put([article(key) for key in KEYS])
    indexer.index_pending()
    old = live_passages(archive)
    archive.put([article(key, 2) for key in KEYS])
    while_indexing: list[set[int]] = []
    indexer.index_pending(lambda _: while_indexing.append(live_passages(archive)))
    assert_in_step(archive, index, KEYS, edition=2)
    assert while_indexing[0] == old
    assert all(len(live) == len(KEYS) for live in while_indexing)


def test_a_large_batch_is_prepared_ahead(
    archive: Archive,
    index: Index,
    article: MakeArticle,
    embedder: StaticEmbedder,
    table: WordTable,
) -> None:
    archive.put([article(key) for key in KEYS])
    pace = Pace(batch=8, step=3, ahead_from=1)
    assert Indexer(archive, index, embedder, table, pace).index_pending() == len(KEYS)
    assert_in_step(archive, index, KEYS, edition=1)


def test_recovery_of_a_sound_index_changes_nothing(
    archive: Archive, index: Index, indexer: Indexer, article: MakeArticle
) -> None:
    archive.put([article(key) for key in KEYS])
    indexer.index_pending()
    before = archive.change_counter()
    indexer.recover()
    assert archive.change_counter() == before


@pytest.mark.parametrize("store", ["vectors", "lexical", "words"])
def test_recovery_restores_what_a_store_lost(
    store: str, archive: Archive, index: Index, indexer: Indexer, article: MakeArticle
) -> None:
    archive.put([article(key) for key in KEYS])
    indexer.index_pending()
    getattr(index, store).delete(sorted(live_passages(archive))[3:9])
    index.lexical.commit()
    indexer.recover()
    assert_in_step(archive, index, KEYS, edition=1)


def test_recovery_drops_what_the_archive_does_not_hold(
    archive: Archive,
    index: Index,
    indexer: Indexer,
    article: MakeArticle,
    embedder: StaticEmbedder,
    table: WordTable,
    tmp_path: Path,
) -> None:
    with Archive(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        other.put([article(key) for key in KEYS])
        Indexer(other, index, embedder, table).index_pending()
    archive.put([article("article0")])
    indexer.recover()
    assert_in_step(archive, index, ["article0"], edition=1)


def test_an_index_that_was_removed_is_made_again(
    archive: Archive,
    index: Index,
    indexer: Indexer,
    article: MakeArticle,
    fingerprint: Fingerprint,
    embedder: StaticEmbedder,
    table: WordTable,
    tmp_path: Path,
) -> None:
    archive.put([article(key) for key in KEYS])
    indexer.index_pending()
    index.close()
    with Index.open(tmp_path / "elsewhere", fingerprint, write=True) as empty:
        Indexer(archive, empty, embedder, table).recover()
        assert_in_step(archive, empty, KEYS, edition=1)


def test_an_index_that_keeps_nothing_is_reported(
    archive: Archive, indexer: Indexer, article: MakeArticle, index: Index
) -> None:
    archive.put([article("article0")])
    indexer.index_pending()

    def lose(_: int) -> None:
        index.words.clear()

    index.words.clear()
    with pytest.raises(IndexStateError, match=r"\(1, 1, 0\).*qa rebuild"):
        indexer.recover(lose)


def test_rebuilding_under_another_fingerprint_keeps_every_article(
    archive: Archive,
    index: Index,
    indexer: Indexer,
    article: MakeArticle,
    fingerprint: Fingerprint,
    embedder: StaticEmbedder,
    table: WordTable,
    tmp_path: Path,
) -> None:
    archive.put([article(key) for key in KEYS])
    indexer.index_pending()
    archive.put([article("article0", 2)])
    index.close()
    other = replace(fingerprint, folding=99)
    with Index.create(tmp_path / "index", other) as anew:
        assert Indexer(archive, anew, embedder, table).rebuild() == len(KEYS)
        assert anew.counts() == (len(KEYS),) * 3
        assert "edition 2." in archive.article("article0").text


# A run that says where it is and waits there to be killed.
INTERRUPTED = """
import os, sys
from pathlib import Path
from qa.articles.archive import Archive
from qa.index.embedding import StaticEmbedder
from qa.index.word_table import load_word_table
from qa.index.indexer import Indexer, Pace
from qa.index.stores import Fingerprint, Index

folder, model, work, place = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]

def at(here):
    if here == place:
        print(here, flush=True)
        sys.stdin.read()

class Watched(Archive):
    def mark_indexed(self, ids):
        at("before the flip")
        retired = super().mark_indexed(ids)
        at("after the flip")
        return retired

    def mark_all_pending(self):
        at("before all are pending")
        super().mark_all_pending()

    def forget(self, ids):
        at("before forgetting")
        super().forget(ids)

steps = []

def progress(done):
    steps.append(done)
    at(f"step {len(steps)}")

table = load_word_table(model)
embedder = StaticEmbedder(table)
fingerprint = Fingerprint(embedder.name, embedder.dimension, "", "", table.name, "1", 1)
index = Index.open(folder / "index", fingerprint, write=True)
plain_clear = index.clear

def clear():
    at("before clearing")
    plain_clear()
    at("after clearing")

index.clear = clear
archive = Watched(f"sqlite:///{folder / 'archive.sqlite'}")
getattr(Indexer(archive, index, embedder, table, Pace(8, 3)), work)(progress)
"""


@dataclass(frozen=True)
class Runs:
    """Runs over an archive and its index: some are killed, another one comes after."""

    folder: Path
    model_folder: Path
    archive: Archive
    fingerprint: Fingerprint
    embedder: StaticEmbedder
    table: WordTable

    def kill_at(self, place: str, work: str) -> None:
        arguments = (str(self.folder), str(self.model_folder), work, place)
        with subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{place}\n"
            process.kill()
        assert process.returncode == -9

    @contextmanager
    def another(self) -> Iterator[tuple[Index, Indexer]]:
        with Index.open(self.folder / "index", self.fingerprint, write=True) as index:
            yield index, Indexer(self.archive, index, self.embedder, self.table)


@pytest.fixture
def runs(
    tmp_path: Path,
    model_folder: Path,
    archive: Archive,
    article: MakeArticle,
    fingerprint: Fingerprint,
    embedder: StaticEmbedder,
    table: WordTable,
) -> Runs:
    runs = Runs(tmp_path, model_folder, archive, fingerprint, embedder, table)
    archive.put([article(key) for key in KEYS])
    with runs.another() as (_, indexer):
        indexer.index_pending()
    return runs


@pytest.mark.parametrize(
    ("work", "place"),
    [
        ("index_pending", "step 1"),
        ("index_pending", "step 5"),
        ("index_pending", "before the flip"),
        ("index_pending", "after the flip"),
        ("index_pending", "before forgetting"),
        ("rebuild", "before all are pending"),
        ("rebuild", "step 2"),
    ],
)
def test_a_killed_run_is_finished_by_the_next(
    work: str, place: str, runs: Runs, article: MakeArticle
) -> None:
    runs.archive.put([article(key, 2) for key in KEYS])
    runs.kill_at(place, work)
    with runs.another() as (index, indexer):
        indexer.recover()
        assert_in_step(runs.archive, index, KEYS, edition=2)
        question = runs.embedder.embed_question("oil minister")
        assert len(index.vectors.search(question, 100)) == len(KEYS)


@pytest.mark.parametrize("place", ["before all are pending", "before clearing", "after clearing"])
def test_no_reader_trusts_stores_that_a_killed_rebuild_emptied(place: str, runs: Runs) -> None:
    runs.kill_at(place, "rebuild")
    with runs.another() as (index, indexer):
        held = runs.archive.counts()
        # What is not pending is taken for indexed.
        assert index.counts() == (held.passages,) * 3 or held.pending
        indexer.recover()
        assert_in_step(runs.archive, index, KEYS, edition=1)
