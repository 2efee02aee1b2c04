import json
from itertools import islice
from pathlib import Path

from qa.evaluation.bench_articles import corpus_articles


def test_a_corpus_begins_again_under_new_keys(tmp_path: Path) -> None:
    rows = [{"title": "ميناء", "body": f"افتتح الوزير الميناء رقم {i}."} for i in range(2)]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    articles = list(islice(corpus_articles(tmp_path / "corpus.jsonl"), 3))
    assert articles[0].text == articles[2].text
    assert len({article.key for article in articles}) == 3
