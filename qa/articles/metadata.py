"""Outlet, author and dates from the lines around an article; its text is never searched.

A date in running text is an event's. The outlet is the bare name: «صحيفة الوطن» is الوطن, since
pages write the same outlet with and without the noun and readers filter by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from qa.articles.cleaning import CleanText
from qa.articles.credits import Credit, read_credit
from qa.articles.dates import find_dates
from qa.articles.lines import Kind, Line, read_line
from qa.text.folding import fold

_UPDATED = re.compile(
    fold(
        "تحديث|محدث|حدث|تعديل|عدل|updat|modif|amended|mis[e]? a jour|обновл|изменен|guncelle"
        "|actualiz|aktualis"
    )
)
_LONGEST_OUTLET = 4
"""Words."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article; None where it says nothing."""

    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None


def find_metadata(page: CleanText) -> Metadata:
    """From the lines that cleaning took away, those above the text before those below it."""
    lines = [*map(read_line, page.head), *_before_comments(map(read_line, page.tail))]
    credits = [credit for line in lines if (credit := read_credit(line.text))]
    published, updated = _dates(lines)
    return Metadata(
        outlet=_outlet(credits, lines),
        author=next((credit.author for credit in credits if credit.author), None),
        published=published,
        updated=updated,
    )


def _before_comments(tail: Iterable[Line]) -> list[Line]:
    """Without readers' comments and other stories' headlines, but with the page's last lines."""
    lines = list(tail)
    first = next(
        (i for i, x in enumerate(lines) if x.kind in (Kind.AFTERMATH, Kind.COMMENT_FORM)),
        len(lines),
    )
    return lines[:first] + [line for line in lines[first:] if line.kind is Kind.CREDIT]


def _outlet(credits: Sequence[Credit], lines: Sequence[Line]) -> str | None:
    named = next((credit.outlet for credit in credits if credit.outlet), None)
    return named or next(_signed_names(lines), None)


def _signed_names(lines: Sequence[Line]) -> Iterator[str]:
    """Names below a dash: '-', 'اخبار مصر'."""
    for above, line in pairwise(lines):
        if above.kind is Kind.RULE and line.kind is Kind.PLAIN and line.words <= _LONGEST_OUTLET:
            yield line.text.strip()


def _dates(lines: Sequence[Line]) -> tuple[date | None, date | None]:
    """When published and when updated: the word before a date says which it is."""
    published: date | None = None
    updated: date | None = None
    for line in lines:
        folded = fold(line.text)
        before = 0
        for found in find_dates(folded):
            if _UPDATED.search(folded[before : found.start]):
                updated = updated or found.date
            else:
                published = published or found.date
            before = found.end
    return published, updated
