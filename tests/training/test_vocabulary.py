import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.training.vocabulary import (
    MARK,
    UNKNOWN,
    Ragged,
    Vocabulary,
    choose,
    inverse_frequency,
    most_frequent,
)

COUNTS = {"dogs": 5, "dog": 5, "door": 9, "food": 1, "كلب": 3}


def chosen(words: int, pieces: int) -> Vocabulary:
    return choose(most_frequent(COUNTS, words), pieces)


lists = st.lists(st.lists(st.integers(0, 50), max_size=6), min_size=1, max_size=8)


def test_frequent_keys_come_first_and_equal_ones_in_order() -> None:
    vocabulary = chosen(words=4, pieces=30)
    assert vocabulary.entries[:5] == (UNKNOWN, "door", "dog", "dogs", "كلب")
    assert vocabulary.words == 5


def test_the_order_of_counting_does_not_matter() -> None:
    assert most_frequent(COUNTS, 5) == most_frequent(dict(reversed(COUNTS.items())), 5)


def test_entries_are_unique() -> None:
    entries = chosen(5, 1000).entries
    assert len(set(entries)) == len(entries)


def test_known_words_stay_whole_and_unknown_ones_fall_into_pieces() -> None:
    vocabulary = chosen(words=5, pieces=1000)
    encoding = vocabulary.tokenizer().encode("dogs doood", add_special_tokens=False)
    assert encoding.tokens[0] == "dogs"
    assert len(encoding.tokens) > 2
    assert "".join(token.removeprefix(MARK) for token in encoding.tokens[1:]) == "doood"


def test_pieces_spell_the_words_that_languages_share() -> None:
    entries = choose(["dog", "chien@fr"], 100).entries
    assert "##og" in entries
    assert not any("h" in entry for entry in entries if entry.startswith(MARK))


@given(lists)
def test_ragged_gives_back_what_was_packed(texts: list[list[int]]) -> None:
    ragged = Ragged.from_lists(texts)
    chosen = np.arange(len(texts))[::-1]
    taken = ragged.take(chosen)
    unpacked = [list(part) for part in np.split(taken.flat, taken.offsets[1:-1])]
    assert unpacked == texts[::-1]


@given(lists)
def test_concatenated_is_packing_all(texts: list[list[int]]) -> None:
    once = Ragged.from_lists(texts)
    both = Ragged.concatenated([once, once])
    assert both.lengths.tolist() == [len(text) for text in texts + texts]


def test_rare_words_weigh_more() -> None:
    weights = inverse_frequency(np.array([98.5, 0.5, 0.0]))
    assert weights[2] == 1
    # Probabilities are 99, 1 and 0.5 of 100.5.
    assert weights[0] == pytest.approx(np.log(100.5 / 99) / np.log(100.5 / 0.5), rel=1e-5)
