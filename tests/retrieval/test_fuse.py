import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import LegRank
from qa.retrieval.fuse import Scores, blend, ranks, standardise

NAN = float("nan")


def scores(*values: float) -> Scores:
    return np.array(values, dtype=np.float32)


def test_standardise_has_zero_mean_and_unit_variance() -> None:
    deviation = ((2 - 4) ** 2 + 0 + (6 - 4) ** 2) / 3
    expected = [-2 / deviation**0.5, 0, 2 / deviation**0.5]
    assert standardise(scores(2, 4, 6)) == pytest.approx(expected)


def test_what_a_leg_did_not_find_counts_as_its_worst() -> None:
    assert standardise(scores(1, NAN, 3)) == pytest.approx(standardise(scores(1, 1, 3)))


@pytest.mark.parametrize("values", [(NAN, NAN, NAN), (5, 5, 5), (NAN, 5, NAN)])
def test_a_leg_that_cannot_tell_candidates_apart_does_not_vote(values: tuple[float, ...]) -> None:
    dense = scores(1, 2, 4)
    alone = blend({"dense": dense}, {"dense": 1.0})
    both = blend({"dense": dense, "lexical": scores(*values)}, {"dense": 1.0, "lexical": 1.0})
    assert both == pytest.approx(alone)


def test_blend_weighs_the_legs() -> None:
    legs = {"dense": scores(0, 2), "late": scores(2, 0)}  # standardised: -1, 1 and 1, -1
    assert blend(legs, {"dense": 0.5, "late": 1.0}) == pytest.approx([1 - 0.5, 0.5 - 1])


def test_a_leg_without_a_weight_does_not_count() -> None:
    assert blend({"dense": scores(0, 2)}, {}) == pytest.approx([0, 0])


def test_no_legs_blend_to_nothing() -> None:
    assert blend({}, {}).shape == (0,)


def test_ranks_count_from_one_and_skip_what_was_not_found() -> None:
    assert ranks(scores(1, NAN, 3), [2, 0, 1]) == [LegRank(1, 3.0), LegRank(2, 1.0), None]


@given(st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=8))
def test_blending_does_not_depend_on_the_order_of_legs(values: list[float]) -> None:
    a, b = scores(*values), scores(*reversed(values))
    weights = {"a": 1.0, "b": 0.5}
    assert blend({"a": a, "b": b}, weights) == pytest.approx(blend({"b": b, "a": a}, weights))
