from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Barrier
from time import sleep

import pytest

from qa.evaluation.questions import Question
from qa.evaluation.results import Result
from qa.evaluation.running import ask_all
from tests.evaluation.sample import question, result

QUESTIONS = [question(key) for key in "abcdef"]


def answer(asked: Question) -> Result:
    return result(asked.id)


def ran(
    ask: Callable[[Question], Result] = answer,
    done: Mapping[str, Result] | None = None,
    workers: int = 1,
) -> tuple[list[str], list[str]]:
    """Ids of the results, and of those that were kept, in their order."""
    kept: list[Result] = []
    results = ask_all(QUESTIONS, ask, done or {}, kept.append, workers, lambda *told: None)
    return [found.id for found in results], [found.id for found in kept]


def test_every_question_is_asked_and_kept() -> None:
    assert ran() == (list("abcdef"), list("abcdef"))


def test_the_order_is_that_of_the_questions_whoever_answers_first() -> None:
    def ask(asked: Question) -> Result:
        sleep(0.05 if asked.id in "ad" else 0)
        return answer(asked)

    assert ran(ask, workers=4) == (list("abcdef"), list("abcdef"))


def test_workers_ask_at_the_same_time() -> None:
    meeting = Barrier(3, timeout=10)

    def ask(asked: Question) -> Result:
        meeting.wait()
        return answer(asked)

    assert ran(ask, workers=3)[0] == list("abcdef")


def test_what_is_done_is_not_asked_again_and_keeps_its_place() -> None:
    assert ran(done={key: result(key) for key in "be"}) == (list("abcdef"), list("acdf"))


def test_results_of_questions_that_are_not_asked_are_left_out() -> None:
    assert ran(done={"z": result("z")})[0] == list("abcdef")


def test_progress_counts_what_is_done_already() -> None:
    told: list[tuple[str, int, int]] = []
    done = {key: result(key) for key in "abcd"}
    ask_all(QUESTIONS, answer, done, lambda kept: None, 1, lambda *now: told.append(now))
    assert told == [("asking", 5, 6), ("asking", 6, 6)]


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("workers", [1, 3])
def test_trouble_ends_the_asking_and_what_came_before_it_is_kept(
    trouble: type[BaseException], workers: int
) -> None:
    many, kept = [question(f"{n}") for n in range(1000)], list[Result]()
    asked: list[str] = []

    def ask(now: Question) -> Result:
        asked.append(now.id)
        sleep(0.001)
        if now.id == "3":
            raise trouble
        return answer(now)

    with pytest.raises(trouble):
        ask_all(many, ask, {}, kept.append, workers, lambda *told: None)
    assert [found.id for found in kept] == ["0", "1", "2"]
    assert len(asked) < 500


def test_no_question_is_begun_before_the_last_one_was_told() -> None:
    asked: list[str] = []

    def ask(now: Question) -> Result:
        asked.append(now.id)
        return answer(now)

    def tell(stage: str, done: int, total: int) -> None:
        sleep(0.01)
        assert asked == list("abcdef")[:done]

    ask_all(QUESTIONS, ask, {}, lambda kept: None, 1, tell)


def test_trouble_with_keeping_ends_the_asking_too() -> None:
    asked: list[str] = []

    def ask(now: Question) -> Result:
        asked.append(now.id)
        sleep(0.001)
        return answer(now)

    def keep(kept: Result) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        ask_all([question(f"{n}") for n in range(1000)], ask, {}, keep, 1, lambda *told: None)
    assert len(asked) < 500
