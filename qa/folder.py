"""The data folder: made when absent, and held so that one process writes or several read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Self

import portalocker
from portalocker import LockFlags

from qa.errors import StorageBusyError, StorageError

LOCK_NAME = "lock"
HOLDERS_NAME = "holders"
_RETRY_SECONDS = 0.1
_BESIDE_WRITER = {
    True: "A server started as `qa serve --write` takes articles by its API (docs/api.md)",
    False: "A server started as `qa serve --write` is asked by its API (docs/api.md); "
    "one started without --write lets others read beside it",
}
"""What else can be done by who wants to write, or to read."""


class DataFolder:
    """An open hold on a data folder: exclusive to write, shared to read; closed, it is free again.

    Chroma's files are not safe for a writer beside other processes, so the hold is for the life
    of the process and not for one operation. Each process also holds a file of its own, named
    after it, so that others can be told who is in their way.
    """

    def __init__(self, path: Path, *, write: bool, wait: float = 0) -> None:
        """Hold `path`, waiting up to `wait` seconds for others to let go of it."""
        make_folder(path / HOLDERS_NAME)
        self._file = _opened(path / LOCK_NAME)
        deadline = monotonic() + wait
        while not _lock(self._file, LockFlags.EXCLUSIVE if write else LockFlags.SHARED):
            if monotonic() >= deadline:
                self._file.close()
                raise _busy(path, write=write)
            sleep(_RETRY_SECONDS)
        self._marker = path / HOLDERS_NAME / f"process {os.getpid()} ({_command()})"
        self._marked = _opened(self._marker)
        _lock(self._marked, LockFlags.EXCLUSIVE)

    def close(self) -> None:
        """Give the folder back; a second call does nothing."""
        self._marked.close()
        self._marker.unlink(missing_ok=True)
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def make_folder(path: Path) -> None:
    """Make a folder of data where it is absent; raises StorageError where that is refused."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, error) from error


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a+")
    except OSError as error:
        raise _unusable(path, error) from error


def _lock(file: IO[str], kind: LockFlags) -> bool:
    try:
        portalocker.lock(file, kind | LockFlags.NON_BLOCKING)
    except portalocker.LockException:
        return False
    return True


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{str(path)!r} cannot be written: {error.strerror or error}. "
        "Set QA_DATA_DIR to a folder that you may write"
    )


def _busy(path: Path, *, write: bool) -> StorageBusyError:
    return StorageBusyError(
        f"the data folder {str(path)!r} is in use by {holders(path)}: wait until it is done, "
        f"stop it, or set QA_DATA_DIR to another folder. {_BESIDE_WRITER[write]}"
    )


def holders(path: Path) -> str:
    """Who holds the folder now; what a killed process left behind is locked by nobody."""
    found = []
    for marker in sorted((path / HOLDERS_NAME).iterdir()):
        with marker.open("a+") as file:
            if _lock(file, LockFlags.EXCLUSIVE):
                marker.unlink(missing_ok=True)
            else:
                found.append(marker.name)
    return " and ".join(found) or "another process"


def _command() -> str:
    """What this process calls itself, without the arguments, which may hold a question."""
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]).replace(os.sep, "-")[:60]
