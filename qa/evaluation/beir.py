"""Retrieval benches in BEIR's layout, and distractor files, read from disk."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from qa.errors import ArticleError, UsageError
from qa.text.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class BenchDocument:
    """A document of the corpus."""

    id: str
    title: str
    text: str

    @property
    def body(self) -> str:
        """The text, or else the title; empty where neither shows anything, as in FiQA."""
        return next((part for part in (self.text, self.title) if sentence_spans(part)), "").strip()


@dataclass(frozen=True, slots=True)
class BenchQuestion:
    """A question of the bench."""

    id: str
    text: str
    lang: str = ""
    """ISO 639-1, where the bench says it."""
    kind: str = ""
    """What it asks for, where the bench says it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A whole bench; every id that the judgements name is in it."""

    name: str
    documents: tuple[BenchDocument, ...]
    """Those with no body too: a judgement may name one, which then counts as not found."""
    questions: tuple[BenchQuestion, ...]
    """Those with at least one relevant document, in the order of the file."""
    relevant: Mapping[str, Mapping[str, int]]
    """Gain by document id, by question id."""


def load_bench(folder: Path) -> Bench:
    """The bench in `folder`; raises ArticleError naming the file and line that is wrong."""
    if not folder.is_dir():
        raise UsageError(f"no bench at {str(folder)!r}: give a folder that holds corpus.jsonl")
    corpus = folder / "corpus.jsonl"
    documents = tuple(_documents(corpus))
    if not any(document.body for document in documents):
        raise ArticleError("title and text are both empty in every row", str(corpus))
    questions = tuple(_questions(folder / "queries.jsonl"))
    qrels = folder / "qrels" / "test.tsv"
    relevant = _judgements(qrels, {q.id for q in questions}, {d.id for d in documents})
    judged = tuple(q for q in questions if any(g > 0 for g in relevant.get(q.id, {}).values()))
    if not judged:
        raise ArticleError("no question has a relevant document", str(qrels))
    return Bench(folder.resolve().name, documents, judged, relevant)


def digest(bench: Bench) -> str:
    """Hash of the whole bench: questions, documents and judgements."""
    parts = (*bench.questions, *bench.documents, sorted(bench.relevant.items()))
    return sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:16]


def read_distractors(file: Path) -> Iterator[BenchDocument]:
    """Documents of a JSONL file, plain or .xz, with `title` and `text` or `body`; ids by line."""
    for number, row in _rows(file):
        text = row.get("text") or row.get("body") or ""
        document = _document(f"{file.name}:{number}", row.get("title") or "", text, file, number)
        if not document.body:
            raise ArticleError("title and text are both empty", str(file), number)
        yield document


def _documents(file: Path) -> Iterator[BenchDocument]:
    seen: set[str] = set()
    for number, row in _rows(file):
        key = _new_id(row, seen, file, number)
        yield _document(key, row.get("title") or "", row.get("text") or "", file, number)


def _document(key: str, title: object, text: object, file: Path, number: int) -> BenchDocument:
    if not isinstance(title, str) or not isinstance(text, str):
        raise ArticleError("title and text must be strings", str(file), number)
    return BenchDocument(key, title, text)


def _questions(file: Path) -> Iterator[BenchQuestion]:
    seen: set[str] = set()
    for number, row in _rows(file):
        key, text = _new_id(row, seen, file, number), row.get("text")
        if not isinstance(text, str) or not text.strip():
            raise ArticleError("text is missing or empty", str(file), number)
        yield BenchQuestion(key, text, _label(row, "lang"), _label(row, "kind"))


def _label(row: Mapping[str, Any], name: str) -> str:
    """A field that BEIR does not know; some benches hold ids or lists under such names."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _new_id(row: Mapping[str, Any], seen: set[str], file: Path, number: int) -> str:
    key = row.get("_id")
    if not isinstance(key, str) or not key:
        raise ArticleError(
            f"_id must be a string that is not empty, not {key!r}", str(file), number
        )
    if key in seen:
        raise ArticleError(f"_id {key!r} was used on an earlier line", str(file), number)
    seen.add(key)
    return key


def _judgements(file: Path, questions: set[str], documents: set[str]) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    with _opened(file) as lines:
        _skip_header(lines, file)
        for number, line in enumerate(lines, 2):
            if line.strip():
                question, document, gain = _judgement(line, file, number)
                _known(question, questions, "queries.jsonl", file, number)
                _known(document, documents, "corpus.jsonl", file, number)
                if relevant.setdefault(question, {}).setdefault(document, gain) != gain:
                    raise ArticleError(
                        f"{question!r} and {document!r} have another score on an earlier line",
                        str(file),
                        number,
                    )
    return relevant


def _skip_header(lines: TextIO, file: Path) -> None:
    if next(lines, "").rpartition("\t")[2].strip().isdecimal():
        wanted = "the header row query-id, corpus-id, score"
        raise ArticleError(f"is a judgement where {wanted} should be: add it", str(file), 1)


def _judgement(line: str, file: Path, number: int) -> tuple[str, str, int]:
    fields = line.rstrip("\r\n").split("\t")
    try:
        question, document, gain = fields
        return question, document, int(gain)
    except ValueError:
        wanted = "query-id, corpus-id and a whole score between tabs"
        raise ArticleError(f"{fields!r} is not {wanted}", str(file), number) from None


def _known(key: str, ids: set[str], where: str, file: Path, number: int) -> None:
    if key not in ids:
        raise ArticleError(f"{key!r} is not in {where}", str(file), number)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with _opened(file) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, _object(line, file, number)


def _object(line: str, file: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ArticleError(f"not JSON ({error})", str(file), number) from None
    if not isinstance(row, dict):
        raise ArticleError(f"not a JSON object but {type(row).__name__}", str(file), number)
    return row


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    try:
        opener = lzma.open if file.suffix == ".xz" else open
        with opener(file, "rt", encoding="utf-8-sig") as lines:
            yield lines
    except FileNotFoundError:
        raise ArticleError("there is no such file", str(file)) from None
    except (OSError, UnicodeDecodeError, lzma.LZMAError, EOFError) as error:
        raise ArticleError(f"cannot be read as UTF-8 text ({error})", str(file)) from None
