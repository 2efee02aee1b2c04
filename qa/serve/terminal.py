"""What every command shares: the JSON option, one document on stdout, progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qa.assistant import Progress

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def print_json(document: dict[str, Any]) -> None:
    """The document in one line, letters of any script as they are."""
    json.dump(document, sys.stdout, ensure_ascii=False)
    print()


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A bar with time left for each stage, on stderr; gone when the work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Bars(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        yield _bar_updater(bars.add_task, bars.update)


def _bar_updater(add: Callable[..., Any], update: Callable[..., None]) -> Progress:
    stages: dict[str, Any] = {}

    def report(stage: str, done: int, total: int) -> None:
        if stage not in stages:
            stages[stage] = add(stage, total=total)
        update(stages[stage], completed=done, total=total)

    return report
