"""How far confidence can be trusted: what became of the questions at each level of it.

Confidence says how surely the best sentence holds the answer; below the threshold the question is
refused. An answer is right where its first citation is evidence (`evidence@1`), and nothing is
right where the articles hold no answer. What a refused question would have been answered is not
known: where there was an answer to give it may have been right or wrong, and the share that is
right is given as the range between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from qa.evaluation.results import Result

BINS = 10


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "Answered right"
    WRONG = "Answered wrong"
    UNFOUNDED = "Answered, none to give"
    HELD_BACK = "Refused, one to give"
    REFUSED = "Refused rightly"


ANSWERED = (Outcome.RIGHT, Outcome.WRONG, Outcome.UNFOUNDED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the confidence of its best sentence, 0 to 1."""

    confidence: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Level:
    """The questions whose confidence is at least `low` and below `high`; the last holds 1 too."""

    low: float
    high: float
    outcomes: Mapping[Outcome, int]

    @property
    def questions(self) -> int:
        """How many there are."""
        return sum(self.outcomes.values())

    @property
    def right(self) -> float:
        """The least share that is right: every refused question would have been wrong."""
        return self.outcomes[Outcome.RIGHT] / self.questions

    @property
    def right_at_most(self) -> float:
        """The greatest share: what was refused although it has an answer would have been right."""
        return self.right + self.outcomes[Outcome.HELD_BACK] / self.questions


@dataclass(frozen=True, slots=True)
class Trust:
    """How sure the given answers were, and how many of them were right."""

    answers: int
    confidence: float
    """Mean of the answers."""
    right: float
    """Share of the answers."""


def judged(results: Iterable[Result]) -> list[Judged]:
    """The questions of a run that have a confidence: a chat model's answers have none."""
    return [
        Judged(min(1.0, max(0.0, float(confidence))), outcome(result))
        for result in results
        if (confidence := result.details["answer"].get("confidence")) is not None
    ]


def outcome(result: Result) -> Outcome:
    """What became of one question of a run over a question set."""
    answerable, abstained = result.details["answerable"], result.details["answer"]["abstained"]
    if abstained:
        return Outcome.HELD_BACK if answerable else Outcome.REFUSED
    if not answerable:
        return Outcome.UNFOUNDED
    return Outcome.RIGHT if result.metrics["evidence@1"] else Outcome.WRONG


def levels(questions: Sequence[Judged]) -> tuple[Level, ...]:
    """The questions in `BINS` equal steps of confidence, those without any too."""
    counted = [Counter[Outcome]() for _ in range(BINS)]
    for question in questions:
        counted[min(BINS - 1, int(question.confidence * BINS))][question.outcome] += 1
    return tuple(
        Level(step / BINS, (step + 1) / BINS, {kind: counts[kind] for kind in Outcome})
        for step, counts in enumerate(counted)
    )


def trust(questions: Sequence[Judged]) -> Trust | None:
    """Confidence beside correctness over all that were answered; None where none was."""
    given = [question for question in questions if question.outcome in ANSWERED]
    if not given:
        return None
    return Trust(
        len(given),
        fmean(question.confidence for question in given),
        fmean(question.outcome is Outcome.RIGHT for question in given),
    )
