"""`python -m qa.training.known_words`: lists the Arabic words by which lost spaces are found.

Forms as they are folded, from the most frequent on: met twice or more in the translated sentences
that the model is trained on, or in a list of film subtitles' words, which counts little beside
them: news is written, and not spoken.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import qa.text
from qa.errors import QAError
from qa.text.folding import fold
from qa.text.run_on import WORDS_FILE
from qa.training.sources import SOURCES, Kind, Source, read_counts, read_pairs

SUBTITLES = Source(
    "frequency/opensubtitles_freq.ar.tsv",
    Kind.COUNTS,
    "OpenSubtitles, through hermitdave/FrequencyWords",
    "CC BY-SA 4.0",
)
_SUBTITLES_SHARE = 0.005
_LEAST = 2
_LENGTHS = range(2, 16)
_WORD = re.compile("[ء-غف-ي]+")
_SHIPPED = Path(qa.text.__file__).parent / WORDS_FILE


def known_words(data: Path) -> list[str]:
    """The words of the data folder's Arabic sources; TrainingError where one is missing."""
    met: defaultdict[str, float] = defaultdict(float)
    for source in sentences():
        for pair in read_pairs(data, source):
            for word in _WORD.findall(fold(pair.other)):
                met[word] += 1
    for form, count in read_counts(data, SUBTITLES).items():
        if _WORD.fullmatch(word := fold(form)):
            met[word] += _SUBTITLES_SHARE * count
    known = [word for word, count in met.items() if count >= _LEAST and len(word) in _LENGTHS]
    return sorted(known, key=lambda word: (-met[word], word))


def sentences() -> list[Source]:
    """The translated sentences that words are counted in."""
    return [s for s in SOURCES if s.kind is Kind.SENTENCES and s.language == "ar"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the list that the package ships; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m qa.training.known_words", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=_SHIPPED, help="file to write (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        words = known_words(options.data)
        options.out.write_text("\n".join([_heading(), *words, ""]), encoding="utf-8")
    except (QAError, OSError, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stderr.write(f"{options.out}: {len(words):,} words\n")
    return 0


def _heading() -> str:
    origins = dict.fromkeys(f"{s.origin} ({s.licence})" for s in (*sentences(), SUBTITLES))
    return f"# Arabic words, folded, from the most frequent on, counted in: {'; '.join(origins)}"


if __name__ == "__main__":
    raise SystemExit(main())
