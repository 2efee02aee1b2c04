from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import StorageError
from qa.evaluation.comparison import Comparison, compare
from qa.evaluation.reports.comparison import as_markdown, terminal_lines, write_comparison
from tests.evaluation.sample import answered, result, run


def comparison(before: str = "نعم", after: str = "لا") -> Comparison:
    """One of three questions changed its answer; another is only in the later run."""
    stays = result("b", {"answered": 1.0})
    return compare(
        run(answered("a", before, {"answered": 1.0}), stays),
        run(answered("a", after, {"answered": 0.0}), stays, result("z"), version="0.2"),
    )


def test_the_terminal_shows_metrics_and_both_answers() -> None:
    lines = "\n".join(terminal_lines(comparison()))
    assert "answered                   1.0000   0.5000  -0.5000   -1.0000 to +0.0000\n" in lines
    assert "1 questions changed" in lines
    assert "a  a?  (answered 1 → 0)\n  before: نعم\n  after:  لا" in lines
    assert "only in one of the runs: z" in lines


def test_the_terminal_shows_language_pairs_only_where_they_changed() -> None:
    pairs = {"a": "en→ar", "b": "en→ar", "c": "ar→ar", "d": "ar→ar"}
    before, after = (
        run(*(result(key, {"answered": value}, pair=pair) for key, pair in pairs.items()))
        for value in (1.0, 1.0)
    )
    assert "en→ar" not in "\n".join(terminal_lines(compare(before, after)))
    worse = run(
        *(
            result(key, {"answered": float(pair == "ar→ar")}, pair=pair)
            for key, pair in pairs.items()
        )
    )
    lines = "\n".join(terminal_lines(compare(before, worse)))
    assert "answered (en→ar)" in lines
    assert "worse" in lines
    assert "answered (ar→ar)" not in lines
    assert "better" in "\n".join(terminal_lines(compare(worse, before)))


def test_the_markdown_has_a_row_for_each_metric_and_changed_question() -> None:
    document = as_markdown(comparison())
    assert "- Before: version 0.1, index `index`\n- After: version 0.2" in document
    interval = "-1.0000 to +0.0000"
    assert document.count("\n| overall | answered | 2 | 1.0000 | 0.5000 | -0.5000 |") == 1
    assert f"| {interval} | same |" in document
    assert "| `a` a? | answered 1 → 0 | نعم | لا |" in document


@pytest.mark.parametrize(
    ("answer", "cell"),
    [("a|b", "a\\|b"), ("two\nlines", "two<br>lines"), (700 * "x", 600 * "x" + "…")],
)
def test_an_answer_stays_in_its_cell(answer: str, cell: str) -> None:
    assert f"| {cell} | لا |" in as_markdown(comparison(answer))


def test_a_question_of_another_wording_says_so() -> None:
    same = compare(run(answered("a", "yes")), run(answered("a", "Yes")))
    assert "| wording alone | yes | Yes |" in as_markdown(same)
    assert "(wording alone)" in "\n".join(terminal_lines(same))


def test_a_metric_that_was_not_there_is_a_dash() -> None:
    found = compare(run(result("a", {"x": None})), run(result("a", {"x": 0.5})))
    assert "(x – → 0.5)" in "\n".join(terminal_lines(found))


def test_both_files_are_written(tmp_path: Path) -> None:
    found = comparison()
    write_comparison(found, tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    assert json.loads((folder / "comparison.json").read_text("utf-8")) == found.as_json()
    assert (folder / "comparison.md").read_text("utf-8") == as_markdown(found)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file.*--out"):
        write_comparison(comparison(), tmp_path / "file")
