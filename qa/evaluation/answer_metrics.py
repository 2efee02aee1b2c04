"""Metrics of answers, as contracts.md defines them, each a mean over the questions it is about."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

from qa.evaluation.questions import Question
from qa.model import Answer, Article, Citation, Span

Articles: TypeAlias = Callable[[str], Article]
"""Key → the stored article; raises NotFoundError."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's answer with its metrics, 0 or 1; None where a metric is not about it."""

    question: Question
    answer: Answer
    milliseconds: float
    metrics: Mapping[str, float | None]


def judge(question: Question, answer: Answer, milliseconds: float, article: Articles) -> Judged:
    """Compares an answer with the question's gold."""
    metrics: dict[str, float | None] = dict.fromkeys(QUALITY)
    metrics["citation_validity"] = _validity(answer, article)
    if question.answerable:
        found = [_is_evidence(c, question, article) for c in _offered(answer)]
        first = _offered(answer)[:1]
        metrics["article@1"] = float(any(_is_of(c, question.articles) for c in first))
        metrics["evidence@1"] = float(any(found[:1]))
        metrics["evidence@3"] = float(any(found[:3]))
        metrics["answered"] = float(not answer.abstained)
    else:
        metrics["refused"] = float(answer.abstained)
    return Judged(question, answer, milliseconds, metrics)


QUALITY = ("article@1", "evidence@1", "evidence@3", "answered", "refused", "citation_validity")


def summarise(judged: Sequence[Judged]) -> dict[str, float | None]:
    """Means of the quality metrics and percentiles of the time; None where nothing counts."""
    summary: dict[str, float | None] = {"questions": len(judged)}
    for name in QUALITY:
        values = [j.metrics[name] for j in judged]
        counted = [value for value in values if value is not None]
        summary[name] = round(fmean(counted), 4) if counted else None
    times = sorted(j.milliseconds for j in judged)
    summary["latency_p50_ms"] = round(percentile(times, 50), 2)
    summary["latency_p95_ms"] = round(percentile(times, 95), 2)
    return summary


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of values in ascending order; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def _offered(answer: Answer) -> tuple[Citation, ...]:
    """What the answer rests on; the nearest passages of an abstention are no answer."""
    return () if answer.abstained else answer.citations


def _is_of(citation: Citation, keys: Iterable[str]) -> bool:
    return any(citation.article.startswith(key) for key in keys)


def _is_evidence(citation: Citation, question: Question, article: Articles) -> bool:
    """Whether the citation shares a character with an occurrence of a gold evidence."""
    if not _is_of(citation, question.articles):
        return False
    text = article(citation.article).text
    return any(
        citation.start < span.end and span.start < citation.end
        for evidence in question.evidence
        for span in occurrences(evidence, text)
    )


def occurrences(needle: str, text: str) -> Iterable[Span]:
    """Every place where a substring begins in the text, overlapping ones too."""
    start = text.find(needle)
    while start >= 0:
        yield Span(start, start + len(needle))
        start = text.find(needle, start + 1)


def _validity(answer: Answer, article: Articles) -> float | None:
    """Share of the citations whose quote is what the stored article says there."""
    if not answer.citations:
        return None
    return fmean(
        float(article(c.article).text[c.start : c.end] == c.quote != "") for c in answer.citations
    )
