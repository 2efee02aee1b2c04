"""The words of the page in each interface language, and the dates and names that go with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

from qa.text.language import direction

ASSETS = Path(__file__).parent / "assets"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one interface language."""

    language: str
    texts: Mapping[str, str]

    @property
    def direction(self) -> str:
        """Writing direction of the interface: ltr or rtl."""
        return direction(self.language)

    def text(self, key: str, **values: object) -> str:
        """The label of that key with its `{placeholders}` filled in."""
        return self.texts[key].format(**values)

    def date(self, day: date | None) -> str:
        """A date as readers of the interface language write it; nothing for no date."""
        return format_date(day, "d MMMM y", locale=self.language) if day else ""

    def moment(self, moment: datetime) -> str:
        """A date with its time of day, in the zone of this machine."""
        return format_datetime(moment.astimezone(), "d MMMM y, HH:mm", locale=self.language)

    def duration(self, seconds: float) -> str:
        """About how long, in one unit."""
        return format_timedelta(timedelta(seconds=max(1, round(seconds))), locale=self.language)

    def percent(self, share: float) -> str:
        """A share of one in percent, to a tenth where it is not whole."""
        text = format_percent(share, "0.#%", locale=self.language)
        # Isolated, for beside Arabic letters the sign would change sides from place to place.
        return f"\u2066{text}\u2069" if self.direction == "rtl" else text

    def points(self, difference: float) -> str:
        """A difference of shares in percentage points, with its sign."""
        # Not minus zero, which rounding leaves of a small loss.
        points = round(100 * difference, 1) or 0.0
        pattern = "+0.0;\u2212#" if points else "0.0"
        return format_decimal(points, pattern, locale=self.language)

    def language_name(self, code: str) -> str:
        """A language's name in the interface language, or its code where nobody named it."""
        try:
            return Locale.parse(code).get_language_name(self.language) or code
        except (UnknownLocaleError, ValueError):
            return code


@cache
def all_labels() -> Mapping[str, Labels]:
    """The label tables by language code, as `assets/labels.json` has them."""
    tables = json.loads((ASSETS / "labels.json").read_text(encoding="utf-8"))
    return {language: Labels(language, texts) for language, texts in tables.items()}


def labels_in(language: str) -> Labels:
    """The labels of that language, or of the default one where there are none."""
    return all_labels().get(language, all_labels()[DEFAULT_LANGUAGE])


def preferred_language(accept_language: str) -> str:
    """The first interface language that a browser's Accept-Language header asks for."""
    wanted = sorted(map(_weighted, accept_language.split(",")), reverse=True, key=lambda w: w[1])
    return next((code for code, _ in wanted if code in all_labels()), DEFAULT_LANGUAGE)


def _weighted(part: str) -> tuple[str, float]:
    """`ar-SY;q=0.8` as ("ar", 0.8); an unreadable weight counts as none."""
    tag, _, weight = part.strip().partition(";q=")
    code = tag.partition("-")[0].lower()
    try:
        return code, float(weight or 1)
    except ValueError:
        return code, 0.0


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the page offers, with its language."""

    language: str
    text: str


@cache
def examples() -> tuple[Example, ...]:
    """The questions that the page offers, as `assets/examples.json` has them."""
    stored = json.loads((ASSETS / "examples.json").read_text(encoding="utf-8"))
    return tuple(Example(**example) for example in stored)
