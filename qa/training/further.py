"""Languages that join a finished English-Arabic table, with English as the pivot.

The rows of English and Arabic stay as they are: a word of the new language begins at its English
translations, as an alignment counts them, and is trained to match the English side of its rows.
So a further language costs the others nothing but room, and they need not know of one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import language_of
from qa.model import Vectors
from qa.training.alignment import Aligned, align
from qa.training.corpus import Encode, KeyedSource, Space, group, teacher_vectors
from qa.training.distil import Recipe, train
from qa.training.start import SingleWords, starting_rows, unit_rows
from qa.training.vocabulary import Vocabulary

STEPS = 100


@dataclass(frozen=True, slots=True)
class Joining:
    """What every language that joins finds there."""

    vocabulary: Vocabulary
    weights: NDArray[np.float32]
    space: Space
    recipe: Recipe

    def join(
        self, code: str, sources: Sequence[KeyedSource], encode: Encode, vectors: Vectors
    ) -> Aligned:
        """Fills the rows of a language's words, in place, from its rows with an English side.

        Returns which English words they were found to translate.
        """
        targets = [self.space.reduce(one) for one in teacher_vectors(sources, encode)]
        samples = group(sources, targets, self.vocabulary.rows())
        own = self._own(code)
        known = np.flatnonzero((np.linalg.norm(vectors, axis=1) > 0) & ~own)
        aligned = align(samples.values(), len(vectors))
        aligned = aligned.where(own[aligned.other])
        single = SingleWords(known, vectors[known])
        start = starting_rows(samples, single, aligned, len(vectors))
        recipe = replace(self.recipe, steps=min(STEPS, self.recipe.steps))
        weighed = start * self.weights[:, None]
        tokenizer = self.vocabulary.tokenizer()
        trained = train(samples, weighed, self.weights, tokenizer, recipe, _silent, own)
        vectors[own] = unit_rows(trained[own])
        return aligned

    def _own(self, code: str) -> NDArray[np.bool_]:
        """Which rows are of a language's words."""
        own = np.array([language_of(entry) == code for entry in self.vocabulary.entries])
        own[self.vocabulary.words :] = False
        return own


def _silent(step: int, loss: float) -> None:
    """A language joins in a minute: its losses are not reported."""
