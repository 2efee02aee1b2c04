from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

import pytest

from qa.errors import ArticleError, StorageError, UsageError
from qa.evaluation.beir import BenchQuestion
from qa.evaluation.results import Result
from qa.evaluation.retrieval_run import (
    Ablation,
    BenchOptions,
    ask_one,
    first_relevant,
    read_ablation,
    run_retrieval_bench,
)
from qa.evaluation.run_folder import read_run
from qa.evaluation.running import RunOptions
from qa.model import Article, Hit, Passage
from qa.settings import Settings
from tests.evaluation.sample import result
from tests.hub_models import save_bert, save_model

CORPUS = {
    "d/1": "ارتفعت أسعار النفط في الأسواق العالمية أمس.",
    "d2": "أغلق الرئيس الحدود بعد الحرب.",
    "d3": "فاز الفريق بكأس كرة القدم.",
}
LANGUAGES = {"a": "ar", "b": "en", "c": "ar"}


def hit(key: str, start: int, value: float) -> Hit:
    article = Article(key, "v", "", "text", "en")
    return Hit(Passage(start, key, "v", start, start + 1, "t"), article, value)


def asked(
    *hits: Hit, relevant: dict[str, int] | None = None, lang: str = "en", kind: str = ""
) -> Result:
    question = BenchQuestion("q", "who closed the border?", lang, kind)
    return ask_one(question, relevant or {"b": 1}, LANGUAGES, lambda text, k: hits[:k])


def documents(found: Result) -> list[tuple[str, float]]:
    return [(document["id"], document["score"]) for document in found.details["ranked"]]


# --- one question


def test_a_document_counts_once_by_its_best_passage() -> None:
    best = [hit("corpus/a", 0, 2.5), hit("corpus/b", 0, 2.0), hit("corpus/a", 1, 3.0)]
    found = asked(*best, hit("corpus/a", 2, 1.0))
    assert documents(found) == [("a", 3), ("b", 2)]


def test_distractors_take_places_in_the_ranking() -> None:
    found = asked(hit("distractors/x", 0, 3.0), hit("corpus/b", 0, 2.0))
    assert documents(found) == [("distractors/x", 3), ("b", 2)]
    assert found.metrics["mrr@10"] == 1 / 2


def test_long_documents_make_the_search_go_deeper() -> None:
    hits = [hit("corpus/a", n, 500.0 - n) for n in range(150)] + [hit("corpus/b", 0, 1.0)]
    depths: list[int] = []

    def search(question: str, k: int) -> Sequence[Hit]:
        depths.append(k)
        return hits[:k]

    found = ask_one(BenchQuestion("q", "?"), {"b": 1}, LANGUAGES, search)
    assert [key for key, _ in documents(found)] == ["a", "b"]
    assert depths == [100, 200]


def test_a_question_is_scored_by_hand() -> None:
    found = asked(
        hit("corpus/a", 0, 3), hit("corpus/b", 0, 2), hit("corpus/c", 0, 1),
        relevant={"b": 2, "c": 1, "a": 0},
    )  # fmt: skip
    gained, ideal = 2 / log2(2 + 1) + 1 / log2(3 + 1), 2 / log2(1 + 1) + 1 / log2(2 + 1)
    assert found.metrics == {
        "ndcg@10": pytest.approx(gained / ideal, abs=1e-6),
        "recall@1": 0 / 2,
        "recall@10": 2 / 2,
        "recall@100": 2 / 2,
        "mrr@10": 1 / 2,
    }


def test_a_question_that_finds_nothing_scores_nothing() -> None:
    found = asked()
    assert set(found.metrics.values()) == {0}
    assert found.details["first_relevant"] is found.details["first_relevant_language"] is None


def test_a_result_says_where_the_first_relevant_document_is() -> None:
    found = asked(
        hit("corpus/b", 0, 3), hit("corpus/c", 0, 2), hit("corpus/a", 0, 1),
        relevant={"b": 0, "c": 1, "a": 1},
    )  # fmt: skip
    assert (found.details["first_relevant"], found.details["first_relevant_language"]) == (2, "ar")


def test_the_pair_is_of_the_question_and_its_relevant_documents() -> None:
    assert asked(relevant={"b": 1, "a": 1, "c": 1}).details["pair"] == "en→ar+en"
    assert asked(relevant={"b": 0, "a": 1}).details["pair"] == "en→ar"


def test_the_language_is_the_one_that_the_bench_says_or_else_found_out() -> None:
    assert asked(lang="fr", kind="who").details["lang"] == "fr"
    assert asked(lang="fr", kind="who").details["kind"] == "who"
    assert asked(lang="").details["lang"] == "en"


def test_questions_longer_than_can_be_asked_are_cut() -> None:
    texts: list[str] = []

    def search(question: str, k: int) -> Sequence[Hit]:
        texts.append(question)
        return []

    ask_one(BenchQuestion("q", 5000 * "x"), {"b": 1}, LANGUAGES, search)
    assert [len(text) for text in texts] == [4000]


def test_shares_of_the_languages_that_are_found_first() -> None:
    found = ["ar", "en", "ar", None, "ar"]
    results = [result(f"{n}", first_relevant_language=lang) for n, lang in enumerate(found)]
    assert first_relevant(results) == {"ar": 3 / 4, "en": 1 / 4}
    assert first_relevant([]) == {}


# --- a whole bench


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
    report = run_retrieval_bench(folder).as_json()
    assert (report["bench"], report["questions"]) == ("tiny", 2)
    assert (report["documents"], report["passages"]) == (3, 3)
    assert report["recall@1"] == report["ndcg@10"] == 1
    assert report["first_relevant"] == {"ar": 1}
    assert report["by_pair"].keys() == {"ar→ar", "en→ar"}
    assert report["latency_p50_ms"] > 0
    assert report["passages_per_s"] > 0


def test_it_writes_nothing_into_the_data_folder(folder: Path, tmp_path: Path) -> None:
    run_retrieval_bench(folder)
    assert not (tmp_path / "data").exists()


def test_a_run_holds_its_results_its_rankings_and_its_summary(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "deep"
    scores = run_retrieval_bench(folder, options=RunOptions(out))
    assert read_run(out) == scores.run
    assert json.loads((out / "summary.json").read_text("utf-8")) == scores.as_json()
    assert (out / "run.trec").read_text() == scores.as_trec()


def test_rankings_are_written_as_trec_eval_reads_them(folder: Path) -> None:
    scores = run_retrieval_bench(folder)
    one = result("q", ranked=[{"id": "b", "score": 1.5}, {"id": "a", "score": -0.25}])
    trec = replace(scores, run=replace(scores.run, results=(one,))).as_trec()
    assert trec == "q Q0 b 1 1.500000 news-qa\nq Q0 a 2 -0.250000 news-qa\n"


def timeless(results: Sequence[Result]) -> list[dict[str, Any]]:
    return [found.as_json() | {"milliseconds": 0} for found in results]


def test_equal_runs_have_equal_results_but_for_times_whatever_the_workers(folder: Path) -> None:
    first = run_retrieval_bench(folder).run
    second = run_retrieval_bench(folder, options=RunOptions(workers=3)).run
    assert first.info == second.info
    assert timeless(first.results) == timeless(second.results)


def test_an_interrupted_bench_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("asking", 1):
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run_retrieval_bench(folder, options=RunOptions(out), progress=interrupt)
    assert len((out / "results.jsonl").read_text().splitlines()) == 1
    told: list[tuple[str, int, int]] = []
    again = RunOptions(out, resume=True)
    scores = run_retrieval_bench(folder, options=again, progress=lambda *now: told.append(now))
    assert [now for now in told if now[0] == "asking"] == [("asking", 2, 2)]
    assert timeless(scores.run.results) == timeless(run_retrieval_bench(folder).run.results)


def test_a_bench_is_not_resumed_with_other_parts(folder: Path, tmp_path: Path) -> None:
    out = RunOptions(tmp_path / "out")
    run_retrieval_bench(folder, options=out)
    options = BenchOptions(ablation=Ablation.DENSE_ONLY)
    with pytest.raises(UsageError, match=r"cannot be resumed.*'ablation': 'dense-only'"):
        run_retrieval_bench(folder, options, options=replace(out, resume=True))


@pytest.mark.parametrize("ablation", list(Ablation))
def test_every_ablation_takes_something_away_and_is_on_record(
    folder: Path, ablation: Ablation
) -> None:
    # Words that two documents hold: a leg that finds but one has no vote.
    row = {"_id": "q1", "text": "oil prices on world markets rose after the war"}
    (folder / "queries.jsonl").write_text(json.dumps(row))
    (folder / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td/1\t1\n")
    whole = run_retrieval_bench(folder).run
    without = run_retrieval_bench(folder, BenchOptions(ablation=ablation)).run
    assert documents(without.results[0]) != documents(whole.results[0])
    settings = {**whole.info.settings, "ablation": ablation.value}
    difference = f"settings: {settings} was {whole.info.settings}"
    assert without.info.differences(whole.info) == [difference]


def test_ablations_are_read_by_name() -> None:
    assert read_ablation("dense-only") is Ablation.DENSE_ONLY
    assert read_ablation(None) is None
    with pytest.raises(UsageError, match=r"'dense'.*dense-only, lexical-only, no-expansion"):
        read_ablation("dense")


def test_distractors_are_added_up_to_their_limit_of_passages(folder: Path, tmp_path: Path) -> None:
    long = " ".join(f"جملة رقم {n} عن شيء آخر تماما." for n in range(200))
    rows = [{"title": "خبر", "body": text} for text in ("خبر قصير.", long, "خبر ثان.", "ثالث.")]
    file = tmp_path / "news.jsonl.xz"
    file.write_bytes(lzma.compress("\n".join(map(json.dumps, rows)).encode()))
    scores = run_retrieval_bench(folder, BenchOptions(file, 2))
    assert scores.indexed.passages == len(CORPUS) + 2
    assert scores.indexed.documents == len(CORPUS) + 2
    assert scores.as_json()["recall@1"] == 1
    assert scores.run.info.settings["distractor_limit"] == "2"


def test_a_bench_is_not_resumed_with_other_distractors(folder: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "news.jsonl", RunOptions(tmp_path / "out")
    file.write_text(json.dumps({"title": "خبر", "body": "خبر قصير."}))
    run_retrieval_bench(folder, BenchOptions(file), options=out)
    again = replace(out, resume=True)
    moved = file.rename(folder / "news.jsonl")
    run_retrieval_bench(folder, BenchOptions(moved), options=again)
    file.write_text(json.dumps({"title": "خبر", "body": "خبر آخر."}))
    with pytest.raises(UsageError, match=r"cannot be resumed.*news\.jsonl"):
        run_retrieval_bench(folder, BenchOptions(file), options=again)


def test_documents_with_no_text_are_judged_and_not_indexed(folder: Path) -> None:
    blank = [{"_id": f"b{n}", "title": "", "text": text} for n, text in enumerate(["", "\u200b"])]
    with (folder / "corpus.jsonl").open("a") as corpus:
        corpus.writelines(f"\n{json.dumps(row)}" for row in blank)
    with (folder / "queries.jsonl").open("a") as queries:
        queries.write('\n{"_id": "q3", "text": "oil prices"}')
    with (folder / "qrels/test.tsv").open("a") as qrels:
        qrels.write("q1\tb0\t1\nq3\tb1\t1\n")
    scores = run_retrieval_bench(folder)
    assert scores.indexed.documents == len(CORPUS)
    assert [found.metrics["recall@10"] for found in scores.run.results] == [1 / 2, 1, 0]
    assert [found.details["pair"] for found in scores.run.results] == ["en→ar", "ar→ar", "en→?"]


def test_a_broken_bench_is_refused_before_anything_is_indexed(folder: Path) -> None:
    (folder / "queries.jsonl").write_text("{")
    with pytest.raises(ArticleError, match=r"queries\.jsonl, line 1"):
        run_retrieval_bench(folder, progress=lambda *told: pytest.fail("indexed"))


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_indexed(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="--out"):
        run_retrieval_bench(
            folder,
            options=RunOptions(tmp_path / "file"),
            progress=lambda *told: pytest.fail("indexed"),
        )


def test_any_sentence_transformers_model_goes_through_the_same_retriever(
    folder: Path, tmp_path: Path
) -> None:
    bert = tmp_path / "bert"
    bert.mkdir()
    name = save_model(save_bert(bert), tmp_path / "model")
    run = run_retrieval_bench(folder, settings=Settings(embedder=name)).run
    assert run.info.settings["embedder"] == name
    assert [result.metrics["recall@10"] for result in run.results] == [1, 1]
