import json
import lzma
from collections.abc import Sequence
from math import log2
from pathlib import Path

import pytest

from qa.errors import ArticleError, StorageError
from qa.evaluation.beir import Bench, BenchDocument, BenchQuestion
from qa.evaluation.retrieval_run import (
    RetrievalScores,
    ask_all,
    run_retrieval_bench,
    score,
    write_scores,
)
from qa.model import Article, Hit, Passage

CORPUS = {
    "d/1": "ارتفعت أسعار النفط في الأسواق العالمية أمس.",
    "d2": "أغلق الرئيس الحدود بعد الحرب.",
    "d3": "فاز الفريق بكأس كرة القدم.",
}


def hit(key: str, start: int, value: float) -> Hit:
    article = Article(key, "v", "", "text", "en")
    return Hit(Passage(start, key, "v", start, start + 1, "t"), article, value)


def bench(*questions: str) -> Bench:
    return Bench(
        name="tiny",
        documents=(BenchDocument("a", "", "x"), BenchDocument("b", "", "y")),
        questions=tuple(BenchQuestion(q, q) for q in questions),
        relevant={q: {"b": 1} for q in questions},
    )


def test_a_document_counts_once_by_its_best_passage() -> None:
    hits = [hit("corpus/a", 0, 3.0), hit("corpus/a", 1, 2.5), hit("corpus/b", 0, 2.0)]
    [answer] = ask_all(bench("q"), lambda question, k: hits)
    assert [(document.id, document.score) for document in answer.ranked] == [("a", 3), ("b", 2)]


def test_long_documents_make_the_search_go_deeper() -> None:
    hits = [hit("corpus/a", n, 500.0 - n) for n in range(150)] + [hit("corpus/b", 0, 1.0)]
    asked: list[int] = []

    def search(question: str, k: int) -> Sequence[Hit]:
        asked.append(k)
        return hits[:k]

    [answer] = ask_all(bench("q"), search)
    assert [document.id for document in answer.ranked] == ["a", "b"]
    assert asked == [100, 200]


def test_scores_are_means_over_the_questions() -> None:
    tiny = bench("first", "second")
    found = {
        "first": [hit("corpus/b", 0, 1)],
        "second": [hit("corpus/a", 0, 2), hit("corpus/b", 0, 1)],
    }
    quality = score(tiny, ask_all(tiny, lambda question, k: found[question]))
    assert quality["ndcg@10"] == pytest.approx((1 + 1 / log2(3)) / 2)
    assert quality["mrr@10"] == pytest.approx((1 + 1 / 2) / 2)
    assert quality["recall@1"] == 1 / 2
    assert quality["recall@10"] == quality["recall@100"] == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    documents = [{"_id": key, "title": "", "text": text} for key, text in CORPUS.items()]
    questions = [{"_id": "q1", "text": "oil prices"}, {"_id": "q2", "text": "من أغلق الحدود؟"}]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, questions)))
    (folder / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td/1\t1\nq2\td2\t1\n")
    return folder


def test_a_bench_runs_from_folder_to_scores(folder: Path) -> None:
    scores = run_retrieval_bench(folder)
    report = scores.as_json()
    assert (report["questions"], report["documents"], report["passages"]) == (2, 3, 3)
    assert report["recall@1"] == report["ndcg@10"] == 1
    assert report["latency_p50_ms"] > 0
    assert report["passages_per_s"] > 0


def test_it_writes_nothing_into_the_data_folder(folder: Path, tmp_path: Path) -> None:
    run_retrieval_bench(folder)
    assert not (tmp_path / "data").exists()


def test_distractors_are_added_up_to_their_limit_of_passages(folder: Path, tmp_path: Path) -> None:
    long = " ".join(f"جملة رقم {n} عن شيء آخر تماما." for n in range(200))
    rows = [{"title": "خبر", "body": text} for text in ("خبر قصير.", long, "خبر ثان.", "ثالث.")]
    file = tmp_path / "news.jsonl.xz"
    file.write_bytes(lzma.compress("\n".join(map(json.dumps, rows)).encode()))
    scores = run_retrieval_bench(folder, distractors=file, distractor_limit=2)
    assert scores.passages == len(CORPUS) + 2
    assert scores.documents == len(CORPUS) + 2
    assert scores.quality["recall@1"] == 1


def test_a_broken_bench_is_refused_before_anything_is_indexed(folder: Path) -> None:
    (folder / "queries.jsonl").write_text("{")
    with pytest.raises(ArticleError, match=r"queries\.jsonl, line 1"):
        run_retrieval_bench(folder)


@pytest.fixture
def scores() -> RetrievalScores:
    tiny = bench("q")
    answers = ask_all(tiny, lambda question, k: [hit("corpus/b", 0, 1.5)])
    return RetrievalScores("tiny", 2, 2, 10.0, score(tiny, answers), answers)


def test_scores_are_written_as_a_summary_and_a_trec_run(
    scores: RetrievalScores, tmp_path: Path
) -> None:
    write_scores(scores, tmp_path / "out" / "deep")
    summary = json.loads((tmp_path / "out/deep/summary.json").read_text())
    assert summary["ndcg@10"] == 1
    assert (tmp_path / "out/deep/run.trec").read_text() == "q Q0 b 1 1.500000 news-qa\n"


def test_a_folder_that_cannot_be_written_is_named(scores: RetrievalScores, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="--out"):
        write_scores(scores, tmp_path / "file")
