"""Routes of articles: read them one by one or page by page, store them, delete them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from qa.errors import NotFoundError
from qa.serve.api.cursors import cursor_of, key_of, wrong_query
from qa.serve.api.described import responses
from qa.serve.api.documents import (
    ArticleHead,
    ArticleIn,
    ArticleOut,
    ArticlesIn,
    ArticlesOut,
    ChangesOut,
    StoredOut,
)
from qa.serve.api.idempotency import Made, OnlyOnce
from qa.serve.api.preconditions import Preconditions, Seen, etag_of, matches
from qa.serve.api.problems import (
    BUSY,
    CHANGED,
    CONFLICT,
    KEY_REUSED,
    MALFORMED,
    NOT_FOUND,
    TOO_LARGE,
    UNUSABLE,
)
from qa.serve.api.schemas import KEY, MAX_ARTICLES, FiltersIn, Key, LanguageCode, Name
from qa.serve.api.service import DESCRIBED, WRITES, Reader, Service, Serving

MOST_JSON = 4 * 1024 * 1024
"""Bytes of articles sent at once: parsing more would hold up everybody else's requests."""

router = APIRouter(prefix="/articles", tags=["articles"], dependencies=DESCRIBED)

KeyPath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=1_000,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="The article's key; its slashes may stand as they are.",
        examples=[KEY],
    ),
]
_WRITING = responses(MALFORMED, TOO_LARGE, CONFLICT, KEY_REUSED, UNUSABLE, BUSY)
_ETAG = {"ETag": {"description": "The article's version.", "schema": {"type": "string"}}}


@router.get("", responses=responses(), summary="Many articles")
async def list_articles(
    service: Serving,
    _: Reader,
    key: Annotated[
        list[Key] | None,
        Query(max_length=MAX_ARTICLES, description="Just these; the filters are left aside."),
    ] = None,
    language: LanguageCode | None = None,
    outlet: Name | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_ARTICLES)] = 50,
    cursor: Annotated[
        str | None, Query(max_length=2_000, description="`next` of the page before.")
    ] = None,
) -> ArticlesOut:
    """List articles without their texts, by key, a page at a time."""
    if key:
        found = await run_in_threadpool(service.assistant.articles_by_key, key)
        return ArticlesOut(articles=[ArticleHead.of(a) for a in found.values()], next=None)
    filters = _filters(language, outlet, since, until)
    after = _after(cursor)
    page = await run_in_threadpool(
        service.assistant.articles, filters.as_filters(), after, limit + 1
    )
    following = cursor_of(page[limit - 1].key) if len(page) > limit else None
    return ArticlesOut(articles=[ArticleHead.of(a) for a in page[:limit]], next=following)


def _filters(
    language: str | None, outlet: str | None, since: date | None, until: date | None
) -> FiltersIn:
    if since and until and since > until:
        raise wrong_query("since", f"since {since} is after until {until}")
    return FiltersIn(language=language, outlet=outlet, since=since, until=until)


def _after(cursor: str | None) -> str:
    try:
        return key_of(cursor)
    except ValueError as error:
        raise wrong_query("cursor", str(error)) from None


@router.get(
    "/{key:path}",
    response_model=ArticleOut,
    responses=responses(NOT_FOUND)
    | {
        200: {"headers": _ETAG},
        304: {"description": "The caller has this version."},
    },
    summary="One article",
)
async def get_article(
    service: Serving,
    _: Reader,
    key: KeyPath,
    response: Response,
    version: Annotated[
        str | None, Query(max_length=64, description="Of a citation; the newest without it.")
    ] = None,
    start: Annotated[int, Query(ge=0, description="First code point of the text to give.")] = 0,
    end: Annotated[int | None, Query(ge=0, description="The one after the last.")] = None,
    if_none_match: Annotated[str | None, Header(max_length=1_000)] = None,
) -> ArticleOut | Response:
    """An article with its text; `start` and `end` count code points, as citations do.

    A version that was replaced is gone once the indexes have dropped it.
    """
    article = await run_in_threadpool(service.assistant.article, key, version)
    etag = etag_of(article)
    if matches(if_none_match, article):
        return Response(status_code=304, headers={"ETag": etag})
    copies = await run_in_threadpool(service.assistant.copies, key)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return ArticleOut.between(article, start, end, copies)


@router.put(
    "/{key:path}",
    response_model=StoredOut,
    responses=_WRITING
    | responses(CHANGED)
    | {200: {"headers": _ETAG}, 201: {"model": StoredOut, "description": "It is new."}},
    max_body_size=MOST_JSON,
    summary="Store one article",
    dependencies=WRITES,
)
async def put_article(
    service: Serving, once: OnlyOnce, key: KeyPath, sent: ArticleIn, seen: Seen
) -> Response:
    """Store an article under its key, in place of what was there; it is searchable at once."""

    async def work() -> Made:
        return await service.workers.change(_store, service, key, sent, seen)

    return await once.do(sent.model_dump_json().encode(), work)


def _store(service: Service, key: str, sent: ArticleIn, seen: Preconditions) -> Made:
    article, guard = sent.as_article(key), partial(_check, service, key, seen)
    (result,) = service.assistant.ingest_articles([article], guard=guard)
    stored = StoredOut(key=key, outcome=result.outcome)
    return Made(stored, 201 if result.outcome == "added" else 200, {"ETag": etag_of(article)})


def _check(service: Service, key: str, seen: Preconditions) -> None:
    """Raises Problem where the article is not the one that the caller has seen."""
    seen.check(service.assistant.articles_by_key([key]).get(key))


@router.post(
    "",
    responses=_WRITING,
    max_body_size=MOST_JSON,
    summary="Store many articles",
    dependencies=WRITES,
)
async def post_articles(service: Serving, once: OnlyOnce, sent: ArticlesIn) -> ChangesOut:
    """Store articles under their keys, in place of what was there; all of them or none."""

    async def work() -> Made:
        return await service.workers.change(_store_all, service, sent)

    return await once.do(sent.model_dump_json().encode(), work)  # type: ignore[return-value]


def _store_all(service: Service, sent: ArticlesIn) -> Made:
    new = [article.as_article(article.key) for article in sent.articles]
    results = service.assistant.ingest_articles(new)
    return Made(ChangesOut(results=[StoredOut(key=r.key, outcome=r.outcome) for r in results]))


@router.delete(
    "/{key:path}",
    response_model=StoredOut,
    responses=responses(NOT_FOUND, CHANGED, CONFLICT, KEY_REUSED, BUSY),
    summary="Delete one article",
    dependencies=WRITES,
)
async def delete_article(service: Serving, once: OnlyOnce, key: KeyPath, seen: Seen) -> Response:
    """Take an article out of the archive and of every answer to come."""

    async def work() -> Made:
        deleted = await service.workers.change(_delete, service, key, seen)
        if not deleted:
            raise NotFoundError(f"no article {key!r} in the archive")
        return Made(StoredOut(key=key, outcome="deleted"))

    return await once.do(b"", work)


def _delete(service: Service, key: str, seen: Preconditions) -> list[str]:
    return service.assistant.delete([key], partial(_check, service, key, seen))


@router.delete(
    "",
    responses=responses(CONFLICT, KEY_REUSED, BUSY),
    summary="Delete many articles",
    dependencies=WRITES,
)
async def delete_articles(
    service: Serving,
    once: OnlyOnce,
    key: Annotated[list[Key], Query(min_length=1, max_length=MAX_ARTICLES)],
) -> ChangesOut:
    """Delete these articles in one step; keys that are not there are told as unknown."""

    async def work() -> Made:
        gone = {*await service.workers.change(service.assistant.delete, key)}
        told = [StoredOut(key=k, outcome="deleted" if k in gone else "unknown") for k in key]
        return Made(ChangesOut(results=told))

    return await once.do(b"", work)  # type: ignore[return-value]
