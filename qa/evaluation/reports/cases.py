"""Questions as a report shows them: what was expected, what was retrieved, what was cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from qa.evaluation.failures import MEANING, Failure
from qa.evaluation.results import Result, Run

PassageText: TypeAlias = Callable[[str, int, int], str]
"""Article key, start, end → the text there."""

SHOWN = 3
"""Retrieved passages of a question that are shown, and evidences."""
BUDGET = 110_000
"""Characters of article text in a report, shared by its questions: files stay small."""
SHORTEST, LONGEST = 80, 2_000
TITLE = 60
_TEXTS = 6
"""Longer texts of a question: evidence, passages, quotes."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A text, parted where the expected evidence stands in it."""

    before: str
    evidence: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage."""

    rank: int
    article: str
    score: float
    holds_evidence: bool
    extract: Extract


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of an answer, or one of the nearest passages of a refusal."""

    number: int
    article: str
    title: str
    facts: tuple[str, ...]
    """Outlet and date."""
    extract: Extract


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer, and the quotes that stood in it."""

    words: str
    """An ellipsis in place of each quote."""
    quotes: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One question that went wrong, with all that helps to see why."""

    anchor: str
    result: Result
    evidence: tuple[str, ...]
    more_evidence: int
    """Evidences that are as good and not shown."""
    retrieved: tuple[Found, ...]
    first_evidence: int | None
    """Rank of the first retrieved passage that holds evidence."""
    lines: tuple[Line, ...]
    """Of the answer."""
    beside: tuple[Cited, ...]
    """Citations whose quotes the answer does not hold: the nearest passage of a refusal."""

    @property
    def answer(self) -> Mapping[str, Any]:
        """The answer as contracts.md lays it out."""
        answer: Mapping[str, Any] = self.result.details["answer"]
        return answer


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """The questions that failed in one way."""

    anchor: str
    kind: str
    meaning: str
    cases: tuple[Case, ...]
    share: float
    """Of all failures."""


def anchors(run: Run) -> dict[str, str]:
    """Question id → id of its element in the page; the ids of questions may hold anything."""
    return {result.id: f"question-{place}" for place, result in enumerate(run.results, 1)}


def failure_groups(run: Run, passage: PassageText) -> tuple[FailureGroup, ...]:
    """The failed questions by the step that failed, in the order of the pipeline."""
    failed = [result for result in run.results if result.group("failure")]
    names = anchors(run)
    limit = max(SHORTEST, min(LONGEST, BUDGET // (_TEXTS * max(1, len(failed)))))
    return tuple(
        FailureGroup(
            anchor=f"failure-{kind.value.replace(' ', '-')}",
            kind=kind.value,
            meaning=MEANING[kind],
            cases=tuple(_case(names[result.id], result, passage, limit) for result in of_kind),
            share=len(of_kind) / max(1, len(failed)),
        )
        for kind in Failure
        for of_kind in [[result for result in failed if result.group("failure") == kind]]
    )


def values(field: str, results: Iterable[Result]) -> list[str]:
    """The values of a field of results, in order."""
    return sorted({result.group(field) for result in results} - {""})


def extract(text: str, evidence: Iterable[str], limit: int) -> Extract:
    """As much of a text as the limit allows, around an evidence that stands in it if one does."""
    for wanted in evidence:
        if (start := text.find(wanted)) >= 0:
            return _around(text, start, start + len(wanted), limit)
    return Extract(_head(text, limit))


def _case(anchor: str, result: Result, passage: PassageText, limit: int) -> Case:
    details = result.details
    evidence, retrieved = details["evidence"], details["retrieved"]
    answer, citations = details["answer"]["answer"], details["answer"]["citations"]
    apart = [citation for citation in citations if citation["quote"] not in answer]
    # Beside a refusal the nearest passage is enough: the retrieved ones follow.
    shown = apart[: 1 if details["answer"]["abstained"] else SHOWN]
    holding = (rank for rank, hit in enumerate(retrieved, 1) if hit["evidence"])
    return Case(
        anchor=anchor,
        result=result,
        evidence=tuple(_head(text, limit) for text in evidence[:SHOWN]),
        more_evidence=max(0, len(evidence) - SHOWN),
        retrieved=tuple(_retrieved(retrieved[:SHOWN], evidence, passage, limit)),
        first_evidence=next(holding, None),
        lines=tuple(_lines(answer, citations, evidence, limit)),
        beside=tuple(_cited(citation, evidence, limit) for citation in shown),
    )


def _retrieved(
    hits: Sequence[Mapping[str, Any]], evidence: Sequence[str], passage: PassageText, limit: int
) -> Iterator[Found]:
    for rank, hit in enumerate(hits, 1):
        text = passage(hit["article"], hit["start"], hit["end"])
        marked = evidence if hit["evidence"] else ()
        yield Found(
            rank, hit["article"], hit["score"], hit["evidence"], extract(text, marked, limit)
        )


def _lines(
    answer: str, citations: Sequence[Mapping[str, Any]], evidence: Sequence[str], limit: int
) -> Iterator[Line]:
    for line in filter(str.strip, answer.split("\n")):
        quoted = [citation for citation in citations if citation["quote"] in line]
        words = line
        for citation in sorted(quoted, key=lambda citation: -len(citation["quote"])):
            words = words.replace(citation["quote"], "…")
        yield Line(
            _head(words, LONGEST), tuple(_cited(citation, evidence, limit) for citation in quoted)
        )


def _cited(citation: Mapping[str, Any], evidence: Sequence[str], limit: int) -> Cited:
    facts = (citation["outlet"], citation["published"])
    return Cited(
        citation["number"],
        citation["article"],
        _head(citation["title"], TITLE),
        tuple(fact for fact in facts if fact),
        extract(citation["quote"], evidence, limit),
    )


def _around(text: str, start: int, end: int, limit: int) -> Extract:
    evidence = text[start:end]
    if len(evidence) >= limit:
        return Extract("… " if start else "", _head(evidence, limit), "")
    beside = (limit - len(evidence)) // 2
    return Extract(_tail(text[:start], beside), evidence, _head(text[end:], beside))


def _head(text: str, limit: int) -> str:
    """The beginning of a text, whole words where it is shortened."""
    if len(text) <= limit:
        return text
    return re.sub(r"\s+\S*$", "", text[:limit]) + " …"


def _tail(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return "… " + re.sub(r"^\S*\s+", "", text[len(text) - limit :])
