"""A chat model that lies, and one that does not, over a real server: told apart by the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.evaluation.answer_run import evaluate_answers
from qa.evaluation.questions import read_questions
from qa.evaluation.running import RunOptions
from tests.answers.chat_server import ScriptedServer
from tests.scripted_model import LIE, MEDVEDEV, SOVEREIGNTY, TRUTH, chat_settings, saying

ASKED = {
    "id": "said",
    "lang": "en",
    "question": MEDVEDEV,
    "articles": ["000"],
    "evidence": [SOVEREIGNTY],
    "answer": "that only the legitimate government represents it",
    "kind": "said",
    "answerable": True,
}


@pytest.mark.parametrize(("sentence", "supported"), [(TRUTH, 1.0), (LIE, 0.0)])
def test_a_run_shows_whether_its_model_lies(
    indexed: Path, tmp_path: Path, sentence: str, supported: float
) -> None:
    questions = tmp_path / "asked.jsonl"
    questions.write_text(json.dumps(ASKED), "utf-8")
    with ScriptedServer(saying(sentence)) as server:
        with Assistant.open(chat_settings(indexed, server)) as assistant:
            options = RunOptions(out=tmp_path / "out")
            scores = evaluate_answers("asked", read_questions(questions), assistant, options)
    (result,) = scores.run.results
    assert result.metrics["claims_supported"] == supported
    assert result.metrics["citation_validity"] == 1.0
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    # The report shows the answers that failed.
    assert (LIE in report) is not bool(supported)
    assert result.details["failure"] == (None if supported else "used wrongly")
