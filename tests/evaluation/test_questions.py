from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.errors import ArticleError, UsageError
from qa.evaluation.questions import digest, read_questions
from tests.evaluation.sample import QUESTION, question

GOOD = {
    "id": "q1",
    "lang": "en",
    "question": "Who?",
    "articles": ["000"],
    "evidence": ["قال"],
    "answer": "He",
    "kind": "who",
    "answerable": True,
}


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    file = folder / "set.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    return file


def test_a_question_is_read_with_its_unknown_fields(tmp_path: Path) -> None:
    (question,) = read_questions(write(tmp_path, GOOD | {"split": "test"}, ""))
    assert (question.id, question.evidence, question.answerable) == ("q1", ("قال",), True)
    assert question.other == {"split": "test"}


def test_a_question_may_have_several_references(tmp_path: Path) -> None:
    line = GOOD | {"answers": ["Him", "He", "She"]}
    (several,) = read_questions(write(tmp_path, line))
    assert several.references == ("He", "Him", "She")
    (none,) = read_questions(write(tmp_path, {k: v for k, v in GOOD.items() if k != "answer"}))
    assert none.references == ()


def test_a_line_separator_within_a_text_ends_no_line(tmp_path: Path) -> None:
    line = json.dumps(GOOD | {"question": "Who\u2028did?"}, ensure_ascii=False)
    (found,) = read_questions(write(tmp_path, line))
    assert found.question == "Who\u2028did?"


def test_the_digest_is_of_what_is_said_not_of_how_it_is_written(tmp_path: Path) -> None:
    backwards = dict(reversed((GOOD | {"split": "test"}).items()))
    one = read_questions(write(tmp_path, GOOD | {"split": "test"}))
    other = read_questions(write(tmp_path, "", backwards | {"answers": []}))
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    "fields", [{"question": "!"}, {"evidence": ("x",)}, {"answers": ("x",)}, {"other": {"a": 1}}]
)
def test_the_digest_changes_with_every_field(fields: dict[str, Any]) -> None:
    assert digest([QUESTION]) != digest([question(QUESTION.id, **fields)])


def test_a_question_is_written_as_it_was_read(tmp_path: Path) -> None:
    (found,) = read_questions(write(tmp_path, GOOD | {"split": "test"}))
    document = json.loads(json.dumps(found.as_json()))
    assert document == GOOD | {"split": "test", "answers": []}
    assert read_questions(write(tmp_path, document)) == (found,)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: is not JSON"),
        ("[]", "line 2: is not a JSON object"),
        (GOOD, "line 2: the id 'q1' is used twice"),
        (GOOD | {"id": ""}, "line 2: id is ''"),
        (GOOD | {"id": "q2", "answerable": "yes"}, "line 2: answerable is 'yes'"),
        (GOOD | {"id": "q2", "evidence": "قال"}, "line 2: evidence is 'قال'"),
        (GOOD | {"id": "q2", "evidence": []}, "line 2: is answerable but has no articles"),
        (GOOD | {"id": "q2", "articles": []}, "line 2: is answerable but has no articles"),
        (GOOD | {"id": "q2", "answers": "He"}, "line 2: answers is 'He'"),
        (GOOD | {"id": "q2", "articles": [""]}, "line 2: articles is "),
        (GOOD | {"id": "q2", "question": 3}, "line 2: question is 3"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: dict[str, Any] | str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_questions(write(tmp_path, GOOD, line))


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArticleError, match=r"set\.jsonl: cannot be read"):
        read_questions(tmp_path / "set.jsonl")


def test_a_missing_or_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        read_questions(tmp_path / "nowhere.jsonl")
    with pytest.raises(ArticleError, match="holds no question"):
        read_questions(write(tmp_path, "", ""))
