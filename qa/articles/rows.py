"""Rows of a CSV file as they were meant: what breaks one row is kept from the others.

A quote that is never closed takes all that follows into its field, up to the next quote or the
file's end, so a row whose quotes do not fit is read again from its next line on.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

LONGEST_FIELD = 16 * 1024 * 1024
"""Characters: longer ones are taken for quotes that are not closed."""

_QUOTES = re.compile('"+')


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a row, one for each column of the header."""

    line: int
    fields: list[str]
    is_mended: bool = False
    """Whether quotes within quoted fields were not doubled, and had to be told by their place."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that is not of the header's columns, and why."""

    line: int
    reason: str


class _Lines:
    """Lines of a file, those given back first; keeps those of the row that is being read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rest = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.begin = 1
        """Number of the row's first line."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self.taken.append(line)
        return line

    def end_row(self) -> None:
        self.begin += len(self.taken)
        self.taken = []

    def give_back(self, first: int) -> None:
        """Have the row's lines from that one on read again."""
        self._again.extendleft(reversed(self.taken[first:]))
        del self.taken[first:]


def read_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row | BrokenRow]:
    """The header, then every row that holds anything; fields beyond the header may be empty."""
    # The default of 131,072 characters is less than a long article; the setting is global.
    csv.field_size_limit(LONGEST_FIELD)
    source = _Lines(lines)
    # A reader that met an error begins anew with the next row.
    reader = csv.reader(source, delimiter=delimiter)
    try:
        header = _without_blank_end(next(reader, []))
    except csv.Error as error:
        yield BrokenRow(source.begin, f"broken CSV ({error}): write a header of columns' names")
        return
    yield Row(source.begin, header)
    width = len(header)
    while True:
        source.end_row()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _runaway(source, delimiter, width, str(error))
            continue
        if any(field.strip() for field in fields):
            yield _checked(source, fields, delimiter, width)


def _checked(source: _Lines, fields: list[str], delimiter: str, width: int) -> Row | BrokenRow:
    is_mended = not _is_well_quoted(source.taken, delimiter)
    if is_mended:
        if _next_row(source.taken, delimiter, width):
            return _runaway(source, delimiter, width, "a quote is not closed")
        fields = _fields_by_place("".join(source.taken).rstrip("\r\n"), delimiter)
    if any(field.strip() for field in fields[width:]) or len(fields) < width:
        reason = (
            f"{len(fields)} fields where the header has {width}:"
            f" quote fields that hold {delimiter!r}, quotes or line ends, and double their quotes"
        )
        return BrokenRow(source.begin, reason)
    return Row(source.begin, fields[:width], is_mended)


def _runaway(source: _Lines, delimiter: str, width: int, cause: str) -> BrokenRow:
    """The row as a failure; what looks like the next one is read again."""
    source.give_back(_next_row(source.taken, delimiter, width) or len(source.taken))
    reason = f"broken CSV ({cause}): close every quote, and double those within quoted fields"
    return BrokenRow(source.begin, reason)


def _next_row(lines: list[str], delimiter: str, width: int) -> int | None:
    """The first line after a row's own that has the header's columns, if any has."""
    later = islice(enumerate(lines), 1, None)
    return next((i for i, line in later if _width(line, delimiter) == width), None)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _is_well_quoted(lines: list[str], delimiter: str) -> bool:
    try:
        return any(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False


def _fields_by_place(record: str, delimiter: str) -> list[str]:
    """Fields of a row in which only the outer quotes of a field are known by what is beside them.

    So exports write that put quotes around a text without a look at those within.
    """
    fields: list[str] = []
    at = 0
    while at <= len(record):
        if record.startswith('"', at):
            field, at = _quoted(record, at + 1, delimiter)
        else:
            end = record.find(delimiter, at)
            field, at = (record[at:], len(record)) if end < 0 else (record[at:end], end)
        fields.append(field)
        at += len(delimiter)
    return fields


def _quoted(record: str, start: int, delimiter: str) -> tuple[str, int]:
    """The field from behind its first quote on, and where it ends."""
    parts: list[str] = []
    at = start
    for quotes in _QUOTES.finditer(record, start):
        count, end = len(quotes[0]), quotes.end()
        parts.append(record[at : quotes.start()])
        if end == len(record) or record.startswith(delimiter, end):
            # Of an even number the last one closes; of an odd one all others are doubled.
            return "".join([*parts, '"' * (count // 2 if count % 2 else count - 1)]), end
        parts.append('"' * ((count + 1) // 2))
        at = end
    return "".join([*parts, record[at:]]), len(record)


def _without_blank_end(names: list[str]) -> list[str]:
    while names and not names[-1].strip():
        names = names[:-1]
    return names
