import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from qa.articles import writes
from qa.articles.archive import Archive, PutResult, RetiredArticle
from qa.articles.schema import metadata
from qa.articles.versions import version_of
from qa.errors import ArticleError, NotFoundError, StorageBusyError, StorageError
from qa.model import Article, Filters

TEXT = "قال الوزير: «نعم» 🇸🇾.\n\nوأضاف أن الأمر انتهى."


def article(key: str, text: str = TEXT, **fields: Any) -> Article:  # noqa: ANN401
    made = replace(Article(key, "", "عنوان", text, "ar"), **fields)
    return replace(made, version=version_of(made))


POSTGRESQL = os.environ.get("QA_TEST_POSTGRESQL", "")
"""A database to test on too: its tables are dropped."""


@pytest.fixture(params=["sqlite", POSTGRESQL] if POSTGRESQL else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'archive.db'}"
        return
    yield POSTGRESQL
    engine = create_engine(POSTGRESQL)
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    with Archive(url) as opened:
        yield opened


def index_all(archive: Archive) -> list[int]:
    """Marks all that is pending as indexed, as the indexer would; returns what retired."""
    pending = archive.pending_passages(1_000_000)
    return archive.mark_indexed(sorted({passage.article_id for passage in pending}))


def outcomes(results: list[PutResult]) -> list[str]:
    return [result.outcome for result in results]


def test_an_article_comes_back_as_it_was_put(archive: Archive) -> None:
    whole = article(
        "2015/a",
        outlet="الوطن",
        author="رويترز",
        published=date(2015, 9, 16),
        updated=date(2017, 5, 12),
        url="https://example.org/a",
    )
    assert archive.put([whole]) == [PutResult("2015/a", "added")]
    assert archive.article("2015/a") == whole
    assert archive.article("2015/a", whole.version) == whole


@pytest.mark.parametrize("blank", ["", " \n\t", "\u200f\ufeff"])
def test_a_blank_article_is_refused_and_what_is_stored_stays(archive: Archive, blank: str) -> None:
    archive.put([article("a")])
    with pytest.raises(ArticleError, match="'b'"):
        archive.put([article("c"), article("b", blank)])
    assert [passage.text for passage in archive.pending_passages(10)] == [TEXT]
    index_all(archive)
    assert archive.counts().pending == 0


def test_what_waits_is_counted_in_articles_and_passages(archive: Archive) -> None:
    archive.put([article("a"), article("b", "\n\n".join(["كلمة " * 150 + "."] * 4))])
    counts = archive.counts()
    assert (counts.pending, counts.pending_passages) == (2, len(archive.pending_passages(10)))
    assert counts.pending_passages > 2
    index_all(archive)
    assert archive.counts().pending_passages == 0


def test_pending_passages_can_begin_after_an_article(archive: Archive) -> None:
    archive.put([article("a"), article("b"), article("c")])
    first, *others = archive.pending_passages(10)
    assert archive.pending_passages(10, after=first.article_id) == others


def test_unknown_articles_are_not_found(archive: Archive) -> None:
    archive.put([article("a")])
    with pytest.raises(NotFoundError, match="no article 'b'"):
        archive.article("b")
    with pytest.raises(NotFoundError, match="no version 'x' of 'a'"):
        archive.article("a", "x")


def test_what_is_pending_is_not_live(archive: Archive) -> None:
    archive.put([article("a")])
    (passage,) = archive.pending_passages(10)
    assert archive.live_ids([passage.id]) == set()
    assert archive.live_passages([passage.id]) == {}
    assert list(archive.articles()) == []
    assert archive.counts().pending == 1
    index_all(archive)
    assert archive.live_ids([passage.id, 999]) == {passage.id}
    assert archive.pending_passages(10) == []


def test_pending_passages_carry_what_the_indexes_need(archive: Archive) -> None:
    archive.put([article("a", outlet="الوطن", published=date(2015, 9, 16))])
    (passage,) = archive.pending_passages(10)
    assert passage.text == TEXT
    assert passage.context == "عنوان\n2015-09-16 · الوطن"
    assert (passage.language, passage.outlet) == ("ar", "الوطن")
    assert passage.published == date(2015, 9, 16)


def test_live_passages_are_slices_of_the_article(archive: Archive) -> None:
    long = " ".join(f"قال الوزير 🇸🇾 إن الأمر رقم {i} انتهى." for i in range(200))
    stored = article("a", long)
    archive.put([article("b"), stored])
    pending = archive.pending_passages(100)
    index_all(archive)
    live = archive.live_passages([passage.id for passage in pending])
    assert len(live) == len(pending) > 5
    for passage in live.values():
        owner = archive.article(passage.article, passage.version)
        assert owner.text[passage.start : passage.end] == passage.text
    assert {p.id: p.text for p in pending} == {p.id: p.text for p in live.values()}


def test_the_same_version_again_is_unchanged(archive: Archive) -> None:
    archive.put([article("a")])
    before = archive.change_counter()
    assert outcomes(archive.put([article("a")])) == ["unchanged"]
    index_all(archive)
    assert outcomes(archive.put([article("a")])) == ["unchanged"]
    assert archive.counts().pending == 0
    assert archive.change_counter() == before + 1


def test_readers_see_the_old_version_until_the_new_one_is_indexed(archive: Archive) -> None:
    old, new = article("a"), article("a", "نص جديد تماماً هنا.")
    archive.put([old])
    index_all(archive)
    (old_id,) = archive.live_ids(range(1, 100))
    assert outcomes(archive.put([new])) == ["updated"]
    assert archive.article("a") == old
    assert archive.live_ids([old_id]) == {old_id}
    (passage,) = archive.pending_passages(10)
    (retired,) = archive.mark_indexed([passage.article_id])
    assert archive.article("a") == new
    assert archive.live_ids([old_id, passage.id]) == {passage.id}
    assert archive.retired() == [RetiredArticle(retired, (old_id,))]
    archive.forget([retired, passage.article_id])
    assert archive.retired() == []
    assert archive.article("a") == new
    with pytest.raises(NotFoundError):
        archive.article("a", old.version)


def test_a_second_pending_version_replaces_the_first(archive: Archive) -> None:
    first, second = article("a", "نص أول هنا."), article("a", "نص ثان هنا.")
    archive.put([first])
    assert outcomes(archive.put([second])) == ["updated"]
    (passage,) = archive.pending_passages(10)
    assert passage.text == second.text
    assert len(archive.retired()) == 1


def test_the_live_version_again_takes_the_pending_one_back(archive: Archive) -> None:
    live, other = article("a"), article("a", "نص آخر هنا.")
    archive.put([live])
    index_all(archive)
    archive.put([other])
    assert outcomes(archive.put([live])) == ["unchanged"]
    assert archive.pending_passages(10) == []
    assert archive.article("a") == live


def test_a_version_that_retired_can_come_back(archive: Archive) -> None:
    first, second = article("a"), article("a", "نص ثان هنا.")
    for version in (first, second, first):
        archive.put([version])
        index_all(archive)
    assert archive.article("a") == first
    assert len(archive.retired()) == 2


def test_of_one_key_put_twice_at_once_the_last_counts(archive: Archive) -> None:
    first, second = article("a", "نص أول هنا."), article("a", "نص ثان هنا.")
    assert outcomes(archive.put([first, second, second])) == ["added", "updated", "unchanged"]
    assert archive.article("a") == second
    assert archive.counts().pending == 1


def test_copies_are_kept_and_linked(archive: Archive) -> None:
    archive.put([article("a"), article("b", title="آخر"), article("c", TEXT + "!"), article("d")])
    assert archive.copies("a") == ["b", "d"]
    assert archive.copies("c") == []
    archive.put([article("d", "نص آخر هنا.")])
    assert archive.copies("a") == ["b"]


def test_pending_passages_come_in_whole_articles(archive: Archive) -> None:
    long = " ".join(["قال الوزير إن المحادثات مستمرة في باريس."] * 300)
    archive.put([article("a", long), article("b"), article("c"), article("d")])
    whole = archive.pending_passages(1)
    assert len(whole) > 5
    assert len({passage.article_id for passage in whole}) == 1
    archive.mark_indexed([whole[0].article_id])
    assert len(archive.pending_passages(2)) == 2
    assert len(archive.pending_passages(100)) == 3


def test_mark_indexed_leaves_other_states_alone(archive: Archive) -> None:
    archive.put([article("a")])
    (passage,) = archive.pending_passages(10)
    archive.put([article("a", "نص ثان هنا.")])
    assert archive.mark_indexed([passage.article_id, 999]) == []
    assert archive.live_ids([passage.id]) == set()


def test_a_rebuild_waits_for_the_newest_versions(archive: Archive) -> None:
    archive.put([article("a"), article("b")])
    index_all(archive)
    archive.put([article("b", "نص ثان هنا.")])
    archive.mark_all_pending()
    assert [p.text for p in archive.pending_passages(10)] == [TEXT, "نص ثان هنا."]
    assert archive.counts().articles == 0
    index_all(archive)
    assert archive.counts().articles == 2


def test_a_rebuild_cuts_anew_what_an_older_splitter_cut(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put([article("a"), article("b")])
    index_all(archive)
    old = archive.live_ids(range(1, 100))
    monkeypatch.setattr(writes, "PASSAGE_VERSION", "another")
    archive.mark_all_pending()
    new = {passage.id for passage in archive.pending_passages(10)}
    assert len(new) == 2
    assert not new & old
    assert archive.mark_indexed([1, 2]) == []
    assert archive.counts().passages == 2
    archive.mark_all_pending()
    assert {passage.id for passage in archive.pending_passages(10)} == new


def test_numbers_are_never_given_twice(archive: Archive) -> None:
    archive.put([article("a", "نص أول هنا.")])
    (first,) = archive.pending_passages(10)
    archive.put([article("a", "نص ثان هنا.")])
    archive.forget([retired.article_id for retired in archive.retired()])
    (second,) = archive.pending_passages(10)
    archive.put([article("a", "نص ثالث هنا.")])
    archive.forget([second.article_id])
    (third,) = archive.pending_passages(10)
    assert len({first.id, second.id, third.id}) == 3
    assert len({first.article_id, second.article_id, third.article_id}) == 3


def test_filters(archive: Archive) -> None:
    archive.put(
        [
            article("a", outlet="الوطن", published=date(2015, 9, 16)),
            article("b", outlet="الوسط", published=date(2016, 1, 1), language="en"),
            article("c"),
        ]
    )
    index_all(archive)

    def keys(filters: Filters | None = None) -> list[str]:
        return [found.key for found in archive.articles(filters)]

    assert keys() == ["a", "b", "c"]
    assert keys(Filters(language="en")) == ["b"]
    assert keys(Filters(outlet="الوطن")) == ["a"]
    assert keys(Filters(since=date(2015, 9, 16))) == ["a", "b"]
    assert keys(Filters(until=date(2015, 9, 16))) == ["a"]
    assert keys(Filters(since=date(2015, 9, 17), language="ar")) == []
    assert archive.outlets() == ["الوسط", "الوطن"]
    assert archive.languages() == ["ar", "en"]
    assert archive.live_articles(["a", "x"]).keys() == {"a"}


def test_keys_are_those_of_live_articles_in_order_of_code_points(archive: Archive) -> None:
    archive.put([article(key) for key in ("b", "ب", "a/2", "B", "a")])
    assert archive.keys() == []
    index_all(archive)
    archive.put([article("pending"), article("a", "نص آخر هنا.")])
    assert archive.keys() == ["B", "a", "a/2", "b", "ب"]
    index_all(archive)
    assert archive.keys() == ["B", "a", "a/2", "b", "pending", "ب"]


def test_counts(archive: Archive) -> None:
    archive.put(
        [
            article("a", outlet="الوطن", published=date(2015, 9, 16)),
            article("b", outlet="الوطن", published=date(2015, 9, 30)),
            article("c", language="en", published=date(2014, 1, 1)),
            article("d", outlet="الوسط"),
        ]
    )
    index_all(archive)
    archive.put([article("e")])
    counts = archive.counts()
    assert (counts.articles, counts.passages, counts.pending) == (4, 4, 1)
    assert counts.by_language == {"ar": 3, "en": 1}
    assert counts.by_outlet == {"الوطن": 2, "الوسط": 1}
    assert list(counts.by_month.items()) == [("2014-01", 1), ("2015-09", 2)]


def test_every_change_is_counted(archive: Archive) -> None:
    counts = [archive.change_counter()]
    for change in (
        lambda: archive.put([article("a")]),
        lambda: index_all(archive),
        archive.mark_all_pending,
        lambda: archive.forget([1]),
    ):
        change()
        counts.append(archive.change_counter())
    assert counts == sorted(set(counts))


def test_more_ids_than_a_statement_can_bind(archive: Archive) -> None:
    archive.put([article("a")])
    index_all(archive)
    (found,) = archive.live_ids(range(1, 100_000))
    assert archive.live_passages([found, *range(10_000, 80_000)]).keys() == {found}


def test_what_was_committed_outlives_the_process(url: str) -> None:
    with Archive(url) as archive:
        archive.put([article("a")])
    with Archive(url) as archive:
        assert [passage.text for passage in archive.pending_passages(10)] == [TEXT]


def test_a_put_that_fails_changes_nothing(archive: Archive) -> None:
    archive.put([article("a")])
    with pytest.raises(IntegrityError):
        archive.put([article("b"), article("c", title=None)])
    assert archive.counts().pending == 1


def test_readers_are_not_stopped_by_a_writer(tmp_path: Path) -> None:
    with Archive(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        archive.put([article("a")])
        index_all(archive)
        with archive._database.writing():
            assert archive.article("a").key == "a"


def test_threads_share_an_archive(archive: Archive) -> None:
    threads = [Thread(target=archive.put, args=[[article(f"k{i}")]]) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert archive.counts().pending == 8


def test_it_is_opened_and_read_while_another_process_writes(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    with Archive(f"sqlite:///{file}") as archive:
        archive.put([article("a")])
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Archive(f"sqlite:///{file}") as reader:
        assert reader.counts().pending == 1
    other.close()


def test_another_writer_is_a_busy_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.articles.database.BUSY_MILLISECONDS", 10)
    file = tmp_path / "archive.db"
    with Archive(f"sqlite:///{file}") as archive:
        other = sqlite3.connect(file)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusyError, match="being written by another process"):
            archive.put([article("a")])
        other.close()
        assert outcomes(archive.put([article("a")])) == ["added"]


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    file.write_bytes(b"something else" * 100)
    with pytest.raises(StorageError, match="file is not a database"):
        Archive(f"sqlite:///{file}")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="unable to open database file"):
        Archive(f"sqlite:///{tmp_path / 'no' / 'archive.db'}")


def test_an_archive_of_another_schema(url: str) -> None:
    with Archive(url) as archive, archive._database.writing() as connection:
        connection.execute(text("update meta set value = '99' where name = 'schema'"))
    with pytest.raises(StorageError, match="schema '99'"):
        Archive(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("archive.db", r"what begins with 'archive\.db' is not an archive URL"),
        ("nothing://x", "'nothing://x' is not an archive URL"),
        ("postgres://user:secret@host/x", r"'postgres://user:\*\*\*@host/x' is not an archive URL"),
        ("postgresql//user:secret@host/x", "'postgresql' is not an archive URL"),
        ("postgresql://user:secret@host:port/x", "'postgresql' is not an archive URL"),
        ("sqlite://user:secret@host/x", "is not an archive URL"),
        ("mysql+pymysql://user:secret@host/x", "needs the Python package 'pymysql'"),
        ("mysql+pymysql://host/x?password=secret", "needs the Python package 'pymysql'"),
    ],
)
def test_urls_that_name_no_archive(url: str, reason: str) -> None:
    with pytest.raises(StorageError, match=reason) as caught:
        Archive(url)
    assert "secret" not in str(caught.value)


def test_thousands_of_passages_a_second(tmp_path: Path) -> None:
    body = "\n".join(["قال الوزير إن المحادثات مستمرة في باريس، وأضاف أن القرار لم يتخذ."] * 40)
    new = [article(f"k{i}", f"{body} {i}") for i in range(500)]
    with Archive(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        began = time.process_time()
        archive.put(new)
        seconds = time.process_time() - began
        pending = len(archive.pending_passages(10_000))
    assert pending == 500 * 3
    assert pending / seconds > 1000


def test_what_is_deleted_is_gone_for_readers_at_once(archive: Archive) -> None:
    archive.put([article("a"), article("b")])
    index_all(archive)
    archive.put([article("b", "A newer text of the same article."), article("c")])
    before = archive.view_counter()
    assert archive.delete(["c", "none", "b", "b"]) == ["c", "b"]
    assert archive.view_counter() == before + 1
    assert [a.key for a in archive.articles()] == ["a"]
    assert archive.counts().pending == 0
    for key in ("b", "c"):
        with pytest.raises(NotFoundError):
            archive.article(key)
    assert len(archive.retired()) == 3
    assert archive.delete(["b"]) == []


def test_a_deleted_article_can_come_back(archive: Archive) -> None:
    archive.put([article("a")])
    index_all(archive)
    archive.delete(["a"])
    assert outcomes(archive.put([article("a")])) == ["added"]
    index_all(archive)
    assert archive.article("a").text == TEXT


def test_only_what_readers_see_counts_as_a_view(archive: Archive) -> None:
    before = archive.view_counter()
    archive.put([article("a")])
    assert archive.view_counter() == before
    index_all(archive)
    assert archive.view_counter() > before


def test_a_page_follows_a_key(archive: Archive) -> None:
    archive.put([article(key) for key in ("d", "b", "a", "c")])
    index_all(archive)
    assert [a.key for a in archive.page(Filters(), "", 2)] == ["a", "b"]
    assert [a.key for a in archive.page(Filters(), "b", 9)] == ["c", "d"]
    assert archive.page(Filters(language="none"), "", 9) == []
