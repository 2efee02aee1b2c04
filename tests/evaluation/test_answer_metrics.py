from __future__ import annotations

from dataclasses import replace

import pytest

from qa.evaluation.answer_metrics import Judged, judge, occurrences, percentile, summarise
from qa.evaluation.questions import Question
from qa.model import Answer, Article, Citation, Claim, Span

TEXT = "Rain fell. Lavrov said no. Rain fell."
ARTICLE = Article("000_abc", "v1", "title", TEXT, "en")
QUESTION = Question("q", "en", "?", "said", True, ("000",), ("Lavrov said no",), "no", {})
UNANSWERABLE = replace(QUESTION, answerable=False, evidence=(), kind="unanswerable")


def citing(*quotes: str, abstained: bool = False, key: str = "000_abc") -> Answer:
    citations = tuple(
        Citation(n, key, "v1", "t", None, None, None, at := TEXT.find(q), at + len(q), q)
        for n, q in enumerate(quotes, start=1)
    )
    claims = () if abstained else tuple(Claim(q, (1,), "quoted") for q in quotes)
    reason = "none" if abstained else None
    return Answer("?", "", "en", "extractive", abstained, reason, claims, citations, {}, "index")


def judged(answer: Answer, question: Question = QUESTION, milliseconds: float = 1.0) -> Judged:
    return judge(question, answer, milliseconds, {"000_abc": ARTICLE, "001": ARTICLE}.__getitem__)


def test_evidence_at_one_and_three() -> None:
    assert judged(citing("said no.")).metrics["evidence@1"] == 1
    second = judged(citing("Rain fell", "said")).metrics
    assert (second["evidence@1"], second["evidence@3"]) == (0, 1)
    assert judged(citing("Rain", "fell", "ain", "said")).metrics["evidence@3"] == 0


def test_characters_that_only_touch_the_evidence_are_not_enough() -> None:
    assert judged(citing("Rain fell. ")).metrics["evidence@1"] == 0


def test_the_same_words_in_another_article_are_not_the_evidence() -> None:
    metrics = judged(citing("said", key="001")).metrics
    assert (metrics["article@1"], metrics["evidence@1"]) == (0, 0)


def test_an_abstention_answers_nothing_even_if_its_nearest_passage_would() -> None:
    metrics = judged(citing("said", abstained=True)).metrics
    assert (metrics["evidence@1"], metrics["answered"], metrics["refused"]) == (0, 0, None)


def test_unanswerable_questions_count_for_refusal_only() -> None:
    metrics = judged(citing("said", abstained=True), UNANSWERABLE).metrics
    assert (metrics["refused"], metrics["answered"], metrics["evidence@1"]) == (1, None, None)
    assert judged(citing("said"), UNANSWERABLE).metrics["refused"] == 0


def test_a_quote_that_the_article_does_not_hold_is_not_valid() -> None:
    answer = citing("said", "Rain")
    wrong = replace(answer.citations[0], quote="told")
    changed = replace(answer, citations=(wrong, answer.citations[1]))
    assert judged(changed).metrics["citation_validity"] == 1 / 2


def test_a_summary_is_the_mean_over_the_questions_concerned() -> None:
    summary = summarise(
        [
            judged(citing("said"), milliseconds=10),
            judged(citing("Rain"), milliseconds=20),
            judged(citing("said"), UNANSWERABLE, milliseconds=30),
        ]
    )
    assert summary["questions"] == 3
    assert summary["evidence@1"] == 1 / 2
    assert summary["answered"] == 1
    assert summary["refused"] == 0
    assert (summary["latency_p50_ms"], summary["latency_p95_ms"]) == (20, 30)


def test_an_empty_group_has_no_means() -> None:
    assert summarise([judged(citing("said"))])["refused"] is None


@pytest.mark.parametrize(("percent", "value"), [(50, 2), (95, 4), (100, 4), (1, 1)])
def test_nearest_rank_percentiles(percent: float, value: float) -> None:
    assert percentile([1, 2, 3, 4], percent) == value


def test_overlapping_occurrences_are_all_found() -> None:
    assert list(occurrences("aa", "aaa")) == [Span(0, 2), Span(1, 3)]
