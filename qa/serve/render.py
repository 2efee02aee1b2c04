"""The page's HTML, from templates that escape everything: what an article says is shown as text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import jinja2

from qa.model import Answer, Article, Citation, Span
from qa.serve.conversation import Turn
from qa.serve.labels import ASSETS, Labels, examples
from qa.text.language import direction

EXCERPT = 30_000
"""Characters of an article that are shown on each side of the quote."""
_MARKER = r"\[(?P<number>\d+)\]"
# Quotation marks may stand around a quote, and bidi isolates within them.
_OPENING, _CLOSING = r"[«“„\"‘]?\s*\u2068?", r"\u2069?\s*[»”“\"’]?\.?"
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an answer's words, or the number of a citation in it."""

    text: str = ""
    marker: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of an answer: words and markers, or a quote that stands alone."""

    pieces: tuple[Piece, ...] = ()
    quote: Citation | None = None

    @property
    def text(self) -> str:
        """The words of the paragraph."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, parted where the quoted words are."""

    before: str
    marked: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return self.before + self.marked + self.after


def header_html(labels: Labels, articles: int, outlets: int) -> str:
    """The bar at the top."""
    return render_template("header.html", labels=labels, articles=articles, outlets=outlets)


def welcome_html(labels: Labels, articles: int) -> str:
    """What stands in place of a conversation that has not begun."""
    return render_template("welcome.html", labels=labels, articles=articles, examples=examples())


def filters_html(labels: Labels, languages: Sequence[str], outlets: Sequence[str]) -> str:
    """The form that narrows the search."""
    return render_template("filters.html", labels=labels, languages=languages, outlets=outlets)


def hint_html(labels: Labels, problem: str = "") -> str:
    """The line under the question box: a word of advice, or what is wrong with the question."""
    return render_template("hint.html", labels=labels, problem=problem)


def turn_html(turn: Turn, index: int, labels: Labels) -> str:
    """One question with what there is of its answer; `index` is its place in the conversation."""
    return render_template(
        "turn.html", turn=turn, index=index, labels=labels, **_answer_parts(turn.answer)
    )


def source_html(article: Article, citation: Citation, index: int, labels: Labels) -> str:
    """The cited article with the quote marked; `index` is the turn that cites it."""
    window = excerpt(article.text, Span(citation.start, citation.end))
    return render_template(
        "source.html",
        article=article,
        citation=citation,
        index=index,
        labels=labels,
        address=web_address(article.url),
        paragraphs=list(paragraphs(article.text, window, Span(citation.start, citation.end))),
        shortened=(window.start, window.end) != (0, len(article.text)),
    )


def missing_source_html(problem: str, citation: Citation, index: int, labels: Labels) -> str:
    """What stands in place of a source that cannot be read."""
    return render_template(
        "source.html", article=None, problem=problem, citation=citation, index=index, labels=labels
    )


def blocks(answer: Answer) -> list[Block]:
    """The answer's paragraphs; a quote among the words becomes a paragraph of its own."""
    finished: list[Block] = []
    pieces: list[Piece] = []
    for part in _parts(answer.answer, answer.citations):
        if isinstance(part, Piece):
            pieces.append(part)
            continue
        finished.append(Block(tuple(pieces)))
        pieces = []
        if part is not None:
            finished.append(Block(quote=part))
    return [block for block in [*finished, Block(tuple(pieces))] if _is_shown(block)]


def plain_answer(answer: Answer) -> str:
    """The answer as it is copied: its text, then a line for each source."""
    return "\n".join([answer.answer, "", *map(_source_line, answer.citations)]).strip()


def paragraphs(text: str, window: Span, quote: Span) -> Iterator[Paragraph]:
    """The paragraphs of text[window], each with its part of the quote apart."""
    for match in re.finditer(r"[^\n]*\S[^\n]*", text[window.start : window.end]):
        start, end = match.start() + window.start, match.end() + window.start
        first, last = _within(quote.start, start, end), _within(quote.end, start, end)
        yield Paragraph(text[start:first], text[first:last], text[last:end])


def excerpt(text: str, quote: Span, around: int = EXCERPT) -> Span:
    """The part of a long text that is shown: whole lines where they are near, and the quote."""
    start, end = max(0, quote.start - around), min(len(text), quote.end + around)
    if start:
        start = max(start, text.find("\n", start, quote.start) + 1)
    if end < len(text):
        line_end = text.rfind("\n", quote.end, end)
        end = line_end if line_end >= 0 else end
    return Span(start, end)


def text_direction(text: str, language: str | None = None) -> str:
    """The language's direction, or `auto` where the text has no letter of that direction.

    A foreign name at the beginning of an Arabic sentence does not turn it round.
    """
    wanted = direction(language) if language else "auto"
    return wanted if any(wanted == _letter_direction(c) for c in text) else "auto"


def web_address(url: str | None) -> str | None:
    """The URL if it is one that a link may hold: no script, no file."""
    return url if url and urlsplit(url).scheme in {"http", "https"} else None


def clip(text: str, limit: int) -> str:
    """The text, or its beginning where it is longer than the limit."""
    return text if len(text) <= limit else text[:limit].rstrip() + "…"


def _answer_parts(answer: Answer | None) -> Mapping[str, Any]:
    if answer is None:
        return {}
    parts = blocks(answer)
    shown = {block.quote.number for block in parts if block.quote}
    return {
        "blocks": parts,
        "unquoted": [c for c in answer.citations if c.number not in shown],
        "reason": answer.reason or answer.answer,
        "copy": plain_answer(answer),
    }


def _parts(text: str, citations: Sequence[Citation]) -> Iterator[Piece | Citation | None]:
    """Words and markers, quotes, and None where a line ends; a quote's own marker is left out."""
    quotes = {citation.quote: citation for citation in reversed(citations)}
    quoted, end = 0, 0
    for match in _citing(quotes).finditer(text):
        yield from _lines(text[end : match.start()])
        end = match.end()
        if match["quote"]:
            citation = quotes[match["quote"]]
            quoted = citation.number
            yield citation
        elif (number := int(match["number"])) != quoted:
            yield Piece(marker=number)
    yield from _lines(text[end:])


def _lines(text: str) -> Iterator[Piece | None]:
    first, *rest = text.split("\n")
    yield Piece(first)
    for line in rest:
        yield None
        yield Piece(line)


def _citing(quotes: Mapping[str, Citation]) -> re.Pattern[str]:
    """Finds quotes with the marks around them, the longest first, and citation markers."""
    longest_first = sorted(quotes, key=len, reverse=True)
    quote = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(f"{_OPENING}(?P<quote>{quote}){_CLOSING}|{_MARKER}")


def _is_shown(block: Block) -> bool:
    """Whether more is left of the paragraph than the full stop after its quote."""
    markers = any(piece.marker for piece in block.pieces)
    return bool(block.quote) or markers or any(map(str.isalnum, block.text))


def _source_line(citation: Citation) -> str:
    facts = (citation.title, citation.outlet, citation.published, citation.url)
    return f"[{citation.number}] " + " · ".join(str(fact) for fact in facts if fact)


def _within(place: int, start: int, end: int) -> int:
    return min(max(place, start), end)


def _letter_direction(character: str) -> str:
    return _STRONG.get(unicodedata.bidirectional(character), "")


def render_template(template: str, **values: object) -> str:
    """The HTML of one of the page's templates."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([ASSETS / "templates", ASSETS]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {"direction": text_direction, "clip": clip}
    return environment
