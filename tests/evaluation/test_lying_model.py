"""A chat model that lies, and one that does not, over a real server: told apart by the report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.evaluation.answer_run import evaluate_answers
from qa.evaluation.questions import read_questions
from qa.evaluation.running import RunOptions
from qa.settings import Settings
from tests.answers.chat_server import ScriptedServer, reply
from tests.answers.chat_wires import Received, Step

SOVEREIGNTY = "الجهة الوحيدة التي تمثل سيادة سورية"
TRUTH = "Only the legitimate government represents Syrian sovereignty, Medvedev said"
LIE = "Medvedev said on 3 May 2031 that 9,450 tanks from Brazil had crossed the border"
ASKED = {
    "id": "said",
    "lang": "en",
    "question": "what did Medvedev say about Syrian sovereignty?",
    "articles": ["000"],
    "evidence": [SOVEREIGNTY],
    "answer": "that only the legitimate government represents it",
    "kind": "said",
    "answerable": True,
}


def saying(sentence: str) -> Callable[[Received], Step]:
    def play(received: Received) -> Step:
        found = re.search(rf"^(\d+)\| .*{SOVEREIGNTY}", received.prompt, re.MULTILINE)
        assert found, "the passage was not sent"
        return reply(f"{sentence} [{found[1]}].")

    return play


@pytest.mark.parametrize(("sentence", "supported"), [(TRUTH, 1.0), (LIE, 0.0)])
def test_a_run_shows_whether_its_model_lies(
    tmp_path: Path, seeds: Path, sentence: str, supported: float
) -> None:
    questions = tmp_path / "asked.jsonl"
    questions.write_text(json.dumps(ASKED), "utf-8")
    with ScriptedServer(saying(sentence)) as server:
        settings = Settings(
            data_dir=tmp_path / "data",
            chat_model="openai:scripted",
            chat_base_url=server.base_url,
            chat_retries=0,
        )
        with Assistant.open(settings, write=True) as assistant:
            assistant.ingest([seeds])
            options = RunOptions(out=tmp_path / "out")
            scores = evaluate_answers("asked", read_questions(questions), assistant, options)
    (result,) = scores.run.results
    assert result.metrics["claims_supported"] == supported
    assert result.metrics["citation_validity"] == 1.0
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    # The report shows the answers that failed.
    assert (LIE in report) is not bool(supported)
    assert result.details["failure"] == (None if supported else "used wrongly")
