from pathlib import Path

import numpy as np
import pytest

from qa.index.translations import Translations


@pytest.fixture
def some() -> Translations:
    words, translated = np.array([2, 0, 2]), np.array([1, 3, 3])
    return Translations.of(4, words, translated, np.array([0.2, 1.0, 0.7]))


def test_the_likeliest_come_first(some: Translations) -> None:
    assert [row for row, _ in some.of_row(2)] == [3, 1]
    assert [chance for _, chance in some.of_row(2)] == pytest.approx([0.7, 0.2], abs=0.002)
    assert some.of_row(0) == [(3, 1.0)]
    assert some.of_row(1) == []


def test_they_are_read_as_they_were_written(some: Translations, tmp_path: Path) -> None:
    some.write(tmp_path)
    read = Translations.read(tmp_path, 4)
    assert [read.of_row(row) for row in range(4)] == [some.of_row(row) for row in range(4)]


def test_a_folder_without_the_file_has_none(tmp_path: Path) -> None:
    assert Translations.read(tmp_path, 3).of_row(2) == []
