"""What the interface takes and gives of articles, jobs and the archive's state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from qa.articles.drafts import Draft
from qa.errors import UsageError
from qa.model import Article
from qa.serve.api.schemas import ARTICLE, MAX_ARTICLES, MAX_TEXT, Key, LanguageCode, Name

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=r"\S")]
Url = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://\S+$")]

_STORED: dict[str, Any] = ARTICLE | {
    "version": "4b1d8a6e0c2f7395",
    "language": "ar",
    "author": None,
    "updated": None,
    "url": None,
    "length": 44,
}
JOB: dict[str, Any] = {
    "id": "job_Zr8PqK2mV0sN4xTd",
    "state": "running",
    "stage": "indexing",
    "done": 512,
    "total": 2048,
    "created": "2024-05-01T09:30:00Z",
    "finished": None,
    "report": None,
    "problem": None,
}


class ArticleIn(BaseModel):
    """An article's content; what is left out is found in the text or unknown."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{k: v for k, v in ARTICLE.items() if k != "key"}]},
    )

    text: Text = Field(description="The body, which citations point into.")
    title: str = Field(default="", max_length=1_000, description="The first line without it.")
    language: LanguageCode | None = Field(default=None, description="Detected without it.")
    outlet: Name | None = None
    author: Name | None = None
    published: date | None = None
    updated: date | None = None
    url: Url | None = None

    def as_article(self, key: str) -> Article:
        """The article as the archive stores it; raises UsageError for a text of no characters."""
        fields = self.model_dump(exclude={"key"})
        article = Draft(**fields).as_article(key)
        if not article.text.strip():
            raise UsageError(f"the text of article {key!r} is blank: give it a text")
        return article


class KeyedArticleIn(ArticleIn):
    """An article with the key that names it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ARTICLE]})

    key: Key


class ArticlesIn(BaseModel):
    """Articles to be stored together."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"articles": [ARTICLE]}]}
    )

    articles: list[KeyedArticleIn] = Field(min_length=1, max_length=MAX_ARTICLES)


class StoredOut(BaseModel):
    """What became of one article."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"key": ARTICLE["key"], "outcome": "added"}]}
    )

    key: str
    outcome: Literal["added", "updated", "unchanged", "deleted", "unknown"]


class ChangesOut(BaseModel):
    """What became of each article, in the order of the request."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"results": [{"key": ARTICLE["key"], "outcome": "added"}]}]}
    )

    results: list[StoredOut]


class ArticleHead(BaseModel):
    """An article without its text."""

    key: str
    version: str = Field(description="Hash of the content, and the ETag.")
    title: str
    language: str
    outlet: str | None
    author: str | None
    published: date | None
    updated: date | None
    url: str | None
    length: int = Field(description="Characters (code points) of the whole text.")

    @classmethod
    def of(cls, article: Article) -> Self:
        """The head of a stored article."""
        return cls(**_fields(article))


class ArticleOut(ArticleHead):
    """An article with its text, or with the part of it that was asked for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_STORED | {"start": 0, "end": 44, "copies": []}]}
    )

    start: int = Field(description="Where the text given here begins in the whole one.")
    end: int
    text: str = Field(description="The whole text's [start:end], in code points.")
    copies: list[str] = Field(description="Keys of other articles with the very same text.")

    @classmethod
    def between(cls, article: Article, start: int, end: int | None, copies: list[str]) -> Self:
        """The article with the part of its text between two offsets."""
        last = len(article.text) if end is None else min(end, len(article.text))
        first = min(start, last)
        part: dict[str, Any] = {"start": first, "end": last, "text": article.text[first:last]}
        return cls(**_fields(article), **part, copies=copies)


class ArticlesOut(BaseModel):
    """A page of articles, by key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "articles": [{k: v for k, v in _STORED.items() if k != "text"}],
                    "next": "cG9ydC0yMDI0LTA1LTAx",
                }
            ]
        }
    )

    articles: list[ArticleHead]
    next: str | None = Field(description="The cursor of the page that follows; null at the end.")


def _fields(article: Article) -> dict[str, Any]:
    names = ArticleHead.model_fields.keys() - {"length"}
    return {name: getattr(article, name) for name in names} | {"length": len(article.text)}


class FailureOut(BaseModel):
    """What could not be read, or was read with a doubt, and what to do about it."""

    source: str
    line: int | None
    reason: str


class ReportOut(BaseModel):
    """What became of the articles of an upload."""

    added: int
    updated: int
    unchanged: int
    failed: int
    failures: list[FailureOut]
    warnings: list[FailureOut] = Field(description="Of articles that were kept all the same.")


class JobOut(BaseModel):
    """Work that goes on after its request was answered."""

    model_config = ConfigDict(json_schema_extra={"examples": [JOB]})

    id: str
    state: Literal["queued", "running", "done", "failed"]
    stage: str | None = Field(description="reading or indexing.")
    done: int = Field(description="Files or passages of the stage.")
    total: int
    created: datetime
    finished: datetime | None
    report: ReportOut | None
    problem: str | None = Field(description="Why the whole job failed.")


class StatusOut(BaseModel):
    """What is indexed, and with what."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "index": "5d0f6d3c5a6e9b12",
                    "embedder": "news-qa-static-dd08f96261d4",
                    "writable": True,
                    "articles": 5,
                    "passages": 20,
                    "pending": 0,
                    "pending_passages": 0,
                    "by_language": {"ar": 5},
                    "by_outlet": {"الوطن": 1},
                    "by_month": {"2015-09": 1},
                }
            ]
        }
    )

    index: str | None
    embedder: str | None
    writable: bool = Field(description="Whether this server takes articles.")
    articles: int
    passages: int
    pending: int
    pending_passages: int
    by_language: dict[str, int]
    by_outlet: dict[str, int]
    by_month: dict[str, int]


class HealthOut(BaseModel):
    """Whether the server is there, and can answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"]


class KindOut(BaseModel):
    """A row of the error table."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/api/v1/problems#not-found",
                    "status": 404,
                    "title": "There is no such thing",
                    "advice": "Check the key, id or path.",
                }
            ]
        }
    )

    type: str
    status: int
    title: str
    advice: str
