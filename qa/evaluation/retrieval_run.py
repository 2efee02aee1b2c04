"""Running a retrieval bench: the corpus is indexed as a user's articles are, then asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypeAlias

from qa.articles.drafts import Draft
from qa.articles.passages import split_passages
from qa.assistant import MAX_QUESTION, Assistant, Progress
from qa.errors import StorageError
from qa.evaluation.beir import Bench, BenchDocument, load_bench, read_distractors
from qa.evaluation.metrics import measure
from qa.model import Article, Hit
from qa.settings import Settings

QUALITY = ("ndcg@10", "recall@1", "recall@10", "recall@100", "mrr@10")
SUMMARY_FILE = "summary.json"
RUN_FILE = "run.trec"
DEPTH = 100
"""Documents that a question's answer is scored on."""
_CORPUS = "corpus/"
_DISTRACTORS = "distractors/"

Search: TypeAlias = Callable[[str, int], Sequence[Hit]]
"""Question and number of passages wanted → hits, best first."""


@dataclass(frozen=True, slots=True)
class RankedDocument:
    """A document of an answer, scored by its best passage."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """What one question of a bench got."""

    id: str
    ranked: tuple[RankedDocument, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """The outcome of a bench: means over its questions, and every question's answer."""

    bench: str
    documents: int
    passages: int
    passages_per_s: float
    quality: Mapping[str, float]
    answers: tuple[AnsweredQuestion, ...]

    @property
    def latency_p50_ms(self) -> float:
        """Median time of a search, in milliseconds."""
        return median(answer.milliseconds for answer in self.answers)

    def as_json(self) -> dict[str, Any]:
        """The metrics under the names of contracts.md, ready for json.dumps."""
        return {
            "bench": self.bench,
            "questions": len(self.answers),
            "documents": self.documents,
            "passages": self.passages,
            **{name: round(value, 4) for name, value in self.quality.items()},
            "latency_p50_ms": round(self.latency_p50_ms, 2),
            "passages_per_s": round(self.passages_per_s, 1),
        }

    def as_trec(self) -> str:
        """The answers as a TREC run file, for trec_eval and its like."""
        return "".join(
            f"{answer.id} Q0 {document.id} {rank} {document.score:.6f} news-qa\n"
            for answer in self.answers
            for rank, document in enumerate(answer.ranked, 1)
        )


def run_retrieval_bench(
    folder: Path,
    distractors: Path | None = None,
    distractor_limit: int | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> RetrievalScores:
    """Indexes a BEIR folder in a temporary place, asks its questions and scores the answers.

    Of the distractors whole documents are taken while their passages fit under the limit. Raises
    UsageError or ArticleError where the folder or file is not what it should be.
    """
    bench = load_bench(folder)
    documents = [_article(_CORPUS, document) for document in bench.documents]
    if distractors is not None:
        documents += _limited(map(_distractor, read_distractors(distractors)), distractor_limit)
    with TemporaryDirectory(prefix="qa-bench-") as place:
        with Assistant.open(_at(Path(place), settings or Settings()), write=True) as assistant:
            started = perf_counter()
            assistant.ingest_articles(documents, progress)
            seconds = perf_counter() - started
            answers = ask_all(bench, assistant.search, progress)
            passages = assistant.status().counts.passages
    return RetrievalScores(
        bench=bench.name,
        documents=len(documents),
        passages=passages,
        passages_per_s=passages / seconds,
        quality=score(bench, answers),
        answers=answers,
    )


def write_scores(scores: RetrievalScores, folder: Path) -> None:
    """`summary.json` and `run.trec` in a folder, which is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        summary = json.dumps(scores.as_json(), ensure_ascii=False, indent=2)
        (folder / SUMMARY_FILE).write_text(summary + "\n", encoding="utf-8")
        (folder / RUN_FILE).write_text(scores.as_trec(), encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"cannot write to {str(folder)!r}: {reason}; mend --out") from error


def ask_all(
    bench: Bench,
    search: Search,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[AnsweredQuestion, ...]:
    """Every question of the bench, asked one after the other and timed."""
    answers = []
    for done, question in enumerate(bench.questions, 1):
        answers.append(_ask(question.id, question.text[:MAX_QUESTION], search))
        progress("asking", done, len(bench.questions))
    return tuple(answers)


def score(bench: Bench, answers: Sequence[AnsweredQuestion]) -> dict[str, float]:
    """Mean of each metric of `QUALITY` over the questions."""
    return {
        name: fmean(
            measure(name, [document.id for document in answer.ranked], bench.relevant[answer.id])
            for answer in answers
        )
        for name in QUALITY
    }


def _ask(key: str, text: str, search: Search) -> AnsweredQuestion:
    started = perf_counter()
    hits = search(text, DEPTH)
    ranked = _by_document(hits)
    wanted = DEPTH
    # Long documents hold several passages each: ask deeper until there are enough documents.
    while len(ranked) < DEPTH and len(hits) >= wanted:
        wanted *= 2
        hits = search(text, wanted)
        ranked = _by_document(hits)
    return AnsweredQuestion(key, ranked[:DEPTH], 1000 * (perf_counter() - started))


def _at(place: Path, settings: Settings) -> Settings:
    """The user's embedder in a data folder of the bench's own."""
    own = {"data_dir": place, "archive_url": "", "chroma_url": ""}
    return settings.model_copy(update=own)


def _article(kind: str, document: BenchDocument) -> Article:
    text = document.text.strip() or document.title
    return Draft(text, document.title).as_article(f"{kind}{document.id}")


def _distractor(document: BenchDocument) -> Article:
    return _article(_DISTRACTORS, document)


def _limited(articles: Iterable[Article], limit: int | None) -> Iterator[Article]:
    """Articles in order, those left out that would bring the passages over the limit."""
    room = float("inf") if limit is None else limit
    for article in articles:
        if room <= 0:
            return
        size = len(split_passages(article.text))
        if size <= room:
            room -= size
            yield article


def _by_document(hits: Sequence[Hit]) -> tuple[RankedDocument, ...]:
    best: dict[str, float] = {}
    for hit in hits:
        document = hit.article.key.removeprefix(_CORPUS)
        best[document] = max(hit.score, best.get(document, hit.score))
    return tuple(RankedDocument(key, best[key]) for key in sorted(best, key=lambda k: -best[k]))
