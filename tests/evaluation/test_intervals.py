from math import sqrt
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UsageError
from qa.evaluation.intervals import RESAMPLES, Interval, mean_interval, paired_difference

VALUES = st.lists(st.floats(0, 1), min_size=2, max_size=40)
# Nine and more distinct values are drawn one by one, fewer are counted.
MANY = [number / 99 for number in range(100)]


def interval(values: list[float]) -> Interval:
    found = mean_interval(values)
    assert found is not None
    return found


def test_two_values_of_0_and_1_have_the_means_0_a_half_and_1() -> None:
    # Resamples 00, 01, 10, 11: mean 0 in 25 %, 1 in 25 %, so both tails of 2.5 % lie there.
    assert interval([0, 1]) == Interval(0, 1)


@pytest.mark.parametrize("values", [[0.0] * 60 + [1.0] * 40, MANY])
def test_a_large_sample_has_nearly_the_interval_of_the_normal_distribution(
    values: list[float],
) -> None:
    half = 1.96 * pstdev(values) / sqrt(100)
    found = interval(values)
    assert found.low == pytest.approx(fmean(values) - half, abs=0.012)
    assert found.high == pytest.approx(fmean(values) + half, abs=0.012)


def test_four_times_the_values_halve_the_width() -> None:
    once, four = interval(MANY), interval(MANY * 4)
    assert (four.high - four.low) == pytest.approx((once.high - once.low) / 2, rel=0.1)


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, 1 / 3])
def test_equal_values_have_no_width(value: float) -> None:
    assert interval([value] * 7) == Interval(value, value)


@pytest.mark.parametrize("values", [[], [0.5]])
def test_fewer_than_two_values_have_no_interval(values: list[float]) -> None:
    assert mean_interval(values) is None


@pytest.mark.parametrize("values", [[0.0, 1.0, 1.0, 0.5], MANY])
def test_the_same_values_in_any_order_have_the_same_interval(values: list[float]) -> None:
    assert interval(values) == interval(values) == interval(values[::-1])


@given(VALUES)
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    found = interval(values)
    assert min(values) - 1e-12 <= found.low <= found.high <= max(values) + 1e-12


@given(VALUES, st.integers(-5, 5))
def test_values_that_are_all_shifted_shift_the_interval(values: list[float], by: int) -> None:
    # Multiples of 1/1024 are shifted without rounding, so that equal values stay equal.
    exact = [round(value * 1024) / 1024 for value in values]
    found, shifted = interval(exact), interval([value + by for value in exact])
    assert shifted.low == pytest.approx(found.low + by)
    assert shifted.high == pytest.approx(found.high + by)


def test_about_95_of_100_samples_have_an_interval_with_the_true_mean() -> None:
    samples = np.random.default_rng(7).random((400, 50))
    held = [found.low <= 0.5 <= found.high for found in map(interval, samples.tolist())]
    # 0.95 with a standard error of sqrt(0.95 * 0.05 / 400) = 0.011; percentile intervals of
    # 50 values are a little narrow.
    assert 0.91 <= fmean(held) <= 0.98


def test_a_difference_is_that_of_the_means_question_by_question() -> None:
    difference = paired_difference([0.25, 0.5, 1.0], [0.5, 0.25, 0.0])
    assert difference.mean == pytest.approx((0.25 - 0.25 - 1.0) / 3)
    assert difference.interval == interval([0.25, -0.25, -1.0])


def test_a_small_drop_of_every_question_is_seen_between_values_that_vary_much() -> None:
    after = [value - 0.01 for value in MANY]
    difference = paired_difference(MANY, after)
    assert difference.fell
    assert not difference.rose
    # Not so for the two runs on their own.
    assert interval(after).high > interval(MANY).low


def test_a_rise_of_one_question_in_ten_is_no_proof() -> None:
    # All ten draws miss the one in 0.9 ** 10 = 35 % of the resamples: the lower bound is 0.
    difference = paired_difference([0.0] * 10, [1.0] + [0.0] * 9)
    assert difference.interval.low == 0
    assert not difference.rose


def test_a_rise_of_half_the_questions_is_one() -> None:
    # All ten draws miss the five in 0.5 ** 10 = 0.1 % of the resamples, less than 2.5 %.
    assert paired_difference([0.0] * 10, [1.0, 0.0] * 5).rose


def test_the_same_run_twice_neither_rose_nor_fell() -> None:
    difference = paired_difference(MANY, MANY)
    assert (difference.mean, difference.interval) == (0, Interval(0, 0))
    assert not difference.rose
    assert not difference.fell


@given(VALUES, VALUES)
def test_the_difference_back_is_the_opposite(before: list[float], after: list[float]) -> None:
    size = min(len(before), len(after))
    there = paired_difference(before[:size], after[:size])
    back = paired_difference(after[:size], before[:size])
    assert back.mean == pytest.approx(-there.mean)
    assert not (there.rose and there.fell)
    assert not (there.rose and back.rose)


def test_values_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(UsageError, match="2 values before and 1 after are no pairs"):
        paired_difference([0, 1], [1])
    with pytest.raises(UsageError, match="1 questions show no change: compare 2 or more"):
        paired_difference([0], [1])


def test_there_are_enough_resamples_for_the_tails() -> None:
    assert RESAMPLES * 0.025 >= 50
