"""Changes of the archive inside a transaction that `archive.py` opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Select,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from qa.articles.passages import PASSAGE_VERSION, context_of, split_passages
from qa.articles.queries import article_from, chunks
from qa.articles.schema import (
    INDEXED,
    PENDING,
    RETIRED,
    SCHEMA_VERSION,
    articles,
    in_state,
    meta,
    passages,
)
from qa.articles.versions import OPENING, HeldVersion, text_hash
from qa.errors import ArticleError, StorageError
from qa.model import Article, Span, StoredPassage

_FIRST_META = {"schema": SCHEMA_VERSION, "passages": PASSAGE_VERSION, "changes": "0", "views": "0"}
_READ_AT_ONCE = 100


def prepare_meta(connection: Connection) -> None:
    """Writes the first values of a new archive, those that are missing."""
    known = {row.name for row in connection.execute(select(meta.c.name))}
    missing = [{"name": n, "value": v} for n, v in _FIRST_META.items() if n not in known]
    if missing:
        connection.execute(insert(meta), missing)


def check_meta(connection: Connection) -> bool:
    """Whether no first value is missing; raises StorageError for another version's schema."""
    known = {row.name: row.value for row in connection.execute(select(meta.c.name, meta.c.value))}
    schema = known.get("schema", SCHEMA_VERSION)
    if schema != SCHEMA_VERSION:
        raise StorageError(
            f"the archive has schema {schema!r}, this program needs {SCHEMA_VERSION!r}:"
            " use the program's version that wrote it, or ingest into a new data folder"
        )
    return known.keys() >= _FIRST_META.keys()


def get_meta(connection: Connection, name: str) -> str:
    """The value under a name that `prepare_meta` wrote."""
    return str(connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one())


def count_change(connection: Connection, *, visible: bool = False) -> None:
    """Raises the change counter by one, by the database itself: writers cannot lose one.

    A change that readers see raises the view counter too.
    """
    counters = ("changes", "views") if visible else ("changes",)
    connection.execute(
        update(meta)
        .where(meta.c.name.in_(counters))
        .values(value=cast(cast(meta.c.value, Integer) + 1, Text))
    )


def held_versions(connection: Connection, keys: Sequence[str]) -> Iterator[HeldVersion]:
    """Pending and indexed versions of these keys."""
    a = articles.c
    opening = func.substr(a.text, 1, OPENING)
    statement = select(a.id, a.key, a.version, a.state, a.title, opening.label("opening"))
    for part in chunks(keys):
        held = statement.where(articles.c.key.in_(part), articles.c.state != RETIRED)
        for row in connection.execute(held):
            yield HeldVersion(row.id, row.key, row.version, row.state, row.title, row.opening)


def retire(connection: Connection, article_ids: Sequence[int]) -> None:
    """Takes these versions away from readers and from the queue."""
    _set_state(connection, article_ids, RETIRED)


def show(connection: Connection, article_ids: Sequence[int]) -> list[int]:
    """Makes pending versions live; returns the live ones of the same keys, now retired."""
    shown: list[int] = []
    overtaken: list[int] = []
    for part in chunks(article_ids):
        pending = select(articles.c.id, articles.c.key).where(in_state(PENDING))
        rows = list(connection.execute(pending.where(articles.c.id.in_(part))))
        shown += [row.id for row in rows]
        live = select(articles.c.id).where(in_state(INDEXED))
        overtaken += connection.scalars(live.where(articles.c.key.in_([r.key for r in rows])))
    # The old versions first: of one key only one may be indexed.
    _set_state(connection, overtaken, RETIRED)
    _set_state(connection, shown, INDEXED)
    return overtaken


def _set_state(connection: Connection, article_ids: Sequence[int], state: str) -> None:
    for part in chunks(article_ids):
        connection.execute(update(articles).where(articles.c.id.in_(part)).values(state=state))


def make_all_pending(connection: Connection) -> None:
    """The newest version of every key waits, none is live; older splitters' passages are redone."""
    live = update(articles).where(in_state(INDEXED))
    waiting = select(articles.c.key).where(in_state(PENDING))
    connection.execute(live.where(articles.c.key.in_(waiting)).values(state=RETIRED))
    connection.execute(live.values(state=PENDING))
    if get_meta(connection, "passages") != PASSAGE_VERSION:
        _cut_anew(connection)


def _cut_anew(connection: Connection) -> None:
    connection.execute(delete(passages))
    ids = list(connection.scalars(select(articles.c.id).where(in_state(PENDING))))
    for part in chunks(ids, _READ_AT_ONCE):
        texts = select(articles.c.id, articles.c.text).where(articles.c.id.in_(part))
        for row in list(connection.execute(texts)):
            spans = split_passages(row.text)
            _insert_passages(connection, {row.id: spans})
            new_count = update(articles).where(articles.c.id == row.id)
            connection.execute(new_count.values(passage_count=len(spans)))
    connection.execute(update(meta).where(meta.c.name == "passages").values(value=PASSAGE_VERSION))


def insert_pending(connection: Connection, new: Sequence[Article]) -> None:
    """Stores articles as pending, with their passages; raises ArticleError for a blank one."""
    if not new:
        return
    spans = [_spans_of(article) for article in new]
    ids = connection.scalars(
        insert(articles).returning(articles.c.id, sort_by_parameter_order=True),
        [_row_of(article, len(cut)) for article, cut in zip(new, spans, strict=True)],
    )
    _insert_passages(connection, dict(zip(ids, spans, strict=True)))


def _spans_of(article: Article) -> list[Span]:
    spans = split_passages(article.text)
    if not spans:
        reason = "its text is blank: give it a text or leave it out"
        raise ArticleError(reason, f"article {article.key!r}")
    return spans


def _row_of(article: Article, passage_count: int) -> dict[str, Any]:
    return {
        "key": article.key,
        "version": article.version,
        "state": PENDING,
        "language": article.language,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published,
        "updated": article.updated,
        "url": article.url,
        "passage_count": passage_count,
        "text_hash": text_hash(article.text),
        "title": article.title,
        "text": article.text,
    }


def _insert_passages(connection: Connection, spans: Mapping[int, Sequence[Span]]) -> None:
    rows = [
        {"article_id": id_, "ordinal": ordinal, "start": span.start, "end": span.end}
        for id_, cut in spans.items()
        for ordinal, span in enumerate(cut)
    ]
    if rows:
        connection.execute(insert(passages), rows)


def next_pending(connection: Connection, limit: int, after: int) -> list[int]:
    """Ids of the first pending articles that hold about `limit` passages, one article at least."""
    statement = select(articles.c.id, articles.c.passage_count)
    statement = statement.where(in_state(PENDING), articles.c.id > after)
    ids: list[int] = []
    total = 0
    # Every article counts as one passage at least, so that the empty ones do not pile up.
    for row in connection.execute(statement.order_by(articles.c.id).limit(max(limit, 1))):
        total += max(row.passage_count, 1)
        if ids and total > limit:
            break
        ids.append(row.id)
    return ids


def stored_passages(connection: Connection, article_ids: Sequence[int]) -> Iterator[StoredPassage]:
    """Passages of these articles with all that the indexes need, in order."""
    for part in chunks(article_ids, _READ_AT_ONCE):
        owners = select(articles).where(articles.c.id.in_(part))
        owner_by_id = {row.id: row for row in connection.execute(owners)}
        context_by_id = {id_: context_of(article_from(row)) for id_, row in owner_by_id.items()}
        for row in connection.execute(_passages_of(part)):
            owner = owner_by_id[row.article_id]
            yield _stored(row, owner, context_by_id[owner.id])


def _passages_of(article_ids: Sequence[int]) -> Select[Any]:
    chosen = select(passages).where(passages.c.article_id.in_(article_ids))
    return chosen.order_by(passages.c.article_id, passages.c.ordinal)


def _stored(row: Row[Any], owner: Row[Any], context: str) -> StoredPassage:
    return StoredPassage(
        id=row.id,
        article_id=owner.id,
        text=owner.text[row.start : row.end],
        context=context,
        language=owner.language,
        outlet=owner.outlet,
        published=owner.published,
    )
