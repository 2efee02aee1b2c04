"""`qa eval`: question sets, retrieval benches, comparisons and the gate from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import EvaluationError, UsageError
from qa.serve.options import Json
from qa.serve.terminal import open_assistant, print_json, progress_bars, told_settings

if TYPE_CHECKING:
    from qa.evaluation.results import Run
    from qa.evaluation.running import RunOptions

app = typer.Typer(
    help="Score the answers to a question set, or a retrieval bench.", no_args_is_help=True
)

Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for every result as it comes, and for the reports."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the interrupted run in --out.")]
Workers = Annotated[int, typer.Option(min=1, metavar="N", help="Questions asked at a time.")]
Against = Annotated[
    Path | None,
    typer.Option(
        metavar="BASELINE", help="Exit 1 if a metric fell below this run's, or a quote is untrue."
    ),
]
BenchFolder = Annotated[
    Path, typer.Argument(metavar="BEIR_DIR", help="corpus.jsonl, queries.jsonl, qrels/test.tsv.")
]
Distractors = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="JSONL[.xz] of documents that no question is about."),
]
DistractorLimit = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="At most so many of their passages.")
]
OtherEmbedder = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A sentence-transformers model instead of QA_EMBEDDER."),
]
Ablation = Annotated[
    str | None,
    typer.Option(
        metavar="PART",
        help="dense-only, lexical-only, no-expansion or no-late-interaction: what parts earn.",
    ),
]


@app.command()
def answers(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="The question set.")],
    out: Out = None,
    resume: Resume = False,
    workers: Workers = 1,
    allow_missing: Annotated[
        bool,
        typer.Option("--allow-missing", help="Leave out questions about articles not indexed."),
    ] = False,
    against: Against = None,
    as_json: Json = False,
) -> None:
    """Ask a whole question set of the current index and score the answers."""
    from qa.evaluation.answer_run import evaluate_answers
    from qa.evaluation.judging import judge_of
    from qa.evaluation.questions import read_questions
    from qa.evaluation.running import RunOptions
    from qa.serve.interruptible import Interruptible, ended_by_interruption

    options = _options(RunOptions(out, resume, workers, allow_missing))
    baseline = _baseline(against, "answers")
    asked = read_questions(questions)
    with open_assistant(told_settings()) as assistant, progress_bars() as progress:
        judge, asking = judge_of(assistant.answer_settings), Interruptible(assistant)
        with ended_by_interruption(asking):
            scores = evaluate_answers(questions.stem, asked, asking, options, progress, judge)
    _report(scores.as_json(), as_json)
    _gate(baseline, scores.run)


@app.command()
def retrieval(
    bench: BenchFolder,
    distractors: Distractors = None,
    distractor_limit: DistractorLimit = None,
    embedder: OtherEmbedder = None,
    ablation: Ablation = None,
    out: Out = None,
    resume: Resume = False,
    workers: Workers = 1,
    against: Against = None,
    as_json: Json = False,
) -> None:
    """Index a BEIR folder in a temporary place, ask its questions and score the ranking."""
    from qa.evaluation.retrieval_run import BenchOptions, read_ablation, run_retrieval_bench
    from qa.evaluation.running import RunOptions
    from qa.settings import load_settings

    options = _options(RunOptions(out, resume, workers))
    asked = BenchOptions(distractors, distractor_limit, read_ablation(ablation))
    baseline = _baseline(against, "retrieval")
    settings = load_settings()
    if embedder is not None:
        settings = settings.model_copy(update={"embedder": embedder})
    with progress_bars() as progress:
        scores = run_retrieval_bench(bench, asked, settings, options, progress)
    _report(scores.as_json(), as_json)
    _gate(baseline, scores.run)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN_A", help="Folder of the earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="RUN_B", help="Folder of the later run.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the comparison and its reports.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What changed from one run to another: each metric, and each question that did."""
    from qa.evaluation.comparison import compare as compare_runs
    from qa.evaluation.reports.comparison import terminal_lines, write_comparison
    from qa.evaluation.run_folder import read_run

    comparison = compare_runs(read_run(before), read_run(after))
    if out is not None:
        write_comparison(comparison, out)
    if as_json:
        print_json(comparison.as_json())
    else:
        print("\n".join(terminal_lines(comparison)))


@app.command()
def baseline(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the baseline.")],
) -> None:
    """Keep what later runs are held against (--against) of a run, small enough to commit."""
    from qa.evaluation.baseline import write_baseline
    from qa.evaluation.run_folder import read_run

    write_baseline(read_run(run), out)


@app.command()
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run over questions.")],
) -> None:
    """Print a run as JSON lines of question, answer, contexts and ground_truth, as ragas has it."""
    from qa.evaluation.export import export_lines
    from qa.evaluation.run_folder import read_run
    from qa.settings import load_settings

    finished = read_run(run)
    with open_assistant(load_settings()) as assistant:
        for line in export_lines(finished, assistant.article, assistant.revision):
            print(line)


def _options(options: RunOptions) -> RunOptions:
    if options.resume and options.out is None:
        raise typer.BadParameter("--resume needs --out: the folder of the interrupted run")
    return options


def _baseline(folder: Path | None, kind: str) -> Run | None:
    """Read before the work: a baseline that cannot be used must not cost a run."""
    from qa.evaluation.run_folder import read_run

    if folder is None:
        return None
    baseline = read_run(folder)
    if baseline.info.kind != kind:
        raise UsageError(f"the baseline {str(folder)!r} is of `qa eval {baseline.info.kind}`")
    return baseline


def _gate(baseline: Run | None, run: Run) -> None:
    """Raise EvaluationError where the run may not pass."""
    from qa.evaluation.comparison import gate

    if baseline is None:
        return
    if complaints := gate(baseline, run):
        raise EvaluationError(
            "this run is worse than its baseline:\n  "
            + "\n  ".join(complaints)
            + "\nMend what made it worse, or commit the new run as the baseline and say why"
        )


def _report(document: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(dict(document))
        return
    _print_metrics(document)
    for name in ("by_pair", "by_kind"):
        for value, metrics in document.get(name, {}).items():
            print(f"\n{name.removeprefix('by_')} {value}")
            _print_metrics(metrics)
    _print_counts("failures", document.get("failures", {}))
    _print_counts("left out", document.get("skipped", {}))


def _print_metrics(metrics: Mapping[str, Any]) -> None:
    """A line for each metric that counts for something, with its 95 % interval."""
    intervals = metrics.get("intervals", {})
    for name, value in metrics.items():
        if isinstance(value, int | float):
            low, high = intervals.get(name, (None, None))
            between = "" if low is None else f"   {low:.3f} to {high:.3f}"
            print(f"{name:22}{value:>10.4g}{between}")


def _print_counts(title: str, counts: Mapping[str, object]) -> None:
    if counts:
        print(f"\n{title}")
    for name, value in counts.items():
        print(f"{name:32}{value!s:>4}")
