"""Baselines: runs that later ones are held against, kept small enough to commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa.evaluation.comparison import SHOWN
from qa.evaluation.results import Result, Run
from qa.evaluation.run_folder import RunFolder
from qa.evaluation.summary import summary_json

_KEPT = ("lang", "pair", "kind", "split", "failure")


def write_baseline(run: Run, folder: Path) -> None:
    """Write what comparisons need of a run; without times, so that equal runs give equal files."""
    kept = [_slim(result) for result in run.results]
    with RunFolder.begin(folder, run.info) as out:
        for result in kept:
            out.add(result)
        out.finish(_without_times(summary_json(kept)), {})


def _slim(result: Result) -> Result:
    details = {name: result.details[name] for name in _KEPT if name in result.details}
    if answer := result.details.get("answer"):
        details["answer"] = {"answer": answer["answer"]}
    if ranked := result.details.get("ranked"):
        details["ranked"] = ranked[:SHOWN]
    return replace(result, milliseconds=0.0, details=details)


def _without_times(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The summary and the summaries of its groups without what no two runs have alike."""
    return {
        name: _without_times(value) if isinstance(value, Mapping) else value
        for name, value in summary.items()
        if not name.startswith("latency")
    }
