import numpy as np
import pytest

from qa.training.alignment import Aligned
from qa.training.lexicon import translations

OIL, WAR, NAFT, HARB, PETROLE = range(5)


def aligned(*pairs: tuple[int, int, float]) -> Aligned:
    other, english, counts = zip(*pairs, strict=True)
    return Aligned(np.array(other), np.array(english), np.array(counts, dtype=np.float32))


def test_english_and_arabic_translate_one_another_and_others_into_english() -> None:
    arabic = aligned((NAFT, OIL, 9), (HARB, WAR, 5))
    found = translations(arabic, [aligned((PETROLE, OIL, 2))], 5)
    rows = [[row for row, _ in found.of_row(word)] for word in range(5)]
    assert rows == [[NAFT], [HARB], [OIL], [WAR], [OIL]]


def test_chances_are_shares_and_rare_ones_are_left_out() -> None:
    found = translations(aligned((NAFT, OIL, 80), (HARB, OIL, 19), (PETROLE, OIL, 1)), [], 5)
    assert [row for row, _ in found.of_row(OIL)] == [NAFT, HARB]
    assert found.of_row(OIL)[0][1] == pytest.approx(0.8, abs=0.002)
