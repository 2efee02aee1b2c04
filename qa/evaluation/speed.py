"""Speed of the whole: start-up, indexing beside raw Chroma, and warm questions as archives grow.

    python -m qa.evaluation.speed [--corpus FILE.jsonl[.xz]] [--passages 1000,10000]
                                  [--embedder MODEL [--embedder-passages 1000]]

All figures of a run come from one machine in one process tree, so that ratios between them hold.
Without a corpus, articles are made of the seed articles' sentences, shuffled.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np

from qa.articles.passages import split_passages
from qa.assistant import Assistant
from qa.evaluation.bench_articles import SEEDS, endless_articles, of_passages
from qa.index.embedding import load_embedder
from qa.model import Article, Filters, Vectors
from qa.settings import Settings

QUESTIONS = (
    "what did Medvedev say about Syrian sovereignty?",
    "who discussed intelligence cooperation in Paris?",
    "ماذا قال لافروف عن إغلاق الحدود التركية السورية؟",
    "how many strikes did the coalition carry out near Kobani?",
    "أسعار النفط في الأسواق العالمية",
    "Que dit Poutine sur la sécurité des forces russes en Syrie ?",
    "the minister of education on new schools",
    "نتائج مباريات كرة القدم أمس",
)
ROUNDS = 15
"""Times that each question is asked warm."""
STARTS = 5
"""Times that each command is started."""
CHROMA_BATCH = 5_000
RAW_VECTORS = 20_000
"""Vectors of the raw Chroma measurement, at most."""


@dataclass(frozen=True, slots=True)
class Start:
    """Wall seconds of whole processes, medians."""

    help_s: float
    cold_ask_s: float


@dataclass(frozen=True, slots=True)
class Growth:
    """One archive size: how fast it was indexed and how fast it answers."""

    passages: int
    indexed_per_s: float
    open_s: float
    """Opening the assistant, its model and indexes; imports are done by then."""
    search_p50_ms: float
    search_p99_ms: float
    filtered_p50_ms: float
    """Searches within a filter that most of the archive passes."""
    ask_p50_ms: float
    resident_mb: float


@dataclass(frozen=True, slots=True)
class Indexing:
    """Passages a second of the whole ingest, and of Chroma alone on the same vectors."""

    passages: int
    ingest_per_s: float
    chroma_per_s: float
    """With the passages' texts as documents, as Chroma is used without an archive beside it."""
    chroma_vectors_per_s: float
    """With vectors and metadata alone."""

    def as_json(self) -> dict[str, float]:
        """The rates, and the ingest's as a share of each of Chroma's."""
        return asdict(self) | {
            "share": self.ingest_per_s / self.chroma_per_s,
            "share_of_vectors": self.ingest_per_s / self.chroma_vectors_per_s,
        }


def measure_start(starts: int = STARTS) -> Start:
    """`qa --help`, and `qa ask --json` on the indexed seeds, each as a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | _settings(folder).as_environment()
        _run(["ingest", str(SEEDS)], environment)
        return Start(
            help_s=_median_wall(["--help"], environment, starts),
            cold_ask_s=_median_wall(["ask", "--json", QUESTIONS[0]], environment, starts),
        )


def _settings(folder: str, embedder: str = "") -> Settings:
    """An archive of the bench's own, whatever the user has set."""
    return Settings().apart(Path(folder)).model_copy(update={"embedder": embedder})


def measure_growth(
    articles: Iterator[Article],
    sizes: Sequence[int],
    embedder: str = "",
    rounds: int = ROUNDS,
) -> list[Growth]:
    """One archive that grows to each size in turn; questions are asked at each."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(folder, embedder)
        held, grown = 0, list[Growth]()
        for size in sizes:
            with Assistant.open(settings, write=True) as assistant:
                more = list(of_passages(articles, size - held))
                started = perf_counter()
                assistant.ingest_articles(more)
                seconds = perf_counter() - started
                rate = (assistant.status().counts.passages - held) / seconds
            del more
            # A fresh process, so that its memory is a reader's and not this bench's.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
                grown.append(fresh.submit(_measure_questions, settings, rate, rounds).result())
            held = grown[-1].passages
        return grown


def measure_indexing(articles: Sequence[Article]) -> Indexing:
    """The whole ingest of articles, then Chroma's bare `add` of the same passages' vectors."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        with Assistant.open(_settings(folder), write=True) as assistant:
            assistant.ingest_articles(articles)
            ingest_s = perf_counter() - started
    texts = [a.text[s.start : s.end] for a in articles for s in split_passages(a.text)]
    vectors = load_embedder("", "", 1).embed_passages(texts)
    return Indexing(
        passages=len(texts),
        ingest_per_s=len(texts) / ingest_s,
        chroma_per_s=len(texts) / _add_to_bare_chroma(vectors, texts),
        chroma_vectors_per_s=len(texts) / _add_to_bare_chroma(vectors, None),
    )


def _add_to_bare_chroma(vectors: Vectors, documents: list[str] | None) -> float:
    """Seconds that Chroma takes to add vectors with two metadata fields, in large batches."""
    # The peer that the index is measured against, so not by way of qa.index.vectors.
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    with tempfile.TemporaryDirectory() as folder:
        quiet = ChromaSettings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(folder, settings=quiet)
        collection = client.create_collection(
            "bare", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        started = perf_counter()
        for first in range(0, len(vectors), CHROMA_BATCH):
            batch = vectors[first : first + CHROMA_BATCH]
            ids = range(first, first + len(batch))
            collection.add(
                ids=[str(i) for i in ids],
                embeddings=batch,
                metadatas=[{"article": i, "language": "ar"} for i in ids],
                documents=documents and documents[first : first + CHROMA_BATCH],
            )
        return perf_counter() - started


def _measure_questions(settings: Settings, rate: float, rounds: int) -> Growth:
    started = perf_counter()
    with Assistant.open(settings) as assistant:
        opened = perf_counter() - started
        for question in QUESTIONS:
            assistant.ask(question)
        broad = partial(assistant.search, filters=Filters(language="ar"))
        searches = _milliseconds(assistant.search, rounds)
        return Growth(
            passages=assistant.status().counts.passages,
            indexed_per_s=rate,
            open_s=opened,
            search_p50_ms=statistics.median(searches),
            search_p99_ms=float(np.percentile(searches, 99)),
            filtered_p50_ms=statistics.median(_milliseconds(broad, rounds // 3)),
            ask_p50_ms=statistics.median(_milliseconds(assistant.ask, rounds // 3)),
            resident_mb=_resident_mb(),
        )


def _milliseconds(work: Callable[[str], object], rounds: int) -> list[float]:
    """Of each question, asked so many times."""
    return [_once(work, question) for _ in range(rounds) for question in QUESTIONS]


def _once(work: Callable[[str], object], question: str) -> float:
    started = perf_counter()
    work(question)
    return 1000 * (perf_counter() - started)


def _resident_mb() -> float:
    """Memory that this process holds now (Linux), in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _median_wall(arguments: Sequence[str], environment: dict[str, str], starts: int) -> float:
    return statistics.median(_run(arguments, environment) for _ in range(starts))


def _run(arguments: Sequence[str], environment: dict[str, str]) -> float:
    command = [sys.executable, "-m", "qa.serve.cli", *arguments]
    started = perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return perf_counter() - started


def main() -> None:
    """Measure and print one JSON document."""
    options = _options()
    articles = endless_articles(options.corpus)
    figures = {
        "cores": os.cpu_count(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "corpus": options.corpus.name if options.corpus else "shuffled seed sentences",
        "start": asdict(measure_start()),
        "indexing": measure_indexing(
            list(of_passages(articles, min(RAW_VECTORS, options.passages[-1])))
        ).as_json(),
        "growth": [asdict(growth) for growth in measure_growth(articles, options.passages)],
    }
    if options.embedder:
        grown = measure_growth(
            endless_articles(options.corpus), options.embedder_passages, options.embedder
        )
        figures["growth_with_embedder"] = [asdict(growth) for growth in grown]
    json.dump(figures, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed figures of this machine, as JSON.")
    parser.add_argument("--corpus", type=Path, help="JSONL, plain or .xz, with title and text/body")
    parser.add_argument(
        "--passages",
        type=_sizes,
        default=[1_000, 10_000],
        help="archive sizes, such as 10000,100000",
    )
    parser.add_argument(
        "--embedder", default="", help="measure growth with this sentence-transformers model too"
    )
    parser.add_argument(
        "--embedder-passages", type=_sizes, default=[1_000], help="archive sizes with it"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
