"""Preparation in a second process, a step ahead of the stores.

Chroma holds Python's lock while it adds, so a thread would only wait for it. The process is
started by this module's name: `multiprocessing` would run the caller's main script once more.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from subprocess import PIPE, Popen
from typing import IO, Self

from qa.errors import EmbedderError
from qa.index.embedding import StaticEmbedder
from qa.index.preparation import Preparation, Prepared
from qa.index.word_table import WordTable
from qa.model import StoredPassage


class PreparationAhead:
    """What `Preparation` does over the shipped embedder, by another process; a context manager."""

    def __init__(self, table: WordTable) -> None:
        self._here = Preparation(StaticEmbedder(table), table)
        self._process = Popen(
            # Without the working directory, in which any file may be named like a module.
            [sys.executable, "-P", "-m", __name__],
            stdin=PIPE,
            stdout=PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
            # Ctrl-C is for the caller, at whose end the process ends too.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._start = ThreadPoolExecutor(1)
        self._table_sent = self._start.submit(_write, table, self._requests)

    @property
    def process_id(self) -> int:
        """The other process's number."""
        return self._process.pid

    def prepare_each(self, steps: Iterable[Sequence[StoredPassage]]) -> Iterator[Prepared]:
        """Each step's preparation; the next one is made while the caller stores this one.

        The first is made by this process, while the other one starts.
        """
        rest = iter(steps)
        asked = next(rest, None)
        if asked is None:
            return
        receive = self._here.prepare
        for step in rest:
            ready = receive(asked)
            # Sent whole before the caller goes on: Chroma would keep a thread from sending it.
            self._send(step)
            yield ready
            asked, receive = step, self._receive
        yield receive(asked)

    def close(self) -> None:
        """Ends the process, when it is done with what it was given."""
        self._start.shutdown()
        for pipe in (self._requests, self._answers):
            # What a process that died was still to be sent is no loss.
            with suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, passages: Sequence[StoredPassage]) -> None:
        with self._death_reported():
            self._table_sent.result()
            _write(passages, self._requests)

    def _receive(self, passages: Sequence[StoredPassage]) -> Prepared:
        with self._death_reported():
            prepared: Prepared = pickle.load(self._answers)
        return replace(prepared, passages=passages)

    @contextmanager
    def _death_reported(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError) as error:
            code = self._process.wait()
            cause = "free some memory" if code < 0 else "mend what it says above"
            raise EmbedderError(
                f"the process that prepares passages ended with exit code {code}; {cause}"
                " and run it again"
            ) from error


def _write(message: object, pipe: IO[bytes]) -> None:
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """The other process: a word table, then passages as long as the caller is there."""
    # Nothing that is made here refers back to itself: looking for that takes a tenth of the time.
    gc.disable()
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):
        table: WordTable = pickle.load(requests)
        preparation = Preparation(StaticEmbedder(table), table)
        while True:
            prepared = preparation.prepare(pickle.load(requests))
            # The caller has the passages: what it has not is sent.
            _write(replace(prepared, passages=()), answers)


if __name__ == "__main__":
    # Buffered, which sys.stdout is not under PYTHONUNBUFFERED: it would drop the rest of a write
    # that a stop cuts short.
    with open(0, "rb") as requests, open(1, "wb") as answers:
        _serve(requests, answers)
