"""The tables of a server's records; times are seconds since 1970."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    # SHA-256 of the whole token: it is random enough that nothing slower is needed.
    Column("digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("rate", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("revoked", Float),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("created", Float, nullable=False, index=True),
    Column("document", Text, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("answer", ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
    Column("account", String(64), nullable=False),
    Column("created", Float, nullable=False),
    Column("thumb", String(4), nullable=False),
    Column("comment", Text, nullable=False),
)
Index("feedback_by_answer", feedback.c.answer)

replies = Table(
    "replies",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("created", Float, nullable=False),
    # Absent while the work is under way.
    Column("status", Integer),
    Column("body", Text),
)
