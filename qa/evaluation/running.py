"""Asking every question of a run: in parallel, in order, told and kept as it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from qa.evaluation.results import Result

STAGE = "asking"


class Identified(Protocol):
    """A question of a set or bench."""

    @property
    def id(self) -> str:
        """Unique in its run."""


Q = TypeVar("Q", bound=Identified)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is made; none of it changes a result."""

    out: Path | None = None
    """Folder that the results are written to as they come; None: nowhere."""
    resume: bool = False
    """Go on with the run that the folder holds."""
    workers: int = 1
    """Questions that are asked at the same time; more than one blurs the times."""
    allow_missing: bool = False
    """Leave out questions that cannot be scored on what is indexed."""


IN_MEMORY = RunOptions()
"""One question after the other, nothing written."""


def ask_all(
    questions: Sequence[Q],
    ask: Callable[[Q], Result],
    done: Mapping[str, Result],
    keep: Callable[[Result], None],
    workers: int,
    progress: Callable[[str, int, int], None],
) -> tuple[Result, ...]:
    """Every question's result in their order; those in `done` are not asked again.

    `keep` gets each new result, in order, as soon as it and those before it are there. No question
    is begun before `progress` was told of those: it may raise, and nothing more is asked.
    """
    results = dict(done)
    pool = ThreadPoolExecutor(workers)
    try:
        for result in _asked(pool, ask, [q for q in questions if q.id not in done], workers):
            keep(result)
            results[result.id] = result
            progress(STAGE, len(results), len(questions))
    finally:
        # An error or an interruption leaves no questions behind that are still asked.
        pool.shutdown(cancel_futures=True)
    return tuple(results[question.id] for question in questions)


def _asked(
    pool: Executor, ask: Callable[[Q], Result], questions: Iterable[Q], workers: int
) -> Iterator[Result]:
    """The results in order, as many asked at a time as there are workers."""
    ahead = iter(questions)
    begun: deque[Future[Result]] = deque()
    while True:
        under_way = [future for future in begun if not future.done()]
        begun.extend(pool.submit(ask, q) for q in islice(ahead, workers - len(under_way)))
        if not begun:
            return
        wait([future for future in begun if not future.done()], return_when=FIRST_COMPLETED)
        while begun and begun[0].done():
            yield begun.popleft().result()
