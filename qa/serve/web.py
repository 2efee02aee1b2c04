"""One process that serves the web chat over one assistant."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.assistant import Assistant
from qa.errors import StorageBusyError
from qa.settings import Settings

RUNS = "evaluations"
"""Folder of the page's evaluation runs, in the data folder."""


def serve(settings: Settings, seeds: Path | None = None) -> None:
    """Serve until interrupted; articles of `seeds` are read first if the archive is empty."""
    _prepare(settings, seeds)
    with Assistant.open(settings) as assistant:
        # A chat model that cannot be loaded is told now, not with the first question.
        assistant.prepare()
        # Gradio takes seconds to import: only here, where a page is wanted.
        from qa.serve.evaluation_store import EvaluationStore
        from qa.serve.evaluations import Evaluations
        from qa.serve.server import launch

        store = EvaluationStore(settings.data_dir / RUNS, settings.questions_dir)
        with Evaluations(assistant, store) as evaluations:
            launch(assistant, evaluations, settings.host, settings.port)


def _prepare(settings: Settings, seeds: Path | None) -> None:
    """Finish what an interrupted run left and fill an empty archive, where no one else is on it."""
    try:
        with Assistant.open(settings, write=True) as assistant:
            if seeds is not None and seeds.is_dir() and assistant.status().articles == 0:
                report = assistant.ingest([seeds])
                print(f"{report.added} articles read from {seeds}", file=sys.stderr)
    except StorageBusyError:
        # Another server reads the same folder: then this one reads beside it.
        return
