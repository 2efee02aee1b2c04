import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.retrieval.rerank import (
    BLOCK,
    FOR_QUESTIONS,
    FOR_SENTENCES,
    NEAR,
    PiecedWord,
    PiecedWords,
    Shares,
    best_matches,
    late_interaction,
)

# Four table rows against two question words.
SIMILARITY = np.array([[0.9, 0.1], [0.2, 0.8], [-0.5, 0.3], [0.0, -0.2]], dtype=np.float32)
EQUALLY_RARE = np.ones(4, dtype=np.float32)
SHARES = Shares(anywhere=0.5, pairs=0.25, covered=0.75, prior=8)


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


def scores_of(
    passages: list[NDArray[np.int32]],
    similarity: NDArray[np.float32] = SIMILARITY,
    weights: tuple[float, ...] = (0.25, 0.75),
    rarity: NDArray[np.float32] = EQUALLY_RARE,
    pieced: PiecedWords | None = None,
    shares: Shares = SHARES,
) -> NDArray[np.float32]:
    asked = np.array(weights, dtype=np.float32)
    return late_interaction(similarity, asked, passages, rarity, pieced, shares)


def test_a_passage_scores_by_its_best_place_by_pairs_and_by_what_it_is_about() -> None:
    far_apart = [0, *[3] * (2 * BLOCK), 1]
    everywhere = 0.25 * 0.9 + 0.75 * 0.8
    one_place = 0.25 * 0.2 + 0.75 * 0.8
    matched = [0.9 + 0.0 + 0.8, 0.9 + 0.8]
    mean = sum(matched) / (3 + len(far_apart))
    about = [
        (total + 8 * mean) / (length + 8)
        for total, length in zip(matched, (3, len(far_apart)), strict=True)
    ]
    scores = scores_of([ids(0, 3, 1), ids(*far_apart), ids()])
    assert scores == pytest.approx(
        [
            everywhere + 0.5 * everywhere + 0.25 * 0.8 + 0.75 * about[0],
            one_place + 0.5 * everywhere + 0.75 * about[1],
            0,
        ]
    )


def test_words_in_a_row_are_better_near_each_other_in_either_order() -> None:
    near = [3] * (NEAR - 1)
    forth, back, apart = scores_of([ids(0, *near, 1, 3), ids(1, *near, 0, 3), ids(0, *near, 3, 1)])
    assert forth == pytest.approx(back)
    assert forth > apart


def test_of_equal_matches_the_passage_with_less_beside_them_is_better() -> None:
    short, long = scores_of([ids(0, 1), ids(0, 1, *[3] * (BLOCK - 2))])
    assert short > long


def test_a_short_passage_of_one_word_is_first_for_a_sentence_alone() -> None:
    one_word, more = [ids(0)], [ids(0, *[3] * BLOCK)]
    gains = [
        float(np.subtract(*scores_of(one_word + more, shares=shares)))
        for shares in (FOR_QUESTIONS, FOR_SENTENCES)
    ]
    assert 0 < 4 * gains[0] < gains[1]


def test_one_word_is_no_pair_and_no_match_no_score() -> None:
    one = SIMILARITY[:, :1]
    scores = scores_of([ids(0), ids(3), ids(2)], one, weights=(1.0,))
    assert scores[0] > 0
    assert scores[1:].tolist() == [0, 0]
    assert scores_of([ids(3)]).tolist() == [0]


def test_passages_do_not_reach_into_one_another() -> None:
    assert scores_of([ids(0), ids(1)]) == pytest.approx(scores_of([ids(1), ids(0)])[::-1])
    assert scores_of([]).shape == (0,)


@given(texts=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=40), max_size=6))
def test_late_interaction_agrees_with_the_plain_loop(texts: list[list[int]]) -> None:
    matches = np.maximum(SIMILARITY, 0.0)
    rarity = np.array([0.5, 1, 2, 3], dtype=np.float32)
    rows = [row for text in texts for row in text]
    usual = (rarity * matches.max(axis=1))[rows].sum() / rarity[rows].sum() if rows else 0
    mean = rarity[rows].mean() if rows else 0

    def plain(text: list[int]) -> float:
        best = matches[text].max(axis=0)
        if not best.any():
            return 0.0
        place = max(
            matches[text[begin : begin + 2 * BLOCK]].max(axis=0) @ [0.25, 0.75]
            for begin in range(0, len(text), BLOCK)
        )
        pairs = max(
            (
                min(matches[one, 0], matches[other, 1])
                for i, one in enumerate(text)
                for j, other in enumerate(text)
                if 0 < abs(i - j) <= NEAR
            ),
            default=0.0,
        )
        about = (rarity * matches.max(axis=1))[text].sum() + 8 * mean * usual
        about /= rarity[text].sum() + 8 * mean
        return float(place + 0.5 * best @ [0.25, 0.75] + 0.25 * pairs + 0.75 * about)

    scores = scores_of([ids(*text) for text in texts], rarity=rarity)
    assert scores == pytest.approx(np.array([plain(text) for text in texts]), rel=1e-4)


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
    whole, apart = ids(*[3] * (2 * BLOCK), 2, 1), ids(2, *[3] * (2 * BLOCK), 1)
    pieced = PiecedWords((PiecedWord(column=0, pieces=(2, 1), similarity=0.95),), INNER)
    plain = scores_of([apart, whole, apart])
    scores = scores_of([apart, whole, apart], pieced=pieced)
    assert plain[0] == plain[2] < plain[1]
    assert scores[1] - plain[1] > 0.25 * 1.5 * (0.95 - 0.2)
    assert scores[0] - plain[0] < 0.01


def test_no_word_in_pieces_begins_in_one_passage_and_ends_in_the_next() -> None:
    pieced = PiecedWords((PiecedWord(column=0, pieces=(2, 0), similarity=0.95),), INNER)
    passages = [ids(1, 2), ids(0, 1)]
    assert scores_of(passages, pieced=pieced) == pytest.approx(scores_of(passages))


@given(st.lists(st.lists(st.integers(0, 3), max_size=40), max_size=6), st.integers(0, 1))
def test_a_place_of_one_row_matches_as_if_the_table_said_so(
    texts: list[list[int]], column: int
) -> None:
    pieced = PiecedWords((PiecedWord(column, (2,), 0.9),), np.zeros(4, dtype=bool))
    raised = SIMILARITY.copy()
    raised[2, column] = 0.9
    passages = [ids(*rows) for rows in texts]
    assert scores_of(passages, pieced=pieced) == pytest.approx(scores_of(passages, raised))
