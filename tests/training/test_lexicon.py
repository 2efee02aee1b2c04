import numpy as np
import pytest

from qa.training.alignment import Aligned
from qa.training.lexicon import translations

ENTRIES = ("oil", "war", "نفط", "حرب", "petrol@fr", "wars")
OIL, WAR, NAFT, HARB, PETROLE, WARS = range(6)


def aligned(*pairs: tuple[int, int, float]) -> Aligned:
    other, english, counts = zip(*pairs, strict=True)
    return Aligned(np.array(other), np.array(english), np.array(counts, dtype=np.float32))


def test_english_and_arabic_translate_one_another_and_others_into_english() -> None:
    arabic = aligned((NAFT, OIL, 9), (HARB, WAR, 5))
    found = translations(arabic, [aligned((PETROLE, OIL, 2))], ENTRIES)
    rows = [[row for row, _ in found.of_row(word)] for word in range(5)]
    assert rows == [[NAFT], [HARB], [OIL], [WAR], [OIL]]


def test_chances_are_shares_and_rare_ones_are_left_out() -> None:
    found = translations(aligned((NAFT, OIL, 80), (HARB, OIL, 19), (PETROLE, OIL, 1)), [], ENTRIES)
    assert [row for row, _ in found.of_row(OIL)] == [NAFT, HARB]
    assert found.of_row(OIL)[0][1] == pytest.approx(0.8, abs=0.002)


def test_a_form_that_is_seldom_met_is_translated_as_its_stem_is() -> None:
    found = translations(aligned((HARB, WAR, 90), (NAFT, WAR, 10), (NAFT, WARS, 1)), [], ENTRIES)
    # One time oil, and five times as all 101: 90 war, 11 oil.
    assert dict(found.of_row(WARS))[HARB] == pytest.approx(5 * 90 / 101 / 6, abs=0.003)
    assert dict(found.of_row(WAR))[HARB] == pytest.approx(0.9, abs=0.003)
    assert found.of_row(WARS)[0][0] == HARB
    unseen = translations(aligned((HARB, WAR, 9)), [], ENTRIES)
    assert unseen.of_row(WARS) == [(HARB, 1.0)]
    assert unseen.of_row(OIL) == unseen.of_row(PETROLE) == []
