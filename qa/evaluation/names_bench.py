"""A retrieval bench of names: which articles of a newspaper name whom or what a question names.

    python -m qa.evaluation.names_bench NAMES.tsv ARTICLES.jsonl[.xz] OUT
                                        [--question "What did {} say?"] [--articles 10000]

A line of NAMES is a name, a tab and a regular expression of how Arabic articles write it, folded,
without the article ال. OUT is a BEIR folder for `qa eval retrieval`. Questions are of two kinds,
`seen` and `unseen`, by turns: what was looked at while choosing, and what was not. An article is
relevant that has the name, so nDCG@10 says how many of the first ten have it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qa.errors import QAError, UsageError
from qa.evaluation.beir import BenchDocument, read_distractors
from qa.text.folding import fold
from qa.text.language import detect_language

QUESTION = "What did {} say?"
ARTICLES = 10_000
KINDS = ("seen", "unseen")
_ATTACHED = "(?<![ء-ي])[وفبلك]*(?:ال|لل)?"
_ENDED = "(?![ء-ي]{3})"
"""A name may have an ending of two letters: الحوثيين."""


@dataclass(frozen=True, slots=True)
class BenchName:
    """A name with the pattern of it in folded Arabic text."""

    name: str
    pattern: re.Pattern[str]


def read_names(file: Path) -> list[BenchName]:
    """The names of a list; raises UsageError with the file and line that is wrong."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_read(line, f"{file}:{number}") for number, line in enumerate(lines, 1)]


def _read(line: str, place: str) -> BenchName:
    name, tab, pattern = line.partition("\t")
    if not (name and tab and pattern):
        raise UsageError(f"{place}: {line!r} is not a name, a tab and a regular expression")
    try:
        return BenchName(name, re.compile(f"{_ATTACHED}(?:{pattern}){_ENDED}"))
    except re.error as error:
        raise UsageError(f"{place}: {pattern!r} is no regular expression: {error}") from None


def write_bench(
    names: Sequence[BenchName], articles: Iterable[BenchDocument], question: str, out: Path
) -> int:
    """Writes the bench; returns how many names occur, as only those are asked for."""
    articles = list(articles)
    texts = {article.id: fold(f"{article.title}\n{article.text}") for article in articles}
    (out / "qrels").mkdir(parents=True, exist_ok=True)
    asked: list[dict[str, str]] = []
    judged = ["query-id\tcorpus-id\tscore"]
    for number, one in enumerate(names):
        named = [key for key, text in texts.items() if one.pattern.search(text)]
        if named:
            key, text = f"name-{number}", question.replace("{}", one.name)
            language, kind = detect_language(text), KINDS[number % len(KINDS)]
            asked.append({"_id": key, "text": text, "lang": language, "kind": kind})
            judged += [f"{key}\t{article}\t1" for article in named]
    corpus = [{"_id": a.id, "title": a.title, "text": a.text} for a in articles]
    _write_lines(out / "corpus.jsonl", (json.dumps(row, ensure_ascii=False) for row in corpus))
    _write_lines(out / "queries.jsonl", (json.dumps(row, ensure_ascii=False) for row in asked))
    _write_lines(out / "qrels" / "test.tsv", judged)
    return len(asked)


def main() -> None:
    """Writes the bench of a list of names."""
    options = _options()
    try:
        articles = islice(read_distractors(options.corpus), options.articles)
        names = read_names(options.names)
        asked = write_bench(names, articles, options.question, options.out)
    except (QAError, OSError) as error:
        raise SystemExit(f"error: {error}") from None
    sys.stdout.write(f"{asked} of {len(names)} names occur: qa eval retrieval {options.out}\n")


def _write_lines(file: Path, lines: Iterable[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes a retrieval bench of a list of names.")
    parser.add_argument("names", type=Path, help="TSV of names and regular expressions")
    parser.add_argument("corpus", type=Path, help="JSONL, plain or .xz, with title and text/body")
    parser.add_argument("out", type=Path, help="BEIR folder to write")
    parser.add_argument("--question", default=QUESTION, help="what is asked, {} for the name")
    parser.add_argument("--articles", type=int, default=ARTICLES, help="at most so many of them")
    return parser.parse_args()


if __name__ == "__main__":
    main()
