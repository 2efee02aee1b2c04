"""What one answer is worth: every metric of contracts.md for one question and its gold.

A metric is None where it is not about the question: refusal where there is an answer to give,
evidence where there is none, the wording of quotes in another language than the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any, TypeAlias

from qa.errors import NotFoundError, UsageError
from qa.evaluation import wording
from qa.evaluation.failures import classify
from qa.evaluation.gold import Gold
from qa.evaluation.grounding import (
    ArticleSpan,
    Judge,
    alce_precision,
    alce_recall,
    citation_overlap,
    verbatim,
)
from qa.evaluation.questions import Question
from qa.evaluation.results import Result
from qa.model import SUPPORTED, Answer, Article, Citation, Hit

Articles: TypeAlias = Callable[[str], Article]
"""Key → the stored article; raises NotFoundError."""
Metrics: TypeAlias = dict[str, float | None]

METRICS = (
    "article@1",
    "evidence@1",
    "evidence@3",
    "answered",
    "refused",
    "citation_validity",
    "retrieved@10",
    "citation_precision",
    "citation_recall",
    "alce_precision",
    "alce_recall",
    "claims_supported",
    "exact_match",
    "token_f1",
    "exact_match_official",
    "token_f1_official",
    "hallucination_rate",
    "error_rate",
)
RETRIEVED = 10


def judge(
    gold: Gold,
    answer: Answer,
    hits: Sequence[Hit],
    milliseconds: float,
    article: Articles,
    supports: Judge = verbatim,
) -> Result:
    """Compare an answer, and the hits it was made of, with the question's gold."""
    question = gold.question
    metrics: Metrics = dict.fromkeys(METRICS)
    metrics["citation_validity"] = citation_validity(answer, article)
    metrics |= grounded(answer, supports)
    metrics |= _right(gold, answer, hits) if question.answerable else refusal(answer)
    supported = all(claim.support in SUPPORTED for claim in answer.claims)
    details = {
        **question.other,
        "lang": question.lang,
        "pair": gold.pair,
        "kind": question.kind,
        "answerable": question.answerable,
        "failure": classify(metrics, supported=supported),
        "reference": question.answer,
        "evidence": list(question.evidence),
        "retrieved": [_place(hit, gold) for hit in hits],
        "answer": answer.as_json(),
    }
    return Result(question.id, question.question, metrics, round(milliseconds, 2), details)


def refusal(answer: Answer) -> Metrics:
    """Of an unanswerable question: `refused`, and NoMIRACL's hallucination rate, its complement.

    FP / (FP + TN) over questions without a relevant passage (Thakur et al. 2024,
    arXiv 2312.11361): an answer is a false positive, a refusal a true negative.
    """
    return {"refused": float(answer.abstained), "hallucination_rate": float(not answer.abstained)}


def answering(answer: Answer) -> Metrics:
    """Of an answerable question: `answered`, and NoMIRACL's error rate, its complement.

    FN / (FN + TP) over questions with a relevant passage (Thakur et al. 2024, arXiv 2312.11361).
    """
    return {"answered": float(not answer.abstained), "error_rate": float(answer.abstained)}


def evidence_found(gold: Gold, answer: Answer) -> Metrics:
    """What the first citation, or one of the first three, is of.

    `article@1`: a gold article; `evidence@1` and `@3`: it shares a character with gold evidence.
    """
    offered = offered_citations(answer)
    found = [_holds_evidence(_span(citation), gold) for citation in offered]
    return {
        "article@1": float(any(citation.article in gold.articles for citation in offered[:1])),
        "evidence@1": float(any(found[:1])),
        "evidence@3": float(any(found[:3])),
    }


def retrieved(gold: Gold, hits: Sequence[Hit]) -> Metrics:
    """`retrieved@10`: one of the first ten passages shares a character with a gold evidence."""
    found = (_holds_evidence(_passage(hit), gold) for hit in hits[:RETRIEVED])
    return {"retrieved@10": float(any(found))}


def cited_characters(gold: Gold, answer: Answer) -> Metrics:
    """Share of the cited characters that are evidence, and of the evidence that is cited."""
    overlap = citation_overlap(
        [_span(citation) for citation in offered_citations(answer)], gold.evidence
    )
    return {"citation_precision": overlap.precision, "citation_recall": overlap.recall}


def worded(gold: Gold, answer: Answer) -> Metrics:
    """Exact match and token F1 with the references, 0 for a refusal, by our rules and by MLQA's.

    Nothing where the answer quotes articles in another language than the references are in.
    """
    question = gold.question
    comparable = answer.mode == "generative" or question.lang in gold.languages
    if not (comparable and question.references):
        return {}
    text = "" if answer.abstained else answer.answer
    return {
        "exact_match": wording.exact_match(text, question.references),
        "token_f1": wording.token_f1(text, question.references),
        **_officially_worded(text, question),
    }


def grounded(answer: Answer, supports: Judge) -> Metrics:
    """What the answer claims, held against what it cites.

    ALCE's citation precision and recall by a judge of support; `claims_supported`: the share of
    claims that the answer itself calls quoted or supported.
    """
    quotes = {citation.number: citation.quote for citation in answer.citations}
    verdicts = [float(claim.support in SUPPORTED) for claim in answer.claims]
    return {
        "claims_supported": fmean(verdicts) if verdicts else None,
        "alce_precision": alce_precision(answer.claims, quotes, supports),
        "alce_recall": alce_recall(answer.claims, quotes, supports),
    }


def citation_validity(answer: Answer, article: Articles) -> float | None:
    """Share of the citations whose quote is what the stored article says there."""
    if not answer.citations:
        return None
    return fmean(float(_is_true(citation, article)) for citation in answer.citations)


def offered_citations(answer: Answer) -> tuple[Citation, ...]:
    """What the answer rests on; the nearest passages of an abstention are no answer."""
    return () if answer.abstained else answer.citations


def _right(gold: Gold, answer: Answer, hits: Sequence[Hit]) -> Metrics:
    return {
        **answering(answer),
        **evidence_found(gold, answer),
        **retrieved(gold, hits),
        **cited_characters(gold, answer),
        **worded(gold, answer),
    }


def _officially_worded(text: str, question: Question) -> Metrics:
    def official(text: str) -> str:
        return wording.official_normalise(text, question.lang)

    try:
        return {
            "exact_match_official": wording.exact_match(text, question.references, official),
            "token_f1_official": wording.token_f1(text, question.references, official),
        }
    except UsageError:
        return {}  # MLQA has no rule for the language


def _is_true(citation: Citation, article: Articles) -> bool:
    try:
        text = article(citation.article).text
    except NotFoundError:
        return False
    return text[citation.start : citation.end] == citation.quote != ""


def _span(citation: Citation) -> ArticleSpan:
    return ArticleSpan(citation.article, citation.start, citation.end)


def _passage(hit: Hit) -> ArticleSpan:
    return ArticleSpan(hit.article.key, hit.passage.start, hit.passage.end)


def _holds_evidence(span: ArticleSpan, gold: Gold) -> bool:
    return any(
        span.article == evidence.article and span.start < evidence.end and evidence.start < span.end
        for evidence in gold.evidence
    )


def _place(hit: Hit, gold: Gold) -> Mapping[str, Any]:
    """A retrieved passage without its text, which the archive has."""
    return {
        "article": hit.article.key,
        "version": hit.article.version,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(hit.score, 4),
        "evidence": _holds_evidence(_passage(hit), gold),
    }
