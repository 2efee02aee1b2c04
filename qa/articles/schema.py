"""The archive's tables; an article's text stands last: other columns are read without it."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    literal,
)

SCHEMA_VERSION = "1"
PENDING = "pending"
INDEXED = "indexed"
RETIRED = "retired"

metadata = MetaData()

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    Column("language", String(8), nullable=False),
    Column("outlet", Text),
    Column("author", Text),
    Column("published", Date),
    Column("updated", Date),
    Column("url", Text),
    Column("passage_count", Integer, nullable=False),
    Column("text_hash", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    # Numbers are never given twice: an index may still hold a number that the archive dropped.
    sqlite_autoincrement=True,
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "article_id",
        ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_autoincrement=True,
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)


def in_state(state: str) -> ColumnElement[bool]:
    """State test written as a literal: SQLite uses a partial index for nothing else."""
    return articles.c.state == literal(state, literal_execute=True)


def _one_a_key(state: str) -> Index:
    """At most one version of a key in this state."""
    return Index(
        f"one_{state}_version",
        articles.c.key,
        unique=True,
        sqlite_where=in_state(state),
        postgresql_where=in_state(state),
    )


_one_a_key(PENDING)
_one_a_key(INDEXED)
# A cited version is asked for by key and version, in whatever state it is.
Index("articles_by_version", articles.c.key, articles.c.version)
# Counts, outlets and languages are answered from this index without touching a text.
Index(
    "articles_by_state",
    articles.c.state,
    articles.c.language,
    articles.c.outlet,
    articles.c.published,
    articles.c.passage_count,
)
