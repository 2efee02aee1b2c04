"""Days, months and weekdays that a text names, as far as it names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from babel import Locale, UnknownLocaleError

from qa.articles.dates import MONTHS, find_dates
from qa.text.folding import fold, fold_with_offsets
from qa.text.tokens import stem, tokenize

_NAME = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_MONTH = rf"(?<!\w)(?P<month>{_NAME})(?!\w)\.?(?:\s*[/(]\s*(?:{_NAME})\)?)?"
_FORMS = (
    re.compile(
        rf"(?<![\d.,/])(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|\.)?[\s-]*(?:of\s+|de\s+|من\s+(?:شهر\s+)?)?"
        rf"{_MONTH}(?:\W{{1,3}}(?:de\s+)?(?P<year>\d{{4}})(?!\d))?"
    ),
    re.compile(
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:\s*,?\s*(?P<year>\d{{4}})(?!\d))?"
    ),
    re.compile(rf"{_MONTH}\W{{1,3}}(?:de\s+|عام\s+|of\s+)?(?P<year>\d{{4}})(?!\d)"),
)
_RELATIVE = {
    -1: "أمس امس yesterday hier вчера dün gestern ayer دیروز",
    0: "اليوم today aujourd hui сегодня bugün heute hoy امروز",
    1: "غدا tomorrow demain завтра yarın morgen mañana",
}
_SHIFTS = {fold(word): days for days, words in _RELATIVE.items() for word in words.split()}
_WEEK = 7
_WRITTEN_APART = frozenset({"fa"})
"""Languages that also write a weekday as two words: «سه شنبه» is no Saturday (شنبه)."""
_BESIDE = re.compile(r"[\s,،]{1,3}")
_EDGE = " .,،"


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is named, with its place in the text."""

    written: str
    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    """0 is Monday."""
    start: int
    end: int

    def is_borne_out_by(self, other: Day) -> bool:
        """Whether the other names the same day and is no vaguer than this one."""
        pairs = (
            (self.year, other.year),
            (self.month, other.month),
            (self.day, other.day),
            (self.weekday, other.weekday),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)


def find_days(text: str, language: str) -> list[Day]:
    """The dates, days of a month, months of a year and weekdays that the text names, in order."""
    named = [*_full_dates(text), *_partial_dates(text)]
    kept: list[Day] = []
    for day in sorted(named, key=lambda day: (day.start, -day.end)):
        if not kept or day.start >= kept[-1].end:
            kept.append(day)
    return _with_weekdays(text, kept, list(_weekdays(text, language)))


def _with_weekdays(text: str, days: Sequence[Day], weekdays: Sequence[Day]) -> list[Day]:
    """«Wednesday, 16 September», «16 Eylül Çarşamba»: one day; other weekdays stand alone."""
    joined = list(days)
    alone = []
    for weekday in weekdays:
        for i, day in enumerate(joined):
            first, second = sorted((weekday, day), key=lambda one: one.start)
            if _BESIDE.fullmatch(text[first.end : second.start]):
                start, end = first.start, second.end
                joined[i] = replace(
                    day,
                    weekday=weekday.weekday,
                    written=text[start:end].strip(_EDGE),
                    start=start,
                    end=end,
                )
                break
        else:
            alone.append(weekday)
    return [*joined, *alone]


def stated_days(text: str, language: str, published: date | None) -> list[Day]:
    """The same, with what the day of publication tells: missing years, yesterday, that day."""
    found = [_completed(day, published) for day in find_days(text, language)]
    if published is None:
        return found
    shifts = {_SHIFTS[t.form] for t in tokenize(text) if t.form in _SHIFTS} | {0}
    return found + [_of_date(published + timedelta(days=shift)) for shift in sorted(shifts)]


def _completed(day: Day, published: date | None) -> Day:
    """With the year that brings it nearest to publication, and the weekday of a full date."""
    if day.month and day.day and not day.year and published:
        day = replace(day, year=_nearest_year(day.month, day.day, published))
    if (
        day.weekday is None
        and day.year
        and day.month
        and day.day
        and (full := _date(day.year, day.month, day.day))
    ):
        return replace(day, weekday=full.weekday())
    return day


def _nearest_year(month: int, day: int, published: date) -> int | None:
    candidates = (_date(published.year + shift, month, day) for shift in (0, -1, 1))
    near = [found for found in candidates if found]
    return min(near, key=lambda found: abs(found - published)).year if near else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_date(value: date) -> Day:
    return Day(value.isoformat(), value.year, value.month, value.day, value.weekday(), 0, 0)


def _full_dates(text: str) -> Iterator[Day]:
    folded = fold_with_offsets(text)
    for found in find_dates(folded.text):
        place, value = folded.original(found.start, found.end), found.date
        written = text[place.start : place.end]
        yield Day(written, value.year, value.month, value.day, None, place.start, place.end)


def _partial_dates(text: str) -> Iterator[Day]:
    folded = fold_with_offsets(text)
    for form in _FORMS:
        for match in form.finditer(folded.text):
            groups = match.groupdict()
            place = folded.original(*match.span())
            day = int(groups["day"]) if groups.get("day") else None
            if day is None or 1 <= day <= 31:
                yield Day(
                    written=text[place.start : place.end].strip(_EDGE),
                    year=int(groups["year"]) if groups.get("year") else None,
                    month=MONTHS[groups["month"]],
                    day=day,
                    weekday=None,
                    start=place.start,
                    end=place.end,
                )


def _weekdays(text: str, language: str) -> Iterator[Day]:
    names = _weekday_names(language)
    tokens = tokenize(text, language)
    for before, token in zip([None, *tokens], tokens, strict=False):
        number, start = names.get(token.form, names.get(token.stem)), token.start
        if before and language in _WRITTEN_APART and before.form + token.form in names:
            number, start = names[before.form + token.form], before.start
        if number is not None:
            yield Day(text[start : token.end], None, None, None, number, start, token.end)


@cache
def _weekday_names(language: str) -> dict[str, int]:
    """Weekday number by folded form; Arabic also with و, Russian by stem, for its cases."""
    try:
        wide = Locale(language).days["format"]["wide"]
    except UnknownLocaleError:
        return {}
    forms = {fold(name): number % _WEEK for number, name in wide.items()}
    if language == "ar":
        forms |= {fold("الثلثاء"): 1, fold("الإثنين"): 0}
        forms |= {"و" + form: number for form, number in forms.items()}
    if language == "ru":
        forms |= {stem(form, language): number for form, number in forms.items()}
    return forms


def is_borne_out(day: Day, stated: Sequence[Day]) -> bool:
    """Whether a source states this day; «الثلاثاء المقبل 15 كانون الأول» states it in two."""
    if any(day.is_borne_out_by(other) for other in stated):
        return True
    bare = replace(day, weekday=None)
    return (
        day.weekday is not None
        and day.month is not None
        and any(other.weekday is None and bare.is_borne_out_by(other) for other in stated)
        and any(other.month is None and other.weekday == day.weekday for other in stated)
    )
