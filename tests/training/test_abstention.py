from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.answers.abstention import Calibration, load_calibration
from qa.training.abstention import Rates, Sample, fit, rates, threshold_for, write_calibration


def samples(count: int = 60) -> list[Sample]:
    """Answerable questions are covered, the others are not; one feature says nothing."""
    random = np.random.default_rng(0)
    return [
        Sample(
            {"covered": float(covered), "noise": float(noise)},
            answerable,
            answerable,
            "development",
        )
        for answerable, mean in ((True, 0.8), (False, 0.4))
        for covered, noise in zip(
            random.normal(mean, 0.1, count), random.normal(0, 1, count), strict=True
        )
    ]


def test_the_fit_tells_covered_questions_from_others() -> None:
    calibration = fit(samples())
    assert calibration.coefficients["covered"] > 10 * abs(calibration.coefficients["noise"])
    reached = rates(calibration, samples())
    assert reached.answered >= 0.9
    assert reached.refused >= 0.9


def test_more_answers_are_bought_with_fewer_refusals() -> None:
    assert fit(samples(), answered=1.0).threshold < fit(samples(), answered=0.5).threshold


@pytest.mark.parametrize(("answered", "threshold"), [(1.0, 0.2), (0.75, 0.4), (0.5, 0.6)])
def test_the_threshold_is_the_highest_that_enough_reach(answered: float, threshold: float) -> None:
    assert threshold_for(np.array([0.4, 0.8, 0.2, 0.6]), answered) == threshold


def test_rates_leave_out_questions_whose_articles_were_taken_away() -> None:
    calibration = Calibration({"covered": 1.0}, 0.0, 0.6)
    asked = [
        Sample({"covered": 1.0}, True, True, "test"),
        Sample({"covered": 0.0}, True, True, "test"),
        Sample({"covered": 0.0}, False, False, "test"),
        Sample({"covered": 1.0}, False, False, "test", weight=0.5),
    ]
    assert rates(calibration, asked) == Rates(answered=1 / 2, refused=1.0)


def test_a_written_calibration_is_what_the_answers_read(tmp_path: Path) -> None:
    calibration = fit(samples())
    write_calibration(calibration, tmp_path / "calibration.json")
    assert load_calibration(tmp_path / "calibration.json") == calibration
