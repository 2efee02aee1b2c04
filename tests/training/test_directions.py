import numpy as np

from qa.training.corpus import Samples
from qa.training.directions import common_directions
from qa.training.vocabulary import Ragged


def test_what_every_text_holds_is_the_common_direction() -> None:
    vectors = np.eye(4, dtype=np.float32)
    texts = Ragged.from_lists([[0, 1], [0, 2], [0, 3]])
    samples = Samples(texts, texts, np.zeros((3, 4), np.float32), np.full(3, 1 / 3))
    weights = np.array([3, 1, 1, 1], dtype=np.float32)
    (direction,) = common_directions(vectors, weights, samples, count=1, seed=1)
    assert np.argmax(np.abs(direction)) == 0
    assert abs(np.linalg.norm(direction) - 1) < 1e-5
