"""The `qa` command: parses, calls the assistant, formats; errors become one line and an exit code.

Exit codes: 0 done, 1 the work failed, 2 wrong usage. `--json` prints one JSON document on stdout;
progress and messages go to stderr. Heavy imports wait inside the commands, so that `qa --help`
is instant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import QAError, UsageError
from qa.serve import evaluate, keys
from qa.serve.options import (
    AnswerLanguage,
    History,
    Json,
    Language,
    Mode,
    Outlet,
    Question,
    ShowQuestion,
    Since,
    TraceFile,
    Until,
    filters_of,
)
from qa.serve.terminal import (
    answer_lines,
    counts_line,
    failure_lines,
    finished,
    open_assistant,
    print_json,
    printed,
    progress_bars,
    read_exchanges,
    told_settings,
    warning_afterwards,
    written,
)
from qa.serve.tracing import replay, tracing

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.reports import Status

app = typer.Typer(
    name="qa",
    help="Answers questions about a news archive, with citations that are true to the character.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(evaluate.app, name="eval")
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Run the command line."""
    run(app)


def run(work: Callable[[], Any]) -> None:
    """Do the work of a process; the one place where errors become messages and exit codes."""
    try:
        work()
    except UsageError as error:
        _fail(error, 2)
    except QAError as error:
        _fail(error, 1)
    except BrokenPipeError:
        # The reader of a pipe went away (qa search … | head): nothing is left to say.
        sys.stderr.close()
        sys.exit(1)


def _fail(error: QAError, code: int) -> None:
    print(f"qa: {error}", file=sys.stderr)
    sys.exit(code)


@app.command()
def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files and folders to read.")
    ],
    as_json: Json = False,
) -> None:
    """Read files and folders (txt, md, html, jsonl, csv, pdf, docx) into the archive.

    An article's key is its path from the folder named here, without the ending; in JSON lines and
    CSV its field key, id, _id or url, or else that path with the line. What is read under a key
    takes the place of what stood there: name the folder above jan/ and feb/, not one after the
    other, where both hold 1.txt.
    """
    with _assistant(write=True) as assistant, progress_bars() as progress:
        report = assistant.ingest(paths, progress)
    if as_json:
        print_json(report.as_json())
    else:
        print(counts_line(report))
    for line in failure_lines(report):
        print(line, file=sys.stderr)
    if report.failures:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Question,
    as_json: Json = False,
    language: Language = None,
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
    answer_language: AnswerLanguage = None,
    mode: Mode = None,
    history: History = None,
    show_question: ShowQuestion = False,
    trace: TraceFile = None,
) -> None:
    """Answer one question from the archive, with citations."""
    filters = filters_of(language, outlet, since, until)
    earlier = read_exchanges(history) if history else []
    with tracing(trace) as tracer, _assistant() as assistant:
        tape = tracer.tape if tracer else None
        events = assistant.stream(
            question, filters, answer_language, history=earlier, mode=mode, tape=tape
        )
        with warning_afterwards():
            answer = finished(events if as_json else printed(events))
        if tracer:
            tracer.keep(assistant, answer, question, filters, answer_language, mode, earlier)
    if as_json:
        print_json(answer.as_json())
    else:
        print(written("\n".join(answer_lines(answer, show_question=show_question))))


app.command()(replay)


@app.command()
def search(
    question: Question,
    as_json: Json = False,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages to return.")] = 10,
    language: Language = None,
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Rank the passages that fit a question, without answering it."""
    with _assistant() as assistant:
        found = assistant.search(question, k, filters_of(language, outlet, since, until))
        fingerprint = assistant.fingerprint
    if as_json:
        hits = [hit.as_json() | {"rank": rank} for rank, hit in enumerate(found, 1)]
        print_json({"question": question, "hits": hits, "index": fingerprint})
        return
    for rank, hit in enumerate(found, 1):
        title = written(f"{hit.article.title}  [{hit.passage.article}]")
        print(f"{rank}. {hit.score:.3f}  {title}")
        print(f"   {written(hit.passage.text)}\n")


@app.command()
def status(as_json: Json = False) -> None:
    """Show what is indexed, by language, outlet and month."""
    from qa.parts import read_status
    from qa.settings import load_settings

    report = read_status(load_settings())
    if as_json:
        print_json(report.as_json())
    else:
        print(written("\n".join(_status_lines(report))))


def _status_lines(report: Status) -> Iterator[str]:
    counts = report.counts
    yield f"{counts.articles} articles, {counts.passages} passages in {report.data_dir}"
    if counts.pending:
        yield f"{counts.pending} articles wait to be indexed: the next qa command does that"
    yield f"index {report.index or 'none yet'}, made with {report.embedder or 'nothing'}"
    for name, table in (
        ("language", counts.by_language),
        ("outlet", counts.by_outlet),
        ("month", counts.by_month),
    ):
        yield from (f"{name:10} {value:24} {number:8}" for value, number in table.items())


@app.command()
def rebuild(as_json: Json = False) -> None:
    """Make the indexes anew from the archive, with the embedder that is set now."""
    from qa.ingestion import rebuild as rebuild_indexes
    from qa.settings import load_settings

    with progress_bars() as progress:
        passages = rebuild_indexes(load_settings(), progress)
    if as_json:
        print_json({"passages": passages})
    else:
        print(f"{passages} passages indexed")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (QA_HOST).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0: any free one (QA_PORT).")
    ] = None,
    open_to_all: Annotated[
        bool, typer.Option("--open", help="Let everybody read, with no key, on any host.")
    ] = False,
    keys_wanted: Annotated[
        bool, typer.Option("--keys", help="Ask for keys on loopback too.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option("--write", help="Take articles by the API; others cannot read beside it."),
    ] = False,
) -> None:
    """Serve the web chat and the API."""
    from qa.serve.web import Doors
    from qa.serve.web import serve as serve_web

    settings = told_settings()
    chosen = {"host": settings.host if host is None else host}
    serve_web(
        settings.model_copy(update=chosen | ({} if port is None else {"port": port})),
        doors=Doors(open_to_all, keys_wanted, write),
    )


@app.command()
def mcp() -> None:
    """Serve the archive to an MCP client, over stdin and stdout."""
    from qa.serve.mcp.stdio import serve_stdio
    from qa.settings import load_settings

    serve_stdio(load_settings())


@contextmanager
def _assistant(*, write: bool = False) -> Iterator[Assistant]:
    with open_assistant(told_settings(), write=write) as assistant:
        yield assistant


if __name__ == "__main__":
    main()
