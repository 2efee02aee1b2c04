import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.retrieval.rerank import (
    BLOCK,
    PiecedWord,
    PiecedWords,
    best_matches,
    late_interaction,
)

# Four table rows against two question words.
SIMILARITY = np.array([[0.9, 0.1], [0.2, 0.8], [-0.5, 0.3], [0.0, -0.2]], dtype=np.float32)


def ids(*rows: int) -> NDArray[np.int32]:
    return np.array(rows, dtype=np.int32)


def test_each_question_word_takes_its_best_match() -> None:
    best = best_matches(SIMILARITY, [ids(0, 1), ids(2, 3), ids(1)])
    assert best == pytest.approx(np.array([[0.9, 0.8], [0.0, 0.3], [0.2, 0.8]]))


def test_an_empty_text_matches_nothing_wherever_it_stands() -> None:
    best = best_matches(SIMILARITY, [ids(), ids(0), ids(), ids(1), ids()])
    assert best == pytest.approx(np.array([[0, 0], [0.9, 0.1], [0, 0], [0.2, 0.8], [0, 0]]))


def test_no_texts_and_no_words_are_empty_answers() -> None:
    assert best_matches(SIMILARITY, []).shape == (0, 2)
    assert best_matches(SIMILARITY[:, :0], [ids(0)]).shape == (1, 0)


def test_late_interaction_adds_half_of_the_best_matches_to_those_of_the_best_place() -> None:
    weights = np.array([0.25, 0.75], dtype=np.float32)
    far_apart = ids(0, *[3] * (2 * BLOCK), 1)
    everywhere = 0.25 * 0.9 + 0.75 * 0.8
    one_place = 0.25 * 0.2 + 0.75 * 0.8
    scores = late_interaction(SIMILARITY, weights, [ids(0, 3, 1), far_apart, ids()])
    assert scores == pytest.approx([1.5 * everywhere, one_place + 0.5 * everywhere, 0])


def test_a_place_does_not_reach_into_the_next_passage() -> None:
    weights = np.array([0.5, 0.5], dtype=np.float32)
    apart, together = ([ids(0), ids(1)], [ids(0), ids(1), ids(0, 1)])
    assert late_interaction(SIMILARITY, weights, apart) == pytest.approx(
        late_interaction(SIMILARITY, weights, together)[:2]
    )
    assert late_interaction(SIMILARITY, weights, []).shape == (0,)


@given(st.lists(st.lists(st.integers(0, 3), max_size=40), max_size=6))
def test_best_matches_agrees_with_the_plain_loop(texts: list[list[int]]) -> None:
    best = best_matches(SIMILARITY, [ids(*rows) for rows in texts])
    plain = [[max([0, *SIMILARITY[rows, word].tolist()]) for word in (0, 1)] for rows in texts]
    assert best == pytest.approx(np.array(plain).reshape(-1, 2))


# Rows 1 and 3 go on a word.
INNER = np.array([False, True, False, True])


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([2, 1], [0]),
        ([0, 2, 1, 2, 1], [1, 3]),
        ([2, 1, 3], []),
        ([2], []),
        ([2, 3], []),
        ([2, 1, 0], [0]),
        ([0], []),
    ],
)
def test_a_word_in_pieces_stands_where_they_do_and_no_longer_word(
    rows: list[int], places: list[int]
) -> None:
    word = PiecedWord(column=0, pieces=(2, 1), similarity=0.9)
    assert PiecedWords((word,), INNER).places(word, ids(*rows)).tolist() == places


def test_a_word_in_pieces_counts_where_it_stands_whole() -> None:
    weights = np.array([1.0, 0.0], dtype=np.float32)
    whole, apart = ids(*[3] * (2 * BLOCK), 2, 1), ids(2, 3, 2)
    pieced = PiecedWords((PiecedWord(column=0, pieces=(2, 1), similarity=0.95),), INNER)
    plain = late_interaction(SIMILARITY, weights, [apart, whole, apart])
    scores = late_interaction(SIMILARITY, weights, [apart, whole, apart], pieced)
    assert scores[1] == pytest.approx(1.5 * 0.95)
    assert scores[[0, 2]] == pytest.approx(plain[[0, 2]])


@given(st.lists(st.lists(st.integers(0, 3), max_size=40), max_size=6), st.integers(0, 1))
def test_a_place_of_one_row_matches_as_if_the_table_said_so(
    texts: list[list[int]], column: int
) -> None:
    weights = np.array([0.4, 0.6], dtype=np.float32)
    pieced = PiecedWords((PiecedWord(column, (2,), 0.9),), np.zeros(4, dtype=bool))
    raised = SIMILARITY.copy()
    raised[2, column] = 0.9
    passages = [ids(*rows) for rows in texts]
    assert late_interaction(SIMILARITY, weights, passages, pieced) == pytest.approx(
        late_interaction(raised, weights, passages)
    )
