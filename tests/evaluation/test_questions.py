from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from qa.errors import ArticleError, UsageError
from qa.evaluation.questions import read_questions

SEED_QUESTIONS = Path(__file__).parents[2] / "eval" / "questions" / "seeds.jsonl"
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
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: dict[str, Any] | str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_questions(write(tmp_path, GOOD, line))


def test_a_missing_or_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        read_questions(tmp_path / "nowhere.jsonl")
    with pytest.raises(ArticleError, match="holds no question"):
        read_questions(write(tmp_path, "", ""))


def test_the_seed_questions_keep_their_shape() -> None:
    questions = read_questions(SEED_QUESTIONS)
    languages = Counter(question.lang for question in questions)
    assert len(questions) >= 80
    assert min(languages["en"], languages["ar"]) >= 30
    assert min(languages["fr"], languages["ru"], languages["tr"]) >= 4
    unanswerable = sum(not question.answerable for question in questions)
    assert unanswerable / len(questions) == pytest.approx(1 / 3, abs=0.01)
    assert {q.kind for q in questions} == set("said who when where why number unanswerable".split())


def test_every_evidence_stands_in_its_seed_article(seeds: Path) -> None:
    texts = {file.stem: file.read_text(encoding="utf-8") for file in seeds.glob("*.txt")}
    for question in read_questions(SEED_QUESTIONS):
        for evidence in question.evidence:
            assert any(
                evidence in text and key.startswith(question.articles)
                for key, text in texts.items()
            ), (question.id, evidence)


def test_questions_about_one_fact_are_in_one_half() -> None:
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for question in read_questions(SEED_QUESTIONS):
        assert question.other["split"] in {"development", "test"}
        for evidence in question.evidence:
            splits[evidence].add(question.other["split"])
    assert all(len(halves) == 1 for halves in splits.values())
