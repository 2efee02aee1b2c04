"""What commands print: one JSON document, an answer while it is made, progress on stderr."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.ingestion import Progress
    from qa.model import Answer, Event, Exchange
    from qa.reports import IngestReport
    from qa.settings import Settings

_MOST_WARNINGS = 1000
_MOST_DOUBTS = 20
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ufeff\ud800-\udfff]")
"""What steers a terminal or turns its line around; the isolates of plain writing stay."""
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufeff\ud800-\udfff]")
"""The same, but for the ends of lines."""
_BEYOND_ASCII = re.compile("[\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
"""What steers a terminal, and the bytes of a file's name that are no UTF-8."""
_ISOLATES = re.compile("[\u2066-\u2069]")
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"


def print_json(document: dict[str, Any]) -> None:
    """The document in one line, letters of any script as they are; nothing steers a terminal."""
    print(_BEYOND_ASCII.sub(_escaped, json.dumps(document, ensure_ascii=False)))


def shown(text: str) -> str:
    """A text on one line that shows what is in it: controls escaped, its direction its own."""
    plain = _CONTROLS.sub(_escaped, text)
    if not _is_closed(plain):
        plain = _ISOLATES.sub(_escaped, plain)
    is_turned = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in plain)
    return f"{_ISOLATE}{plain}{_END_OF_ISOLATE}" if is_turned else plain


def written(text: str) -> str:
    """A text of several lines as it is, but that nothing in it steers a terminal."""
    return _STEERING.sub(_escaped, text)


def _escaped(control: re.Match[str]) -> str:
    return f"\\u{ord(control[0]):04x}"


def _is_closed(text: str) -> bool:
    """Whether every isolate begins and ends in it."""
    depth = 0
    for isolate in _ISOLATES.findall(text):
        depth += -1 if isolate == _END_OF_ISOLATE else 1
        if depth < 0:
            return False
    return depth == 0


def told_settings() -> Settings:
    """The settings of this process; what has no effect among them is told on stderr."""
    from qa.settings import load_settings

    settings = load_settings()
    if unused := settings.without_effect:
        print(
            f"qa: {' and '.join(unused)} without effect: answers are quotes, "
            "unless QA_CHAT_MODEL names a chat model that writes them",
            file=sys.stderr,
        )
    return settings


def open_assistant(settings: Settings, *, write: bool = False) -> Assistant:
    """The assistant; what an interrupted run left is finished under a bar, and told on stderr."""
    from qa.assistant import Assistant

    with ExitStack() as shown_meanwhile:

        @cache
        def bars() -> Progress:
            print("qa: what an earlier run left unfinished is indexed first", file=sys.stderr)
            return shown_meanwhile.enter_context(progress_bars())

        def progress(stage: str, done: int, total: int) -> None:
            bars()(stage, done, total)

        return Assistant.open(settings, write=write, progress=progress)


@contextmanager
def warning_afterwards() -> Iterator[None]:
    """What is logged meanwhile, on stderr at the end: an answer streams to the same terminal."""
    from logging import WARNING, getLogger
    from logging.handlers import BufferingHandler

    held, own = BufferingHandler(_MOST_WARNINGS), getLogger("qa")
    held.setLevel(WARNING)
    own.addHandler(held)
    try:
        yield
    finally:
        own.removeHandler(held)
        for record in held.buffer:
            print(f"qa: {shown(record.getMessage())}", file=sys.stderr)


def printed(events: Iterator[Event]) -> Iterator[Event]:
    """The same events, their text printed as it comes."""
    from qa.model import Token

    for event in events:
        if isinstance(event, Token):
            print(written(event.text), end="", flush=True)
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
    # Only \n ends a line: U+2028 and the like may stand in a text.
    text = file.read_text("utf-8", "replace").removesuffix("\n")
    for number, line in enumerate(text.split("\n") if text else [], start=1):
        try:
            told = json.loads(line)
            asked, answer = told.get("standalone") or told["question"], told["answer"]
        except (ValueError, TypeError, KeyError, AttributeError):
            asked = answer = None
        if not (isinstance(asked, str) and isinstance(answer, str)):
            raise UsageError(
                f"{file}, line {number} is no answer: write lines as `qa ask --json` prints them"
            )
        exchanges.append(Exchange(asked, answer))
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


def counts_line(report: IngestReport) -> str:
    """What became of the articles, in numbers."""
    return (
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.failures)} failed"
    )


def failure_lines(report: IngestReport) -> Iterator[str]:
    """All that could not be read, and the first of what was read with a doubt."""
    yield from (f"failed: {shown(str(failure))}" for failure in report.failures)
    yield from (f"warning: {shown(str(warning))}" for warning in report.warnings[:_MOST_DOUBTS])
    if more := len(report.warnings[_MOST_DOUBTS:]):
        yield f"warning: {more:,} more like these: `qa ingest --json` lists them all"


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
