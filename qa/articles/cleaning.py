"""An article's title and text out of a newspaper's page: only whole lines go, only at the edges.

A page is read as head, text and tail. The head ends with the first paragraph, the tail begins
after the last one; `lines.py` tells what their lines are. What could be a sentence of the article
stays: a leftover button does less harm than a lost sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from qa.articles.lines import (
    FURNITURE,
    OUTSIDE,
    Kind,
    Line,
    is_form_field,
    is_interruption,
    read_line,
)

_NAME_WORDS = 4
"""A plain line of so few words beside furniture is a name: a section, a place, an outlet."""
_LABEL_WORDS = 8
"""Longer plain lines below a button may be the article's; below 'related stories' they are not."""
_TEXT_WORDS = 20
"""So many words are a paragraph even where its full stop is missing."""
_SECTION_WORDS = 2
"""A first line of so few words is a section's name, if a longer one follows above the text."""
_HEAD_LINES = 30
_WRAPPED_COLUMNS = range(45, 131)
_TITLE_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class CleanText:
    """An article freed from its page; the lines around it are kept for what they tell of it."""

    title: str
    body: str
    head: tuple[str, ...] = ()
    """Lines above the text, the title not among them."""
    tail: tuple[str, ...] = ()


def clean(raw: str) -> CleanText:
    """The title, and the text without what stands around it; an empty body if there is no text.

    Lines of the text stay as they are, to the character; their ends become line feeds.
    """
    lines = [read_line(text) for text in _split_lines(raw)]
    stop = _tail_start(lines)
    page = lines[:stop]
    title = _find_title(page)
    above = _above_text(page, title)
    body = _joined(
        line
        for i, line in enumerate(page)
        if i not in above and i != title and not is_interruption(line.text)
    )
    headline = headline_from(body) if title is None else page[title].text.strip()
    return CleanText(
        title=headline,
        body=body or headline,
        head=_visible(page[i] for i in sorted(above)),
        tail=_visible(lines[stop:]),
    )


def headline_from(text: str) -> str:
    """The beginning of a text that has no headline, cut between words after 100 characters."""
    first = text.lstrip()[: 10 * _TITLE_CHARACTERS].split("\n", 1)[0].strip()
    if len(first) <= _TITLE_CHARACTERS:
        return first
    return first[: _TITLE_CHARACTERS + 1].rsplit(None, 1)[0] + "…"


def _split_lines(raw: str) -> list[str]:
    return raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines).strip().strip("\ufeff")


def _visible(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.text.strip() for line in lines if line.kind is not Kind.BLANK)


def _is_text(line: Line) -> bool:
    return line.kind is Kind.PROSE or (line.kind is Kind.PLAIN and line.words >= _TEXT_WORDS)


# The tail


def _tail_start(lines: Sequence[Line]) -> int:
    """Where what follows the article begins: len(lines) where nothing does."""
    stop = _comments_start(lines)
    last_text = max((i for i in range(stop) if _is_text(lines[i])), default=0)
    stop = _furniture_start(lines, last_text + 1, stop)
    return _with_credits_above(lines, last_text + 1, stop)


def _comments_start(lines: Sequence[Line]) -> int:
    """Readers' comments, which are prose too, are told by their form and by being the shorter."""
    total = sum(line.words for line in lines if line.kind is Kind.PROSE)
    above = 0
    for i, line in enumerate(lines):
        if line.kind is Kind.PROSE:
            above += line.words
        elif line.kind is Kind.COMMENT_FORM and total - above < above / 2:
            if _is_form(lines, i):
                return i
    return len(lines)


def _is_form(lines: Sequence[Line], i: int) -> bool:
    """Whether fields of a form or a heading come next: a row of buttons is no end of an article."""
    below = (line for line in islice(lines, i + 1, None) if line.kind is not Kind.BLANK)
    return is_form_field(lines[i].text) or any(map(_follows_articles, islice(below, 3)))


def _follows_articles(line: Line) -> bool:
    is_heading = line.kind is Kind.AFTERMATH and not is_interruption(line.text)
    return is_heading or is_form_field(line.text)


def _furniture_start(lines: Sequence[Line], first: int, stop: int) -> int:
    """The highest piece of furniture below the text that everything beneath it belongs to."""
    start = stop
    longest_below = 0
    for i in range(stop - 1, first - 1, -1):
        line = lines[i]
        if line.kind is Kind.PLAIN:
            longest_below = max(longest_below, line.words)
        elif line.kind in (Kind.AFTERMATH, Kind.COMMENT_FORM):
            start, longest_below = i, 0
        elif line.kind in FURNITURE and longest_below <= _LABEL_WORDS:
            start = i
    return start


def _with_credits_above(lines: Sequence[Line], first: int, stop: int) -> int:
    """The tail widened by credits, dates and rules, and by a name under a dash, right above it."""
    start = stop
    above = [i for i in range(first, stop) if lines[i].kind is not Kind.BLANK]
    while above:
        kind = lines[above[-1]].kind
        if kind is Kind.PLAIN and len(above) >= 2 and _is_signed(lines, above[-2], above[-1]):
            above.pop()
        elif kind is Kind.PLAIN:
            break
        start = above.pop()
    return start


def _is_signed(lines: Sequence[Line], rule: int, name: int) -> bool:
    """A dash with a name beneath it: the source, set off from the text."""
    dashes = lines[rule].kind is Kind.RULE and set(lines[rule].text.strip()) <= set("-–—|ـ_")
    return dashes and lines[name].words <= _NAME_WORDS


# The head


def _find_title(lines: Sequence[Line]) -> int | None:
    """The first headline, else the last short line above the text; None for text alone."""
    short: int | None = None
    for i, line in enumerate(lines):
        if line.kind in OUTSIDE:
            continue
        if line.words > _SECTION_WORDS or line.ends_sentence:
            # Below a short line a question may be the text's first.
            asks = line.kind is Kind.PROSE and short is not None
            return i if not asks and _is_headline(lines, i) else short
        short = i
    return short


def _is_headline(lines: Sequence[Line], i: int) -> bool:
    line = lines[i]
    if all(below.kind in OUTSIDE for below in islice(lines, i + 1, i + _HEAD_LINES)):
        return False
    if (line.kind is Kind.PROSE and line.words > _TEXT_WORDS) or line.text.rstrip().endswith("."):
        return False
    if line.words >= _TEXT_WORDS:
        # A byline or a date right below tells it from a paragraph that lacks its full stop.
        return _kinds_beside(lines, i)[1] in OUTSIDE
    return not _is_wrapped(lines, i)


def _kinds_beside(lines: Sequence[Line], i: int) -> tuple[Kind | None, Kind | None]:
    """Kinds of the next visible lines above and below; None at the page's ends."""
    return _first_visible(lines, range(i - 1, -1, -1)), _first_visible(
        lines, range(i + 1, len(lines))
    )


def _first_visible(lines: Sequence[Line], places: Iterable[int]) -> Kind | None:
    kinds = (lines[i].kind for i in places)
    return next((kind for kind in kinds if kind is not Kind.BLANK), None)


def _is_wrapped(lines: Sequence[Line], i: int) -> bool:
    """Whether a line is the first of a paragraph broken at a fixed width."""
    following = islice(lines, i, i + _HEAD_LINES)
    block = [len(line.text) for line in takewhile(lambda x: x.kind not in OUTSIDE, following)]
    width = max(block)
    return len(block) > 1 and width in _WRAPPED_COLUMNS and block[0] > 0.7 * width


def _above_text(lines: Sequence[Line], title: int | None) -> set[int]:
    """Lines of the head that are not the article's."""
    if title is None:
        start = next((i for i, line in enumerate(lines) if line.kind not in OUTSIDE), len(lines))
        return set(range(start))
    below = range(title + 1, _first_text(lines, title + 1))
    outside = {i for i in below if _is_outside(lines, i, lines[title])}
    return set(range(title)) | outside | _below_standfirst(lines, below.stop)


def _first_text(lines: Sequence[Line], start: int) -> int:
    """The first paragraph at or after `start`; the head is not looked for further than that."""
    stop = min(len(lines), start + _HEAD_LINES)
    return next((i for i in range(start, stop) if _is_text(lines[i])), stop)


def _is_outside(lines: Sequence[Line], i: int, title: Line) -> bool:
    line = lines[i]
    if line.kind is Kind.PLAIN:
        repeats = line.text.strip() == title.text.strip()
        return repeats or (line.words <= _NAME_WORDS and _is_beside_credit(lines, i))
    return line.kind in OUTSIDE


def _is_beside_credit(lines: Sequence[Line], i: int) -> bool:
    """A date or a credit is the next line above or below: between them stand names and places."""
    return not {Kind.DATE, Kind.CREDIT}.isdisjoint(_kinds_beside(lines, i))


def _below_standfirst(lines: Sequence[Line], standfirst: int) -> set[int]:
    """Bylines, dates and buttons between a short first paragraph and the second."""
    second = _first_text(lines, standfirst + 1)
    between = {i for i in range(standfirst + 1, second) if lines[i].kind is not Kind.BLANK}
    kinds = {lines[i].kind for i in between}
    is_bar = bool(kinds & (FURNITURE | {Kind.DATE, Kind.CREDIT})) and kinds <= OUTSIDE
    return between if is_bar and second < len(lines) else set()
