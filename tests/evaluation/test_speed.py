from itertools import islice
from pathlib import Path

import pytest

from qa.articles.passages import split_passages
from qa.evaluation.bench_articles import shuffled_articles
from qa.evaluation.speed import measure_growth, measure_indexing, measure_start


def test_an_archive_that_grows_is_asked_at_each_size() -> None:
    small, large = measure_growth(shuffled_articles(), [20, 40], rounds=3)
    assert 20 <= small.passages < 40 <= large.passages
    assert 0 < large.search_p50_ms <= large.search_p99_ms
    assert large.ask_p50_ms > 0


def test_indexing_is_measured_beside_bare_chroma() -> None:
    articles = list(islice(shuffled_articles(), 10))
    measured = measure_indexing(articles).as_json()
    assert measured["passages"] == sum(len(split_passages(a.text)) for a in articles)
    assert measured["share"] == measured["ingest_per_s"] / measured["chroma_per_s"]


def test_the_archive_that_is_set_is_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine.sqlite"
    monkeypatch.setenv("QA_ARCHIVE_URL", f"sqlite:///{mine}")
    measure_start(starts=1)
    measure_indexing(list(islice(shuffled_articles(), 2)))
    measure_growth(shuffled_articles(), [2], rounds=3)
    assert not mine.exists()
