"""Running a retrieval bench: the corpus is indexed as a user's articles are, then asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypeAlias

import qa
from qa.articles.drafts import Draft
from qa.articles.passages import split_passages
from qa.assistant import Assistant
from qa.errors import UsageError
from qa.evaluation.beir import (
    Bench,
    BenchDocument,
    BenchQuestion,
    digest,
    load_bench,
    read_distractors,
)
from qa.evaluation.metrics import measure
from qa.evaluation.reports.pages import retrieval_reports
from qa.evaluation.results import RETRIEVAL, Result, Run, RunInfo
from qa.evaluation.run_folder import RunFolder
from qa.evaluation.running import IN_MEMORY, RunOptions, ask_all
from qa.evaluation.summary import summary_json
from qa.ingestion import Progress
from qa.model import Article, Hit
from qa.retrieval.question import MAX_QUESTION
from qa.retrieval.retriever import ALL_PARTS, Parts
from qa.settings import Settings
from qa.text.language import detect_language

QUALITY = ("ndcg@10", "recall@1", "recall@10", "recall@100", "mrr@10")
RUN_FILE = "run.trec"
DEPTH = 100
"""Documents that a question's answer is scored on."""
_DIGITS = 6
_CORPUS = "corpus/"
_DISTRACTORS = "distractors/"
_NO_LANGUAGE = "?"
"""Where every relevant document is one with no text."""

Search: TypeAlias = Callable[[str, int], Sequence[Hit]]
"""Question and number of passages wanted → hits, best first."""


class Ablation(StrEnum):
    """A retriever without some of its parts, so that a bench shows what they earn."""

    DENSE_ONLY = "dense-only"
    LEXICAL_ONLY = "lexical-only"
    NO_EXPANSION = "no-expansion"
    NO_LATE_INTERACTION = "no-late-interaction"


def read_ablation(name: str | None) -> Ablation | None:
    """The ablation of that name; raises UsageError saying which there are."""
    try:
        return None if name is None else Ablation(name)
    except ValueError:
        known = ", ".join(Ablation)
        raise UsageError(f"no ablation is called {name!r}: use one of {known}") from None


_PARTS: Mapping[Ablation | None, Parts] = {
    None: ALL_PARTS,
    Ablation.DENSE_ONLY: Parts(legs=frozenset({"dense"})),
    Ablation.LEXICAL_ONLY: Parts(legs=frozenset({"lexical"})),
    Ablation.NO_EXPANSION: Parts(expansion=False),
    Ablation.NO_LATE_INTERACTION: Parts(legs=frozenset({"dense", "lexical"})),
}


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What is asked besides the bench itself."""

    distractors: Path | None = None
    """JSONL[.xz] of documents that no question is about."""
    distractor_limit: int | None = None
    """At most so many of their passages."""
    ablation: Ablation | None = None


WHOLE_BENCH = BenchOptions()
"""Without distractors, with every part of the retriever."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the bench's index came to."""

    documents: int
    passages: int
    passages_per_s: float


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """The outcome of a bench."""

    run: Run
    indexed: Indexed

    def as_json(self) -> dict[str, Any]:
        """The metrics under the names of contracts.md, ready for json.dumps."""
        return {
            "bench": self.run.info.name,
            **summary_json(self.run.results),
            "documents": self.indexed.documents,
            "passages": self.indexed.passages,
            "passages_per_s": round(self.indexed.passages_per_s, 1),
            "first_relevant": first_relevant(self.run.results),
            "run": self.run.info.as_json(),
        }

    def as_trec(self) -> str:
        """The rankings as a TREC run file, for trec_eval and its like."""
        return "".join(
            f"{result.id} Q0 {document['id']} {rank} {document['score']:.6f} news-qa\n"
            for result in self.run.results
            for rank, document in enumerate(result.details["ranked"], 1)
        )


def run_retrieval_bench(
    folder: Path,
    bench_options: BenchOptions = WHOLE_BENCH,
    settings: Settings | None = None,
    options: RunOptions = IN_MEMORY,
    progress: Progress = lambda stage, done, total: None,
) -> RetrievalScores:
    """Index a BEIR folder in a temporary place, ask its questions and score the rankings.

    Of the distractors whole documents are taken while their passages fit under the limit. Raises
    UsageError or ArticleError where the folder or file is not what it should be.
    """
    bench = load_bench(folder)
    articles = [_article(_CORPUS, document) for document in bench.documents if document.body]
    languages = {a.key.removeprefix(_CORPUS): a.language for a in articles}
    articles += _distractors(bench_options)
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="qa-bench-")))
        parts = _PARTS[bench_options.ablation]
        own = (settings or Settings()).apart(place)
        assistant = stack.enter_context(Assistant.open(own, write=True, parts=parts))
        # The folder before the work: one that cannot be written is found out at once.
        info = _info(bench, bench_options, assistant)
        out = options.out and stack.enter_context(
            RunFolder.begin(options.out, info, resume=options.resume)
        )
        indexed = _index(assistant, articles, progress)
        done, keep = (out.done, out.add) if out else ({}, lambda result: None)

        def ask(question: BenchQuestion) -> Result:
            return ask_one(question, bench.relevant[question.id], languages, assistant.search)

        results = ask_all(bench.questions, ask, done, keep, options.workers, progress)
        scores = RetrievalScores(Run(info, results), indexed)
        if out:
            summary = scores.as_json()
            reports = retrieval_reports(scores.run, summary)
            out.finish(summary, reports | {RUN_FILE: scores.as_trec()})
    return scores


def ask_one(
    question: BenchQuestion,
    relevant: Mapping[str, int],
    languages: Mapping[str, str],
    search: Search,
) -> Result:
    """One question, searched, timed and scored; `languages` are those of the documents."""
    started = perf_counter()
    ranked = _ranked(question.text[:MAX_QUESTION], search)
    milliseconds = 1000 * (perf_counter() - started)
    keys = [key for key, _ in ranked]
    wanted = [key for key, gain in relevant.items() if gain > 0]
    first = next((rank for rank, key in enumerate(keys, 1) if key in wanted), None)
    lang = question.lang or detect_language(question.text)
    of_wanted = sorted({languages[key] for key in wanted if key in languages})
    details = {
        "lang": lang,
        "pair": f"{lang}→{'+'.join(of_wanted) or _NO_LANGUAGE}",
        "kind": question.kind,
        "first_relevant": first,
        "first_relevant_language": first and languages[keys[first - 1]],
        "relevant": dict(relevant),
        "ranked": [{"id": key, "score": round(score, _DIGITS)} for key, score in ranked],
    }
    metrics = {name: round(measure(name, keys, relevant), _DIGITS) for name in QUALITY}
    return Result(question.id, question.text, metrics, round(milliseconds, 2), details)


def first_relevant(results: Iterable[Result]) -> dict[str, float]:
    """Of the relevant documents found first, the share in each language.

    Where the same story is there in two, a retriever that prefers the question's language shows.
    """
    found = Counter(
        language for result in results if (language := result.group("first_relevant_language"))
    )
    return {language: round(n / found.total(), 4) for language, n in sorted(found.items())}


def _ranked(question: str, search: Search) -> list[tuple[str, float]]:
    """The first `DEPTH` documents, each with the score of its best passage."""
    hits = search(question, DEPTH)
    ranked = _by_document(hits)
    wanted = DEPTH
    # Long documents hold several passages each: ask deeper until there are enough documents.
    while len(ranked) < DEPTH and len(hits) >= wanted:
        wanted *= 2
        hits = search(question, wanted)
        ranked = _by_document(hits)
    return ranked[:DEPTH]


def _by_document(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for hit in hits:
        document = hit.article.key.removeprefix(_CORPUS)
        best[document] = max(hit.score, best.get(document, hit.score))
    return sorted(best.items(), key=lambda item: -item[1])


def _index(assistant: Assistant, articles: Sequence[Article], progress: Progress) -> Indexed:
    started = perf_counter()
    assistant.ingest_articles(articles, progress)
    seconds = perf_counter() - started
    passages = assistant.status().counts.passages
    return Indexed(len(articles), passages, passages / seconds)


def _info(bench: Bench, options: BenchOptions, assistant: Assistant) -> RunInfo:
    asked = {name: str(value) for name, value in asdict(options).items() if value is not None}
    if options.distractors:
        # When a run is resumed, the file may hold others under the same path.
        asked["distractors"] = f"{options.distractors.name} {_hash(options.distractors)}"
    return RunInfo(
        kind=RETRIEVAL,
        name=bench.name,
        questions=digest(bench),
        index=assistant.fingerprint,
        articles="the bench's own",
        settings={**assistant.answer_settings, **asked},
        version=qa.__version__,
    )


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()[:16]


def _article(kind: str, document: BenchDocument) -> Article:
    return Draft(document.body, document.title).as_article(f"{kind}{document.id}")


def _distractors(options: BenchOptions) -> Iterator[Article]:
    """Articles in order, those left out that would bring the passages over the limit."""
    if options.distractors is None:
        return
    room = float("inf") if options.distractor_limit is None else options.distractor_limit
    for document in read_distractors(options.distractors):
        if room <= 0:
            return
        article = _article(_DISTRACTORS, document)
        size = len(split_passages(article.text))
        if size <= room:
            room -= size
            yield article
