"""`python -m qa.training.support`: fits when a source means what a claim says.

On claims made of the development half of a question set, held against the articles it is about.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import qa.answers
from qa.answers.abstention import Calibration
from qa.answers.facts import read_claim
from qa.answers.meaning import MEANING_FILE, Meaning, Source, features, is_comparable
from qa.answers.support import SupportChecker
from qa.model import Article
from qa.roles import Matcher
from qa.training.abstention import DEVELOPMENT, TEST, threshold_for
from qa.training.claims import ELSEWHERE, RIGHT, Case, Claims

KEPT = 0.95
"""Share of the right claims that must at least be `partial`."""
PASSED = 0.03
"""Share of the claims that cite the wrong sentence that may be `supported`."""
_FOLDS = 10
_SEED = 0
_SHIPPED = Path(qa.answers.__file__).parent / MEANING_FILE


@dataclass(frozen=True, slots=True)
class Sample:
    """How well a claim's words are matched, and whether its sentences mean it."""

    features: Mapping[str, float]
    is_right: bool


def samples_of(cases: Iterable[Case], matcher: Matcher) -> Iterator[Sample]:
    """Right claims and those that cite elsewhere, in languages that the matcher knows."""
    for case in cases:
        claim = read_claim(case.claim, case.language, matcher)
        if case.kind in (RIGHT, ELSEWHERE) and is_comparable(claim.words, case.claim):
            sources = [Source.of(sentence, case.language) for sentence in case.cited]
            yield Sample(features(case.claim, claim.topic, sources, matcher), case.is_right)


def fit(samples: Sequence[Sample], kept: float = KEPT, passed: float = PASSED) -> Meaning:
    """The probability that the sentences mean the claim, by logistic regression.

    Both thresholds are taken on probabilities of samples left out of the fit in turn.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    names = sorted(samples[0].features)
    x = np.array([[sample.features[name] for name in names] for sample in samples])
    y = np.array([sample.is_right for sample in samples])
    regression = LogisticRegression(C=10.0)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    left_out = cross_val_predict(regression, x, y, cv=folds, method="predict_proba")[:, 1]
    regression.fit(x, y)
    close = threshold_for(left_out[y], kept)
    calibration = Calibration(
        coefficients=dict(zip(names, regression.coef_[0].round(4).tolist(), strict=True)),
        intercept=round(float(regression.intercept_[0]), 4),
        threshold=round(max(close, threshold_for(left_out[~y], passed)), 4),
    )
    return Meaning(calibration, round(close, 4))


def write_meaning(meaning: Meaning, file: Path) -> None:
    """Writes the file that qa.answers ships."""
    calibration = meaning.calibration
    table = {
        "coefficients": dict(calibration.coefficients),
        "intercept": calibration.intercept,
        "threshold": calibration.threshold,
        "close": meaning.close,
    }
    file.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Share:
    """How claims of a kind, in a language, were judged."""

    kind: str
    language: str
    claims: int
    passed: float
    """Quoted or supported."""
    partial: float


def shares(cases: Sequence[Case], checker: SupportChecker) -> list[Share]:
    """The verdicts by kind and language, in alphabetical order."""
    verdicts: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        support = checker.check(case.claim, case.cited, case.language).support
        verdicts.setdefault((case.kind, case.language), []).append(support)
    return [
        Share(
            kind,
            language,
            len(found),
            sum(support in ("quoted", "supported") for support in found) / len(found),
            found.count("partial") / len(found),
        )
        for (kind, language), found in sorted(verdicts.items())
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the meaning on the development half and report both halves."""
    from qa.evaluation.questions import read_questions
    from qa.index.word_table import load_word_table
    from qa.retrieval.matching import WordMatcher

    asked = _parser().parse_args(arguments)
    matcher = WordMatcher(load_word_table())
    questions = [q for q in read_questions(asked.questions) if q.answerable]
    cases = list(Claims(_articles(asked.articles), matcher).cases(questions))
    halves = {half: [c for c in cases if c.split == half] for half in (DEVELOPMENT, TEST)}
    meaning = fit(list(samples_of(halves[DEVELOPMENT], matcher)), asked.kept, asked.passed)
    write_meaning(meaning, asked.out)
    checker = SupportChecker(matcher, meaning)
    for half, held in halves.items():
        for share in shares(held, checker):
            sys.stderr.write(f"{half}: {share}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa.training.support", description=__doc__)
    add = parser.add_argument
    add("questions", type=Path, help="question set with a `split` field")
    add("articles", type=Path, help="file or folder of the articles that it is about")
    add("--out", type=Path, default=_SHIPPED, help="file to write")
    add("--kept", type=float, default=KEPT, help="share of right claims to keep (%(default)s)")
    add("--passed", type=float, default=PASSED, help="share of wrong ones to pass (%(default)s)")
    return parser


def _articles(path: Path) -> list[Article]:
    from qa.articles.readers import ReadArticle, read_paths

    return [read.article for read in read_paths([path]) if isinstance(read, ReadArticle)]


if __name__ == "__main__":
    main()
