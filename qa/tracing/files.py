"""Traces as files: whether one can be written is known before a question is asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from qa.errors import UsageError
from qa.tracing.trace import Trace, parse_trace

_REMEDY = "name a file in a folder that is there and can be written to"


@contextmanager
def open_trace(path: Path) -> Iterator[Callable[[Trace], None]]:
    """A function that keeps a trace; a file that was there stays as it is until the end.

    Raises UsageError at once where the file cannot be written. Only its owner can read it.
    """
    file = path.resolve()
    _check(path, file)
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as draft:
            pass
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error
    try:
        yield lambda trace: _keep(trace, Path(draft.name), file, path)
    finally:
        Path(draft.name).unlink(missing_ok=True)


def write_trace(trace: Trace, path: Path) -> None:
    """The trace as a file; raises UsageError where it cannot be written."""
    with open_trace(path) as keep:
        keep(trace)


def read_trace(path: Path) -> Trace:
    """The trace in a file; raises UsageError where it is none that can be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the trace {str(path)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{str(path)!r} is no trace of an answer: it is not UTF-8") from error
    return parse_trace(text, repr(str(path)))


def _check(path: Path, file: Path) -> None:
    if file.exists() and not file.is_file():
        raise _unwritable(path, "it is no file")
    if file.exists() and not os.access(file, os.W_OK):
        raise _unwritable(path, "it may only be read")


def _keep(trace: Trace, draft: Path, file: Path, path: Path) -> None:
    try:
        text = json.dumps(trace.as_json(), ensure_ascii=False, indent=1)
        draft.write_text(f"{text}\n", encoding="utf-8", errors="replace")
        draft.replace(file)
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def _unwritable(path: Path, why: str) -> UsageError:
    return UsageError(f"the trace cannot be written to {str(path)!r} ({why}): {_REMEDY}")
