"""What commands print: one JSON document, an answer while it is made, progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.assistant import Progress
    from qa.model import Answer, Event, Exchange

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def print_json(document: dict[str, Any]) -> None:
    """The document in one line, letters of any script as they are."""
    json.dump(document, sys.stdout, ensure_ascii=False)
    print()


def printed(events: Iterator[Event]) -> Iterator[Event]:
    """The same events, their text printed as it comes."""
    from qa.model import Token

    for event in events:
        if isinstance(event, Token):
            print(event.text, end="", flush=True)
        yield event
    print()


def finished(events: Iterable[Event]) -> Answer:
    """The answer that the events end with."""
    from qa.model import Done

    (answer,) = (event.answer for event in events if isinstance(event, Done))
    return answer


def read_exchanges(file: Path) -> list[Exchange]:
    """Earlier questions and answers, a JSON document of `qa ask` a line; raises UsageError."""
    from qa.model import Exchange

    exchanges = []
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        try:
            told = json.loads(line)
            exchanges.append(Exchange(told.get("standalone") or told["question"], told["answer"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise UsageError(
                f"{file}, line {number} is no answer: write lines as `qa ask --json` prints them"
            ) from None
    return exchanges


def answer_lines(answer: Answer, *, show_question: bool) -> Iterator[str]:
    """What is told after an answer: its flaws, its citations and who wrote it."""
    if show_question and answer.standalone:
        yield f"\nasked: {answer.standalone}"
    if answer.notice:
        yield f"\nnote: {answer.notice}"
    for claim in answer.claims:
        if claim.support in _FLAWS:
            yield f"\n{_FLAWS[claim.support]}: {claim.text}"
            yield from (f"    {reason}" for reason in (claim.reason,) if reason)
    for c in answer.citations:
        source = " · ".join(str(part) for part in (c.title, c.outlet, c.published) if part)
        yield f"\n[{c.number}] {source}\n    {c.article} {c.start}-{c.end}\n    {c.quote}"
    if answer.model:
        yield f"\n{_by_whom(answer, answer.model)}"


_FLAWS = {"partial": "not all of it in its sources", "unsupported": "not in its sources"}


def _by_whom(answer: Answer, model: str) -> str:
    """«openai:gpt · 2.1 s · 1,200 tokens read, 80 written», as far as it is known."""
    seconds = sum(answer.timings.values()) / 1000
    usage = answer.usage
    tokens = [
        f"{usage[name]:,} tokens {what}"
        for name, what in (("input_tokens", "read"), ("output_tokens", "written"))
        if name in usage
    ]
    return " · ".join([model, f"{seconds:.1f} s", *tokens])


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
