"""Dates as the numbers that both search engines compare."""

from __future__ import annotations

from datetime import date


def date_number(day: date) -> int:
    """A number that sorts as the date does: 2015-09-16 is 20150916."""
    return day.year * 10_000 + day.month * 100 + day.day
