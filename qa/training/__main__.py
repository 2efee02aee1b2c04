"""`python -m qa.training`: trains the word table that the package ships."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qa.errors import QAError
from qa.training.distil import Recipe
from qa.training.pipeline import Plan, make_model
from qa.training.sources import SOURCES
from qa.training.teacher import Teacher, default_teacher

_CACHE = Path.home() / ".cache" / "news-qa" / "teacher"


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains the word table of all languages, writes the model folder, returns the exit code."""
    options = _parser().parse_args(arguments)
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch

    torch.set_num_threads(options.threads)
    try:
        teacher = Teacher(options.teacher or default_teacher(), options.work)
        size = make_model(_plan(options), teacher, _log)
    except (QAError, OSError, ValueError) as error:
        _log(f"error: {error}")
        return 1
    _log(f"{options.out}: {size:,} bytes")
    return 0


def _plan(options: Namespace) -> Plan:
    recipe = replace(Recipe(), steps=options.steps, seed=options.seed)
    scores = json.loads(options.scores.read_text("utf-8")) if options.scores else {}
    return Plan(options.data, options.out, SOURCES, options.bench, recipe=recipe, scores=scores)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m qa.training", description=main.__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder with the files of qa/training/sources.py")
    add("--out", type=Path, required=True, help="model folder to write, replaced in one step")
    add("--bench", type=Path, help="benches whose text must not be in the data")
    add("--steps", type=int, default=Recipe().steps, help="training steps (%(default)s)")
    add("--seed", type=int, default=Recipe().seed, help="seed of the draws (%(default)s)")
    add("--threads", type=int, default=2, help="threads of the teacher (%(default)s)")
    add("--work", type=Path, default=_CACHE, help="cache of the teacher's vectors (%(default)s)")
    add("--teacher", type=Path, help="folder of another English sentence encoder")
    add("--scores", type=Path, help="JSON object, bench to score, for the model card")
    return parser


def _log(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
