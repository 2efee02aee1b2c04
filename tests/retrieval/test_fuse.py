import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import LegRank
from qa.retrieval.fuse import ACROSS, PRIOR, Places, Scores, blend, ranks, standardise

NAN = float("nan")
AR = "ar"


def scores(*values: float) -> Scores:
    return np.array(values, dtype=np.float32)


def together(size: int) -> list[Places]:
    return [np.arange(size)]


def of_one(legs: dict[str, Scores], weights: dict[str, float]) -> Scores:
    """The blend in an archive of one language."""
    size = len(next(iter(legs.values()), ()))
    return blend(legs, weights, [AR] * size, AR)


def test_standardise_has_zero_mean_and_unit_variance() -> None:
    deviation = ((2 - 4) ** 2 + 0 + (6 - 4) ** 2) / 3
    expected = [-2 / deviation**0.5, 0, 2 / deviation**0.5]
    assert standardise(scores(2, 4, 6), together(3)) == pytest.approx(expected)


def test_what_a_leg_did_not_find_counts_as_its_worst() -> None:
    expected = standardise(scores(1, 1, 3), together(3))
    assert standardise(scores(1, NAN, 3), together(3)) == pytest.approx(expected)


def test_passages_are_compared_with_those_in_their_language() -> None:
    # A large group is judged by itself: the best of each is as far out as the other's.
    english, arabic = np.linspace(5, 9, 10_000), np.linspace(1, 4, 10_000)
    values = scores(*english, *arabic)
    standard = standardise(values, [np.arange(10_000), np.arange(10_000, 20_000)])
    assert standard[:10_000].mean() == pytest.approx(0, abs=0.02)
    assert standard[9_999] == pytest.approx(standard[19_999], abs=0.02)


def test_a_list_of_the_best_of_all_languages_is_standardised_as_one() -> None:
    found, languages = scores(0, 2, 4, 6), ["en", "en", "ar", "ar"]
    whole = standardise(found, together(4))
    assert blend({"dense": found}, {"dense": 1.0}, languages, "fr") == pytest.approx(whole)
    late = blend({"late": found}, {"late": 1.0}, languages, "fr")
    assert late[2] - late[1] < whole[2] - whole[1]


def test_a_small_group_goes_half_by_all() -> None:
    few, many = np.arange(PRIOR), np.arange(PRIOR, 10_000)
    values = scores(*[3.0] * PRIOR, *np.linspace(-1, 1, 10_000 - PRIOR))
    standard = standardise(values, [few, many])
    mean = 0.5 * 3 + 0.5 * float(values.mean())
    deviation = (0.5 * float(values.var())) ** 0.5
    assert standard[few] == pytest.approx([(3 - mean) / deviation] * PRIOR, rel=1e-3)


@pytest.mark.parametrize("values", [(NAN, NAN, NAN), (5, 5, 5), (NAN, 5, NAN)])
def test_a_leg_that_cannot_tell_candidates_apart_does_not_vote(values: tuple[float, ...]) -> None:
    dense = scores(1, 2, 4)
    alone = of_one({"dense": dense}, {"dense": 1.0})
    both = of_one({"dense": dense, "lexical": scores(*values)}, {"dense": 1.0, "lexical": 1.0})
    assert both == pytest.approx(alone)


def test_blend_weighs_the_legs() -> None:
    legs = {"dense": scores(0, 2), "late": scores(2, 0)}  # standardised: -1, 1 and 1, -1
    assert of_one(legs, {"dense": 0.5, "late": 1.0}) == pytest.approx([1 - 0.5, 0.5 - 1])


def test_a_leg_without_a_weight_does_not_count() -> None:
    assert of_one({"dense": scores(0, 2)}, {}) == pytest.approx([0, 0])


def test_no_legs_blend_to_nothing() -> None:
    assert of_one({}, {}).shape == (0,)


def test_ranks_count_from_one_and_skip_what_was_not_found() -> None:
    assert ranks(scores(1, NAN, 3), [2, 0, 1]) == [LegRank(1, 3.0), LegRank(2, 1.0), None]


@given(st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=8))
def test_blending_does_not_depend_on_the_order_of_legs(values: list[float]) -> None:
    a, b = scores(*values), scores(*reversed(values))
    weights = {"a": 1.0, "b": 0.5}
    assert of_one({"a": a, "b": b}, weights) == pytest.approx(of_one({"b": b, "a": a}, weights))


def test_what_is_found_by_translations_counts_more_beside_the_questions_language() -> None:
    legs, weights = {"dense": scores(0, 2, 0, 2)}, {"dense": 1.0}
    languages = ["en", "en", "ar", "ar"]  # standardised: -1, 1, -1, 1
    assert blend(legs, weights, languages, "en") == pytest.approx([-1, 1, -1, ACROSS])
    assert blend(legs, weights, languages, "ar") == pytest.approx([-1, ACROSS, -1, 1])
    assert blend(legs, weights, languages, "fr") == pytest.approx([-1, 1, -1, 1])


@given(st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=8))
def test_in_one_language_the_order_is_the_scores_order(values: list[float]) -> None:
    blended = of_one({"late": scores(*values)}, {"late": 1.0})
    standard = standardise(scores(*values), together(len(values)))
    assert blended == pytest.approx(standard)
    assert np.all(np.diff(standard[np.argsort(values)]) >= 0)
