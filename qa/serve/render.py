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

from qa.model import Article, Citation, Span
from qa.serve.answer_parts import blocks, plain_answer, sentences
from qa.serve.conversation import Phase, Turn
from qa.serve.labels import ASSETS, Labels, examples
from qa.text.language import direction

EXCERPT = 30_000
"""Characters of an article that are shown on each side of the quote."""
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


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


def header_html(labels: Labels, articles: int, outlets: int, *, by_model: bool = False) -> str:
    """The bar at the top; `by_model`: a chat model may answer."""
    return render_template(
        "header.html", labels=labels, articles=articles, outlets=outlets, by_model=by_model
    )


def welcome_html(labels: Labels, articles: int, *, by_model: bool = False) -> str:
    """What stands in place of a conversation that has not begun."""
    return render_template(
        "welcome.html", labels=labels, articles=articles, examples=examples(), by_model=by_model
    )


def filters_html(
    labels: Labels, languages: Sequence[str], outlets: Sequence[str], *, by_model: bool = False
) -> str:
    """The form that narrows the search, and where a chat model is set the switch to quotes."""
    return render_template(
        "filters.html", labels=labels, languages=languages, outlets=outlets, by_model=by_model
    )


def hint_html(labels: Labels, problem: str = "", *, by_model: bool = False) -> str:
    """The line under the question box: a word of advice, or what is wrong with the question."""
    return render_template("hint.html", labels=labels, problem=problem, by_model=by_model)


def turn_html(
    turn: Turn, index: int, labels: Labels, *, is_last: bool = False, by_model: bool = False
) -> str:
    """One question with what there is of its answer; `index` is its place in the conversation."""
    return render_template(
        "turn.html",
        turn=turn,
        index=index,
        labels=labels,
        answer=turn.answer,
        again=_again(turn, is_last=is_last, by_model=by_model),
        **_parts(turn, labels),
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


def _again(turn: Turn, *, is_last: bool, by_model: bool) -> str | None:
    """The label of the button that asks the same again; quotes would come out the same."""
    if turn.phase is Phase.FAILED or (is_last and turn.phase is Phase.STOPPED):
        return "retry"
    return "regenerate" if is_last and by_model and turn.phase is Phase.DONE else None


def _parts(turn: Turn, labels: Labels) -> Mapping[str, Any]:
    """What the page shows of an answer, by the names that its template has for it."""
    parts = blocks(turn.answer) if turn.answer and not turn.judged else []
    shown = {block.quote.number for block in parts if block.quote}
    return {
        "sentences": sentences(turn.written) if turn.judged else [],
        "blocks": parts,
        "known": {citation.number for citation in turn.citations},
        "unquoted": [c for c in turn.citations if c.number not in shown],
        "copy": plain_answer(turn.answer, labels) if turn.answer else "",
        "seconds": f"{sum(turn.answer.timings.values()) / 1000:.1f}" if turn.answer else "",
    }


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
