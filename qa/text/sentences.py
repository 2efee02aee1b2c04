"""Sentence spans for Arabic, Latin and Cyrillic text, over the original characters.

A quotation of several sentences is several spans: as one it would be too long to quote. A
semicolon (؛) never ends a sentence, since what it joins is often a statement and its speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.model import Span

_INVISIBLE = "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_SPACE = rf"[\s{_INVISIBLE}]"
_LINE = re.compile(r"(?P<line>[^\n\r\x0b\x0c\x85\u2028\u2029]+)|\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_VISIBLE_CHARACTER = re.compile(rf"[^\s{_INVISIBLE}]")
_VISIBLE = re.compile(rf"[^\s{_INVISIBLE}](?:.*[^\s{_INVISIBLE}])?", re.DOTALL)

_CASED = r"A-ZÀ-ÖØ-ÞА-ЯЁÇĞİÖŞÜ"
_MARK = "[.!?؟۔…‼⁇⁈⁉]"
_STOP = re.compile(
    # Possessive, and never begun inside a run: a megabyte of dots stays linear. The mark is first,
    # for a search that begins with a set of characters is several times as fast.
    rf"(?P<mark>{_MARK}(?<!{_MARK}{{2}}){_MARK}*+)"
    rf"(?P<close>[»”›\"'’)\]{_INVISIBLE}]*+(?:[ \u00a0]++[»”](?=[\s.,،]|$))?)"
    rf"(?:(?P<gap>\s+|$)"
    # No blank after the stop, as in careless typing: عليه.وقال, done.The
    r"|(?<=[ء-ي»”]\.)(?=[«“]?[ء-ي]{2})|(?<=[؟!»”])(?=[«“]?[ء-ي]{2})"
    rf"|(?<=[a-zа-я]{{3}}\.)(?=[{_CASED}][a-zа-я]{{2,}}\s))"
)
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})")
_INITIALS = re.compile(r"و?(?:[^\W\d_]\.)*[^\W\d_]|(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_WINDOW = 24
"""How far a word before or after a stop is looked at."""

# Never the last word of a sentence, for what they introduce follows.
_TITLES = frozenset(
    """mr mrs ms dr prof gen col lt sgt capt cpt maj adm cmdr sen rep gov pres st mt rev hon
    messrs vs cf viz approx mme mlle mlles mgr sr sra srta dña av bzw ca evtl ggf sog vgl
    г-н г-жа д-р проф им ул просп акад ген см напр doç sn hz alb yrd""".split()
)
# Only before a number.
_COUNTED = frozenset(
    "no nos nr art vol fig pp p ch sec abs bd núm nº стр рис тыс млн млрд руб ص ج رقم".split()
)
# Often the last word of a sentence.
_SHORTENED = frozenset(
    """inc ltd co corp bros jr etc al dept est ave blvd jan feb mar apr jun jul aug sep sept
    oct nov dec usw гг вв др пр""".split()
)
_STARTERS = frozenset(
    """the a an he she it they we i in on at but and this that these those his her its their
    as for if when while after before there then also later meanwhile however
    il elle ils elles le la les un une ce cette mais en on он она они это но в на по как если
    bu o ve ancak er sie es der die das
    ein eine el los las una pero""".split()
)
_MONTHS = frozenset(
    """januar februar märz april mai juni juli august september oktober november dezember
    jänner ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık""".split()
)
_REPORTING = frozenset(
    """قال قالت قالوا يقول تقول سأل سألت تساءل تساءلت أجاب أجابت رد ردت أضاف أضافت تابع تابعت
    أكد أكدت صرخ هتف كتب كتبت علق علقت""".split()
)


def is_blank(text: str) -> bool:
    """Whether no character shows: there is no sentence in such a text."""
    return _VISIBLE_CHARACTER.search(text) is None


def sentence_spans(text: str) -> list[Span]:
    """Spans in order, trimmed, not overlapping; together they hold every visible character."""
    return [
        span
        for start, end in _paragraphs(text)
        for span in _with_letters(text, _pieces(text, start, end))
    ]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses: lines, or the wrapped lines of one paragraph."""
    for block in _blocks(text):
        wrapped = _is_wrapped(text, block)
        start, end = block[0]
        for line_start, line_end in block[1:]:
            if not _runs_on(text, end, line_start, wrapped):
                yield start, end
                start = line_start
            end = line_end
        yield start, end


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """The trimmed lines between blank lines."""
    block: list[tuple[int, int]] = []
    for found in _LINE.finditer(text):
        if found["line"] is None:
            continue
        visible = _VISIBLE.search(found[0])
        if visible and block and _has_blank_line(text, block[-1][1], found.start()):
            yield block
            block = []
        if visible:
            block.append((found.start() + visible.start(), found.start() + visible.end()))
    if block:
        yield block


def _has_blank_line(text: str, end: int, start: int) -> bool:
    return len(text[end:start].replace("\r\n", "\n").splitlines()) > 1


def _is_wrapped(text: str, block: list[tuple[int, int]]) -> bool:
    """Whether the lines were broken to one width, as mail and PDF text is."""
    widths = [end - start for start, end in block]
    widest = max(widths)
    return len(block) > 2 and 40 <= widest <= 110 and min(widths[:-1]) >= 0.75 * widest


def _runs_on(text: str, end: int, start: int, wrapped: bool) -> bool:
    if text[end - 1] in ".!?؟۔…:»”":
        return wrapped and text[end - 1] in "»”:"
    return wrapped or text[start].islower()


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        close = stop.end("close")
        if stop.end() < end and _ends_sentence(text, begin, stop, end):
            yield _trimmed(text, begin, close)
            begin = stop.end()
    yield _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    visible = _VISIBLE.search(text, start, end)
    return Span(*visible.span()) if visible else Span(start, start)


def _with_letters(text: str, pieces: Iterator[Span]) -> Iterator[Span]:
    """The pieces of a paragraph, those of mere punctuation joined to the one before."""
    held: Span | None = None
    for piece in pieces:
        if held is None or _is_spoken(text, piece):
            if held:
                yield held
            held = piece
        elif piece.start < piece.end:
            held = Span(held.start, piece.end)
    if held and held.start < held.end:
        yield held


_SPOKEN = re.compile(r"\w")


def _is_spoken(text: str, piece: Span) -> bool:
    return _SPOKEN.search(text, piece.start, piece.end) is not None


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    following = text[stop.end() : min(stop.end() + _WINDOW, end)]
    word = _first_word(following)
    if following[0] in ",;:،؛)" or (word[:1].islower() and following[0] not in "(["):
        return False
    mark = stop["mark"]
    if set(mark) <= {".", "…"} and mark != ".":
        return _is_capital(word)
    if mark != ".":
        return not _is_aside(text, stop) and not (stop["close"] and word in _REPORTING)
    return not _is_abbreviation(text, begin, stop, word)


_WORD = re.compile(r"[^\W_]+")


def _first_word(following: str) -> str:
    word = _WORD.match(following.lstrip(" «“\"'([‘").lstrip())
    return word[0] if word else ""


def _is_capital(word: str) -> bool:
    """Arabic has no capitals: there, dots in mid-line are a pause."""
    return word[:1].isupper()


def _is_aside(text: str, stop: re.Match[str]) -> bool:
    """(!) and (؟) comment on a word."""
    return text[stop.start() - 1 : stop.start()] == "(" and ")" in stop["close"]


def _is_abbreviation(text: str, begin: int, stop: re.Match[str], following: str) -> bool:
    """Whether a single dot belongs to the word before it; following is the word after it."""
    if stop["close"] or not stop["gap"]:
        return False
    if _is_enumerator(text, begin, stop.start()):
        return True
    before = text[max(begin, stop.start() - _WINDOW) : stop.start()].split()
    word = before[-1].lstrip("«“\"'([‘").lower() if before else ""
    if word in _TITLES:
        return True
    if word in _COUNTED:
        return following[:1].isdigit()
    if word.isdigit():
        return len(word) <= 2 and following.lower() in _MONTHS
    return _is_shortened(word) and following.lower() not in _STARTERS


def _is_enumerator(text: str, start: int, end: int) -> bool:
    """Whether that is all there is before the dot: 1. or (a. or iv."""
    return end - start < 8 and _ENUMERATOR.fullmatch(text[start:end]) is not None


def _is_shortened(word: str) -> bool:
    return word in _SHORTENED or _INITIALS.fullmatch(word) is not None
