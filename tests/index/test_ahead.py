import fcntl
import os
import signal
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qa.errors import EmbedderError
from qa.index.ahead import PreparationAhead
from qa.index.embedding import StaticEmbedder
from qa.index.preparation import Preparation
from qa.index.word_table import WordTable
from qa.model import StoredPassage

MakePassage = Callable[..., StoredPassage]
PIPE_BYTES = 65_536


@pytest.fixture
def steps(passage: MakePassage) -> list[list[StoredPassage]]:
    texts = ["oil price", "سيادة سوريا", "", "unknowner border"]
    return [[passage(n, text=text), passage(n + 10)] for n, text in enumerate(texts)]


def test_it_prepares_as_this_process_would(
    table: WordTable, steps: list[list[StoredPassage]]
) -> None:
    here = Preparation(StaticEmbedder(table), table).prepare_each(steps)
    with PreparationAhead(table) as ahead:
        for expected, found in zip(here, ahead.prepare_each(steps), strict=True):
            assert found.passages == expected.passages
            assert found.terms == expected.terms
            assert np.array_equal(found.vectors, expected.vectors)
            assert all(map(np.array_equal, found.words, expected.words))


def test_it_serves_one_batch_after_another(
    table: WordTable, steps: list[list[StoredPassage]]
) -> None:
    with PreparationAhead(table) as ahead:
        assert list(ahead.prepare_each([])) == []
        assert len(list(ahead.prepare_each(steps))) == len(steps)
        assert len(list(ahead.prepare_each(steps[:1]))) == 1


def test_its_death_is_reported(table: WordTable, steps: list[list[StoredPassage]]) -> None:
    with PreparationAhead(table) as ahead:
        os.kill(ahead.process_id, signal.SIGKILL)
        with pytest.raises(EmbedderError, match=r"exit code -9; free some memory"):
            list(ahead.prepare_each(steps))


def test_files_of_the_working_directory_are_no_modules(
    table: WordTable,
    steps: list[list[StoredPassage]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(7)", "utf-8")
    monkeypatch.chdir(tmp_path)
    with PreparationAhead(table) as ahead:
        assert len(list(ahead.prepare_each(steps))) == len(steps)


def test_a_stop_in_the_midst_of_a_reply_loses_nothing(
    table: WordTable, passage: MakePassage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")  # as containers set it
    steps = [[passage(n, text="oil price " * (PIPE_BYTES // 4))] for n in range(2)]
    here = list(Preparation(StaticEmbedder(table), table).prepare_each(steps))
    with PreparationAhead(table) as ahead:
        replies = ahead.prepare_each(steps)
        next(replies)
        while waiting_bytes(ahead) < PIPE_BYTES // 2:
            os.kill(ahead.process_id, 0)
        os.kill(ahead.process_id, signal.SIGSTOP)
        os.kill(ahead.process_id, signal.SIGCONT)
        assert next(replies).terms == here[1].terms


def waiting_bytes(ahead: PreparationAhead) -> int:
    """What its process has written and nobody has read; it waits where that fills the pipe."""
    held = fcntl.ioctl(ahead._answers, termios.FIONREAD, bytes(4))
    return int.from_bytes(held, sys.byteorder)


def test_it_ends_with_its_caller(table: WordTable, steps: list[list[StoredPassage]]) -> None:
    with PreparationAhead(table) as ahead:
        next(ahead.prepare_each(steps))
    with pytest.raises(ProcessLookupError):
        os.kill(ahead.process_id, 0)
