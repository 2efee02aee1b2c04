"""Files of many articles, one a row: JSON lines and CSV, read row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from qa.articles.decoding import open_text
from qa.articles.drafts import Draft, Note, ReadFailure
from qa.articles.fields import SYNONYMS, FieldError, draft_from_fields
from qa.articles.markup import plain_line, plain_text
from qa.articles.rows import BrokenRow, Row, read_rows
from qa.errors import ArticleError

_MENDED = Note(
    "quotes", "quotes within a quoted field are not doubled: compare the article with its source"
)


def read_json_lines(path: Path) -> Iterator[Draft | ReadFailure]:
    """One object a line; a line that cannot be used is a failure, the others are kept."""
    # Only \n and \r\n end a JSON line: U+2028 may stand within one.
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _from_json(path, number, line)


def _from_json(path: Path, number: int, line: str) -> Draft | ReadFailure:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise FieldError("not a JSON object: write one {…} a line")
        return _plain(draft_from_fields(row, number))
    except json.JSONDecodeError as error:
        reason = f"broken JSON ({error.msg}, character {error.colno}): write one object a line"
    except RecursionError:
        reason = "JSON nested too deeply: write one flat object a line"
    except FieldError as error:
        reason = str(error)
    except ValueError as error:
        reason = f"unusable JSON ({error}): write numbers of so many digits as text"
    return ReadFailure(str(path), number, reason)


def _plain(draft: Draft) -> Draft:
    """Without the markup that content management systems export."""
    return replace(
        draft,
        text=plain_text(draft.text),
        title=plain_line(draft.title),
        outlet=draft.outlet and plain_line(draft.outlet),
        author=draft.author and plain_line(draft.author),
    )


def read_csv(path: Path) -> Iterator[Draft | ReadFailure]:
    """A header row, then one article a row; commas, semicolons or tabs between the columns.

    A row that has not the header's columns is a failure: where its text begins and ends, nobody
    can tell.
    """
    with open_text(path, newline="") as file:
        first = file.readline()
        delimiter = max(",;\t", key=first.count)
        rows = read_rows(chain([first], file), delimiter)
        header = _header(next(rows), path)
        for row in rows:
            yield _from_row(path, header, row)


def _header(row: Row | BrokenRow, path: Path) -> list[str]:
    names = [name.strip().lower() for name in row.fields] if isinstance(row, Row) else []
    if set(names) & set(SYNONYMS["text"]):
        return names
    raise ArticleError(
        f"no column named {' or '.join(SYNONYMS['text'])} (the first line has"
        f" {', '.join(map(repr, names[:10])) or 'nothing'}): name the column of the text",
        str(path),
        1,
    )


def _from_row(path: Path, header: list[str], row: Row | BrokenRow) -> Draft | ReadFailure:
    if isinstance(row, BrokenRow):
        return ReadFailure(str(path), row.line, row.reason)
    try:
        draft = _plain(draft_from_fields(dict(zip(header, row.fields, strict=True)), row.line))
    except FieldError as error:
        return ReadFailure(str(path), row.line, str(error))
    return replace(draft, notes=(*draft.notes, _MENDED)) if row.is_mended else draft
