"""A run on disk: run.json and results.jsonl as it goes, summary.json and the reports at its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from qa.errors import StorageError, UsageError
from qa.evaluation.results import Result, Run, RunInfo

INFO_FILE = "run.json"
RESULTS_FILE = "results.jsonl"
SUMMARY_FILE = "summary.json"
"""Written last: a folder without it holds an unfinished run."""


class RunFolder:
    """The folder of a run under way; a context manager."""

    def __init__(self, path: Path, done: Mapping[str, Result], lines: TextIO) -> None:
        """Take a prepared folder over; `begin` is the way to get one."""
        self.path = path
        self.done = done
        """Results that an interrupted run left, by question id."""
        self._lines = lines

    @classmethod
    def begin(cls, path: Path, info: RunInfo, *, resume: bool = False) -> Self:
        """Start a run in a folder, made where it is missing, or go on with the one it holds.

        A finished run gives way to a new one. Raises UsageError where the folder holds an
        unfinished run that is not resumed, or one of other questions, articles or settings.
        """
        with _writing(path):
            path.mkdir(parents=True, exist_ok=True)
            kept = _resumable(path, info) if resume else []
            if not resume and _is_unfinished(path):
                raise UsageError(
                    f"{str(path)!r} holds a run that was interrupted: go on with it by --resume,"
                    " or give another --out"
                )
            (path / SUMMARY_FILE).unlink(missing_ok=True)
            # The header last: never do a new one and another run's results stand side by side.
            _replace(path / RESULTS_FILE, "".join(map(_line, kept)))
            _replace(path / INFO_FILE, _document(info.as_json()))
            lines = (path / RESULTS_FILE).open("a", encoding="utf-8")
        return cls(path, {result.id: result for result in kept}, lines)

    def add(self, result: Result) -> None:
        """Write one more result; it is on disk when this returns."""
        with _writing(self.path):
            self._lines.write(_line(result))
            self._lines.flush()

    def finish(self, summary: Mapping[str, Any], reports: Mapping[str, str]) -> None:
        """Write the reports by file name, and then the summary, which makes the run a whole one."""
        with _writing(self.path):
            for name, text in reports.items():
                _replace(self.path / name, text)
            _replace(self.path / SUMMARY_FILE, _document(summary))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Closing writes what a full disk has refused before, and fails in the same way.
        with _writing(self.path):
            self._lines.close()


def read_run(path: Path) -> Run:
    """The finished run in a folder; raises UsageError saying what is wrong with it."""
    if not (path / INFO_FILE).is_file():
        raise UsageError(
            f"no run at {str(path)!r}: give a folder that `qa eval … --out` has written"
        )
    if _is_unfinished(path):
        raise UsageError(
            f"the run at {str(path)!r} was interrupted: finish it with the same command"
            " and --resume"
        )
    return Run(_read_info(path), tuple(_read_results(path)))


def _is_unfinished(path: Path) -> bool:
    return (path / INFO_FILE).exists() and not (path / SUMMARY_FILE).exists()


def _resumable(path: Path, info: RunInfo) -> list[Result]:
    if not (path / INFO_FILE).exists():
        return []
    if differences := info.differences(_read_info(path)):
        raise UsageError(
            f"the run at {str(path)!r} cannot be resumed, for it was made with something else"
            f" ({'; '.join(differences)}): give another --out"
        )
    return list(_read_results(path))


def _read_info(path: Path) -> RunInfo:
    file = path / INFO_FILE
    try:
        return RunInfo.from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{str(file)!r} is not the header of a run ({error}): give another folder"
        ) from error


def _read_results(path: Path) -> Iterator[Result]:
    file = path / RESULTS_FILE
    try:
        content = file.read_bytes()
        # What follows the last line end is a line that an interruption cut short, within a letter
        # perhaps.
        lines = content[: content.rfind(b"\n") + 1].decode("utf-8").split("\n")[:-1]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the results {str(file)!r} ({error})") from error
    for number, line in enumerate(lines, 1):
        try:
            yield Result.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"line {number} of {str(file)!r} is not a result ({error!r}): run it again"
            ) from error


def _line(result: Result) -> str:
    return json.dumps(result.as_json(), ensure_ascii=False) + "\n"


def _document(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _replace(file: Path, text: str) -> None:
    """Readers of the file see the old text or the new one, never a part."""
    new = file.with_name(f".{file.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"cannot write the run to {str(path)!r} ({error.strerror or error}):"
            " make room or give another --out"
        ) from error
