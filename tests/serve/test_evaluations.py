"""Evaluations in their thread: to the end, stopped and resumed, failed, and one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from qa.errors import IndexStateError
from qa.evaluation.run_folder import read_run
from qa.model import Claim, Event
from qa.serve.evaluation_store import EvaluationStore, QuestionSet
from qa.serve.evaluations import End, Evaluation, Evaluations
from tests.serve.scripted import ANSWERED, ARTICLE, MODEL, WRITTEN, Scripted, write_set, written


@pytest.fixture
def assistant() -> Scripted:
    return Scripted({"": ANSWERED}, stored=[ARTICLE])


@pytest.fixture
def evaluations(assistant: Scripted, tmp_path: Path) -> Iterator[Evaluations]:
    with Evaluations(assistant, EvaluationStore(tmp_path / "runs", tmp_path)) as evaluations:
        yield evaluations


def some(evaluations: Evaluations, questions: int, **changes: object) -> QuestionSet:
    write_set(evaluations.store.sets_folder / "some.jsonl", questions, **changes)
    return evaluations.store.read_set("some")


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "it does not come"
        sleep(0.005)


def ended(evaluation: Evaluation | None) -> Evaluation:
    assert evaluation is not None
    until(lambda: evaluation.end)
    return evaluation


def test_a_run_ends_with_figures_on_disk(evaluations: Evaluations) -> None:
    run = ended(evaluations.start(some(evaluations, 4)))
    assert (run.end, run.progress.done, run.progress.total) == (End.FINISHED, 4, 4)
    (stored,) = evaluations.store.runs()
    assert (stored.name, stored.finished, stored.headline) == (run.run, True, 1.0)
    assert len(evaluations.store.results(run.run).results) == 4
    assert evaluations.running is None


def test_a_chat_models_words_are_held_to_their_meaning(tmp_path: Path) -> None:
    claim = Claim("Lavrov said his word.", (1,), "supported")
    answer = replace(WRITTEN, claims=(claim,), answer=f"{claim.text} [1]")
    assistant = Scripted({"": written(answer)}, stored=[ARTICLE], model=MODEL)
    with Evaluations(assistant, EvaluationStore(tmp_path / "runs", tmp_path)) as evaluations:
        run = ended(evaluations.start(some(evaluations, 1)))
        (result,) = evaluations.store.results(run.run).results
    assert result.metrics["alce_recall"] == 1.0


def test_a_stopped_run_is_resumed_where_it_was(
    assistant: Scripted, evaluations: Evaluations
) -> None:
    assistant.pause = 0.01
    run = evaluations.start(some(evaluations, 30))
    assert run is not None
    until(lambda: run.progress.done >= 2)
    run.stop()
    assert ended(run).end is End.STOPPED
    asked = len(assistant.asked)
    assert 2 <= asked < 30
    (stored,) = evaluations.store.runs()
    assert evaluations.is_resumable(stored)
    assistant.pause = 0
    assert ended(evaluations.resume(stored)).end is End.FINISHED
    # The one that was being asked at the stop is asked again.
    assert len(assistant.asked) in (30, 31)
    assert len(evaluations.store.results(run.run).results) == 30
    assert not evaluations.is_resumable(evaluations.store.run(run.run))


def test_a_stop_does_not_wait_for_a_slow_answer(
    assistant: Scripted, evaluations: Evaluations
) -> None:
    run = evaluations.start(some(evaluations, 3, question="wait?"))
    until(lambda: assistant.asked)
    assert run is not None
    run.stop()
    assert ended(run).end is End.STOPPED
    assert assistant.closed.is_set()
    assert len(assistant.asked) == 1


def test_a_stopped_run_of_another_archive_is_not_resumable(
    assistant: Scripted, evaluations: Evaluations
) -> None:
    assistant.pause = 0.01
    run = evaluations.start(some(evaluations, 30))
    assert run is not None
    until(lambda: run.progress.done)
    evaluations.close()
    assistant.revision += 1
    assert not evaluations.is_resumable(evaluations.store.run(run.run))


def test_the_time_left_is_told_once_it_can_be_known(
    assistant: Scripted, evaluations: Evaluations
) -> None:
    assistant.pause = 0.01
    run = evaluations.start(some(evaluations, 20))
    assert run is not None
    assert run.progress.seconds_left is None
    until(lambda: run.progress.done >= 2)
    assert 0 < (run.progress.seconds_left or 0) < 20


def test_a_second_run_at_a_time_is_refused(assistant: Scripted, evaluations: Evaluations) -> None:
    assistant.pause = 0.01
    asked = some(evaluations, 20)
    run = evaluations.start(asked)
    assert evaluations.running is run
    assert evaluations.start(asked) is None


def test_an_archive_that_changes_leaves_no_run(
    assistant: Scripted, evaluations: Evaluations
) -> None:
    assistant.pause = 0.01
    run = evaluations.start(some(evaluations, 20))
    assert run is not None
    until(lambda: run.progress.done)
    assistant.revision += 1
    assert ended(run).end is End.CHANGED
    assert not evaluations.store.folder(run.run).exists()


@pytest.mark.parametrize(
    ("failure", "problem"),
    [(IndexStateError("run `qa rebuild`"), "run `qa rebuild`"), (RuntimeError("secret"), "")],
)
def test_what_fails_is_told_only_where_it_is_meant_for_readers(
    evaluations: Evaluations, assistant: Scripted, failure: Exception, problem: str
) -> None:
    script: tuple[Event | Exception, ...] = (failure,)
    assistant.scripts = {"": script}
    run = ended(evaluations.start(some(evaluations, 1)))
    assert (run.end, run.problem) == (End.FAILED, problem)


def test_questions_that_cannot_be_scored_are_known_before_and_left_out(
    evaluations: Evaluations,
) -> None:
    sets = evaluations.store.sets_folder
    write_set(sets / "some.jsonl", 2)
    whole = (sets / "some.jsonl").read_text()
    (sets / "some.jsonl").write_text(whole.replace('"articles": ["a"]', '"articles": ["b"]', 1))
    asked = evaluations.store.read_set("some")
    assert [problem.id for problem in evaluations.unscorable(asked.questions)] == ["q0"]
    run = ended(evaluations.start(asked))
    assert run.end is End.FINISHED
    results = read_run(evaluations.store.folder(run.run)).results
    assert [result.id for result in results] == ["q1"]


def test_a_run_without_a_question_leaves_nothing(evaluations: Evaluations) -> None:
    run = ended(evaluations.start(some(evaluations, 2, articles=["b"])))
    assert run.end is End.FAILED
    assert "no question is left" in run.problem
    assert not evaluations.store.folder(run.run).exists()


def test_closing_waits_for_the_run_to_stop(assistant: Scripted, evaluations: Evaluations) -> None:
    assistant.pause = 0.01
    run = evaluations.start(some(evaluations, 50))
    evaluations.close()
    assert run is not None
    assert run.end is End.STOPPED
