from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import StorageError
from qa.evaluation.answer_run import evaluate_answers, write_scores
from qa.evaluation.questions import Question
from qa.model import Answer, Article

ARTICLE = Article("000", "v1", "title", "Lavrov said no.", "en")


def question(key: str, lang: str, split: str) -> Question:
    return Question(key, lang, f"{key}?", "said", False, (), (), "", {"split": split})


def refuse(text: str) -> Answer:
    abstained = text != "c?"
    return Answer(text, "", "en", "extractive", abstained, None, (), (), {}, "index")


QUESTIONS = (
    question("a", "en", "development"),
    question("b", "ar", "test"),
    question("c", "ar", "test"),
)


def test_scores_overall_and_by_field() -> None:
    scores = evaluate_answers(QUESTIONS, refuse, lambda key: ARTICLE)
    assert scores.overall["refused"] == round(2 / 3, 4)
    assert scores.by("lang")["ar"]["refused"] == 1 / 2
    assert scores.as_json()["by_split"]["development"]["refused"] == 1


def test_progress_is_told_after_each_question() -> None:
    told: list[tuple[int, int]] = []
    evaluate_answers(QUESTIONS, refuse, lambda key: ARTICLE, lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_results_are_written_a_line_per_question(tmp_path: Path) -> None:
    scores = evaluate_answers(QUESTIONS, refuse, lambda key: ARTICLE)
    write_scores(scores, tmp_path / "out")
    lines = (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "c"]
    assert json.loads(lines[2])["metrics"]["refused"] == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary == scores.as_json()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StorageError, match="--out"):
        write_scores(evaluate_answers(QUESTIONS, refuse, lambda key: ARTICLE), tmp_path / "out")
