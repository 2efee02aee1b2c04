"""Question sets and retrieval benches: scores with intervals, reports, comparison and a gate."""

from __future__ import annotations

from qa.evaluation.answer_run import AnswerScores, evaluate_answers
from qa.evaluation.comparison import Comparison, compare, gate
from qa.evaluation.export import export_rows
from qa.evaluation.questions import Question, read_questions
from qa.evaluation.results import Result, Run, RunInfo
from qa.evaluation.retrieval_run import (
    Ablation,
    BenchOptions,
    RetrievalScores,
    run_retrieval_bench,
)
from qa.evaluation.run_folder import read_run
from qa.evaluation.running import RunOptions

__all__ = [
    "Ablation",
    "AnswerScores",
    "BenchOptions",
    "Comparison",
    "Question",
    "Result",
    "RetrievalScores",
    "Run",
    "RunInfo",
    "RunOptions",
    "compare",
    "evaluate_answers",
    "export_rows",
    "gate",
    "read_questions",
    "read_run",
    "run_retrieval_bench",
]
