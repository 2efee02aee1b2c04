"""Gregorian dates as newspapers write them; Hijri years are out of range and never found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from qa.text.folding import fold

_MONTHS = (
    "يناير | كانون الثاني | كانون ثاني | جانفي | january | jan | janvier | janv | января | январь"
    " | янв | ocak | enero | januar | ژانویه",
    "فبراير | شباط | فيفري | february | feb | février | fevr | fév | февраля | февраль | фев"
    " | şubat | febrero | februar | فوریه",
    "مارس | آذار | march | mar | mars | марта | март | мар | mart | marzo | märz",
    "أبريل | إبريل | نيسان | أفريل | april | apr | avril | avr | апреля | апрель | апр | nisan"
    " | abril | آوریل",
    "مايو | أيار | ماي | may | mai | мая | май | mayıs | mayo | مه",
    "يونيو | يونيه | حزيران | جوان | june | jun | juin | июня | июнь | июн | haziran | junio | juni"
    " | ژوئن",
    "يوليو | يوليه | يوليوز | تموز | جويلية | july | jul | juillet | juil | июля | июль | июл"
    " | temmuz | julio | juli | ژوئیه",
    "أغسطس | آب | أوت | غشت | august | aug | août | августа | август | авг | ağustos | agosto",
    "سبتمبر | أيلول | شتنبر | september | sept | sep | septembre | сентября | сентябрь | сен | сент"
    " | eylül | septiembre | سپتامبر",
    "أكتوبر | تشرين الأول | تشرين أول | october | oct | octobre | октября | октябрь | окт | ekim"
    " | octubre | oktober | اکتبر",
    "نوفمبر | تشرين الثاني | تشرين ثاني | نونبر | november | nov | novembre | ноября | ноябрь | ноя"
    " | kasım | noviembre | نوامبر",
    "ديسمبر | كانون الأول | كانون أول | دجنبر | december | dec | décembre | déc | декабря | декабрь"
    " | дек | aralık | diciembre | dezember | دسامبر",
)
_TIME_WORDS = """
الأحد الاثنين الإثنين الثلاثاء الثلثاء الأربعاء الخميس الجمعة السبت يوم العدد عدد السنة الموافق هـ
ه م ص محرم صفر ربيع الأول الثاني الآخر جمادى الأولى الآخرة رجب شعبان رمضان شوال ذو ذي القعدة الحجة
نشر نشرت نشرها بتاريخ في تاريخ النشر تم آخر تحديث التحديث حدث الساعة منذ قبل ساعة ساعات ساعتين
دقيقة دقائق أيام بتوقيت غرينتش جرينتش دمشق القاهرة مكة المكرمة مساء صباحا صباح ظهرا الأسبوع أسبوع
شهر monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
sat sun published updated update posted modified last on at date issue no vol number volume gmt
utc bst est edt am pm first created ago hour hours minute minutes min mins day days week weeks
today yesterday h lundi mardi mercredi jeudi vendredi samedi dimanche publie le mis a jour modifie
mise il y heures heure et понедельник вторник среда четверг пятница суббота воскресенье
опубликовано обновлено г года в мск дата pazartesi sali carsamba persembe cuma cumartesi pazar
yayinlanma guncelleme son guncellenme tarihi saat lunes martes miercoles jueves viernes sabado
domingo publicado actualizado el de montag dienstag mittwoch donnerstag freitag samstag sonntag
veroffentlicht aktualisiert stand uhr um den
"""
_LONGEST_DATELINE = 160
_WORDS_BESIDE_A_DATE = 2
"""A name or a place may stand beside a full date, but no sentence."""
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:\.\d*)?")
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
"""Form of a date by the number of its digits."""
_DIGITS_BEYOND_SECONDS = {9: 0, 10: 0, 12: 3, 13: 3, 15: 6, 16: 6, 18: 9, 19: 9}
"""By the number of a time stamp's digits, since 1973."""
_EARLIEST, _LATEST = 1700, 2199
"""Years: earlier ones are Hijri ones or page numbers."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date with its place in the folded line: folded[start:end]."""

    start: int
    end: int
    date: date


def _month_numbers() -> dict[str, int]:
    return {
        fold(name.strip()): number
        for number, names in enumerate(_MONTHS, start=1)
        for name in names.split("|")
    }


MONTHS = _month_numbers()
"""Month number by folded name: Levantine, Egyptian, Maghrebi, English, French, Russian and more."""

_ABOUT_TIME = frozenset(
    word for text in (_TIME_WORDS, " ".join(MONTHS)) for word in _WORD.findall(fold(text))
)
_NAME = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_MONTH = rf"(?P<month>{_NAME})\.?(?:\s*[/(]\s*(?:{_NAME})\)?)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?<![\d.,/])(?P<day>\d{1,2})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}(?:er|st|nd|rd|th|\.)?[\s-]*(?:de\s+)?{_MONTH}\W{{0,3}}(?:de\s+)?{_YEAR}",
        rf"(?<!\w){_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*{_YEAR}",
        r"(?<![\d/-])(?P<year>\d{4})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d/-])(?P<day>\d{1,2})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)",
    )
)


def find_dates(folded: str) -> list[FoundDate]:
    """Full dates of a folded line in order, the day before the month where both could be."""
    found: list[FoundDate] = []
    for match in sorted(_matches(folded), key=lambda match: match.start()):
        value = _date_of(match)
        if value is not None and (not found or match.start() >= found[-1].end):
            found.append(FoundDate(match.start(), match.end(), value))
    return found


def is_dateline(line: str) -> bool:
    """Whether a line says little more than when: a masthead's date, a time, 'two hours ago'."""
    folded = fold(line)
    if len(folded) > _LONGEST_DATELINE or not any(map(str.isdigit, folded)):
        return False
    dates = find_dates(folded)
    for found in reversed(dates):
        folded = f"{folded[: found.start]} {folded[found.end :]}"
    words = _WORD.findall(folded)
    unknown = sum(word not in _ABOUT_TIME for word in words)
    if not dates or line.rstrip().endswith((".", "!", "?", "؟")):
        return bool(words or dates) and unknown == 0
    return unknown <= _WORDS_BESIDE_A_DATE


def parse_date(value: str) -> date | None:
    """A metadata field's date: any form above, ISO 8601, RFC 2822 or seconds since 1970."""
    value = value.strip()
    # fromisoformat would take the digits of a time stamp for a year, a month, a day and a time.
    forms = (_from_digits, _from_seconds) if _NUMBER.fullmatch(value) else _WRITTEN
    parsed = (parse(value) for parse in forms)
    return next((day for day in parsed if day and _EARLIEST <= day.year <= _LATEST), None)


def _matches(folded: str) -> Iterator[re.Match[str]]:
    for form in _FORMS:
        yield from form.finditer(folded)


def _date_of(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    year, day = int(groups["year"]), int(groups["day"])
    month = MONTHS[groups["month"]] if groups.get("month") else int(groups["number"])
    if groups.get("number") and day <= 12 < month:
        day, month = month, day
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from_iso(value: str) -> date | None:
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        return None


def _from_words(value: str) -> date | None:
    found = find_dates(fold(value))
    return found[0].date if found else None


def _from_rfc(value: str) -> date | None:
    try:
        return parsedate_to_datetime(value).date()
    except (ValueError, OverflowError):
        return None


_WRITTEN = (_from_iso, _from_words, _from_rfc)


def _from_digits(value: str) -> date | None:
    """Year, month and day without marks, the time of day to the minute or second behind them."""
    form = _COMPACT.get(len(value))
    try:
        return datetime.strptime(fold(value), form).date() if form else None
    except ValueError:
        return None


def _from_seconds(value: str) -> date | None:
    """A time stamp of nine or ten digits; three, six or nine more for parts of a second."""
    whole = value.partition(".")[0]
    if len(whole) not in _DIGITS_BEYOND_SECONDS:
        return None
    seconds = int(whole) // 10 ** _DIGITS_BEYOND_SECONDS[len(whole)]
    return datetime.fromtimestamp(seconds, UTC).date()
