from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import StorageError, UsageError
from qa.evaluation.results import Result, RunInfo
from qa.evaluation.run_folder import RunFolder, read_run
from tests.evaluation.sample import INFO, result, run

FIRST, SECOND = result("q1", {"answered": 1.0}, answer="نعم"), result("q2", {"answered": 0.0})
FULL_DISK = Path("/dev/full")


def write(folder: Path, *results: Result, info: RunInfo = INFO) -> None:
    with RunFolder.begin(folder, info) as out:
        for line in results:
            out.add(line)
        out.finish({"questions": len(results)}, {"report.md": "# Report"})


def interrupt(folder: Path, *results: Result) -> None:
    with RunFolder.begin(folder, INFO) as out:
        for line in results:
            out.add(line)


def ids(folder: Path) -> list[str]:
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


def test_a_finished_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "a" / "run", FIRST, SECOND)
    assert read_run(tmp_path / "a" / "run") == run(FIRST, SECOND)
    assert (tmp_path / "a" / "run" / "report.md").read_text() == "# Report"
    assert json.loads((tmp_path / "a" / "run" / "summary.json").read_text()) == {"questions": 2}


def test_a_result_is_on_disk_as_soon_as_it_is_added(tmp_path: Path) -> None:
    with RunFolder.begin(tmp_path, INFO) as out:
        out.add(FIRST)
        assert ids(tmp_path) == ["q1"]
        assert not (tmp_path / "summary.json").exists()


def test_letters_and_line_separators_of_all_languages_stay(tmp_path: Path) -> None:
    odd = result("q", answer="سطر\u2028آخر\u0085🇸🇾\n")
    write(tmp_path, odd)
    assert read_run(tmp_path).results == (odd,)
    assert "سطر" in (tmp_path / "results.jsonl").read_text(encoding="utf-8")


def test_an_unfinished_run_is_neither_read_nor_written_over(tmp_path: Path) -> None:
    interrupt(tmp_path, FIRST)
    with pytest.raises(UsageError, match="--resume"):
        read_run(tmp_path)
    with pytest.raises(UsageError, match=r"interrupted.*--resume.*--out"):
        RunFolder.begin(tmp_path, INFO)
    assert ids(tmp_path) == ["q1"]


def test_an_unfinished_run_is_gone_on_with(tmp_path: Path) -> None:
    interrupt(tmp_path, FIRST)
    with RunFolder.begin(tmp_path, INFO, resume=True) as out:
        assert out.done == {"q1": FIRST}
        out.add(SECOND)
        out.finish({}, {})
    assert read_run(tmp_path).results == (FIRST, SECOND)


@pytest.mark.parametrize("lost", [1, 2, 20])
def test_a_line_that_an_interruption_cut_short_is_dropped(tmp_path: Path, lost: int) -> None:
    interrupt(tmp_path, FIRST, replace(SECOND, milliseconds=1, details={}))
    file = tmp_path / "results.jsonl"
    file.write_bytes(file.read_bytes()[:-lost])
    with RunFolder.begin(tmp_path, INFO, resume=True) as out:
        assert list(out.done) == ids(tmp_path) == ["q1"]


def test_a_line_may_be_cut_short_within_a_letter(tmp_path: Path) -> None:
    interrupt(tmp_path, SECOND, FIRST)
    file = tmp_path / "results.jsonl"
    within = file.read_bytes().index("ع".encode()) + 1
    file.write_bytes(file.read_bytes()[:within])
    with RunFolder.begin(tmp_path, INFO, resume=True) as out:
        assert list(out.done) == ["q2"]


def test_where_there_is_no_run_resuming_begins_one(tmp_path: Path) -> None:
    with RunFolder.begin(tmp_path / "new", INFO, resume=True) as out:
        assert out.done == {}


def test_a_run_of_something_else_is_not_resumed(tmp_path: Path) -> None:
    interrupt(tmp_path, FIRST)
    other = replace(INFO, questions="others", settings={"embedder": "e5"})
    with pytest.raises(UsageError) as caught:
        RunFolder.begin(tmp_path, other, resume=True)
    assert "questions: 'others' was 'questions'" in str(caught.value)
    assert "settings: {'embedder': 'e5'} was {'embedder': None}" in str(caught.value)
    assert ids(tmp_path) == ["q1"]


def test_a_finished_run_gives_way_to_a_new_one(tmp_path: Path) -> None:
    write(tmp_path, FIRST, SECOND)
    with RunFolder.begin(tmp_path, replace(INFO, articles="2")) as out:
        out.add(SECOND)
        assert ids(tmp_path) == ["q2"]
        assert not (tmp_path / "summary.json").exists()
        out.finish({}, {})
    assert read_run(tmp_path) == run(SECOND, articles="2")


def test_a_report_that_cannot_be_written_leaves_the_run_unfinished(tmp_path: Path) -> None:
    (tmp_path / "report.md").mkdir()
    with pytest.raises(StorageError, match="cannot write"):
        write(tmp_path, FIRST)
    assert not (tmp_path / "summary.json").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file.*--out"):
        RunFolder.begin(tmp_path / "file", INFO)


@pytest.mark.skipif(not FULL_DISK.exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError, match="make room"),
        RunFolder(tmp_path, {}, FULL_DISK.open("w", encoding="utf-8")) as out,
    ):
        out.add(FIRST)


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no run at .*nowhere"):
        read_run(tmp_path / "nowhere")


@pytest.mark.parametrize("header", ["{", "[]", "3", '{"kind": "answers"}', '{"other": 1}'])
def test_a_header_that_is_none_is_named(tmp_path: Path, header: str) -> None:
    write(tmp_path, FIRST)
    (tmp_path / "run.json").write_text(header)
    with pytest.raises(UsageError, match=r"run\.json' is not the header of a run"):
        read_run(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "q2"}', ""])
def test_a_line_that_is_no_result_is_named(tmp_path: Path, line: str) -> None:
    write(tmp_path, FIRST)
    with (tmp_path / "results.jsonl").open("a") as lines:
        lines.write(f"{line}\n")
    with pytest.raises(UsageError, match=r"line 2 of .*results\.jsonl"):
        read_run(tmp_path)


def test_results_that_are_not_there_are_named(tmp_path: Path) -> None:
    write(tmp_path, FIRST)
    (tmp_path / "results.jsonl").unlink()
    with pytest.raises(UsageError, match=r"cannot read the results .*results\.jsonl"):
        read_run(tmp_path)
