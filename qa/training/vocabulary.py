"""Which words and word pieces get a row, how a text becomes rows, and how frequent each word is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import is_plain

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
MARK = "##"
_LONGEST_PIECE = 6
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words in the order of their rows; row 0 is the unknown word, pieces come last."""

    entries: tuple[str, ...]
    """What a row stands for: a key, or a piece that begins with ##."""
    words: int
    """Rows 1 to words - 1 are whole keys."""

    def rows(self) -> dict[str, int]:
        """Entry → row."""
        return {entry: row for row, entry in enumerate(self.entries)}

    def tokenizer(self) -> "Tokenizer":
        """A WordPiece tokenizer over white space: keys joined by spaces in, rows out."""
        from tokenizers import Tokenizer
        from tokenizers.models import WordPiece
        from tokenizers.pre_tokenizers import WhitespaceSplit

        model = WordPiece(
            self.rows(),
            unk_token=UNKNOWN,
            continuing_subword_prefix=MARK,
            max_input_chars_per_word=_LONGEST_WORD,
        )
        tokenizer = Tokenizer(model)
        tokenizer.pre_tokenizer = WhitespaceSplit()
        return tokenizer


def choose(words: Sequence[str], pieces: int) -> Vocabulary:
    """The given keys, then the pieces that spell the most of those that any language shares."""
    known = (UNKNOWN, *words)
    shared = [word for word in words if is_plain(word)]
    return Vocabulary((*known, *_pieces(shared, pieces, set(known))), len(known))


def most_frequent(counts: Mapping[str, float], words: int) -> list[str]:
    """The most frequent keys, the most frequent first.

    Equal counts are ordered by the key, so that the same data give the same rows.
    """
    usable = (key for key in counts if len(key) <= _LONGEST_WORD)
    return sorted(usable, key=lambda key: (-counts[key], key))[:words]


def _pieces(keys: Sequence[str], limit: int, taken: set[str]) -> list[str]:
    """Beginnings and `##` continuations, by the letters of the vocabulary that they cover.

    Single letters always come along: without them a greedy cut may end in nothing.
    """
    covered: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for key in keys:
        letters.update({key[0]: 1})
        letters.update(MARK + letter for letter in key[1:])
        for start in range(len(key)):
            mark = MARK if start else ""
            for end in range(start + 2, min(start + _LONGEST_PIECE, len(key)) + 1):
                covered[mark + key[start:end]] += end - start - 1
    singles = [piece for piece, count in letters.most_common() if count > 1 and piece not in taken]
    ranked = sorted(covered, key=lambda piece: (-covered[piece], piece))
    longer = [piece for piece in ranked[: limit * 4] if piece not in taken]
    return [*singles, *longer][:limit]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Texts as rows: text i is `flat[offsets[i] : offsets[i + 1]]`."""

    flat: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def from_lists(cls, texts: Iterable[Sequence[int]]) -> "Ragged":
        """Packs lists of rows, in order."""
        lists = list(texts)
        lengths = np.array([len(rows) for rows in lists], dtype=np.int64)
        flat = np.fromiter((row for rows in lists for row in rows), np.int64, int(lengths.sum()))
        return cls(flat, np.concatenate([[0], np.cumsum(lengths)]))

    @classmethod
    def concatenated(cls, parts: Sequence["Ragged"]) -> "Ragged":
        """The texts of several, in order."""
        lengths = np.concatenate([part.lengths for part in parts])
        flat = np.concatenate([part.flat for part in parts])
        return cls(flat, np.concatenate([[0], np.cumsum(lengths)]))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many rows each text has."""
        return np.diff(self.offsets)

    def take(self, chosen: NDArray[np.int64]) -> "Ragged":
        """The chosen texts, in the order asked."""
        lengths = self.lengths[chosen]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        return Ragged(self.flat[np.repeat(self.offsets[chosen], lengths) + within], offsets)


def inverse_frequency(counts: NDArray[np.float64]) -> NDArray[np.float32]:
    """Weights in (0, 1]: the information of a word, log(1 / probability), over the largest."""
    probability = (counts + 0.5) / (counts + 0.5).sum()
    information = -np.log(probability)
    weights: NDArray[np.float32] = (information / information.max()).astype(np.float32)
    return weights
