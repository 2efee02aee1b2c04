from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from qa.errors import IndexStateError, UsageError
from qa.model import Done, Event, Exchange, Filters, Retrieved, Token
from qa.serve.conversation import Asked, Phase, Turn, Written, follow, history, paced, read_filters
from qa.serve.reading import read_apart
from tests.serve.scripted import ANSWER, CITATION, HIT, TRUE, WRITTEN, Scripted, written


def states(*script: Event | Exception) -> list[Turn]:
    return list(follow(Scripted({"": script}), Asked("?")))


def test_an_answer_grows_from_event_to_event() -> None:
    turns = states(Retrieved((HIT,), 1.0), Token("Said "), Token("[1]"), Done(ANSWER))
    assert [turn.phase for turn in turns] == [
        "waiting",
        "reading",
        "answering",
        "answering",
        "done",
    ]
    assert [turn.text for turn in turns][-3:] == ["Said ", "Said [1]", "Said [1]"]
    assert turns[-1].answer is ANSWER
    assert turns[-1].languages == {"a": "ar"}
    assert [turn.running for turn in turns] == [True, True, True, True, False]


def test_an_error_made_for_readers_is_shown() -> None:
    last = states(Token("Said"), IndexStateError("run `qa rebuild`"))[-1]
    assert (last.phase, last.problem) == (Phase.FAILED, "run `qa rebuild`")


def test_any_other_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    last = states(RuntimeError("secret"))[-1]
    assert (last.phase, last.problem) == (Phase.FAILED, "")
    assert "secret" in caplog.text


def test_only_a_running_turn_can_be_stopped() -> None:
    waiting, done = states(Done(ANSWER))
    assert waiting.stopped().phase == Phase.STOPPED
    assert done.stopped() is done


def test_citations_are_found_by_number() -> None:
    turn = states(Done(ANSWER))[-1]
    assert turn.citation(1) is CITATION
    with pytest.raises(UsageError, match="no citation 2"):
        turn.citation(2)
    with pytest.raises(UsageError, match="no citation 1"):
        Turn(Asked("?")).citation(1)


def test_fast_states_are_left_out_but_no_phase_and_not_the_last() -> None:
    words = [Turn(Asked("?"), Phase.ANSWERING, (Written("a" * n),)) for n in range(1, 5)]
    shown = list(paced([Turn(Asked("?")), *words], seconds=60))
    assert [turn.text for turn in shown] == ["", "a", "aaaa"]
    assert list(paced(words, seconds=0)) == words
    assert list(paced([])) == []


def test_the_form_becomes_filters() -> None:
    form = {"language": "ar", "outlet": "", "since": "2015-09-16", "until": ""}
    assert read_filters(form) == Filters("ar", None, date(2015, 9, 16), None)
    assert read_filters({}) == Filters()


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="Choose it again"):
        read_filters({"since": "yesterday"})


def test_each_sentence_gets_its_verdict_and_its_citations_at_once() -> None:
    turns = states(*written())
    (begun,) = [turn for turn in turns if turn.text == "Lavrov had his say [1]." and not turn.cited]
    assert not begun.judged
    judged = turns[turns.index(begun) + 1]
    assert (judged.phase, judged.judged) == (Phase.ANSWERING, True)
    assert judged.written[0].claim is TRUE
    assert judged.citation(1) is CITATION
    assert [piece.claim for piece in turns[-1].written] == list(WRITTEN.claims)
    assert turns[-1].text == WRITTEN.answer


def test_an_abstention_has_no_verdicts() -> None:
    refused = replace(WRITTEN, abstained=True, claims=())
    assert not states(*written(refused))[-1].judged


def test_what_was_asked_reaches_the_assistant() -> None:
    assistant = Scripted({"": written()})
    earlier = (Exchange("Who?", "Lavrov [1]."),)
    list(follow(assistant, Asked("?", Filters("ar"), "extractive", earlier, "ar")))
    assert assistant.asked == [Filters("ar")]
    assert assistant.modes == ["extractive"]
    assert assistant.histories == [earlier]
    assert assistant.readers == ["ar"]


def test_only_finished_answers_are_history() -> None:
    done = states(*written())[-1]
    plain = states(Done(ANSWER))[-1]
    refused = states(Done(replace(ANSWER, abstained=True)))[-1]
    failed = states(RuntimeError("no"))[-1]
    half = states(Token("Half a"))[-1].stopped()
    assert history([done, refused, failed, half, plain]) == (
        Exchange("What did Lavrov say in Vienna?", WRITTEN.answer),
        Exchange("?", ANSWER.answer),
    )


class Waiting:
    """Events that never come, until they are closed."""

    model = None

    def __init__(self) -> None:
        self.closed = Barrier(2)

    def __iter__(self) -> Iterator[Event]:
        self.closed.wait(10)
        return iter(())

    def close(self) -> None:
        self.closed.wait(10)


def test_a_wait_can_be_ended() -> None:
    with closing(read_apart(Waiting(), 0.01)) as coming:
        assert [next(coming), next(coming)] == [None, None]
    # Closing came through: the barrier let both threads pass.
