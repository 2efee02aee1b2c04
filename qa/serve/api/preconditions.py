"""ETags, and requests that hold only for what their caller has seen (RFC 9110, section 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from qa.model import Article
from qa.serve.api.problems import CHANGED, Problem

MatchHeader = Annotated[
    str | None, Header(max_length=200, description="Only if the article is of that ETag (or `*`).")
]
NoneMatchHeader = Annotated[
    str | None,
    Header(max_length=1_000, description="Only if it is of none of those; `*`: only a new one."),
]


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What must be so when a write has its turn."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, article: Article | None) -> None:
        """Raises Problem where the article, None if there is none, is not what was seen."""
        if self.if_match is not None and not matches(self.if_match, article):
            raise _changed(f"If-Match is {self.if_match}", article)
        if matches(self.if_none_match, article):
            raise _changed(f"If-None-Match is {self.if_none_match}", article)


def etag_of(article: Article) -> str:
    """The version as a header has it."""
    return f'"{article.version}"'


def matches(header: str | None, article: Article | None) -> bool:
    """Whether an If-Match or If-None-Match header names the article; `*` names any there is."""
    if article is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in (header or "").split(",")}
    return bool(tags & {etag_of(article), "*"})


def _changed(wanted: str, article: Article | None) -> Problem:
    is_now = etag_of(article) if article else "not there"
    return Problem(CHANGED, f"{wanted}, the article is {is_now}")


async def _preconditions(
    if_match: MatchHeader = None, if_none_match: NoneMatchHeader = None
) -> Preconditions:
    return Preconditions(if_match, if_none_match)


Seen = Annotated[Preconditions, Depends(_preconditions)]
