"""Evaluations that the page runs: one at a time, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, Lock, Thread
from time import monotonic

from qa.errors import QAError
from qa.evaluation.answer_run import evaluate_answers
from qa.evaluation.gold import Problem, resolve
from qa.evaluation.judging import judge_of
from qa.evaluation.questions import Question
from qa.evaluation.running import RunOptions
from qa.serve.evaluation_store import EvaluationStore, QuestionSet, StoredRun
from qa.serve.interruptible import Answering, Ended, Interruptible

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    total: int
    seconds_left: float | None = None
    """None before the first of its questions is answered."""


class End(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    """It can be resumed."""
    CHANGED = "changed"
    """The archive changed under it: nothing is left of it."""
    FAILED = "failed"


class Evaluation:
    """A run under way: its thread tells how far it is, any number of pages look."""

    def __init__(self, run: str, asked: QuestionSet, assistant: Interruptible) -> None:
        self.run = run
        self.asked = asked
        self.progress = Progress(0, len(asked.questions))
        self.end: End | None = None
        self.problem = ""
        """What readers can be told of a failure; empty where nothing can be told."""
        self.assistant = assistant
        self._stopped = Event()
        self._since: tuple[float, int] | None = None

    def stop(self) -> None:
        """End at once; the question that is being asked is asked again when the run is resumed."""
        self._stopped.set()
        self.assistant.end()

    def tell(self, stage: str, done: int, total: int) -> None:
        """Take progress from the run's thread; raises there where the run is to stop."""
        now = monotonic()
        # The first question may have waited for caches, and a resumed run starts ahead.
        since, before = self._since = self._since or (now, done)
        asked = done - before
        left = (now - since) / asked * (total - done) if asked else None
        self.progress = Progress(done, total, left)
        if self._stopped.is_set() and done < total:
            raise Ended


class Evaluations:
    """Runs question sets against one assistant, one at a time; a context manager."""

    def __init__(self, assistant: Answering, store: EvaluationStore) -> None:
        self.store = store
        self.latest: Evaluation | None = None
        """The one under way, or the one before it."""
        self._assistant = assistant
        self._thread: Thread | None = None
        self._starting = Lock()

    def __enter__(self) -> Evaluations:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def running(self) -> Evaluation | None:
        """The one under way."""
        return self.latest if self.latest and self.latest.end is None else None

    def unscorable(self, questions: Sequence[Question]) -> tuple[Problem, ...]:
        """The questions that the archive as it is cannot be scored by, with the reasons."""
        return resolve(questions, self._assistant.keys(), self._assistant.article).problems

    def is_resumable(self, run: StoredRun) -> bool:
        """Whether a run was stopped and the archive is still what it began with."""
        now = (self._assistant.fingerprint, str(self._assistant.revision))
        return not run.finished and now == (run.info.index, run.info.articles)

    def start(self, asked: QuestionSet) -> Evaluation | None:
        """Begin a new run, leaving out what cannot be scored; None while another one runs."""
        with self._starting:
            if self.running:
                return None
            return self._begin(self.store.begin(asked), asked, resume=False)

    def resume(self, run: StoredRun) -> Evaluation | None:
        """Go on with a stopped run; None while another one runs."""
        with self._starting:
            if self.running:
                return None
            return self._begin(run.name, self.store.questions(run), resume=True)

    def close(self) -> None:
        """Stop what runs, and wait until it has ended."""
        if self.latest:
            self.latest.stop()
        if self._thread:
            self._thread.join()

    def _begin(self, run: str, asked: QuestionSet, *, resume: bool) -> Evaluation:
        evaluation = self.latest = Evaluation(run, asked, Interruptible(self._assistant))
        self._thread = Thread(target=self._run, args=(evaluation, resume), name="evaluation")
        self._thread.start()
        return evaluation

    def _run(self, evaluation: Evaluation, resume: bool) -> None:
        """Run to one of the ends, which is told last."""
        end = End.FAILED
        revision = self._assistant.revision
        try:
            self._evaluate(evaluation, resume)
            end = End.FINISHED
        except Ended:
            end = End.STOPPED
        except QAError as error:
            evaluation.problem = str(error)
        except Exception:
            # The edge of the product: the reader gets one calm line, the log gets the rest.
            logger.exception("an evaluation of the page failed")
        finally:
            if end is End.FAILED and revision != self._assistant.revision:
                self.store.forget(evaluation.run)
                end = End.CHANGED
            self.store.forget_unbegun(evaluation.run)
            evaluation.end = end

    def _evaluate(self, evaluation: Evaluation, resume: bool) -> None:
        folder = self.store.folder(evaluation.run)
        options = RunOptions(folder, resume=resume, allow_missing=True)
        asked, judge = evaluation.asked, judge_of(self._assistant.answer_settings)
        evaluate_answers(
            asked.name, asked.questions, evaluation.assistant, options, evaluation.tell, judge
        )
