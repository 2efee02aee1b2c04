from __future__ import annotations

import json

import pytest

from qa.errors import NotFoundError, UsageError
from qa.evaluation.export import export_lines, export_rows
from qa.evaluation.results import RETRIEVAL
from qa.model import Article
from tests.evaluation.sample import result, run

ARTICLE = Article("000", "1", "title", "هطل المطر. قال لافروف لا.", "ar")
RUN = run(
    result(
        "q1",
        answer={"answer": "“قال لافروف لا.” [1]", "citations": []},
        reference="That it is not so.",
        retrieved=[
            {"article": "000", "start": 11, "end": 25, "score": 2.0, "evidence": True},
            {"article": "000", "start": 0, "end": 10, "score": 1.0, "evidence": False},
        ],
    )
)


def article(key: str) -> Article:
    if key != ARTICLE.key:
        raise NotFoundError(f"no article {key!r}")
    return ARTICLE


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


def test_an_article_that_is_gone_is_named() -> None:
    gone = run(
        result(
            "q1",
            answer={"answer": ""},
            reference="",
            retrieved=[{"article": "001", "start": 0, "end": 1}],
        )
    )
    with pytest.raises(NotFoundError, match="'001'"):
        list(export_rows(gone, article))
