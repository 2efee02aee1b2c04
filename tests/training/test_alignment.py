import numpy as np

from qa.training.alignment import align
from qa.training.corpus import Samples
from qa.training.vocabulary import Ragged

THE, HOUSE, BOOK, DAS, HAUS, BUCH = range(6)


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
