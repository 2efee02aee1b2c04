import pickle
from math import exp
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.transliteration import Transliteration, UnitCosts, stored_cost
from qa.index.word_table import load_word_table

UNITS = (("", ""), ("a", "ا"), ("h", ""), ("k", "ك"), ("k", "ق"), ("kh", "خ"), ("n", "ن"))
BOUNDARY, A, H, K_KAF, K_QAF, KH, N = range(7)


def chances(*values: float) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return stored_cost(np.array(values))


@pytest.fixture
def letters() -> Transliteration:
    """Seven units; after the boundary and after a, ك is likelier than ق, elsewhere as likely."""
    after = {BOUNDARY: {K_KAF: 0.6, K_QAF: 0.2}, A: {K_KAF: 0.4, K_QAF: 0.1}}
    pairs = [pair for units in after.values() for pair in units.items()]
    return Transliteration(
        UnitCosts(
            units=UNITS,
            alone=chances(0.1, 0.3, 0.1, 0.1, 0.1, 0.05, 0.25),
            leaving=chances(*[0.5] * len(UNITS)),
            offsets=np.array([0, 2, *[4] * 6], dtype=np.uint32),
            following=np.array([unit for unit, _ in pairs], dtype=np.uint16),
            costs=chances(*[chance for _, chance in pairs]),
        )
    )


def test_spellings_come_with_their_chances_the_likeliest_first(letters: Transliteration) -> None:
    found = letters.spellings("kan")
    assert list(found) == ["كان", "قان"]
    # Three times as likely to begin a name; all that follows is alike.
    assert list(found.values()) == pytest.approx([0.75, 0.25], abs=0.03)


def test_the_same_spelling_by_several_cuts_is_one(letters: Transliteration) -> None:
    found = letters.spellings("akhan")
    assert set(found) == {"اكان", "اقان", "اخان"}
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", ["", "ka", "kax", "كان", "kan" * 6, "1990"])
def test_what_cannot_be_spelled_has_no_spellings(letters: Transliteration, name: str) -> None:
    assert letters.spellings(name) == {}


def test_a_spelling_of_two_letters_is_none(letters: Transliteration) -> None:
    assert letters.spellings("khh") == {}


def test_it_is_read_as_it_was_written(letters: Transliteration, tmp_path: Path) -> None:
    letters.write(tmp_path)
    read = Transliteration.read(tmp_path)
    assert read.spellings("akhan") == letters.spellings("akhan")
    assert pickle.loads(pickle.dumps(read)).spellings("kan") == letters.spellings("kan")


def test_a_listed_spelling_is_as_likely_as_the_likeliest(letters: Transliteration) -> None:
    listed = Transliteration(letters.stored, {"kan": "خان قان", "kax": "كاخ"})
    found, expected = listed.spellings("kan"), letters.spellings("kan")
    assert list(found) == ["خان", "قان", "كان"]
    assert found["خان"] == found["قان"] == found["كان"] == expected["كان"]
    assert listed.spellings("akhan") == letters.spellings("akhan")
    assert listed.spellings("kax") == {}


def test_listed_spellings_are_read_as_they_were_written(
    letters: Transliteration, tmp_path: Path
) -> None:
    Transliteration(letters.stored, {"kan": "خان قان", "nak": "ناق"}).write(tmp_path)
    read = Transliteration.read(tmp_path)
    assert read.listed == {"kan": "خان قان", "nak": "ناق"}
    assert pickle.loads(pickle.dumps(read)).listed == read.listed


def test_a_folder_without_the_file_spells_nothing(tmp_path: Path) -> None:
    assert Transliteration.read(tmp_path).spellings("kan") == {}


def test_costs_are_stored_to_a_sixteenth() -> None:
    costs = stored_cost(np.array([1.0, 0.5, 1e-9]))
    assert [exp(-cost / 16) for cost in costs[:2].tolist()] == pytest.approx([1, 0.5], rel=0.04)
    assert costs[2] == 255


@given(st.text("ahkn", min_size=3, max_size=6))
def test_the_beam_keeps_what_a_search_of_all_ways_finds(name: str) -> None:
    model = Transliteration(
        UnitCosts(
            units=UNITS,
            alone=chances(0.1, 0.3, 0.1, 0.1, 0.1, 0.05, 0.25),
            leaving=chances(*[1.0] * len(UNITS)),
            offsets=np.zeros(len(UNITS) + 1, dtype=np.uint32),
            following=np.zeros(0, dtype=np.uint16),
            costs=chances(),
        )
    )
    assert set(model.spellings(name)) == {way for way in _ways(name) if len(way) > 2}


def _ways(name: str) -> set[str]:
    """Every way of writing a name by the units, tried one after another."""
    if not name:
        return {""}
    return {
        written + rest
        for unit, written in UNITS[1:]
        if name.startswith(unit)
        for rest in _ways(name[len(unit) :])
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("lavrov", "لافروف"),
        ("medvedev", "ميدفيديف"),
        ("yosemite", "يوسيميتي"),
        ("лавров", "لافروف"),
        ("медведев", "ميدفيديف"),
        ("velayati", "ولايتي"),
        ("zawahiri", "ظواهري"),
    ],
)
def test_the_shipped_model_spells_latin_and_russian_names(name: str, written: str) -> None:
    assert written in list(load_word_table().transliteration.spellings(name))[:5]
