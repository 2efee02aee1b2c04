from pathlib import Path
from typing import Any

import pytest

from qa.evaluation.bench_articles import shuffled_articles
from qa.serve.crowd import Plan, wrong_citations
from qa.serve.load import measure

TEXTS = {"a": ["Opened on Sunday.", "1. Opened on Sunday."]}


def cited(start: int, end: int, quote: str) -> dict[str, Any]:
    return {"article": "a", "start": start, "end": end, "quote": quote}


@pytest.mark.parametrize(
    ("citation", "wrong"),
    [
        (cited(0, 6, "Opened"), 0),
        (cited(3, 9, "Opened"), 0),
        (cited(1, 7, "Opened"), 1),
        (cited(0, 6, "opened"), 1),
    ],
)
def test_a_citation_is_held_to_every_version_of_its_article(
    citation: dict[str, Any], wrong: int
) -> None:
    assert wrong_citations([citation], TEXTS) == wrong


def test_a_crowd_gets_true_citations_while_articles_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.sqlite"
    monkeypatch.setenv("QA_ARCHIVE_URL", f"sqlite:///{mine}")
    figures = measure(Plan(clients=24, seconds=4, passages=150, slow=3), shuffled_articles())
    assert figures.errors == 0, figures.first_error
    assert figures.wrong_citations == 0
    assert figures.answers >= figures.clients
    assert figures.citations > 0
    assert figures.articles_stored > 1
    assert figures.slowly_read_bytes > 0
    assert 0 < figures.p50_ms <= figures.p95_ms <= figures.p99_ms
    assert figures.as_json()["share_of_answers"] > 0
    assert not mine.exists()
