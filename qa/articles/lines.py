"""What a line of a newspaper's page is, told by its own words and form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from qa.articles.credits import is_credit
from qa.articles.dates import is_dateline
from qa.articles.furniture import (
    AFTERMATH,
    BUTTONS,
    COMMENT_FORMS,
    FORM_FIELDS,
    INTERRUPTIONS,
    NOTICES,
    SECTIONS,
    label,
)

_LONGEST_FURNITURE = 300
"""Characters: longer lines are text, whatever they begin with."""
LONGEST_HEADLINE = 40
"""Words: some pages print the kicker and the headline on one line."""

_VISIBLE = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff]")
_ENDS_SENTENCE = re.compile(r"[.!?؟。…۔][\s\"'»”’)\]\u200b-\u200f]*$")
_COPYRIGHT = re.compile(r"©|\(c\)\s*\d{4}|^\W*copyright\b", re.IGNORECASE)


class Kind(Enum):
    """What a line is for; all but the last two stand outside an article's text."""

    BLANK = auto()
    RULE = auto()
    """No letter and no digit: -, ***, |."""
    NUMBER = auto()
    """A bare number: of views, of comments, of the page."""
    DATE = auto()
    CREDIT = auto()
    """Byline, agency or source."""
    SECTION = auto()
    BUTTON = auto()
    NOTICE = auto()
    COMMENT_FORM = auto()
    AFTERMATH = auto()
    """Heading of what follows an article: comments, related stories, tags."""
    PLAIN = auto()
    """Short, not a whole sentence: a headline, a subheading, a name."""
    PROSE = auto()


OUTSIDE = frozenset(Kind) - {Kind.PLAIN, Kind.PROSE}
FURNITURE = frozenset({Kind.BUTTON, Kind.NOTICE, Kind.COMMENT_FORM, Kind.AFTERMATH})
_VOCABULARIES = (
    (Kind.COMMENT_FORM, COMMENT_FORMS),
    (Kind.AFTERMATH, AFTERMATH),
    (Kind.BUTTON, BUTTONS),
    (Kind.NOTICE, NOTICES),
    (Kind.SECTION, SECTIONS),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page as it stands, with its kind and the number of its words."""

    text: str
    kind: Kind
    words: int

    @property
    def ends_sentence(self) -> bool:
        """Whether it closes with a full stop or another final mark, quotes aside."""
        return ends_sentence(self.text)


def read_line(text: str) -> Line:
    """The line with its kind; long lines are prose without a look at the vocabularies."""
    words = len(text.split())
    if len(text) > _LONGEST_FURNITURE:
        return Line(text, Kind.PROSE, words)
    return Line(text, _kind_of(text, words), words)


def ends_sentence(text: str) -> bool:
    """Whether a text closes with a full stop or another final mark, quotes aside."""
    return _ENDS_SENTENCE.search(text[-40:]) is not None


def is_interruption(text: str) -> bool:
    """Whether a line cuts in between an article's paragraphs: advertisements, 'read also'."""
    return len(text) < 60 and label(text) in INTERRUPTIONS


def is_form_field(text: str) -> bool:
    """Whether a line asks for a name, an address or a code, as a form for comments does."""
    return len(text) <= _LONGEST_FURNITURE and label(text) in FORM_FIELDS


def _kind_of(text: str, words: int) -> Kind:
    if not _VISIBLE.search(text):
        return Kind.BLANK
    reduced = label(text)
    if not reduced:
        return Kind.RULE
    if set(reduced) <= {"#", " "}:
        return Kind.DATE if is_dateline(text) else Kind.NUMBER
    for kind, known in _VOCABULARIES:
        if reduced in known:
            return kind
    if _COPYRIGHT.search(text):
        return Kind.NOTICE
    return _kind_by_form(text, words)


def _kind_by_form(text: str, words: int) -> Kind:
    if is_dateline(text):
        return Kind.DATE
    if is_credit(text):
        return Kind.CREDIT
    if words > LONGEST_HEADLINE or (words >= 4 and ends_sentence(text)):
        return Kind.PROSE
    return Kind.PLAIN
