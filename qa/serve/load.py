"""A server under load on this machine: many readers, some of them slow, while articles come in.

    python -m qa.serve.load [--clients 64] [--seconds 60] [--passages 10000]

Every citation is compared with the article's text, and the rate with that of the assistant alone,
measured before in the same run over the same archive. Without a corpus, as in the speed bench,
articles are made of the seed articles' sentences, shuffled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from qa.assistant import Assistant
from qa.evaluation.bench_articles import SEED, endless_articles, of_passages
from qa.model import Article
from qa.serve.api.workers import THREADS
from qa.serve.crowd import Crowd, Plan, Tally
from qa.settings import Settings
from qa.text.sentences import sentence_spans

QUESTIONS = 500
"""Different questions, each some words of an article's sentence."""
WORDS = 8
BARE_SHARE = 0.2
"""Of the time under load, for each measurement of the assistant alone."""
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to; rates are answers a second, times milliseconds."""

    passages: int
    clients: int
    answers: int
    errors: int
    first_error: str | None
    citations: int
    wrong_citations: int
    articles_stored: int
    slowly_read_bytes: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    answers_per_s: float
    bare_searches_per_s: float
    bare_answers_per_s: float

    def as_json(self) -> dict[str, Any]:
        """The figures, and the rate as a share of each of the assistant's own."""
        return asdict(self) | {
            "share_of_searches": self.answers_per_s / self.bare_searches_per_s,
            "share_of_answers": self.answers_per_s / self.bare_answers_per_s,
        }


def measure(plan: Plan, source: Iterator[Article]) -> Figures:
    """Fill an archive, ask the assistant alone, then a server of it."""
    articles = list(of_passages(source, plan.passages))
    questions = _questions(articles)
    with tempfile.TemporaryDirectory() as folder:
        # An archive of the bench's own, whatever the user has set.
        settings = Settings().apart(Path(folder))
        with Assistant.open(settings, write=True) as assistant:
            assistant.ingest_articles(articles)
            passages = assistant.status().counts.passages
        seconds = BARE_SHARE * plan.seconds
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            bare = fresh.submit(_measure_bare, settings, questions, seconds).result()
        with _serving(settings) as address:
            tally = asyncio.run(Crowd(address, articles, questions, plan).run())
    return _figures(plan, passages, tally, *bare)


def _figures(plan: Plan, passages: int, tally: Tally, searches: float, answers: float) -> Figures:
    p50, p95, p99 = np.percentile(tally.milliseconds or [float("nan")], [50, 95, 99])
    return Figures(
        passages=passages,
        clients=plan.clients,
        answers=len(tally.milliseconds),
        errors=len(tally.errors),
        first_error=tally.errors[0] if tally.errors else None,
        citations=tally.citations,
        wrong_citations=tally.wrong,
        articles_stored=tally.stored,
        slowly_read_bytes=tally.slowly_read,
        p50_ms=float(p50),
        p95_ms=float(p95),
        p99_ms=float(p99),
        answers_per_s=len(tally.milliseconds) / (tally.seconds or plan.seconds),
        bare_searches_per_s=searches,
        bare_answers_per_s=answers,
    )


def _questions(articles: Sequence[Article]) -> list[str]:
    chance = random.Random(SEED)
    asked = []
    for article in chance.choices(articles, k=QUESTIONS):
        span = chance.choice(sentence_spans(article.text))
        asked.append(" ".join(article.text[span.start : span.end].split()[:WORDS]))
    return asked


# --------------------------------------------------------------------------- the assistant alone


def _measure_bare(
    settings: Settings, questions: Sequence[str], seconds: float
) -> tuple[float, float]:
    """Searches and answers a second, with as many threads as a server has."""
    with Assistant.open(settings) as assistant, threadpool_limits(1, user_api="blas"):
        assistant.ask(questions[0])
        return (
            _rate(assistant.search, questions, seconds),
            _rate(assistant.ask, questions, seconds),
        )


def _rate(work: Callable[[str], object], questions: Sequence[str], seconds: float) -> float:
    deadline = monotonic() + seconds

    def repeat(first: int) -> int:
        done = 0
        for question in islice(cycle(questions), first, None):
            if monotonic() > deadline:
                return done
            work(question)
            done += 1
        return done

    with ThreadPoolExecutor(THREADS) as threads:
        firsts = range(0, len(questions), max(1, len(questions) // THREADS))
        return sum(threads.map(repeat, firsts[:THREADS])) / seconds


# ------------------------------------------------------------------------------------ the server


@contextmanager
def _serving(settings: Settings) -> Iterator[str]:
    """The address of a `qa serve --write` with these settings."""
    command = [sys.executable, "-m", "qa.serve.cli", "serve", "--write", "--port", "0"]
    environment = os.environ | settings.as_environment()
    log = settings.data_dir / "serve.log"
    with (
        log.open("wb") as told,
        subprocess.Popen(command, env=environment, stdout=told, stderr=told) as server,
    ):
        try:
            yield _address(log, server)
        finally:
            server.terminate()


def _address(log: Path, server: subprocess.Popen[bytes]) -> str:
    deadline = monotonic() + START_SECONDS
    while server.poll() is None and monotonic() < deadline:
        for line in log.read_text("utf-8").splitlines():
            if "open at http" in line:
                return next(word for word in line.split() if word.startswith("http"))
        sleep(0.05)
    raise SystemExit(f"the server did not start: {log.read_text('utf-8')}")


def main() -> None:
    """Measure and print one JSON document."""
    options = _options()
    source = endless_articles(options.corpus)
    plan = Plan(options.clients, options.seconds, options.passages, options.slow)
    json.dump(measure(plan, source).as_json(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A server under load, as JSON.")
    usual = Plan()
    parser.add_argument("--clients", type=int, default=usual.clients, help="readers at one time")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="time under load")
    parser.add_argument("--passages", type=int, default=usual.passages, help="archive size")
    parser.add_argument("--slow", type=int, default=usual.slow, help="slow readers besides")
    parser.add_argument("--corpus", type=Path, help="JSONL, plain or .xz, with title and text/body")
    return parser.parse_args()


if __name__ == "__main__":
    main()
