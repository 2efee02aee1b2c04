"""Runs over an archive of three articles, by the assistant that readers ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from qa.answers.stopping import Stoppable
from qa.answers.tape import Tape
from qa.articles.drafts import Draft
from qa.assistant import Assistant
from qa.errors import EvaluationError, IndexStateError, StorageError, UsageError
from qa.evaluation.answer_run import evaluate_answers
from qa.evaluation.results import Result
from qa.evaluation.run_folder import read_run
from qa.evaluation.running import RunOptions
from qa.model import Event, Exchange, Filters
from qa.settings import Settings
from tests.evaluation.sample import question

TEXTS = {
    "oil": "Oil prices rose on world markets yesterday, traders said.",
    "border": "The minister closed the border on Sunday.",
    "sea": "غرقت سفينة في البحر الأحمر يوم الاثنين.",
}
QUESTIONS = (
    question(
        "q1", question="What did traders say about oil prices?", articles=("oil",),
        evidence=("Oil prices rose",), answer="They rose.", other={"split": "test"},
    ),
    question(
        "q2", question="Who closed the border?", kind="who", articles=("border",),
        evidence=("The minister",), answer="The minister",
    ),
    question(
        "q3", question="أين غرقت السفينة؟", lang="ar", kind="where", articles=("sea",),
        evidence=("البحر الأحمر",), answer="البحر الأحمر",
    ),
    question(
        "q4", question="Who won the football cup?", kind="unanswerable", answerable=False,
        articles=(), evidence=(), answer="",
    ),
)  # fmt: skip


def nothing(question: str) -> None:
    """What is done before a question of an ordinary run."""


class Interruptible(Assistant):
    """The assistant, with something done before each question."""

    before: Callable[[str], object] = staticmethod(nothing)

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: str | None = None,
        *,
        history: Sequence[Exchange] = (),
        mode: str | None = None,
        tape: Tape | None = None,
        reader: str = "en",
    ) -> Stoppable[Event]:
        self.before(question)
        return super().stream(
            question, filters, language, history=history, mode=mode, tape=tape, reader=reader
        )


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Interruptible]:
    settings = Settings(data_dir=tmp_path / "data")
    with Interruptible.open(settings, write=True) as assistant:
        assistant.ingest_articles(Draft(text, key).as_article(key) for key, text in TEXTS.items())
        yield assistant


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def before(assistant: Interruptible, asked: str, action: Callable[[], object]) -> None:
    """Have something done before one question is asked."""
    [text] = [question.question for question in QUESTIONS if question.id == asked]
    assistant.before = lambda question: action() if question == text else None


def interrupt() -> None:
    raise KeyboardInterrupt


def ids(out: Path) -> list[str]:
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


def timeless(results: tuple[Result, ...]) -> list[dict[str, Any]]:
    lines = [result.as_json() | {"milliseconds": 0} for result in results]
    for line in lines:
        line["answer"] = line["answer"] | {"timings": {}}
    return lines


def summary(out: Path) -> dict[str, Any]:
    """The summary of a run without its times."""

    def without(document: dict[str, Any]) -> dict[str, Any]:
        return {
            name: without(value) if isinstance(value, dict) else value
            for name, value in document.items()
            if not name.startswith("latency")
        }

    return without(json.loads((out / "summary.json").read_text(encoding="utf-8")))


def test_a_run_from_questions_to_figures(assistant: Assistant) -> None:
    document = evaluate_answers("set", QUESTIONS, assistant).as_json()
    assert (document["questions"], document["answered"], document["refused"]) == (4, 1, 1)
    assert document["evidence@1"] == document["citation_validity"] == 1
    assert document["by_pair"].keys() == {"ar→ar", "en→en", "en→none"}
    assert document["by_kind"]["who"]["exact_match"] == 0
    assert document["by_split"]["test"]["questions"] == 1
    assert document["latency_p50_ms"] > 0
    assert sum(document["failures"].values()) == 0
    assert document["skipped"] == {}


def test_a_run_says_what_its_results_depend_on(assistant: Assistant) -> None:
    info = evaluate_answers("set", QUESTIONS, assistant).run.info
    assert (info.kind, info.name) == ("answers", "set")
    assert info.settings == assistant.answer_settings
    assert (info.index, info.articles) == (assistant.fingerprint, str(assistant.revision))
    changed = (replace(QUESTIONS[0], evidence=("Oil prices",)), *QUESTIONS[1:])
    other = evaluate_answers("set", changed, assistant).run.info
    assert [line.split(":")[0] for line in info.differences(other)] == ["questions"]


def test_equal_runs_have_equal_results_but_for_times(assistant: Assistant) -> None:
    first, second = (evaluate_answers("set", QUESTIONS, assistant).run for _ in range(2))
    assert first.info == second.info
    assert timeless(first.results) == timeless(second.results)


def test_progress_is_told_after_each_question(assistant: Assistant) -> None:
    told: list[tuple[str, int, int]] = []
    evaluate_answers("set", QUESTIONS, assistant, progress=lambda *now: told.append(now))
    assert told == [("asking", done, 4) for done in (1, 2, 3, 4)]


def test_what_is_written_is_what_is_returned(assistant: Assistant, out: Path) -> None:
    scores = evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    assert read_run(out) == scores.run
    assert json.loads((out / "summary.json").read_text("utf-8")) == scores.as_json()


def test_slow_answers_of_several_workers_are_written_in_order(
    assistant: Interruptible, out: Path
) -> None:
    before(assistant, "q1", lambda: sleep(0.5))
    scores = evaluate_answers("set", QUESTIONS, assistant, RunOptions(out, workers=4))
    assert ids(out) == [result.id for result in scores.run.results] == ["q1", "q2", "q3", "q4"]


def test_an_interrupted_run_leaves_the_results_so_far(assistant: Interruptible, out: Path) -> None:
    before(assistant, "q3", interrupt)
    with pytest.raises(KeyboardInterrupt):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    assert ids(out) == ["q1", "q2"]
    assert not (out / "summary.json").exists()


def test_a_resumed_run_asks_the_rest_and_ends_as_an_uninterrupted_one(
    assistant: Interruptible, out: Path, tmp_path: Path
) -> None:
    before(assistant, "q3", interrupt)
    with pytest.raises(KeyboardInterrupt):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    with (out / "results.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"id": "q3", "question": "أين')
    asked: list[str] = []
    assistant.before = asked.append
    resumed = evaluate_answers("set", QUESTIONS, assistant, RunOptions(out, resume=True)).run
    assert asked == [question.question for question in QUESTIONS[2:]]
    assistant.before = nothing
    whole = evaluate_answers("set", QUESTIONS, assistant, RunOptions(tmp_path / "whole")).run
    assert timeless(read_run(out).results) == timeless(resumed.results) == timeless(whole.results)
    assert summary(out) == summary(tmp_path / "whole")


def test_an_interrupted_run_is_not_begun_anew_unasked(assistant: Interruptible, out: Path) -> None:
    before(assistant, "q2", interrupt)
    with pytest.raises(KeyboardInterrupt):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    assistant.before = nothing
    with pytest.raises(UsageError, match="--resume"):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    assert ids(out) == ["q1"]


def test_a_run_is_not_resumed_with_other_questions(assistant: Interruptible, out: Path) -> None:
    before(assistant, "q2", interrupt)
    with pytest.raises(KeyboardInterrupt):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    with pytest.raises(UsageError, match=r"cannot be resumed.*questions: "):
        evaluate_answers("set", QUESTIONS[:3], assistant, RunOptions(out, resume=True))


def test_an_archive_that_changes_meanwhile_ends_the_run(
    assistant: Interruptible, out: Path
) -> None:
    article = Draft("Rain fell.", "rain").as_article("rain")
    before(assistant, "q3", lambda: assistant.ingest_articles([article]))
    with pytest.raises(IndexStateError, match="archive changed while it was evaluated"):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
    assert ids(out) == ["q1", "q2"]
    assert not (out / "summary.json").exists()
    with pytest.raises(UsageError, match=r"cannot be resumed.*articles: "):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out, resume=True))


UNSCORABLE = (
    question("gone", articles=("001",)),
    question("untrue", articles=("oil",), evidence=("Oil prices fell",)),
)


def test_questions_that_cannot_be_scored_are_named_and_nothing_is_asked(
    assistant: Interruptible, out: Path
) -> None:
    assistant.before = lambda question: pytest.fail(question)
    with pytest.raises(EvaluationError) as caught:
        evaluate_answers("set", (*QUESTIONS, *UNSCORABLE), assistant, RunOptions(out))
    assert "2 questions cannot be scored" in str(caught.value)
    assert "no indexed article is called '001': gone\n" in str(caught.value)
    assert "'Oil prices fell' is in none of its articles: untrue\n" in str(caught.value)
    assert not out.exists()


def test_questions_that_cannot_be_scored_can_be_left_out(assistant: Assistant, out: Path) -> None:
    options = RunOptions(out, allow_missing=True)
    scores = evaluate_answers("set", (*QUESTIONS, *UNSCORABLE), assistant, options)
    assert [result.id for result in scores.run.results] == ["q1", "q2", "q3", "q4"]
    assert summary(out)["skipped"] == {
        "gone": "no indexed article is called '001'",
        "untrue": "the evidence 'Oil prices fell' is in none of its articles",
    }


@pytest.mark.parametrize("questions", [(), UNSCORABLE])
def test_a_set_of_which_no_question_is_left_is_refused(
    assistant: Assistant, questions: tuple[Any, ...]
) -> None:
    with pytest.raises(EvaluationError, match="no question is left"):
        evaluate_answers("set", questions, assistant, RunOptions(allow_missing=True))


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_asked(
    assistant: Interruptible, out: Path
) -> None:
    out.write_text("a file")
    assistant.before = lambda question: pytest.fail(question)
    with pytest.raises(StorageError, match="--out"):
        evaluate_answers("set", QUESTIONS, assistant, RunOptions(out))
