"""What all texts have in common, to be taken out of their means.

The directions in which the means of many texts are largest are grammar and register rather than
topic (Arora et al. 2017, "A simple but tough-to-beat baseline for sentence embeddings").
"""

import numpy as np
from numpy.typing import NDArray

from qa.model import Vectors
from qa.training.corpus import Samples
from qa.training.start import unit_rows
from qa.training.vocabulary import Ragged

_TEXTS = 6000


def common_directions(
    vectors: Vectors, weights: NDArray[np.float32], samples: Samples, count: int, seed: int
) -> Vectors:
    """Orthonormal rows, shape (count, dimension): the first singular vectors of weighted means."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(samples), _TEXTS, p=samples.chances)
    sides = (samples.english.take(chosen), samples.other.take(chosen))
    means = np.concatenate([_means(texts, vectors, weights) for texts in sides])
    _, _, directions = np.linalg.svd(means, full_matrices=False)
    return np.ascontiguousarray(directions[:count], dtype=np.float32)


def _means(texts: Ragged, vectors: Vectors, weights: NDArray[np.float32]) -> Vectors:
    from scipy.sparse import csr_matrix

    owner = np.repeat(np.arange(len(texts)), texts.lengths)
    shape = (len(texts), len(vectors))
    means: Vectors = csr_matrix((weights[texts.flat], (owner, texts.flat)), shape=shape) @ vectors
    return unit_rows(means)
