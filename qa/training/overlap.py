"""Does the training data hold text of a bench? The command refuses where it does."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.text.folding import fold
from qa.training.errors import TrainingError
from qa.training.sources import Pair, Source

NGRAM = 10
SHORTEST = 3
"""Shorter whole texts ("Come on!") belong to the language and not to a bench."""
_WORD = re.compile(r"\w+")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Overlap:
    """A training row that shares text with a bench."""

    source: str
    row: int
    """1 is the first row of the file that is used."""
    text: str


class BenchText:
    """All questions and passages of every bench under a folder, as whole texts and 10-grams."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._ngrams: set[str] = set()
        for text in texts:
            words = _words(text)
            self._ngrams.update(_ngrams(words))
            if len(words) >= SHORTEST:
                self._whole.add(" ".join(words))

    @classmethod
    def from_folder(cls, folder: Path) -> "BenchText":
        """Reads every `corpus.jsonl` and `queries.jsonl` below; TrainingError if there is none."""
        files = sorted([*folder.rglob("corpus.jsonl"), *folder.rglob("queries.jsonl")])
        if not files:
            raise TrainingError(
                f"no bench in {str(folder)!r}: it must hold corpus.jsonl and queries.jsonl files"
            )
        return cls(text for file in files for text in _bench_texts(file))

    def holds(self, text: str) -> bool:
        """True where the folded text equals a bench text or shares ten words in a row with one."""
        words = _words(text)
        return " ".join(words) in self._whole or any(
            ngram in self._ngrams for ngram in _ngrams(words)
        )

    def overlaps(self, source: Source, pairs: Iterable[Pair]) -> Iterator[Overlap]:
        """The rows of a source of which either side is held by a bench."""
        for row, pair in enumerate(pairs, start=1):
            for text in (pair.english, pair.other):
                if self.holds(text):
                    yield Overlap(source.path, row, text)


def refuse_overlap(overlaps: Iterable[Overlap]) -> None:
    """Raises TrainingError naming the first rows, if there are any."""
    found = list(overlaps)
    if found:
        shown = "; ".join(f"{o.source} row {o.row}: {o.text[:80]!r}" for o in found[:_SHOWN])
        raise TrainingError(
            f"{len(found)} training rows hold text of a bench ({shown}); remove them from the data"
        )


def _bench_texts(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)["text"]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _ngrams(words: list[str]) -> Iterator[str]:
    for start in range(len(words) - NGRAM + 1):
        yield " ".join(words[start : start + NGRAM])
