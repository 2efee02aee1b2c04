"""What evaluations of the page have on disk: question sets to choose from, and runs."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qa.errors import ArticleError, StorageError, UsageError
from qa.evaluation.questions import Question, read_questions
from qa.evaluation.reports.pages import HTML_FILE
from qa.evaluation.results import ANSWERS, Run, RunInfo
from qa.evaluation.run_folder import INFO_FILE, SUMMARY_FILE, read_run

logger = logging.getLogger(__name__)

MAX_UPLOAD = 5_000_000
"""Characters of a question set that a reader brings along: some ten thousand questions."""
HEADLINE = "evidence@1"
"""The metric that stands for a run."""
QUESTIONS_FILE = "questions.jsonl"
"""A run's own copy of its set, so that it can be resumed whatever becomes of the set."""
_LONGEST_NAME = 60
_MOMENT = "%Y%m%dT%H%M%SZ"
_RUN = re.compile(r"[\w-]+-(?P<moment>\d{8}T\d{6}Z)(-\d+)?")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions under the name that readers know them by."""

    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as the list of runs shows it."""

    name: str
    """Of its folder."""
    started: datetime
    info: RunInfo
    finished: bool
    headline: float | None
    """Mean of `HEADLINE`; None before the end, or where no question has an answer."""
    has_report: bool


class EvaluationStore:
    """A folder of question sets, which is only read, and one of runs."""

    def __init__(self, runs: Path, sets: Path) -> None:
        self._runs = runs
        self._sets = sets

    @property
    def sets_folder(self) -> Path:
        """Where question sets are looked for."""
        return self._sets

    def sets(self) -> list[str]:
        """The names of the question sets, in order."""
        return sorted(file.stem for file in self._sets.glob("*.jsonl") if file.is_file())

    def read_set(self, name: str) -> QuestionSet:
        """The set of that name; raises ArticleError naming its wrong line."""
        if name not in self.sets():
            raise UsageError(f"no question set is called {name!r}: choose another")
        return QuestionSet(name, read_questions(self._sets / f"{name}.jsonl"))

    def runs(self) -> list[StoredRun]:
        """Every run over questions, the newest first."""
        found = (_stored_run(path) for path in self._runs.glob("*") if path.is_dir())
        return sorted(
            (run for run in found if run), key=lambda run: (run.started, run.name), reverse=True
        )

    def run(self, name: str) -> StoredRun:
        """The run of that name; raises UsageError where the list has none."""
        for run in self.runs():
            if run.name == name:
                return run
        raise UsageError(f"no run is called {name!r}: load the page again")

    def results(self, name: str) -> Run:
        """A finished run with its results; raises UsageError."""
        return read_run(self._runs / self.run(name).name)

    def report(self, name: str) -> Path | None:
        """The report of a finished run, if both exist."""
        if any(run.name == name and run.has_report for run in self.runs()):
            return self._runs / name / HTML_FILE
        return None

    def folder(self, name: str) -> Path:
        """Where that run is, or is to be."""
        return self._runs / name

    def begin(self, asked: QuestionSet, now: datetime | None = None) -> str:
        """Make the folder of a new run, with its questions in it; the run's name."""
        first = f"{_file_name(asked.name)}-{(now or datetime.now(UTC)).strftime(_MOMENT)}"
        try:
            self._runs.mkdir(parents=True, exist_ok=True)
            name = next(name for name in _numbered(first) if self._is_made(name))
            lines = (json.dumps(q.as_json(), ensure_ascii=False) for q in asked.questions)
            text = "".join(f"{line}\n" for line in lines)
            (self.folder(name) / QUESTIONS_FILE).write_text(text, encoding="utf-8")
        except OSError as error:
            raise StorageError(
                f"cannot write to {str(self._runs)!r} ({error.strerror or error}): make room there"
            ) from error
        return name

    def questions(self, run: StoredRun) -> QuestionSet:
        """What that run asks."""
        return QuestionSet(run.info.name, read_questions(self.folder(run.name) / QUESTIONS_FILE))

    def forget(self, name: str) -> None:
        """Remove the folder of a run that nobody can use."""
        shutil.rmtree(self.folder(name), ignore_errors=True)

    def forget_unbegun(self, name: str) -> None:
        """Remove the folder of a run that ended before its first question."""
        if not (self.folder(name) / INFO_FILE).exists():
            self.forget(name)

    def _is_made(self, name: str) -> bool:
        """Make a run's folder, unless there is one."""
        try:
            self.folder(name).mkdir()
        except FileExistsError:
            return False
        return True


def read_upload(file_name: str, text: str | None) -> QuestionSet:
    """The questions of a reader's own file; raises ArticleError naming its wrong line.

    `text` is None where the file is too long or no UTF-8.
    """
    name = Path(file_name.replace("\\", "/")).stem[:_LONGEST_NAME].strip() or "questions"
    if text is None or len(text) > MAX_UPLOAD:
        raise ArticleError(
            f"is not UTF-8 text of at most {MAX_UPLOAD // 1_000_000} MB: save it as UTF-8,"
            " or in parts",
            file_name,
        )
    with TemporaryDirectory() as folder:
        file = Path(folder, QUESTIONS_FILE)
        file.write_text(text, encoding="utf-8", newline="")
        try:
            return QuestionSet(name, read_questions(file))
        except ArticleError as error:
            raise ArticleError(error.reason, file_name, error.line) from None


def _file_name(name: str) -> str:
    """A name that every file system and address takes, in whatever script."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:_LONGEST_NAME] or "questions"


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, 1000))


def _stored_run(path: Path) -> StoredRun | None:
    """The run in a folder; None where it is none, or none over questions."""
    match = _RUN.fullmatch(path.name)
    if not match or not (path / INFO_FILE).is_file():
        return None
    try:
        info = RunInfo.from_json(_document(path / INFO_FILE))
        finished = (path / SUMMARY_FILE).is_file()
        summary = _document(path / SUMMARY_FILE) if finished else {}
        started = datetime.strptime(match["moment"], _MOMENT).replace(tzinfo=UTC)
    except (OSError, ValueError, TypeError):
        logger.warning("%s is no run that can be read", path, exc_info=True)
        return None
    has_report = finished and (path / HTML_FILE).is_file()
    run = StoredRun(path.name, started, info, finished, summary.get(HEADLINE), has_report)
    return run if info.kind == ANSWERS else None


def _document(file: Path) -> dict[str, Any]:
    document = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise TypeError(f"{file} holds no JSON object")
    return document
