"""Asks a whole question set and scores the answers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from qa.errors import StorageError
from qa.evaluation.answer_metrics import Articles, Judged, judge, summarise
from qa.evaluation.questions import Question
from qa.model import Answer

RESULTS_FILE = "results.jsonl"
SUMMARY_FILE = "summary.json"

Summary = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Every answer with its metrics, and their means."""

    judged: tuple[Judged, ...]

    @property
    def overall(self) -> Summary:
        """Metrics over all questions."""
        return summarise(self.judged)

    def by(self, field: str) -> dict[str, Summary]:
        """Metrics by a field of the question: lang, kind, or one of its other fields."""
        groups: defaultdict[str, list[Judged]] = defaultdict(list)
        for judged in self.judged:
            groups[_field(judged.question, field)].append(judged)
        return {value: summarise(groups[value]) for value in sorted(groups)}

    def as_json(self) -> dict[str, Any]:
        """Metrics overall, by language, by kind and, where the set has one, by split."""
        parts = {"by_language": self.by("lang"), "by_kind": self.by("kind")}
        if any("split" in judged.question.other for judged in self.judged):
            parts["by_split"] = self.by("split")
        return {**self.overall, **parts}


def evaluate_answers(
    questions: Sequence[Question],
    ask: Callable[[str], Answer],
    article: Articles,
    progress: Callable[[int, int], None] | None = None,
) -> AnswerScores:
    """Asks each question once, in order; `progress` is told how many of how many are done."""
    judged = []
    for done, question in enumerate(questions, start=1):
        started = perf_counter()
        answer = ask(question.question)
        milliseconds = 1000 * (perf_counter() - started)
        judged.append(judge(question, answer, milliseconds, article))
        if progress is not None:
            progress(done, len(questions))
    return AnswerScores(tuple(judged))


def write_scores(scores: AnswerScores, folder: Path) -> None:
    """Writes results.jsonl (a line per question) and summary.json into a folder."""
    lines = (json.dumps(_result(j), ensure_ascii=False) + "\n" for j in scores.judged)
    summary = json.dumps(scores.as_json(), ensure_ascii=False, indent=2) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS_FILE).write_text("".join(lines), encoding="utf-8")
        (folder / SUMMARY_FILE).write_text(summary, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"cannot write the results to {str(folder)!r} ({error}): give another --out"
        ) from error


def _field(question: Question, name: str) -> str:
    return str(getattr(question, name, question.other.get(name, "")))


def _result(judged: Judged) -> dict[str, Any]:
    question = judged.question
    return {
        "id": question.id,
        "lang": question.lang,
        "kind": question.kind,
        "answerable": question.answerable,
        **question.other,
        "milliseconds": round(judged.milliseconds, 2),
        "metrics": dict(judged.metrics),
        "answer": judged.answer.as_json(),
    }
