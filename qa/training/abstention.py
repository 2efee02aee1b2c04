"""`python -m qa.training.abstention`: fits when to abstain, on the development half of a set.

Needs an index of the articles that the questions are about: `qa ingest seeds` first.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import qa.answers
from qa.answers.abstention import CALIBRATION_FILE, Calibration, features
from qa.answers.reading import Sentence
from qa.answers.scoring import Ranking
from qa.answers.selection import choose
from qa.evaluation.gold import occurrences
from qa.evaluation.questions import Question, read_questions
from qa.model import Hit

DEVELOPMENT = "development"
TEST = "test"
ANSWERED = 0.94
"""Share of the right answers that must still be given."""
_WITHOUT_EVIDENCE = 0.5
"""Weight of a question asked of the hits that remain without the articles that answer it."""
_FOLDS = 10
_INVERSE_PENALTY = 0.1
"""Few questions, many features: more is fitted to chance."""
_SEED = 0
_SHIPPED = Path(qa.answers.__file__).parent / CALIBRATION_FILE

Rank = Callable[[str, Sequence[Hit]], Ranking | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a question looked like, whether it can be answered, and whether it would be."""

    features: Mapping[str, float]
    answerable: bool
    is_right: bool
    """The sentences that would be quoted hold the evidence."""
    split: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a calibration does what it should."""

    answered: float
    refused: float


def samples_of(
    questions: Iterable[Question], search: Callable[[str], Sequence[Hit]], rank: Rank
) -> Iterator[Sample]:
    """Each question as asked, and each answerable one once more where its articles are missing."""
    for question in questions:
        split = str(question.other.get("split", DEVELOPMENT))
        hits = search(question.question)
        asked = rank(question.question, hits)
        if asked is not None:
            right = any(_holds_evidence(sentence, question) for sentence in choose(asked))
            yield Sample(features(asked), question.answerable, right, split)
        if question.answerable:
            others = [h for h in hits if not h.article.key.startswith(question.articles)]
            bereft = rank(question.question, others)
            if bereft is not None:
                yield Sample(features(bereft), False, False, split, _WITHOUT_EVIDENCE)


def _holds_evidence(sentence: Sentence, question: Question) -> bool:
    if not sentence.article.key.startswith(question.articles):
        return False
    spans = (s for e in question.evidence for s in occurrences(e, sentence.article.text))
    return any(s.start < sentence.span.end and sentence.span.start < s.end for s in spans)


def fit(samples: Sequence[Sample], answered: float = ANSWERED) -> Calibration:
    """The probability that the quoted evidence is right, by logistic regression.

    The threshold is the highest that keeps the wanted share of the right answers, taken on
    probabilities of samples that were left out of the fit in turn.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = sorted(samples[0].features)
    x = np.array([[sample.features[name] for name in names] for sample in samples])
    y = np.array([sample.is_right for sample in samples])
    weights = {"logisticregression__sample_weight": np.array([s.weight for s in samples])}
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_INVERSE_PENALTY))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    left_out = cross_val_predict(model, x, y, cv=folds, method="predict_proba", params=weights)
    model.fit(x, y, **weights)
    scale, regression = model[0], model[1]
    coefficients = regression.coef_[0] / scale.scale_
    return Calibration(
        coefficients=dict(zip(names, coefficients.round(4).tolist(), strict=True)),
        intercept=round(float(regression.intercept_[0] - coefficients @ scale.mean_), 4),
        threshold=round(threshold_for(left_out[y, 1], answered), 4),
    )


def threshold_for(probabilities: NDArray[np.float64], answered: float) -> float:
    """The highest threshold that at least that share of the probabilities reach."""
    ordered = np.sort(probabilities)[::-1]
    return float(ordered[int(np.ceil(answered * len(ordered))) - 1])


def rates(calibration: Calibration, samples: Iterable[Sample]) -> Rates:
    """Shares of the answerable questions answered and of the unanswerable ones refused.

    Samples of questions whose articles were taken away do not count.
    """
    asked = [sample for sample in samples if sample.weight == 1.0]
    answers: dict[bool, list[bool]] = {True: [], False: []}
    for sample in asked:
        passed = calibration.probability(sample.features) >= calibration.threshold
        answers[sample.answerable].append(passed == sample.answerable)
    return Rates(float(np.mean(answers[True])), float(np.mean(answers[False])))


def write_calibration(calibration: Calibration, file: Path) -> None:
    """Writes the file that qa.answers ships."""
    table = {
        "coefficients": dict(calibration.coefficients),
        "intercept": calibration.intercept,
        "threshold": calibration.threshold,
    }
    file.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the abstention on the development half and report both halves."""
    asked = _parser().parse_args(arguments)
    samples = list(_samples_of_index(asked.questions))
    calibration = fit([s for s in samples if s.split == DEVELOPMENT], asked.answered)
    write_calibration(calibration, asked.out)
    for split in (DEVELOPMENT, TEST):
        reached = rates(calibration, [s for s in samples if s.split == split])
        sys.stderr.write(
            f"{split}: answered {reached.answered:.3f}, refused {reached.refused:.3f}\n"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa.training.abstention", description=__doc__)
    parser.add_argument("questions", type=Path, help="question set with a `split` field")
    parser.add_argument("--out", type=Path, default=_SHIPPED, help="calibration file to write")
    parser.add_argument(
        "--answered", type=float, default=ANSWERED, help="share of right answers to keep"
    )
    return parser


def _samples_of_index(questions: Path) -> Iterator[Sample]:
    """Samples from the index in the data folder that the settings name."""
    from qa.answers.extractive import ExtractiveAnswerer
    from qa.assistant import Assistant
    from qa.index.word_table import load_word_table
    from qa.retrieval.matching import WordMatcher
    from qa.settings import load_settings

    answerer = ExtractiveAnswerer(WordMatcher(load_word_table()))
    with Assistant.open(load_settings()) as assistant:
        yield from samples_of(read_questions(questions), assistant.search, answerer.rank)


if __name__ == "__main__":
    main()
