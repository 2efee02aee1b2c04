"""The data folder: made when absent, and held so that one process writes or several read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Self

import portalocker

from qa.errors import StorageBusyError, StorageError

LOCK_NAME = "lock"
HOLDER_NAME = "lock.holder"
_RETRY_SECONDS = 0.1


class DataFolder:
    """An open hold on a data folder: exclusive to write, shared to read; closed, it is free again.

    Chroma's files are not safe for a writer beside other processes, so the hold is for the life
    of the process and not for one operation.
    """

    def __init__(self, path: Path, *, write: bool, wait: float = 0) -> None:
        """Hold `path`, waiting up to `wait` seconds for others to let go of it."""
        self.path = path
        make_folder(path)
        self._file = _open_lock(path)
        kind = portalocker.LockFlags.EXCLUSIVE if write else portalocker.LockFlags.SHARED
        deadline = monotonic() + wait
        while not self._try(kind):
            if monotonic() >= deadline:
                self._file.close()
                raise _busy(path)
            sleep(_RETRY_SECONDS)

    def close(self) -> None:
        """Give the folder back; a second call does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _try(self, kind: portalocker.LockFlags) -> bool:
        try:
            portalocker.lock(self._file, kind | portalocker.LockFlags.NON_BLOCKING)
        except portalocker.LockException:
            return False
        (self.path / HOLDER_NAME).write_text(f"process {os.getpid()} ({_command()})")
        return True


def make_folder(path: Path) -> None:
    """Make the data folder where it is absent; raises StorageError where that is refused."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, error) from error


def _open_lock(path: Path) -> IO[str]:
    try:
        return (path / LOCK_NAME).open("a+")
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"the data folder {str(path)!r} cannot be written: {error.strerror or error}. "
        "Set QA_DATA_DIR to a folder that you may write"
    )


def _busy(path: Path) -> StorageBusyError:
    return StorageBusyError(
        f"the data folder {str(path)!r} is in use by {_holder(path)}: "
        "wait until it is done, stop it, or set QA_DATA_DIR to another folder"
    )


def _holder(path: Path) -> str:
    try:
        return (path / HOLDER_NAME).read_text()
    except OSError:
        return "another process"


def _command() -> str:
    """What this process calls itself, without the arguments, which may hold a question."""
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
