"""Small runs made by hand, as reports get them."""

from collections.abc import Mapping, Sequence
from typing import Any

from qa.evaluation.failures import count
from qa.evaluation.metrics import measure
from qa.evaluation.results import ANSWERS, RETRIEVAL, Result, Run, RunInfo
from qa.evaluation.summary import summary_json

ARTICLE = "وصل الوزير إلى موسكو. وقال لافروف إن الحوار ضروري. ثم غادر الوفد المدينة مساء."
EVIDENCE = "وقال لافروف إن الحوار ضروري."
OTHER = "ثم غادر الوفد المدينة مساء."


def passage(article: str, start: int, end: int) -> str:
    return ARTICLE[start:end]


def answered(
    key: str,
    question: str = "what did Lavrov say?",
    *,
    failure: str | None = None,
    quote: str = EVIDENCE,
    confidence: float | None = 0.9,
    milliseconds: float = 40,
    **details: object,
) -> Result:
    """An answerable question, answered with a quote; right unless a failure is named."""
    given = {
        "lang": "en",
        "pair": "en→ar",
        "kind": "said",
        "answerable": True,
        "failure": failure,
        "reference": "That dialogue is needed.",
        "evidence": [EVIDENCE],
        "retrieved": [hit(OTHER), hit(ARTICLE, evidence=True)],
        "answer": answer(question, f"According to Lavrov: “{quote}” [1]", [quote], confidence),
    }
    metrics = {"evidence@1": float(failure is None), "answered": 1.0, "refused": None}
    return Result(key, question, metrics, milliseconds, given | details)


def refused(key: str, *, answerable: bool, confidence: float | None = 0.1) -> Result:
    question = "من هو الوزير؟"
    text = answer(question, "لا جواب في المقالات.", [OTHER], confidence) | {
        "abstained": True,
        "language": "ar",
    }
    pair = "ar→ar" if answerable else "ar→none"
    kind = "who" if answerable else "unanswerable"
    metrics = {
        "evidence@1": 0.0 if answerable else None,
        "answered": 0.0 if answerable else None,
        "refused": None if answerable else 1.0,
    }
    details = {
        "lang": "ar",
        "pair": pair,
        "kind": kind,
        "answerable": answerable,
        "failure": "refused wrongly" if answerable else None,
        "reference": "",
        "evidence": [EVIDENCE] if answerable else [],
        "retrieved": [hit(OTHER)],
        "answer": text,
    }
    return Result(key, question, metrics, 60, details)


def answer(
    question: str, text: str, quotes: Sequence[str], confidence: float | None
) -> dict[str, Any]:
    return {
        "question": question,
        "answer": text,
        "language": "en",
        "abstained": False,
        "confidence": confidence,
        "citations": [
            {
                "number": number,
                "article": "000_ab",
                "title": "لافروف في موسكو",
                "outlet": "الوطن",
                "published": "2015-09-16",
                "quote": quote,
            }
            for number, quote in enumerate(quotes, 1)
        ],
    }


def hit(text: str, *, evidence: bool = False) -> dict[str, Any]:
    start = ARTICLE.find(text)
    end = start + len(text)
    return {"article": "000_ab", "start": start, "end": end, "score": 1.5, "evidence": evidence}


def ranked(key: str, ids: Sequence[str], relevant: Mapping[str, int], lang: str = "en") -> Result:
    """A question of a retrieval bench with its ranking."""
    names = ("ndcg@10", "recall@1", "recall@10", "recall@100", "mrr@10")
    documents = [{"id": document, "score": 1 / rank} for rank, document in enumerate(ids, 1)]
    details = {"lang": lang, "pair": f"{lang}→ar", "ranked": documents, "relevant": dict(relevant)}
    metrics = {name: measure(name, list(ids), dict(relevant)) for name in names}
    return Result(key, f"question {key}?", metrics, 20, details)


def answers_run(*results: Result, name: str = "seeds") -> tuple[Run, dict[str, Any]]:
    run = Run(_info(ANSWERS, name), results)
    more = {"failures": count(results), "skipped": {}, "run": run.info.as_json()}
    return run, summary_json(results) | more


def retrieval_run(*results: Result) -> tuple[Run, dict[str, Any]]:
    run = Run(_info(RETRIEVAL, "bench"), results)
    facts = {"bench": "bench", "documents": 1234, "passages": 5678, "passages_per_s": 812.5}
    return run, summary_json(results) | facts | {"run": run.info.as_json()}


def mixed_run() -> tuple[Run, dict[str, Any]]:
    """Right, wrong and refused answers in two languages and three kinds."""
    return answers_run(
        answered("en-1", confidence=0.95),
        answered("en-2", failure="retrieved but not used", quote=OTHER, confidence=0.55),
        answered("en-3", "why did they leave?", failure="used wrongly", kind="why"),
        refused("ar-1", answerable=True),
        refused("ar-2", answerable=False),
    )


def _info(kind: str, name: str) -> RunInfo:
    return RunInfo(kind, name, "q5e7", "f1nger", "3", {"embedder": None, "model": "m|1"}, "0.1.0")
