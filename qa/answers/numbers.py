"""Numbers of a text, in digits of any script or in words, as values that can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qa.text.folding import Folded, fold, fold_with_offsets

_LITERAL = (
    r"\d{1,3}(?P<mark>[., '])\d{3}(?:(?P=mark)\d{3})*(?:[.,]\d+)?(?!\d)"  # 1,234,567.8
    r"|\d+(?:[.,]\d+)?"
)
_ITEM = re.compile(rf"(?<![\d])(?:(?P<literal>{_LITERAL})|(?P<word>[^\W\d_]+))")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([., '])\d{3})(?:\1\d{3})*(?P<fraction>[.,]\d+)?")
_COUNTED_WORD = 3
"""Smaller numbers in words are pronouns, articles or, in Arabic, the dual."""
_BLANK = re.compile(r"[\s-]+")
_THOUSAND = 1000
_BEFORE = 12
"""Characters before a number that may say that it is a percentage."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its place in the text."""

    written: str
    readings: frozenset[float]
    """All it may mean: 1.500 is 1500 in French and 1.5 in English."""
    is_percent: bool
    is_exact: bool
    """In digits, or a word that can be nothing else: «one» may be a pronoun or an article, «the
    two» those who were named before, and Arabic has the dual."""
    start: int
    end: int

    def agrees(self, other: Number) -> bool:
        """Whether both may be the same number of the same kind."""
        return self.is_percent == other.is_percent and bool(self.readings & other.readings)


@dataclass(frozen=True)
class _Table:
    """One language's number words; all folded."""

    words: Mapping[str, int]
    scales: Mapping[str, int]
    """Words that multiply what stands before them: hundred, thousand."""
    never_alone: frozenset[str]
    """What is no number by itself: thousands of fighters; Persian «نه» is no too, and nine."""
    prefixes: tuple[str, ...]
    joiners: frozenset[str]
    compound: re.Pattern[str] | None
    """A number written as one word, «fünfundzwanzigtausend», where the language does so."""
    part: re.Pattern[str]
    """A number word within such a one."""
    percent: re.Pattern[str]
    percent_before: re.Pattern[str]
    exact_from: int
    """The least number that a word of the language counts with, and does nothing else."""
    known_before: re.Pattern[str]
    """What stands before a small number of things that were named already: «the two»."""

    def parts_of(self, match: re.Match[str]) -> Iterator[re.Match[str]]:
        """A word, or each number word that is written in one with others in it."""
        if self.compound and self.compound.fullmatch(match[0]):
            yield from self.part.finditer(match.string, *match.span())
        else:
            yield match

    def value(self, word: str) -> tuple[str, int] | None:
        """A word without what Arabic writes in one with it, and its value."""
        for prefix in self.prefixes:
            bare = word[len(prefix) :]
            if word.startswith(prefix) and (bare in self.words or bare in self.scales):
                return bare, self.words.get(bare) or self.scales[bare]
        return None


@dataclass(frozen=True, slots=True)
class _Item:
    """A literal or a number word of the folded text."""

    form: str
    readings: frozenset[float]
    is_literal: bool
    scale: int
    """0 for what does not multiply."""
    start: int
    end: int


def find_numbers(text: str, language: str) -> list[Number]:
    """The numbers of a text in order; words are read by the language's table, where it has one."""
    folded = fold_with_offsets(text)
    table = _load_tables().get(language, _load_tables()["en"])
    runs = _runs(list(_items(folded.text, table)), folded.text, table)
    numbers = (_number(run, text, folded, table) for run in runs)
    return [number for number in numbers if number is not None]


def _number(run: Sequence[_Item], text: str, folded: Folded, table: _Table) -> Number | None:
    """What the items of a run say together; None where that is no number by itself."""
    start, end = run[0].start, run[-1].end
    readings = _readings(run)
    if not readings or (len(run) == 1 and run[0].form in table.never_alone):
        return None
    before = folded.text[max(0, start - _BEFORE) : start]
    is_percent = table.percent.match(folded.text, end) or table.percent_before.search(before)
    is_known = min(readings) < _COUNTED_WORD and table.known_before.search(before)
    place = folded.original(start, end)
    return Number(
        written=text[place.start : place.end],
        readings=readings,
        is_percent=bool(is_percent),
        is_exact=run[0].is_literal or (min(readings) >= table.exact_from and not is_known),
        start=place.start,
        end=place.end,
    )


def _items(folded: str, table: _Table) -> Iterator[_Item]:
    for match in _ITEM.finditer(_without_percent_words(folded, table)):
        if match["literal"]:
            yield _Item(match[0], _literal_readings(match[0]), True, 0, *match.span())
            continue
        for part in table.parts_of(match):
            if (found := table.value(part[0])) is not None:
                form, value = found
                scale = value if form in table.scales else 0
                yield _Item(form, frozenset({float(value)}), False, scale, *part.span())


def _without_percent_words(folded: str, table: _Table) -> str:
    """The مئة of «في المئة» is no hundred; offsets stay."""
    return table.percent.sub(lambda match: "%" * len(match[0]), folded)


def _literal_readings(literal: str) -> frozenset[float]:
    grouped = _GROUPED.fullmatch(literal)
    readings = set()
    if grouped:
        fraction = grouped["fraction"] or ""
        whole = re.sub("[., ']", "", literal.removesuffix(fraction))
        readings.add(float(whole + fraction.replace(",", ".")))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", literal):
        readings.add(float(literal.replace(",", ".")))
    return frozenset(readings)


def _runs(items: Sequence[_Item], folded: str, table: _Table) -> Iterator[list[_Item]]:
    """Neighbouring items that together are one number."""
    run: list[_Item] = []
    for item in items:
        if run and not (_joined(run[-1], item, folded, table) and _goes_on(run, item)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _joined(one: _Item, other: _Item, folded: str, table: _Table) -> bool:
    gap = folded[one.end : other.start]
    if not gap:
        return not one.is_literal  # parts of one word, where «5km» is two
    return _BLANK.fullmatch(gap) is not None or gap.strip() in table.joiners


def _goes_on(run: Sequence[_Item], item: _Item) -> bool:
    """Whether a number that began so can have this part too: forty-five, not forty fifty."""
    if item.is_literal:
        return False
    if item.scale:
        return not (run[-1].is_literal and item.scale < _THOUSAND)
    if run[-1].is_literal:
        return False
    value, so_far = max(item.readings), _summed(run)
    below = so_far % (10 if value < 10 else 100 if value < 100 else _THOUSAND)
    is_reversed = 0 < so_far % 100 < 10 and 10 <= value < 100
    is_by_twenties = 10 <= value < 20 and so_far % 100 in (60, 80)
    return below == 0 or is_reversed or is_by_twenties


def _readings(run: Sequence[_Item]) -> frozenset[float]:
    if not run[0].is_literal:
        return frozenset({_summed(run)})
    factor = 1
    for item in run[1:]:
        factor *= item.scale or 1
    return frozenset(reading * factor for reading in run[0].readings)


def _summed(run: Iterable[_Item]) -> float:
    total, current = 0.0, 0.0
    for item in run:
        value = max(item.readings)
        if item.scale >= _THOUSAND:
            below = total % value + current  # «tres mil millones», but «two million ten thousand»
            total, current = total - total % value + max(below, 1) * value, 0.0
        elif item.scale:
            current = max(current, 1) * value
        elif value == 20 and current % 100 == 4:  # quatre-vingt
            current += 76
        else:
            current += value
    return total + current


@cache
def _load_tables() -> Mapping[str, _Table]:
    tables = json.loads(files("qa.answers").joinpath("numbers.json").read_text(encoding="utf-8"))
    return {language: _from_table(table) for language, table in tables.items()}


def _from_table(table: Mapping[str, Any]) -> _Table:
    plurals = _values(table["plurals"])
    words, scales = _values(table["words"]), _values(table["scales"])
    joiners = frozenset(map(fold, table["joiners"]))
    before = "|".join(re.escape(fold(p)) for p in table.get("percent_before", ["%"]))
    known = "|".join(re.escape(fold(p)) for p in table.get("known_before", ["\n"]))
    after = "|".join(re.escape(fold(p)) for p in table["percent"])
    return _Table(
        words=words,
        scales=scales | plurals,
        never_alone=frozenset([*plurals, *map(fold, table.get("never_alone", ()))]),
        prefixes=("", *map(fold, table.get("prefixes", ()))),
        joiners=joiners,
        compound=_compound(words, scales, joiners) if table.get("is_compounding") else None,
        part=re.compile(_either([*words, *scales])),
        percent=re.compile(rf"\s?(?:{after})(?!\w)"),
        percent_before=re.compile(rf"(?<!\w)(?:{before})\s?\Z"),
        exact_from=table.get("exact_from", _COUNTED_WORD),
        known_before=re.compile(rf"(?<!\w)(?:{known})\s\Z"),
    )


def _compound(
    words: Iterable[str], scales: Iterable[str], joiners: Iterable[str]
) -> re.Pattern[str]:
    """«zwei hundert fünf und zwanzig» in one: two words need a joiner, a scale needs none."""
    word, scale, joiner = _either(words), _either(scales), _either(joiners)
    below = f"(?:{joiner})?(?:{word})(?:(?:{joiner})(?:{word}))*"
    return re.compile(f"(?:(?:{below})?(?:{scale}))*(?:{below})?")


def _either(forms: Iterable[str]) -> str:
    """Any of the forms, the longest that fits."""
    return "|".join(sorted(map(re.escape, forms), key=len, reverse=True))


def _values(rows: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {fold(form): int(value) for value, forms in rows.items() for form in forms}
