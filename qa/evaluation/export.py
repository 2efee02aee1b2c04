"""A run for other evaluators: a line a question, in the columns that ragas and LangSmith read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qa.errors import UsageError
from qa.evaluation.results import ANSWERS, Result, Run
from qa.model import Article


def export_rows(run: Run, article: Callable[[str], Article]) -> Iterator[dict[str, Any]]:
    """Each question with its answer, the passages it was made of and its reference answer.

    Raises UsageError for a retrieval bench, NotFoundError where an article is gone since.
    """
    if run.info.kind != ANSWERS:
        raise UsageError(
            f"the run of {run.info.name!r} is a retrieval bench and has no answers:"
            " export a run of `qa eval answers`"
        )
    for result in run.results:
        yield _row(result, article)


def export_lines(run: Run, article: Callable[[str], Article]) -> Iterator[str]:
    """The same as JSON lines."""
    return (json.dumps(row, ensure_ascii=False) for row in export_rows(run, article))


def _row(result: Result, article: Callable[[str], Article]) -> dict[str, Any]:
    details = result.details
    return {
        "id": result.id,
        "question": result.question,
        "answer": details["answer"]["answer"],
        "contexts": [_text(passage, article) for passage in details["retrieved"]],
        "ground_truth": details["reference"],
    }


def _text(passage: Mapping[str, Any], article: Callable[[str], Article]) -> str:
    return article(passage["article"]).text[passage["start"] : passage["end"]]
