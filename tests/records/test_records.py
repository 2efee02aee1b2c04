import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import NotFoundError, StorageError, UsageError
from qa.records import replies
from qa.records.answers import KEPT
from qa.records.records import Records

DOCUMENT = {"answer": "قال لافروف [1]", "citations": [{"article": "a", "version": "1"}]}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records(f"sqlite:///{tmp_path / 'records.sqlite'}") as records:
        yield records


def test_a_key_is_found_by_its_token_alone(records: Records) -> None:
    made = records.keys.create("ci", ["write", "read"], "5/second")
    assert made.key.scopes == ("read", "write")
    assert records.keys.find(made.token) == made.key
    for wrong in ("", made.key.id, made.token[:-1], made.token.upper(), f" {made.token}"):
        assert records.keys.find(wrong) is None


def test_the_token_is_not_stored(records: Records, tmp_path: Path) -> None:
    token = records.keys.create("ci", ["read"]).token
    secret = token.split("_", 2)[2]
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("records.sqlite*"))
    assert secret.encode() not in stored
    assert b"ci" in stored


@given(st.text())
def test_no_other_token_is_a_key(token: str) -> None:
    with Records("sqlite://") as records:
        assert records.keys.find(token) is None


def test_a_revoked_key_is_listed_and_not_found(records: Records) -> None:
    made, kept = (records.keys.create(name, ["read"]) for name in ("old", "new"))
    revoked = records.keys.revoke(made.key.id)
    assert revoked.revoked is not None
    assert records.keys.revoke(made.key.id) == revoked
    assert records.keys.find(made.token) is None
    assert [key.name for key in records.keys.all()] == ["old", "new"]
    assert records.keys.any_active()
    records.keys.revoke(kept.key.id)
    assert not records.keys.any_active()
    with pytest.raises(NotFoundError):
        records.keys.revoke("none")


@pytest.mark.parametrize("scopes", [[], ["read", "fly"]])
def test_a_scope_that_there_is_not(records: Records, scopes: list[str]) -> None:
    with pytest.raises(UsageError, match="read, write, admin"):
        records.keys.create("ci", scopes)


def test_an_answer_comes_back_with_what_was_thought_of_it(records: Records) -> None:
    id_ = records.answers.keep(DOCUMENT, "reader")
    stored = records.answers.find(id_)
    assert (stored.document, stored.account) == (DOCUMENT, "reader")
    given_ = records.answers.judge(id_, "reader", "down", "Not what I asked.")
    assert records.answers.feedback() == [given_]
    with pytest.raises(NotFoundError):
        records.answers.judge("none", "reader", "up")


def test_feedback_is_read_page_by_page_the_latest_first(records: Records) -> None:
    id_ = records.answers.keep(DOCUMENT, "reader")
    given = [records.answers.judge(id_, "reader", thumb) for thumb in ("up", "down") * 3]
    latest = sorted(given, key=lambda one: (one.created, one.id), reverse=True)
    assert records.answers.feedback(limit=4) == latest[:4]
    place = (latest[3].created, latest[3].id)
    assert records.answers.feedback(before=place) == latest[4:]
    assert {one.thumb for one in records.answers.feedback("down")} == {"down"}
    assert len(records.answers.feedback("down")) == 3


@pytest.mark.parametrize("how", ["asked for", "another is kept", "a server starts"])
def test_old_answers_go_with_their_feedback(
    records: Records, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    id_ = records.answers.keep(DOCUMENT, "reader")
    records.answers.judge(id_, "reader", "up")
    kept, now = KEPT.total_seconds(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + kept - 60)
    assert records.answers.find(id_)
    assert len(records.answers.feedback()) == 1
    monkeypatch.setattr(time, "time", lambda: now + kept + 60)
    if how == "another is kept":
        records.answers.keep(DOCUMENT, "reader")
    elif how == "a server starts":
        records.answers.drop_expired()
    if how != "asked for":
        # However long they would have been kept: they are not there any more.
        monkeypatch.setattr(time, "time", lambda: now)
    assert records.answers.feedback() == []
    with pytest.raises(NotFoundError):
        records.answers.find(id_)


def test_a_reply_is_remembered_for_its_account(records: Records) -> None:
    assert records.replies.begin("a", "k", "request") is None
    begun = records.replies.begin("a", "k", "request")
    assert begun is not None
    assert begun.status is None
    records.replies.finish("a", "k", 201, "{}")
    assert records.replies.begin("a", "k", "other") == replies.Reply("request", 201, "{}")
    assert records.replies.begin("b", "k", "request") is None
    records.replies.abandon("b", "k")
    assert records.replies.begin("b", "k", "request") is None


def test_replies_are_forgotten_in_time(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    records.replies.begin("a", "done", "r")
    records.replies.finish("a", "done", 200, "")
    records.replies.begin("a", "died", "r")
    monkeypatch.setattr(time, "time", lambda: now + replies.ABANDONED_SECONDS + 1)
    assert records.replies.begin("a", "done", "r") is not None
    assert records.replies.begin("a", "died", "r") is None
    monkeypatch.setattr(time, "time", lambda: now + replies.KEPT_SECONDS + 1)
    assert records.replies.begin("a", "done", "r") is None


def test_records_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(b"no database, but text of some length" * 40)
    with pytest.raises(StorageError):
        Records(f"sqlite:///{tmp_path / 'records.sqlite'}")
