from collections.abc import Generator
from queue import SimpleQueue
from threading import Event, Thread

from qa.answers.stopping import Stoppable, Stopped, ends_with_stop, raise_if_stopped


class Waiting:
    """A request that answers only when it is closed."""

    def __init__(self) -> None:
        self.replies: SimpleQueue[str] = SimpleQueue()
        self.opened = Event()
        self.closed = Event()

    def close(self) -> None:
        self.closed.set()
        self.replies.put("closed")

    def steps(self) -> Generator[str]:
        yield "first"
        try:
            ends_with_stop(self)
            self.opened.set()
            reply = self.replies.get()
            raise_if_stopped()
            yield reply
        except Exception as error:  # as any code does that has another way to go on
            yield f"failed: {error}"


def test_a_stop_ends_what_a_step_in_another_thread_waits_for() -> None:
    request, got = Waiting(), list[str]()
    stoppable = Stoppable(request.steps())
    thread = Thread(target=lambda: got.extend(stoppable))
    thread.start()
    assert request.opened.wait(10)
    stoppable.close()
    thread.join(10)
    assert not thread.is_alive()
    assert request.closed.is_set()
    assert got == ["first"]


def test_after_a_stop_nothing_more_is_asked() -> None:
    request = Waiting()
    stoppable = Stoppable(request.steps())
    assert next(stoppable) == "first"
    stoppable.close()
    assert list(stoppable) == []
    assert not request.opened.is_set()


def test_a_stop_between_two_steps_closes_the_generator() -> None:
    ended: list[str] = []

    def steps() -> Generator[int]:
        try:
            yield 1
            yield 2
        finally:
            ended.append("closed")

    stoppable = Stoppable(steps())
    next(stoppable)
    stoppable.close()
    stoppable.close()
    assert ended == ["closed"]


def test_a_step_that_is_over_when_the_stop_comes_is_dropped() -> None:
    stoppables: list[Stoppable[int]] = []

    def steps() -> Generator[int]:
        stoppables[0].close()
        yield 1

    stoppables.append(Stoppable(steps()))
    assert list(stoppables[0]) == []


def test_a_stop_is_its_own_iterators_and_no_one_elses() -> None:
    def steps() -> Generator[int]:
        raise_if_stopped()
        yield 1

    stopped, other = Stoppable(steps()), Stoppable(steps())
    stopped.close()
    assert list(other) == [1]
    raise_if_stopped()


def test_no_handler_of_errors_takes_a_stop_for_one() -> None:
    assert not issubclass(Stopped, Exception)
