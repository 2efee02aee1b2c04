"""A run for other evaluators: a line a question, in the columns that ragas and LangSmith read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from qa.errors import NotFoundError, UsageError
from qa.evaluation.results import ANSWERS, Result, Run
from qa.model import Article

ArticleOf: TypeAlias = Callable[[str, str | None], Article]
"""Key and version → the stored article, the newest where the version is None."""


def export_rows(
    run: Run, article: ArticleOf, revision: int | None = None
) -> Iterator[dict[str, Any]]:
    """Each question with its answer, the passages it was made of and its reference answer.

    A run of before passages were noted with their version needs the archive's `revision`. Raises
    UsageError for a retrieval bench, and where the archive has changed since a run of that kind;
    NotFoundError where an article, or the version that the run saw, is gone.
    """
    if run.info.kind != ANSWERS:
        raise UsageError(
            f"the run of {run.info.name!r} is a retrieval bench and has no answers:"
            " export a run of `qa eval answers`"
        )
    for result in run.results:
        if run.info.articles != str(revision):
            _check_versions(run, result)
        yield _row(result, article)


def export_lines(run: Run, article: ArticleOf, revision: int | None = None) -> Iterator[str]:
    """The same as JSON lines."""
    rows = export_rows(run, article, revision)
    return (json.dumps(row, ensure_ascii=False) for row in rows)


def _check_versions(run: Run, result: Result) -> None:
    if not all("version" in passage for passage in result.details["retrieved"]):
        raise UsageError(
            f"the archive has changed since the run of {run.info.name!r}, which does not say of"
            " which versions of the articles its passages are: run the evaluation again"
        )


def _row(result: Result, article: ArticleOf) -> dict[str, Any]:
    details = result.details
    return {
        "id": result.id,
        "question": result.question,
        "answer": details["answer"]["answer"],
        "contexts": [_text(passage, article) for passage in details["retrieved"]],
        "ground_truth": details["reference"],
    }


def _text(passage: Mapping[str, Any], article: ArticleOf) -> str:
    try:
        text = article(passage["article"], passage.get("version")).text
    except NotFoundError as error:
        raise NotFoundError(
            f"the archive no longer holds what the run was made of ({error}):"
            " run the evaluation again"
        ) from error
    return text[passage["start"] : passage["end"]]
