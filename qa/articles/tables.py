"""Files of many articles, one a row: JSON lines and CSV, read row by row."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qa.articles.decoding import open_text
from qa.articles.drafts import Draft, ReadFailure
from qa.articles.fields import SYNONYMS, FieldError, draft_from_fields
from qa.errors import ArticleError

if TYPE_CHECKING:
    from _csv import Reader


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
        return draft_from_fields(row, number)
    except json.JSONDecodeError as error:
        reason = f"broken JSON ({error.msg}, character {error.colno}): write one object a line"
    except RecursionError:
        reason = "JSON nested too deeply: write one flat object a line"
    except FieldError as error:
        reason = str(error)
    except ValueError as error:
        reason = f"unusable JSON ({error}): write numbers of so many digits as text"
    return ReadFailure(str(path), number, reason)


def read_csv(path: Path) -> Iterator[Draft | ReadFailure]:
    """A header row, then one article a row; commas, semicolons or tabs between the columns."""
    # The default of 131,072 characters is less than a long article; the setting is global.
    csv.field_size_limit(sys.maxsize)
    with open_text(path, newline="") as file:
        header_line = file.readline()
        delimiter = max(",;\t", key=header_line.count)
        rows = csv.reader(chain([header_line], file), delimiter=delimiter, strict=False)
        header = [name.strip().lower() for name in next(rows, [])]
        if not set(header) & set(SYNONYMS["text"]):
            raise ArticleError(
                f"no column named {' or '.join(SYNONYMS['text'])} (the first line has"
                f" {', '.join(map(repr, header[:10])) or 'nothing'}): name the column of the text",
                str(path),
                1,
            )
        yield from _csv_rows(path, header, rows)


def _csv_rows(path: Path, header: list[str], rows: Reader) -> Iterator[Draft | ReadFailure]:
    begins = rows.line_num + 1
    try:
        for row in rows:
            if row:
                yield _from_row(path, begins, header, row)
            begins = rows.line_num + 1
    except csv.Error as error:
        yield ReadFailure(
            str(path), begins, f"broken CSV ({error}): quote fields that hold line ends"
        )


def _from_row(path: Path, line: int, header: list[str], row: list[str]) -> Draft | ReadFailure:
    try:
        return draft_from_fields(dict(zip(header, row, strict=False)), line)
    except FieldError as error:
        return ReadFailure(str(path), line, str(error))
