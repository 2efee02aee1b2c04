from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.evaluation.results import Result, RunInfo
from tests.evaluation.sample import INFO, result

RESULT = result("q1", {"refused": None, "answered": 1.0}, lang="ar", answer={"answer": "نعم"})


def test_a_line_holds_the_details_beside_the_rest() -> None:
    assert RESULT.as_json() == {
        "id": "q1",
        "question": "q1?",
        "lang": "ar",
        "answer": {"answer": "نعم"},
        "metrics": {"refused": None, "answered": 1.0},
        "milliseconds": 1.0,
    }


def test_a_result_is_what_its_line_says() -> None:
    assert Result.from_json(json.loads(json.dumps(RESULT.as_json()))) == RESULT


@pytest.mark.parametrize("name", ["id", "question", "metrics", "milliseconds"])
def test_a_line_without_a_field_is_refused_by_its_name(name: str) -> None:
    line = {key: value for key, value in RESULT.as_json().items() if key != name}
    with pytest.raises(KeyError, match=name):
        Result.from_json(line)


def test_a_group_is_a_text_empty_for_results_outside_of_it() -> None:
    found = result("q", lang="ar", pair=None, split=3)
    assert [found.group(name) for name in ("lang", "pair", "split", "kind")] == ["ar", "", "3", ""]


def test_a_header_is_what_its_document_says() -> None:
    document = json.loads(json.dumps(INFO.as_json()))
    assert RunInfo.from_json(document) == INFO
    with pytest.raises(TypeError, match="nonsense"):
        RunInfo.from_json(document | {"nonsense": 1})


def test_what_differs_is_told_with_both_values() -> None:
    other = replace(INFO, articles="2", settings={"embedder": "e5"})
    assert INFO.differences(INFO) == []
    assert INFO.differences(other) == [
        "articles: '1' was '2'",
        "settings: {'embedder': None} was {'embedder': 'e5'}",
    ]
