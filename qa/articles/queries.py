"""Reads of the archive: statements are built once and cached, ids are bound in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    or_,
    select,
)

from qa.articles.schema import INDEXED, PENDING, RETIRED, articles, in_state, passages
from qa.model import Article, Filters, Passage

T = TypeVar("T")

BOUND_AT_ONCE = 10_000
"""SQLite takes 32,766 variables a statement, PostgreSQL 65,535."""

_STREAMED_AT_ONCE = 100

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# The state is looked at here, not in the statement: SQLite would go through all live articles.
_SPANS = (
    select(
        passages.c.id,
        passages.c.article_id,
        passages.c.start,
        passages.c.end,
        articles.c.state,
        articles.c.language,
    )
    .join(articles)
    .where(passages.c.id.in_(_IDS))
)
_TEXTS = select(articles.c.id, articles.c.key, articles.c.version, articles.c.text).where(
    articles.c.id.in_(_IDS)
)
_GROUPS = (
    select(
        articles.c.language,
        articles.c.outlet,
        articles.c.published,
        func.count().label("articles"),
        func.sum(articles.c.passage_count).label("passages"),
    )
    .where(in_state(INDEXED))
    .group_by(articles.c.language, articles.c.outlet, articles.c.published)
)


@dataclass(frozen=True, slots=True)
class ArchiveCounts:
    """What readers can find: live articles and passages, and what is still to be indexed."""

    articles: int
    passages: int
    pending: int
    """Articles."""
    pending_passages: int
    by_language: Mapping[str, int]
    """Live articles by ISO 639-1 code, the most frequent first."""
    by_outlet: Mapping[str, int]
    """Live articles by outlet, the most frequent first; those without an outlet are left out."""
    by_month: Mapping[str, int]
    """Live articles by month of publication (2015-09), in order; the undated are left out."""


def chunks(values: Sequence[T], size: int = BOUND_AT_ONCE) -> Iterator[Sequence[T]]:
    """Consecutive slices of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def rows_by_ids(
    connection: Connection, statement: Select[Any], ids: Sequence[int]
) -> Iterator[Row[Any]]:
    """Rows of a statement that binds `ids`, asked for in as many parts as the database needs."""
    for part in chunks(ids):
        yield from connection.execute(statement, {"ids": part}).all()


def live_ids(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of the passages whose article readers see."""
    return {row.id for row in _live_spans(connection, ids)}


def passage_languages(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Language of each passage whose article readers see, by id."""
    return {row.id: row.language for row in _live_spans(connection, ids)}


def _live_spans(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    return [row for row in rows_by_ids(connection, _SPANS, ids) if row.state == INDEXED]


def live_passages(connection: Connection, ids: Sequence[int]) -> dict[int, Passage]:
    """Live passages by id; each article's text is read once and sliced here."""
    spans = _live_spans(connection, ids)
    owners = sorted({span.article_id for span in spans})
    owner_by_id = {row.id: row for row in rows_by_ids(connection, _TEXTS, owners)}
    return {
        id_: Passage(id_, owner.key, owner.version, start, end, owner.text[start:end])
        for id_, owner, start, end in (
            (span.id, owner_by_id[span.article_id], span.start, span.end) for span in spans
        )
    }


def article_from(row: Row[Any]) -> Article:
    """The stored article of a row of `articles`."""
    return Article(
        key=row.key,
        version=row.version,
        title=row.title,
        text=row.text,
        language=row.language,
        outlet=row.outlet,
        author=row.author,
        published=row.published,
        updated=row.updated,
        url=row.url,
    )


def find_article(connection: Connection, key: str, version: str | None) -> Article | None:
    """That version, retired ones too; without a version the live one, else the pending one."""
    statement = select(articles).where(articles.c.key == key)
    if version is None:
        # "indexed" sorts before "pending".
        statement = statement.where(or_(in_state(INDEXED), in_state(PENDING)))
        statement = statement.order_by(articles.c.state)
    else:
        statement = statement.where(articles.c.version == version).order_by(articles.c.id.desc())
    row = connection.execute(statement.limit(1)).first()
    return None if row is None else article_from(row)


def live_articles_by_key(connection: Connection, keys: Sequence[str]) -> dict[str, Article]:
    """The live versions of these keys, by key."""
    # One by one: asked for several keys, SQLite walks all live rows (0.1 s at 40,000 articles).
    live = select(articles).where(in_state(INDEXED), articles.c.key == bindparam("key"))
    found = (connection.execute(live, {"key": key}).first() for key in keys)
    return {row.key: article_from(row) for row in found if row is not None}


def live_articles(connection: Connection, filters: Filters) -> Iterator[Article]:
    """Live articles that pass the filters, by key; the undated pass no date filter."""
    statement = _filtered(filters).execution_options(yield_per=_STREAMED_AT_ONCE)
    for row in connection.execute(statement):
        yield article_from(row)


def live_page(connection: Connection, filters: Filters, after: str, limit: int) -> list[Article]:
    """Live articles that pass the filters, by key, from the first one after `after`."""
    statement = _filtered(filters).where(articles.c.key > after).limit(limit)
    return [article_from(row) for row in connection.execute(statement)]


def _filtered(filters: Filters) -> Select[Any]:
    statement = select(articles).where(in_state(INDEXED)).order_by(articles.c.key)
    if filters.language is not None:
        statement = statement.where(articles.c.language == filters.language)
    if filters.outlet is not None:
        statement = statement.where(articles.c.outlet == filters.outlet)
    if filters.since is not None:
        statement = statement.where(articles.c.published >= filters.since)
    if filters.until is not None:
        statement = statement.where(articles.c.published <= filters.until)
    return statement


def copies_of(connection: Connection, key: str) -> list[str]:
    """Other keys whose current text is the same to the character, in order."""
    current = articles.alias()
    statement = (
        select(articles.c.key)
        .distinct()
        .join(current, current.c.text_hash == articles.c.text_hash)
        .where(current.c.key == key, current.c.state != RETIRED)
        .where(articles.c.key != key, articles.c.state != RETIRED)
        .order_by(articles.c.key)
    )
    return list(connection.scalars(statement))


def live_keys(connection: Connection) -> list[str]:
    """Keys of live articles, in order of code points whatever the database's collation."""
    return sorted(connection.scalars(select(articles.c.key).where(in_state(INDEXED))))


def live_outlets(connection: Connection) -> list[str]:
    """Outlets of live articles, in order."""
    column = articles.c.outlet
    statement = select(column).where(in_state(INDEXED), column.is_not(None)).distinct()
    return sorted(connection.scalars(statement))


def live_languages(connection: Connection) -> list[str]:
    """Languages of live articles, in order."""
    return sorted(
        connection.scalars(select(articles.c.language).where(in_state(INDEXED)).distinct())
    )


def count(connection: Connection) -> ArchiveCounts:
    """All counts from one index, without touching a text."""
    languages, outlets, months = Counter[str](), Counter[str](), Counter[str]()
    passage_total = 0
    for row in connection.execute(_GROUPS):
        passage_total += int(row.passages)
        languages[row.language] += row.articles
        if row.outlet is not None:
            outlets[row.outlet] += row.articles
        if row.published is not None:
            months[f"{row.published:%Y-%m}"] += row.articles
    waiting = select(func.count(), func.sum(articles.c.passage_count)).where(in_state(PENDING))
    pending, pending_passages = connection.execute(waiting).one()
    return ArchiveCounts(
        articles=languages.total(),
        passages=passage_total,
        pending=pending,
        pending_passages=int(pending_passages or 0),
        by_language=dict(languages.most_common()),
        by_outlet=dict(outlets.most_common()),
        by_month=dict(sorted(months.items())),
    )
