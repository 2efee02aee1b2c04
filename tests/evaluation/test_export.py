from __future__ import annotations

import json
from typing import Any

import pytest

from qa.errors import NotFoundError, UsageError
from qa.evaluation.export import export_lines, export_rows
from qa.evaluation.results import RETRIEVAL, Run
from qa.model import Article
from tests.evaluation.sample import result, run

ARTICLE = Article("000", "1", "title", "هطل المطر. قال لافروف لا.", "ar")
RUN = run(
    result(
        "q1",
        answer={"answer": "“قال لافروف لا.” [1]", "citations": []},
        reference="That it is not so.",
        retrieved=[
            {"article": "000", "version": "1", "start": 11, "end": 25, "score": 2.0},
            {"article": "000", "version": "1", "start": 0, "end": 10, "score": 1.0},
        ],
    )
)


def article(key: str, version: str | None) -> Article:
    if key != ARTICLE.key or version not in (None, ARTICLE.version):
        raise NotFoundError(f"no version {version!r} of {key!r}")
    return ARTICLE


def of_passage(**passage: Any) -> Run:  # noqa: ANN401
    """A run of one question for which this passage was retrieved."""
    passage = {"article": "000", "start": 0, "end": 3} | passage
    return run(result("q1", answer={"answer": ""}, reference="", retrieved=[passage]))


def test_a_row_has_the_question_the_answer_its_passages_and_the_reference() -> None:
    assert list(export_rows(RUN, article)) == [
        {
            "id": "q1",
            "question": "q1?",
            "answer": "“قال لافروف لا.” [1]",
            "contexts": ["قال لافروف لا.", "هطل المطر."],
            "ground_truth": "That it is not so.",
        }
    ]


def test_lines_are_rows_in_letters_of_any_script() -> None:
    [line] = export_lines(RUN, article)
    assert "هطل" in line
    assert [json.loads(line)] == list(export_rows(RUN, article))


def test_a_bench_has_no_answers_to_export() -> None:
    with pytest.raises(UsageError, match="'set' is a retrieval bench"):
        list(export_rows(run(result("a"), kind=RETRIEVAL), article))


@pytest.mark.parametrize(
    ("gone", "name"),
    [({"article": "001", "version": "1"}, "'001'"), ({"version": "0"}, "version '0' of '000'")],
)
def test_what_is_gone_is_named(gone: dict[str, str], name: str) -> None:
    with pytest.raises(NotFoundError, match=f"{name}.*run the evaluation again"):
        list(export_rows(of_passage(**gone), article, 1))


def test_a_run_without_versions_needs_the_archive_it_was_made_of() -> None:
    before = of_passage()
    [row] = export_rows(before, article, int(before.info.articles))
    assert row["contexts"] == ["هطل"]
    for changed in (2, None):
        with pytest.raises(UsageError, match="archive has changed"):
            list(export_rows(before, article, changed))
