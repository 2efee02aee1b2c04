from dataclasses import replace
from datetime import date

import pytest

from qa.articles.schema import INDEXED, PENDING
from qa.articles.versions import HeldVersion, plan_put, text_hash, version_of
from qa.model import Article

ARTICLE = Article("k", "v1", "title", "text", "en", outlet="a", author="b")


@pytest.mark.parametrize(
    "changed",
    [
        replace(ARTICLE, title="Title"),
        replace(ARTICLE, text="text "),
        replace(ARTICLE, language="fr"),
        replace(ARTICLE, outlet=None),
        replace(ARTICLE, outlet=""),
        replace(ARTICLE, outlet="ab", author=None),
        replace(ARTICLE, published=date(2015, 9, 16)),
        replace(ARTICLE, updated=date(2015, 9, 16)),
        replace(ARTICLE, url="u"),
    ],
)
def test_every_part_of_an_article_makes_its_version(changed: Article) -> None:
    assert version_of(changed) != version_of(ARTICLE)


def test_neither_key_nor_old_version_makes_the_version() -> None:
    assert version_of(replace(ARTICLE, key="other", version="v2")) == version_of(ARTICLE)


OLD = "قال الوزير إن المحادثات مستمرة في باريس، وأضاف أن القرار لم يتخذ بعد."
MENDED = "قال الوزير أمس إن المحادثات مستمرة في باريس، وأضاف أن القرار لن يتخذ بعد."
OTHER = "افتتح رئيس البلدية ميناء المدينة الجديد يوم الأحد في احتفال كبير."


@pytest.mark.parametrize("state", [PENDING, INDEXED])
@pytest.mark.parametrize(("text", "instead_of"), [(MENDED, None), (OTHER, "محادثات باريس")])
def test_another_article_under_the_same_key_is_told_from_a_new_version(
    state: str, text: str, instead_of: str | None
) -> None:
    held = HeldVersion(1, "k", "v0", state, "محادثات باريس", OLD)
    plan = plan_put([replace(ARTICLE, title="عنوان آخر", text=text)], [held])
    assert [(r.outcome, r.instead_of) for r in plan.results] == [("updated", instead_of)]


def test_text_hash_is_of_the_text_alone() -> None:
    assert text_hash("نص") == text_hash("نص") != text_hash("نص ")


@pytest.mark.parametrize(
    ("held", "outcome", "added", "replaced"),
    [
        ([], "added", True, []),
        ([("v1", PENDING)], "unchanged", False, []),
        ([("v1", INDEXED)], "unchanged", False, []),
        ([("v0", INDEXED)], "updated", True, []),
        ([("v0", PENDING)], "updated", True, [0]),
        ([("v0", PENDING), ("v1", INDEXED)], "unchanged", False, [0]),
        ([("v1", PENDING), ("v0", INDEXED)], "unchanged", False, []),
        ([("v2", PENDING), ("v0", INDEXED)], "updated", True, [0]),
    ],
)
def test_plan_of_one_article(
    held: list[tuple[str, str]], outcome: str, added: bool, replaced: list[int]
) -> None:
    versions = [HeldVersion(i, "k", version, state) for i, (version, state) in enumerate(held)]
    plan = plan_put([ARTICLE], versions)
    assert [result.outcome for result in plan.results] == [outcome]
    assert bool(plan.additions) == added
    assert plan.replaced == replaced
