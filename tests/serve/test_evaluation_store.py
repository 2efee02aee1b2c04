"""Question sets and runs on disk, as the page sees them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.errors import ArticleError, StorageError, UsageError
from qa.evaluation.results import ANSWERS, RETRIEVAL, RunInfo
from qa.evaluation.run_folder import INFO_FILE, SUMMARY_FILE
from qa.serve.evaluation_store import MAX_UPLOAD, EvaluationStore, read_upload
from tests.serve.scripted import set_line, write_set

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> EvaluationStore:
    (tmp_path / "sets").mkdir()
    return EvaluationStore(tmp_path / "runs", tmp_path / "sets")


def lay_run(
    store: EvaluationStore, name: str, kind: str = ANSWERS, headline: float | None = None
) -> None:
    folder = store.folder(name)
    folder.mkdir(parents=True)
    info = RunInfo(kind, "set", "q", "index", "1", {}, "0")
    (folder / INFO_FILE).write_text(json.dumps(info.as_json()))
    if headline is not None:
        (folder / SUMMARY_FILE).write_text(json.dumps({"evidence@1": headline}))
        (folder / "report.html").write_text("<p>report</p>")


def test_the_sets_of_a_folder_are_listed_and_read(store: EvaluationStore) -> None:
    for name in ("zebra", "أسئلة"):
        write_set(store.sets_folder / f"{name}.jsonl", 2)
    (store.sets_folder / "notes.txt").write_text("not a set")
    assert store.sets() == ["zebra", "أسئلة"]
    assert len(store.read_set("أسئلة").questions) == 2


def test_no_folder_of_sets_is_no_error(tmp_path: Path) -> None:
    assert EvaluationStore(tmp_path / "runs", tmp_path / "missing").sets() == []


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", "missing"])
def test_only_listed_sets_are_read(store: EvaluationStore, name: str) -> None:
    write_set(store.sets_folder.parent / "secret.jsonl", 1)
    with pytest.raises(UsageError, match="no question set is called"):
        store.read_set(name)


def test_a_new_run_is_named_after_its_set_and_time(store: EvaluationStore) -> None:
    write_set(store.sets_folder / "seeds.jsonl", 3)
    asked = store.read_set("seeds")
    assert store.begin(asked, NOON) == "seeds-20260102T120000Z"
    assert store.begin(asked, NOON) == "seeds-20260102T120000Z-2"
    assert store.runs() == []


@pytest.mark.parametrize(
    ("set_name", "beginning"),
    [
        ("../../evil", "evil-2"),
        ("..", "questions-2"),
        ("a b/c\\d", "a-b-c-d-2"),
        ("أسئلة عربية", "أسئلة-عربية-2"),
        ("x" * 300, "x" * 60 + "-2"),
    ],
)
def test_a_run_stays_in_its_folder_whatever_its_set_is_called(
    store: EvaluationStore, set_name: str, beginning: str
) -> None:
    asked = read_upload("x.jsonl", json.dumps(set_line(1)))
    name = store.begin(type(asked)(set_name, asked.questions), NOON)
    assert name.startswith(beginning)
    assert store.folder(name).parent == store.folder("x").parent
    lay_run(store, f"{name}-9")
    assert [run.name for run in store.runs()] == [f"{name}-9"]


def test_runs_are_listed_newest_first_with_their_headline(store: EvaluationStore) -> None:
    lay_run(store, "b-20260101T000000Z", headline=0.5)
    lay_run(store, "a-20260301T000000Z")
    lay_run(store, "c-20260201T000000Z", RETRIEVAL)
    lay_run(store, "no-time", headline=1.0)
    lay_run(store, "broken-20260401T000000Z", headline=1.0)
    (store.folder("broken-20260401T000000Z") / SUMMARY_FILE).write_text("{")
    assert [(run.name, run.finished, run.headline) for run in store.runs()] == [
        ("a-20260301T000000Z", False, None),
        ("b-20260101T000000Z", True, 0.5),
    ]


def test_reports_are_those_of_finished_runs_and_nothing_else(store: EvaluationStore) -> None:
    lay_run(store, "b-20260101T000000Z", headline=0.5)
    lay_run(store, "a-20260301T000000Z")
    (store.folder("").parent / "report.html").write_text("secret")
    assert store.report("b-20260101T000000Z") is not None
    for name in ("a-20260301T000000Z", "..", ".", "", "../b-20260101T000000Z", "unknown"):
        assert store.report(name) is None
    with pytest.raises(UsageError, match="load the page again"):
        store.run("..")


def test_a_folder_that_cannot_be_written_is_named(store: EvaluationStore, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file in its place")
    with pytest.raises(StorageError, match="cannot write to"):
        store.begin(read_upload("x.jsonl", json.dumps(set_line(1))))


def test_an_upload_keeps_its_name_without_its_folders() -> None:
    own = read_upload("C:\\fake\\my set.jsonl", json.dumps(set_line(1)) + "\r\n")
    assert (own.name, len(own.questions)) == ("my set", 1)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (json.dumps(set_line(1)) + "\n{oops", 2, "is not JSON"),
        (json.dumps(set_line(1, answerable="perhaps")), 1, "write true or false"),
        ("\n\n", None, "holds no question"),
        (None, None, "UTF-8"),
        (" " * (MAX_UPLOAD + 1), None, "5 MB"),
    ],
)
def test_a_wrong_upload_is_said_with_its_own_name_and_line(
    text: str | None, line: int | None, reason: str
) -> None:
    with pytest.raises(ArticleError, match=reason) as raised:
        read_upload("own.jsonl", text)
    assert (raised.value.source, raised.value.line) == ("own.jsonl", line)
