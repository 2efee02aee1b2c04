"""An answer taken apart as the page shows it: paragraphs of words, markers, quotes and verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.model import Answer, Citation, Claim, Span
from qa.serve.conversation import Written
from qa.serve.labels import Labels

_MARKER = r"\[(?P<number>\d+)\]"
# Quotation marks may stand around a quote, and bidi isolates within them.
_OPENING, _CLOSING = r"[«“„\"‘]?\s*\u2068?", r"\u2069?\s*[»”“\"’]?\.?"


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
class Sentence:
    """A sentence of a chat model's answer."""

    pieces: tuple[Piece, ...]
    claim: Claim | None
    """Its verdict; None while it is being checked."""

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return "".join(piece.text for piece in self.pieces)


def sentences(written: Iterable[Written]) -> list[list[Sentence]]:
    """A chat model's answer as far as it has come: paragraphs of sentences."""
    found: list[list[Sentence]] = []
    for piece in written:
        if not found or _begins_paragraph(piece.text):
            found.append([])
        found[-1].append(Sentence(_pieces(piece.text.strip()), piece.claim))
    return found


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


def plain_answer(answer: Answer, labels: Labels) -> str:
    """The answer as it is copied: its text, what its sources do not bear out, the sources."""
    sources = [*map(source_line, answer.citations)]
    return "\n".join([answer.answer, *_apart(flaw_lines(answer, labels)), *_apart(sources)]).strip()


def flaw_lines(answer: Answer, labels: Labels) -> list[str]:
    """What the answer's sources do not bear out, a line each."""
    return [_flaw_line(claim, labels) for claim in answer.claims if claim.support in FLAWS]


def source_line(citation: Citation) -> str:
    """«[1] title · outlet · date · url», as far as it is known."""
    facts = (citation.title, citation.outlet, citation.published, citation.url)
    return f"[{citation.number}] " + " · ".join(str(fact) for fact in facts if fact)


def marks(answer: Answer) -> Iterator[tuple[Span, Citation]]:
    """Where the answer's text has [1], and what is cited there; not what a quote holds of such."""
    quotes = {citation.quote: citation for citation in answer.citations}
    by_number = {str(citation.number): citation for citation in answer.citations}
    for match in _citing(quotes).finditer(answer.answer):
        if citation := by_number.get(match["number"] or ""):
            yield Span(match.start(), match.end()), citation


FLAWS: Mapping[str, str] = {"partial": "support_partial", "unsupported": "support_unsupported"}
"""The labels of the verdicts that a reader must not miss."""


def _begins_paragraph(text: str) -> bool:
    return "\n" in text[: len(text) - len(text.lstrip())]


def _pieces(text: str) -> tuple[Piece, ...]:
    """Words and markers in turn."""
    words = enumerate(re.split(_MARKER, text))
    parts = (Piece(marker=int(part)) if place % 2 else Piece(part) for place, part in words)
    return tuple(part for part in parts if part.text or part.marker is not None)


def _apart(lines: Sequence[str]) -> Sequence[str]:
    """The lines after an empty one, if there are any."""
    return ["", *lines] if lines else []


def _flaw_line(claim: Claim, labels: Labels) -> str:
    reason = f" ({claim.reason})" if claim.reason else ""
    return f"⚠ {labels.text(FLAWS[claim.support])}{reason}: {claim.text}"


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
