"""What a newly read article means for the versions the archive already holds of its key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from qa.articles.schema import PENDING
from qa.model import Article

Outcome = Literal["added", "updated", "unchanged"]
OPENING = 300
"""Characters of a text by which articles are told from versions of one another."""
_SHARED_WORDS = 1 / 3
"""Of the shorter opening, title included: unrelated articles share a tenth, mostly small words."""


@dataclass(frozen=True, slots=True)
class PutResult:
    """What became of one article that was put."""

    key: str
    outcome: Outcome
    instead_of: str | None = None
    """Title of the version it replaces, where that looks like quite another article."""


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version the archive holds, pending or indexed."""

    id: int
    key: str
    version: str
    state: str
    title: str = ""
    opening: str = ""


@dataclass(frozen=True, slots=True)
class PutPlan:
    """The changes one `put` makes, computed before the first of them is made."""

    results: list[PutResult] = field(default_factory=list)
    additions: dict[str, Article] = field(default_factory=dict)
    """By key: stored as pending."""
    replaced: list[int] = field(default_factory=list)
    """Pending versions that are overtaken before they were indexed."""


def plan_put(new: Sequence[Article], held: Iterable[HeldVersion]) -> PutPlan:
    """Where several of `new` share a key, the last one counts."""
    pending: dict[str, HeldVersion] = {}
    live: dict[str, HeldVersion] = {}
    for version in held:
        (pending if version.state == PENDING else live)[version.key] = version
    plan = PutPlan()
    for article in new:
        _plan_one(plan, article, pending, live.get(article.key))
    return plan


def _plan_one(
    plan: PutPlan, article: Article, pending: dict[str, HeldVersion], live: HeldVersion | None
) -> None:
    key = article.key
    waiting = plan.additions.get(key) or pending.get(key)
    if waiting is not None and waiting.version == article.version:
        plan.results.append(PutResult(key, "unchanged"))
        return
    before = live or pending.get(key)
    plan.additions.pop(key, None)
    if key in pending:
        plan.replaced.append(pending.pop(key).id)
    if live is not None and live.version == article.version:
        plan.results.append(PutResult(key, "unchanged"))
        return
    plan.additions[key] = article
    if waiting is None and live is None:
        plan.results.append(PutResult(key, "added"))
    else:
        plan.results.append(PutResult(key, "updated", _other_title(article, before)))


def _other_title(article: Article, before: HeldVersion | None) -> str | None:
    """The title of what stood under the article's key, where it shares but few words with it."""
    if before is None:
        return None
    new = set(f"{article.title} {article.text[:OPENING]}".split())
    old = set(f"{before.title} {before.opening}".split())
    is_other = len(old & new) < _SHARED_WORDS * min(len(old), len(new))
    return before.title if is_other else None


def text_hash(text: str) -> str:
    """Equal for articles with equal text: how copies of one story find one another."""
    return hashlib.sha256(text.encode()).hexdigest()


def version_of(article: Article) -> str:
    """First 16 hexadecimal digits of SHA-256 over title, text and metadata; the key is no part."""
    digest = hashlib.sha256()
    for value in (
        article.title,
        article.text,
        article.language,
        article.outlet,
        article.author,
        article.published,
        article.updated,
        article.url,
    ):
        encoded = b"" if value is None else str(value).encode()
        # The length keeps "ab" + "c" apart from "a" + "bc"; -1 keeps None apart from "".
        digest.update(b"%d:" % (-1 if value is None else len(encoded)))
        digest.update(encoded)
    return digest.hexdigest()[:16]
