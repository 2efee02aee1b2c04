import numpy as np

from qa.training.pieces import cut, fit_pieces
from qa.training.vocabulary import UNKNOWN, Vocabulary

VOCABULARY = Vocabulary((UNKNOWN, "ab", "abc", "abd", "xc", "x", "##c", "##d", "##cd"), 5)


def test_a_word_is_cut_greedily_and_never_into_itself() -> None:
    rows = VOCABULARY.rows()
    assert cut("abc", rows) == [rows["ab"], rows["##c"]]
    assert cut("abcd", rows) == [rows["abc"], rows["##d"]]
    assert cut("zz", rows) == []


def test_pieces_of_a_word_add_up_to_it_and_words_stay() -> None:
    vectors = np.zeros((9, 2), dtype=np.float32)
    vectors[1:5] = [[1, 0], [1, 1], [1, -1], [0, 1]]
    before = vectors[:5].copy()
    fit_pieces(VOCABULARY, vectors, np.full(9, 1000, dtype=np.float32))
    rows = VOCABULARY.rows()
    assert np.array_equal(vectors[:5], before)
    assert np.allclose(vectors[rows["ab"]] + vectors[rows["##d"]], vectors[rows["abd"]], atol=0.02)
