"""Citations held against the gold evidence, and claims held against what they cite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

from qa.model import Claim
from qa.text.folding import fold

Judge: TypeAlias = Callable[[str, str], bool]
"""Whether a claim (first) is fully supported by a premise (second)."""


@dataclass(frozen=True, slots=True)
class ArticleSpan:
    """The characters article[start:end] of one article; `article` is its full key."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """How well citations fit the gold evidence, by characters."""

    precision: float | None
    """None where nothing is cited."""
    recall: float


def citation_overlap(cited: Sequence[ArticleSpan], gold: Sequence[ArticleSpan]) -> Overlap:
    """Shares of characters, each (article, offset) counted once, as BioASQ measures snippets.

    Precision is the share of the cited characters that lie in any gold span. Recall departs from
    BioASQ: it is the covered share of the gold span that is covered best, for here gold spans are
    alternatives, each a full answer; 0 where there is no gold. Source: Tsatsaronis et al., "An
    overview of the BioASQ competition", BMC Bioinformatics 16:138, 2015.
    """
    ours, alternatives = _characters(cited), [_characters([span]) for span in gold]
    precision = len(ours & _characters(gold)) / len(ours) if ours else None
    covered = (len(span & ours) / len(span) for span in alternatives if span)
    return Overlap(precision, max(covered, default=0.0))


def alce_recall(
    claims: Sequence[Claim], quotes: Mapping[int, str], supports: Judge
) -> float | None:
    """Share of the claims that their citations, taken together, support; None of no claims.

    Gao et al., "Enabling Large Language Models to Generate Text with Citations", EMNLP 2023,
    section 3: citation recall. `quotes` holds the cited text by citation number; a claim with no
    citation, or with a number that is not in `quotes`, is not supported.
    """
    if not claims:
        return None
    return fmean(float(_is_supported(claim, quotes, supports)) for claim in claims)


def alce_precision(
    claims: Sequence[Claim], quotes: Mapping[int, str], supports: Judge
) -> float | None:
    """Share of the citations that are to the point; None where no claim cites anything.

    Gao et al. 2023, citation precision: a citation counts if all citations of its claim together
    support the claim and it is not irrelevant. Irrelevant is one that does not support the
    claim alone while the others do without it. All citations are counted, as the paper says;
    ALCE's script leaves those of a claim with a number out of range out of the count, cuts after
    three citations, and says 0 where nothing is cited.
    """
    precise = [p for claim in claims for p in _precise(claim, quotes, supports)]
    return fmean(precise) if precise else None


def verbatim(claim: str, premise: str) -> bool:
    """The judge that needs no model: whether what the claim quotes stands in the premise.

    The claim is read as an attribution with a colon and a closing quotation, where it is one
    (the words before the colon are not quoted and not judged), or else as all its quotations,
    in double marks of any script, for ’ is an apostrophe too often; with no quotation, the whole
    claim must stand there. White space, folded spelling, citation markers and the punctuation at
    either end make no difference; numbers and words must be whole, but for attached Arabic
    particles.
    """
    text = _MARKER.sub("", claim)
    closing = _AFTER_COLON.search(text)
    if closing and _stands_in(closing[1], premise):
        return True
    return all(_stands_in(quotation, premise) for quotation in _quotations(text) or [text])


_MARKER = re.compile(r"\s*\[\d{1,3}\]")
_OPENING, _CLOSING = '"“”„«»‹›「『《', '"“”«»‹›」』》'
_AFTER_COLON = re.compile(rf"[:：]\s*[{_OPENING}](.+)[{_CLOSING}]\W*$", re.DOTALL)
# Straight marks within words are inches or initials (צה"ל). Marks that tell opening from closing
# may hold a pair of their own kind.
_QUOTATION = re.compile(
    r"""(?<!\w)"(.+?)"(?!\w)"""
    r"|«((?:[^«»]++|«[^«»]*+»)++)»"
    r"|“((?:[^“”]++|“[^“”]*+”)++)”"
    r"|„([^„“”]++)[“”]"
    r"|»([^«»]++)«"
    r"|”([^“”]++)”"
    r"|‹([^‹›]++)›"
    r"|「((?:[^「」]++|「[^「」]*+」)++)」|『([^『』]++)』|《([^《》]++)》",
    re.DOTALL,
)


def _quotations(text: str) -> list[str]:
    """What stands between quotation marks, the outermost ones, where it holds a word."""
    found = (match[match.lastindex or 0] for match in _QUOTATION.finditer(text))
    return [quotation for quotation in found if _bare(quotation)]


def _stands_in(part: str, premise: str) -> bool:
    """Whether the words of a part, some at least, follow each other so in the premise."""
    wanted = _bare(part)
    if not wanted:
        return False
    whole = rf"(?:(?<![^\W_])(?<!\d[.,])|(?<=\b[وفبكل])){re.escape(wanted)}(?![^\W_]|[.,]\d)"
    return re.search(whole, _spaced(premise)) is not None


def _bare(text: str) -> str:
    return re.sub(r"^[\W_]+|[\W_]+$", "", _spaced(text))


def _spaced(text: str) -> str:
    return " ".join(fold(text).split())


def _precise(claim: Claim, quotes: Mapping[int, str], supports: Judge) -> Iterator[float]:
    """1 or 0 for each citation of a claim."""
    supported = _is_supported(claim, quotes, supports)
    for place in range(len(claim.citations)):
        yield float(supported and not _is_irrelevant(place, claim, quotes, supports))


def _is_irrelevant(place: int, claim: Claim, quotes: Mapping[int, str], supports: Judge) -> bool:
    """Whether the citation at a place says too little alone and the others do without it."""
    alone, others = claim.citations[place], claim.citations[:place] + claim.citations[place + 1 :]
    if not others or supports(claim.text, quotes[alone]):
        return False
    return supports(claim.text, _premise(others, quotes))


def _is_supported(claim: Claim, quotes: Mapping[int, str], supports: Judge) -> bool:
    if not claim.citations or any(number not in quotes for number in claim.citations):
        return False
    return supports(claim.text, _premise(claim.citations, quotes))


def _premise(numbers: Sequence[int], quotes: Mapping[int, str]) -> str:
    return "\n".join(quotes[number] for number in numbers)


def _characters(spans: Iterable[ArticleSpan]) -> set[tuple[str, int]]:
    return {(span.article, place) for span in spans for place in range(span.start, span.end)}
