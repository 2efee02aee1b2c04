import numpy as np

from qa.training.alignment import align
from qa.training.corpus import Samples
from qa.training.vocabulary import Ragged

THE, HOUSE, BOOK, DAS, HAUS, BUCH, RARE, SELTEN = range(8)


def test_words_find_their_translations_from_shared_rows() -> None:
    english = Ragged.from_lists([[THE, HOUSE], [THE, BOOK], [THE], []])
    other = Ragged.from_lists([[DAS, HAUS], [DAS, BUCH], [DAS], [BUCH]])
    samples = Samples(english, other, np.zeros((4, 2), np.float32), np.full(4, 0.25))
    found = align([samples], words=6)
    best = {
        int(word): int(
            found.english[found.other == word][found.counts[found.other == word].argmax()]
        )
        for word in set(found.other.tolist())
    }
    assert best == {DAS: THE, HAUS: HOUSE, BUCH: BOOK}


def test_a_rare_word_does_not_take_up_what_the_other_words_of_its_row_translate() -> None:
    common = [([THE, HOUSE], [DAS, HAUS]), ([THE, BOOK], [DAS, BUCH])] * 20
    rows = [*common, ([THE, HOUSE, RARE], [DAS, HAUS, SELTEN])]
    english, other = (Ragged.from_lists(side) for side in zip(*rows, strict=True))
    count = len(rows)
    samples = Samples(english, other, np.zeros((count, 2), np.float32), np.full(count, 1 / count))
    found = align([samples], words=8)
    of_rare = found.english == RARE
    shares = dict(zip(found.other[of_rare].tolist(), found.other_shares()[of_rare], strict=True))
    assert shares[SELTEN] > 0.95
