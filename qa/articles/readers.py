"""Files and folders as articles: a reader by ending, keys from paths, failures beside successes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from qa.articles.documents import read_pdf, read_word
from qa.articles.drafts import Draft, ReadFailure, ReadWarning
from qa.articles.pages import read_markdown, read_page, read_web_page
from qa.articles.tables import read_csv, read_json_lines
from qa.errors import ArticleError
from qa.model import Article
from qa.text.sentences import is_blank

__all__ = ["READERS", "ReadArticle", "ReadFailure", "ReadWarning", "count_files", "read_paths"]

Reader = Callable[[Path], Iterator[Draft | ReadFailure]]

READERS: Mapping[str, Reader] = {
    ".csv": read_csv,
    ".docx": read_word,
    ".htm": read_web_page,
    ".html": read_web_page,
    ".jsonl": read_json_lines,
    ".md": read_markdown,
    ".pdf": read_pdf,
    ".txt": read_page,
}
"""By ending, in small letters."""

_HIDDEN = (".", "~$")
"""Hidden files, and the locks that Word leaves beside open documents."""
_KINDS_TOLD = 8
MEBIBYTE = 1024 * 1024
LARGEST_FILE = 256 * MEBIBYTE
"""Bytes of a file that is read whole."""
LARGEST_WEB_PAGE = 8 * MEBIBYTE
"""The time to find a web page's main text grows with the square of its length."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article, and where it was read: the path, with the line in files of many articles."""

    article: Article
    source: str
    other_keys: tuple[str, ...] = ()
    """Its key as other systems spell the file's name: where an archive may have it already."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its key in every spelling, its own first."""
        return (self.article.key, *self.other_keys)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    key: str


class _Doubts:
    """Notes on a file's articles: the first about each field, and how many more there are."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._first: dict[str, ReadWarning] = {}
        self._articles: Counter[str] = Counter()

    def add(self, draft: Draft) -> None:
        for note in draft.notes:
            told = ReadWarning(self._source, draft.line, note.reason)
            self._first.setdefault(note.about, told)
        self._articles.update({note.about for note in draft.notes})

    def warnings(self) -> Iterator[ReadWarning]:
        for about, first in self._first.items():
            more = self._articles[about] - 1
            others = f" (and {more:,} more such articles)" if more else ""
            yield replace(first, reason=f"{first.reason}{others}")


Found: TypeAlias = ReadArticle | ReadFailure | ReadWarning


def read_paths(paths: Sequence[Path], data_dir: Path | None = None) -> Iterator[Found]:
    """Every article of the files and folders, in order; what cannot be read is a failure.

    A warning tells the fields that a file's articles are kept without, once for each field.

    A key is the file's path without its ending, from the folder given, accents composed, or what
    the row calls itself. Of two articles with one key the first is kept. The data folder is left
    out of a folder given, with a warning.
    """
    sources: dict[str, str] = {}
    for found in _all_files(paths, data_dir):
        results = _read(found) if isinstance(found, _File) else [found]
        yield from (_once(result, sources) for result in results)


def count_files(paths: Sequence[Path], data_dir: Path | None = None) -> int:
    """How many files `read_paths` would read."""
    return sum(isinstance(found, _File) for found in _all_files(paths, data_dir))


def _once(result: Found, sources: dict[str, str]) -> Found:
    if not isinstance(result, ReadArticle):
        return result
    key = result.article.key
    first = sources.setdefault(key, result.source)
    if first is result.source:
        return result
    reason = f"its key {key!r} was already read from {first}: give each article a key of its own"
    return ReadFailure(result.source, None, reason)


def _all_files(
    paths: Sequence[Path], data_dir: Path | None
) -> Iterator[_File | ReadFailure | ReadWarning]:
    """The files of all paths; one that is named twice, or lies in a folder too, counts once."""
    seen: set[Path] = set()
    left_out = data_dir and data_dir.resolve()
    for path in paths:
        for found in _files(path, left_out):
            if not isinstance(found, _File):
                yield found
            elif (place := found.path.resolve()) not in seen:
                seen.add(place)
                yield found


def _files(path: Path, left_out: Path | None) -> Iterator[_File | ReadFailure | ReadWarning]:
    try:
        yield from _files_at(path, left_out)
    except OSError as error:
        yield _unreadable(path, error)


def _files_at(path: Path, left_out: Path | None) -> Iterator[_File | ReadFailure | ReadWarning]:
    """Files to read at a path; one of another ending is a failure only where it was named."""
    if path.is_dir():
        yield from _files_in(path, left_out)
    elif not path.exists():
        yield ReadFailure(str(path), None, "no such file or folder: check the path")
    elif path.suffix.lower() not in READERS:
        reason = f"cannot read {path.suffix or 'files without an ending'}: it can be {_endings()}"
        yield ReadFailure(str(path), None, reason)
    else:
        yield _File(path, path.stem)


def _files_in(folder: Path, left_out: Path | None) -> Iterator[_File | ReadFailure | ReadWarning]:
    found = False
    others: Counter[str] = Counter()
    for item in _walk(folder, left_out):
        if not isinstance(item, Path):
            yield item
            found = found or isinstance(item, ReadFailure)
        elif item.suffix.lower() in READERS:
            yield _File(item, item.relative_to(folder).with_suffix("").as_posix())
            found = True
        else:
            others[item.suffix.lower()] += 1
    if others:
        yield _passed_over(folder, others)
    if not found:
        reason = f"this folder holds no file to read: they can be {_endings()}"
        yield ReadFailure(str(folder), None, reason)


def _passed_over(folder: Path, endings: Counter[str]) -> ReadWarning:
    kinds = [f"{n:,} {ending or 'without an ending'}" for ending, n in endings.most_common()]
    more = [f"{len(kinds) - _KINDS_TOLD:,} other kinds"] if kinds[_KINDS_TOLD:] else []
    told = ", ".join([*kinds[:_KINDS_TOLD], *more])
    reason = f"files passed over: {endings.total():,} ({told}); what is read ends in {_endings()}"
    return ReadWarning(str(folder), None, reason)


def _walk(folder: Path, left_out: Path | None) -> Iterator[Path | ReadFailure | ReadWarning]:
    """Files below a folder, sorted by name, hidden ones left out; links to folders too."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for entry in entries:
        if entry.name.startswith(_HIDDEN):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _walk_below(entry, left_out)
        else:
            yield entry


def _walk_below(folder: Path, left_out: Path | None) -> Iterator[Path | ReadFailure | ReadWarning]:
    if folder.resolve() == left_out:
        reason = (
            "left out: this is the data folder, with the archive and the indexes; "
            "articles that lie in it are read where they are named"
        )
        yield ReadWarning(str(folder), None, reason)
    else:
        yield from _walk(folder, left_out)


def _read(file: _File) -> Iterator[Found]:
    doubts = _Doubts(str(file.path))
    try:
        yield from _articles(file, doubts)
    except ArticleError as error:
        yield ReadFailure(error.source, error.line, error.reason)
    except OSError as error:
        yield _unreadable(file.path, error)
    yield from doubts.warnings()


def _articles(file: _File, doubts: _Doubts) -> Iterator[ReadArticle | ReadFailure]:
    _check(file.path)
    for draft in READERS[file.path.suffix.lower()](file.path):
        if isinstance(draft, ReadFailure):
            yield draft
        else:
            yield (read := _article(draft, file))
            if isinstance(read, ReadArticle):
                doubts.add(draft)


def _article(draft: Draft, file: _File) -> ReadArticle | ReadFailure:
    # macOS may spell the names of files with accents apart, other systems as they were typed.
    composed, apart = (normalize(form, file.key) for form in ("NFC", "NFD"))
    article = draft.as_article(composed)
    if is_blank(article.text):
        reason = "no article text, only what stands around one: leave it out, or mend it"
        return ReadFailure(str(file.path), draft.line, reason)
    place = "" if draft.line is None else f", line {draft.line}"
    others = {draft.key_in(key) for key in (file.key, apart)} - {article.key}
    return ReadArticle(article, f"{file.path}{place}", tuple(sorted(others)))


def _check(path: Path) -> None:
    """Raises ArticleError for what no reader should open: pipes, empty and enormous files."""
    if not path.is_file():
        raise ArticleError("not a regular file: copy its content into one", str(path))
    size = path.stat().st_size
    if size == 0:
        raise ArticleError("the file is empty: remove it, or save it anew", str(path))
    largest = _largest(path.suffix.lower())
    if largest is not None and size > largest:
        reason = f"{size // MEBIBYTE} MiB, more than {largest // MEBIBYTE}: split it into articles"
        raise ArticleError(reason, str(path))


def _largest(ending: str) -> int | None:
    """Bytes that a file may have; None for formats that are read row by row."""
    if ending in (".csv", ".jsonl"):
        return None
    return LARGEST_WEB_PAGE if ending in (".htm", ".html") else LARGEST_FILE


def _unreadable(path: Path, error: OSError) -> ReadFailure:
    reason = f"cannot be read ({error.strerror or error}): check its permissions and its disk"
    return ReadFailure(str(path), None, reason)


def _endings() -> str:
    return ", ".join(READERS)
