"""`qa ask --trace` writes down what an answer came of; `qa replay` shows what is otherwise now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import QAError, UsageError
from qa.serve.options import Json
from qa.serve.terminal import open_assistant, print_json, shown

if TYPE_CHECKING:
    from qa.answers.tape import Tape
    from qa.assistant import Assistant
    from qa.model import Answer, Exchange, Filters
    from qa.tracing import Replayed, Trace


@dataclass(frozen=True, slots=True)
class Tracer:
    """What takes down one answer, and the file for it."""

    tape: Tape
    write: Callable[[Trace], None]

    def keep(
        self,
        assistant: Assistant,
        answer: Answer,
        question: str,
        filters: Filters,
        language: str | None,
        mode: str | None,
        history: Sequence[Exchange],
    ) -> None:
        """Writes the trace of an answer to what was asked."""
        from qa.tracing import Request, trace_of

        request = Request(question, filters, language, mode, tuple(history))
        self.write(trace_of(assistant, request, self.tape, answer))


@contextmanager
def tracing(file: Path | None) -> Iterator[Tracer | None]:
    """A tracer where a trace is wanted; raises UsageError at once where it cannot be written."""
    if file is None:
        yield None
        return
    from qa.answers.tape import Tape
    from qa.tracing import open_trace

    with open_trace(file) as write:
        yield Tracer(Tape(), write)


def replay(
    trace: Annotated[
        Path,
        typer.Argument(metavar="TRACE", help="A file of `qa ask --trace`.", show_default=False),
    ],
    as_json: Json = False,
    recorded_reply: Annotated[
        bool,
        typer.Option(
            "--recorded-reply",
            help="Read the chat model's recorded reply again; nothing is sent, no key is needed.",
        ),
    ] = False,
) -> None:
    """Ask a traced question again and show what is otherwise.

    Exit codes: 0 nothing is, 1 something is, 2 it could not be found out.
    """
    replayed = _replayed(trace, recorded_reply)
    if as_json:
        print_json(replayed.as_json())
    else:
        print("\n".join(_lines(replayed)))
    raise typer.Exit(0 if replayed.is_same else 1)


def _replayed(file: Path, recorded_reply: bool) -> Replayed:
    from qa.settings import load_settings
    from qa.tracing import read_trace
    from qa.tracing import replay as ask_again

    trace = read_trace(file)
    try:
        with open_assistant(load_settings()) as assistant:
            return ask_again(assistant, trace, recorded_reply=recorded_reply)
    except QAError as error:
        # 1 says that something differs, as it does of diff.
        raise UsageError(str(error)) from error


def _lines(replayed: Replayed) -> Iterator[str]:
    before = replayed.before
    yield shown(before.request.question)
    yield shown(f"traced {before.made} by qa {before.qa_version}, {before.model or 'quotes'}")
    yield from (f"warning: {shown(warning)}" for warning in replayed.warnings)
    for difference in replayed.differences:
        yield f"\n{difference.part}"
        yield from (f"  {line[0]} {shown(line[2:])}" for line in difference.lines)
    parts = ", ".join(difference.part for difference in replayed.differences)
    yield f"\ndifferent: {parts}" if parts else "\nthe same"
