"""The student: rows of a StaticEmbedding pulled towards the teacher's sentence vectors.

Each step draws rows of every kind and adds three losses, the third of which is what the table is
used for. Few steps suffice from a good start, and many wear off what the data seldom say:

* align: the mean of a text's rows lands on the teacher's vector of the English side;
* contrast: among the batch, a text's mean is nearest to the mean of its own translation;
* match: among the batch, the words of a text find their best matches in its own translation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.model import Vectors
from qa.training.corpus import Samples
from qa.training.sources import Kind
from qa.training.vocabulary import Ragged

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that shapes the training besides the data; printed in the model card."""

    steps: int = 150
    batch: int = 512
    matched: int = 96
    """Rows of a kind whose words are matched one by one: the costly loss."""
    learning_rate: float = 0.003
    shares: Mapping[Kind, float] = field(
        default_factory=lambda: {
            Kind.SENTENCES: 0.6,
            Kind.WORDS: 0.25,
            Kind.NAMES: 0.15,
        }
    )
    contrast: float = 0.05
    match: float = 0.5
    temperature: float = 0.05
    match_temperature: float = 0.03
    seed: int = 7


_SAME = 0.97
"""Rows whose targets are this near say the same thing: they are no rivals of one another."""

_NOTHING = 1e-6

Report = Callable[[int, float], None]
"""Step and loss."""


def train(
    samples: Mapping[Kind, Samples],
    start: Vectors,
    weights: NDArray[np.float32],
    tokenizer: "Tokenizer",
    recipe: Recipe,
    report: Report,
    free: NDArray[np.bool_] | None = None,
) -> Vectors:
    """The rows after training, from the rows `start`; `weights` are the words' in the match.

    Of rows that are not `free`, where that is given, none changes.
    """
    import torch
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    # One thread adds in one order: the same bytes, however many processors there are.
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    module = StaticEmbedding(tokenizer, embedding_weights=start.copy())
    module.embedding.sparse = True
    student = _Student(module.embedding.weight, torch.from_numpy(weights), recipe)
    optimizer = torch.optim.SparseAdam(list(module.parameters()), lr=recipe.learning_rate)
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * (1 - step / recipe.steps)
        loss = torch.stack(
            [
                share * student.loss(samples[kind], _draw(samples[kind], share, recipe, rng))
                for kind, share in recipe.shares.items()
                if kind in samples
            ]
        ).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if free is not None:
            _hold(module.embedding.weight, free)
        optimizer.step()  # type: ignore[no-untyped-call]
        report(step, loss.item())
    rows: Vectors = module.embedding.weight.detach().numpy()
    return rows


class _Student:
    """The table being trained and its three losses on a draw of rows."""

    def __init__(self, table: "torch.Tensor", weights: "torch.Tensor", recipe: Recipe) -> None:
        self._table = table
        self._weights = weights
        self._recipe = recipe

    def loss(self, samples: Samples, chosen: NDArray[np.int64]) -> "torch.Tensor":
        """Align, contrast and match of the chosen rows of one kind, in the recipe's proportions."""
        import torch

        recipe = self._recipe
        target = torch.from_numpy(samples.targets[chosen])
        english = self._means(samples.english.take(chosen))
        other = self._means(samples.other.take(chosen))
        same = (target @ target.T > _SAME).fill_diagonal_(False)
        few = chosen[: recipe.matched]
        matched = self._match(samples.english.take(few), samples.other.take(few))
        loss = _distance(english, target) + _distance(other, target)
        loss = loss + recipe.contrast * _contrast(english @ other.T / recipe.temperature, same)
        few_same = same[: len(few), : len(few)]
        return loss + recipe.match * _contrast(matched / recipe.match_temperature, few_same)

    def _means(self, texts: Ragged) -> "torch.Tensor":
        """Unit vectors of texts: the direction of the mean of their rows."""
        import torch
        from torch.nn import functional

        means = functional.embedding_bag(
            torch.from_numpy(texts.flat),
            self._table,
            torch.from_numpy(texts.offsets[:-1]),
            mode="mean",
            sparse=True,
        )
        return functional.normalize(means, dim=1)

    def _match(self, questions: Ragged, texts: Ragged) -> "torch.Tensor":
        """How well each question's words are matched by each text, shape (questions, texts).

        For each word the cosine of the best match in the text, averaged by the words' weights:
        late interaction (Khattab and Zaharia 2020, "ColBERT"), as the retriever does it.
        """
        import torch

        words, word_of = np.unique(questions.flat, return_inverse=True)
        others, other_of = np.unique(texts.flat, return_inverse=True)
        cosines = self._unit_rows(words) @ self._unit_rows(others).T
        padded, empty = _padded(other_of, texts.offsets)
        best = (
            cosines[:, torch.from_numpy(padded)].masked_fill(torch.from_numpy(empty), -1.0).amax(2)
        )
        weights = self._weights[torch.from_numpy(questions.flat)]
        owner = torch.from_numpy(np.repeat(np.arange(len(questions)), questions.lengths))
        weighed = best[torch.from_numpy(word_of)] * weights[:, None]
        total = torch.zeros(len(questions), len(texts)).index_add(0, owner, weighed)
        weight = torch.zeros(len(questions)).index_add(0, owner, weights)
        return total / weight.clamp(min=_NOTHING)[:, None]

    def _unit_rows(self, rows: NDArray[np.int64]) -> "torch.Tensor":
        import torch
        from torch.nn import functional

        return functional.normalize(
            functional.embedding(torch.from_numpy(rows), self._table, sparse=True), dim=1
        )


def _hold(table: "torch.Tensor", free: NDArray[np.bool_]) -> None:
    """No gradient for the rows that are not free."""
    import torch

    assert table.grad is not None
    gradient = table.grad.coalesce()
    moves = torch.from_numpy(free)[gradient.indices()[0]]
    gradient.values().mul_(moves[:, None])
    table.grad = gradient


def _draw(
    samples: Samples, share: float, recipe: Recipe, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Row numbers of one kind for one step."""
    count = max(2, round(recipe.batch * share))
    drawn = np.searchsorted(samples.cumulative, rng.random(count))
    return np.minimum(drawn, len(samples) - 1)


def _distance(vectors: "torch.Tensor", targets: "torch.Tensor") -> "torch.Tensor":
    """Mean of 1 - cosine of unit vectors."""
    return (1 - (vectors * targets).sum(dim=1)).mean()


def _contrast(scores: "torch.Tensor", same: "torch.Tensor") -> "torch.Tensor":
    """Cross entropy of finding the diagonal, by rows and by columns; equal texts do not compete."""
    import torch
    from torch.nn import functional

    rivals = scores.masked_fill(same, -1e4)
    answer = torch.arange(len(scores))
    return (
        functional.cross_entropy(rivals, answer) + functional.cross_entropy(rivals.T, answer)
    ) / 2


def _padded(
    values: NDArray[np.int64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Ragged values as a rectangle, and which of its places are empty."""
    lengths = np.diff(offsets)
    places = np.arange(lengths.max())
    empty = places >= lengths[:, None]
    padded = np.zeros(empty.shape, dtype=np.int64)
    padded[~empty] = values
    return padded, empty
