"""Questions, results and runs with no more in them than a test needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qa.evaluation.questions import Question
from qa.evaluation.results import ANSWERS, Result, Run, RunInfo

INFO = RunInfo(ANSWERS, "set", "questions", "index", "1", {"embedder": None}, "0.1")
QUESTION = Question("q", "en", "?", "said", True, ("000",), ("Lavrov said no",), "no", (), {})


def question(key: str, **fields: Any) -> Question:  # noqa: ANN401
    """An answerable question in English."""
    return replace(QUESTION, id=key, **fields)


def result(key: str, metrics: dict[str, float | None] | None = None, **fields: Any) -> Result:  # noqa: ANN401
    """What a question got; fields that a result does not have are details."""
    milliseconds = fields.pop("milliseconds", 1.0)
    return Result(key, f"{key}?", metrics or {}, milliseconds, fields)


def answered(key: str, answer: str, metrics: dict[str, float | None] | None = None) -> Result:
    """A result with an answer's text."""
    return result(key, metrics, answer={"answer": answer})


def run(*results: Result, **fields: Any) -> Run:  # noqa: ANN401
    """A finished run, its header as in `INFO` but for the fields."""
    return Run(replace(INFO, **fields), results)
