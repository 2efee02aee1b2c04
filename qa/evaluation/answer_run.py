"""Asks a whole question set of an assistant and scores the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

import qa
from qa.errors import EvaluationError, IndexStateError
from qa.evaluation.answer_metrics import judge
from qa.evaluation.failures import count
from qa.evaluation.gold import Gold, Problem, Resolved, resolve
from qa.evaluation.grounding import Judge, verbatim
from qa.evaluation.questions import Question, digest
from qa.evaluation.reports.pages import answer_reports
from qa.evaluation.results import ANSWERS, Result, Run, RunInfo
from qa.evaluation.run_folder import RunFolder
from qa.evaluation.running import IN_MEMORY, RunOptions, ask_all
from qa.evaluation.summary import summary_json
from qa.model import Answer, Article, Done, Event, Hit, Retrieved


class AssistantLike(Protocol):
    """What an evaluation needs of the assistant."""

    @property
    def fingerprint(self) -> str:
        """Of the index."""

    @property
    def revision(self) -> int:
        """Grows with every change of the archive."""

    @property
    def answer_settings(self) -> Mapping[str, str | None]:
        """The settings that answers depend on."""

    def stream(self, question: str) -> Iterator[Event]:
        """The events of one answer: Retrieved, Token…, Done."""

    def article(self, key: str) -> Article:
        """One stored article; raises NotFoundError."""

    def keys(self) -> list[str]:
        """Of every article that readers see."""


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """A run over a question set with the questions that were left out of it."""

    run: Run
    skipped: tuple[Problem, ...]

    def as_json(self) -> dict[str, Any]:
        """Metrics with intervals, overall and by group, failures by kind, and the run's header."""
        return summary_json(self.run.results) | {
            "failures": count(self.run.results),
            "skipped": {problem.id: problem.reason for problem in self.skipped},
            "run": self.run.info.as_json(),
        }


def evaluate_answers(
    name: str,
    questions: Sequence[Question],
    assistant: AssistantLike,
    options: RunOptions = IN_MEMORY,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    supports: Judge = verbatim,
) -> AnswerScores:
    """Ask each question once and score its answer; with `options.out`, write run and reports.

    Raises EvaluationError where questions cannot be scored on what is indexed (unless they may be
    left out), IndexStateError where articles come or go meanwhile: then no summary is written.
    """
    # The revision first: a change that comes while the gold is looked up is found out, too.
    asker = _Asker(assistant, supports, assistant.revision)
    resolved = _scorable(questions, assistant, options)
    info = _info(name, [gold.question for gold in resolved.golds], assistant)
    with ExitStack() as stack:
        folder = options.out and stack.enter_context(
            RunFolder.begin(options.out, info, resume=options.resume)
        )
        done, keep = (folder.done, folder.add) if folder else ({}, lambda result: None)
        results = ask_all(resolved.golds, asker.ask, done, keep, options.workers, progress)
        scores = AnswerScores(Run(info, results), resolved.problems)
        if folder:
            summary = scores.as_json()
            folder.finish(summary, answer_reports(scores.run, summary, asker.passage))
    return scores


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks one question after the other of an archive that must not change."""

    assistant: AssistantLike
    supports: Judge
    revision: int

    def ask(self, gold: Gold) -> Result:
        started = perf_counter()
        hits, answer = _heard(self.assistant.stream(gold.question.question))
        milliseconds = 1000 * (perf_counter() - started)
        if self.assistant.revision != self.revision:
            raise IndexStateError(
                "the archive changed while it was evaluated, so that its answers cannot be"
                " compared: run the evaluation again when nothing is being ingested"
            )
        return judge(gold, answer, hits, milliseconds, self.assistant.article, self.supports)

    def passage(self, article: str, start: int, end: int) -> str:
        """What stands there in the archive."""
        return self.assistant.article(article).text[start:end]


def _scorable(
    questions: Sequence[Question], assistant: AssistantLike, options: RunOptions
) -> Resolved:
    resolved = resolve(questions, assistant.keys(), assistant.article)
    if not options.allow_missing:
        resolved.raise_problems()
    if not resolved.golds:
        raise EvaluationError("no question is left that can be scored: ingest the set's articles")
    return resolved


def _info(name: str, questions: Sequence[Question], assistant: AssistantLike) -> RunInfo:
    return RunInfo(
        kind=ANSWERS,
        name=name,
        questions=digest(questions),
        index=assistant.fingerprint,
        articles=str(assistant.revision),
        settings=assistant.answer_settings,
        version=qa.__version__,
    )


def _heard(events: Iterator[Event]) -> tuple[Sequence[Hit], Answer]:
    hits: Sequence[Hit] = ()
    for event in events:
        if isinstance(event, Retrieved):
            hits = event.hits
        elif isinstance(event, Done):
            return hits, event.answer
    raise RuntimeError("an answer's events ended without Done")
