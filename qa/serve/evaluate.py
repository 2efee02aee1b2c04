"""`qa eval`: question sets and retrieval benches from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.serve.terminal import Json, print_json, progress_bars

app = typer.Typer(
    help="Score the answers to a question set, or a retrieval bench.", no_args_is_help=True
)

Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder for the summary and every result.")
]


@app.command()
def answers(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="The question set.")],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Ask a whole question set of the current index and score the answers."""
    from qa.assistant import Assistant
    from qa.evaluation.answer_run import evaluate_answers, write_scores
    from qa.evaluation.questions import read_questions
    from qa.settings import load_settings

    asked = read_questions(questions)
    with Assistant.open(load_settings()) as assistant, progress_bars() as progress:
        scores = evaluate_answers(
            asked,
            assistant.ask,
            assistant.article,
            lambda done, total: progress("asking", done, total),
        )
    if out is not None:
        write_scores(scores, out)
    _report(scores.as_json(), as_json)


@app.command()
def retrieval(
    bench: Annotated[
        Path,
        typer.Argument(metavar="BEIR_DIR", help="corpus.jsonl, queries.jsonl, qrels/test.tsv."),
    ],
    distractors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSONL[.xz] of documents that no question is about."),
    ] = None,
    distractor_limit: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="At most so many of their passages.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Index a BEIR folder in a temporary place, ask its questions and score the ranking."""
    from qa.evaluation.retrieval_run import run_retrieval_bench, write_scores
    from qa.settings import load_settings

    settings = load_settings()
    with progress_bars() as progress:
        scores = run_retrieval_bench(bench, distractors, distractor_limit, settings, progress)
    if out is not None:
        write_scores(scores, out)
    _report(scores.as_json(), as_json)


def _report(document: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(dict(document))
        return
    groups = {name: value for name, value in document.items() if isinstance(value, Mapping)}
    _print_metrics({name: value for name, value in document.items() if name not in groups})
    for name, parts in groups.items():
        for value, metrics in parts.items():
            print(f"\n{name} {value}")
            _print_metrics(metrics)


def _print_metrics(metrics: Mapping[str, Any]) -> None:
    for name, value in metrics.items():
        if value is not None:
            print(f"{name:20} {value:.4g}" if isinstance(value, float) else f"{name:20} {value}")
