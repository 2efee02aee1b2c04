"""One process that serves the page and the interface over one assistant."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from qa.assistant import Assistant
from qa.errors import StorageBusyError
from qa.parts import open_records
from qa.records.records import Records
from qa.serve.api.access import Gate, policy_for
from qa.serve.api.app import build_app
from qa.serve.api.edge import log_requests
from qa.serve.api.jobs import Jobs
from qa.serve.api.metrics import Metrics
from qa.serve.api.service import Service
from qa.serve.api.workers import Workers
from qa.serve.terminal import open_assistant
from qa.settings import Settings

RUNS = "evaluations"
"""Folder of the page's evaluation runs, in the data folder."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is let in, and whether articles are taken."""

    open_to_all: bool = False
    """Reading without a key, wherever the server listens."""
    keys_wanted: bool = False
    """Keys on loopback too."""
    write: bool = False
    """Take articles by the API; nobody else can read the data folder meanwhile."""


USUAL_DOORS = Doors()


def serve(settings: Settings, seeds: Path | None = None, doors: Doors = USUAL_DOORS) -> None:
    """Serve until interrupted; articles of `seeds` are read first if the archive is empty."""
    with ExitStack() as opened:
        records = opened.enter_context(open_records(settings))
        policy = policy_for(
            settings.host,
            open_to_all=doors.open_to_all,
            keys_wanted=doors.keys_wanted,
            keys=records.keys,
        )
        assistant = opened.enter_context(_open(settings, seeds, doors))
        # A chat model that cannot be loaded is told now, not with the first question.
        assistant.prepare()
        service = opened.enter_context(serving(settings, assistant, records))
        # Gradio takes seconds to import: only here, where a page is wanted.
        from qa.serve.desk import Desk
        from qa.serve.evaluation_store import EvaluationStore
        from qa.serve.evaluations import Evaluations
        from qa.serve.server import run, web_app

        store = EvaluationStore(settings.data_dir / RUNS, settings.questions_dir)
        evaluations = opened.enter_context(Evaluations(assistant, store))
        log_requests()
        desk = Desk(assistant, service.workers, service.metrics)
        gate = Gate(policy, records.keys.find)
        run(
            lambda: build_app(service, gate, web_app(desk, evaluations)),
            settings.host,
            settings.port,
        )


@contextmanager
def serving(settings: Settings, assistant: Assistant, records: Records) -> Iterator[Service]:
    """The parts of the interface over an assistant, until the server ends.

    Meanwhile numpy multiplies in one thread a call: many at once would wait for each other.
    """
    uploads = settings.data_dir / "uploads"
    if assistant.writable:
        # Of a server that was killed: nobody waits for them any more.
        shutil.rmtree(uploads, ignore_errors=True)
    records.answers.drop_expired()
    jobs = Jobs()
    try:
        with threadpool_limits(1, user_api="blas"):
            yield Service(assistant, records, uploads, Workers(), jobs, Metrics())
    finally:
        jobs.close()


def _open(settings: Settings, seeds: Path | None, doors: Doors) -> Assistant:
    """The assistant as a reader beside others, or as the data folder's one writer if asked to."""
    if not doors.write:
        _prepare(settings, seeds)
        return open_assistant(settings)
    assistant = open_assistant(settings, write=True)
    _fill(assistant, seeds)
    return assistant


def _prepare(settings: Settings, seeds: Path | None) -> None:
    """Finish what an interrupted run left and fill an empty archive, where no one else is on it."""
    try:
        with open_assistant(settings, write=True) as assistant:
            _fill(assistant, seeds)
    except StorageBusyError:
        # Another server reads the same folder: then this one reads beside it.
        return


def _fill(assistant: Assistant, seeds: Path | None) -> None:
    if seeds is not None and seeds.is_dir() and assistant.status().articles == 0:
        report = assistant.ingest([seeds])
        print(f"{report.added} articles read from {seeds}", file=sys.stderr)
