import os
import signal
from collections.abc import Callable

import numpy as np
import pytest

from qa.errors import EmbedderError
from qa.index.ahead import PreparationAhead
from qa.index.embedding import StaticEmbedder, WordTable
from qa.index.preparation import Preparation
from qa.model import StoredPassage

MakePassage = Callable[..., StoredPassage]


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
        with pytest.raises(EmbedderError, match="exit code -9"):
            list(ahead.prepare_each(steps))


def test_it_ends_with_its_caller(table: WordTable, steps: list[list[StoredPassage]]) -> None:
    with PreparationAhead(table) as ahead:
        next(ahead.prepare_each(steps))
    with pytest.raises(ProcessLookupError):
        os.kill(ahead.process_id, 0)
