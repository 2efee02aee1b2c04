from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UsageError
from qa.evaluation.metrics import measure, mrr, ndcg, recall

RANKED = ["a", "b", "c", "d"]
IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)
GAINS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1)


def test_ndcg_of_two_relevant_documents_at_ranks_2_and_3() -> None:
    ideal = 1 / log2(2) + 1 / log2(3)
    expected = (1 / log2(3) + 1 / log2(4)) / ideal
    assert ndcg(RANKED, {"b": 1, "c": 1}, 10) == pytest.approx(expected)


def test_ndcg_takes_graded_gains_linearly() -> None:
    expected = (1 / log2(2) + 3 / log2(3)) / (3 / log2(2) + 1 / log2(3))
    assert ndcg(RANKED, {"a": 1, "b": 3}, 10) == pytest.approx(expected)


def test_ndcg_counts_relevant_documents_that_were_not_found_in_the_ideal() -> None:
    assert ndcg(["a"], {"a": 1, "z": 1}, 10) == pytest.approx(1 / (1 + 1 / log2(3)))


def test_ndcg_gains_nothing_from_what_is_judged_below_zero() -> None:
    assert ndcg(["z", "a"], {"a": 1, "z": -1}, 10) == pytest.approx(1 / log2(3))


def test_ndcg_looks_no_further_than_k() -> None:
    assert ndcg(RANKED, {"c": 1}, 2) == 0


def test_recall_is_the_share_of_relevant_documents_within_k() -> None:
    assert recall(RANKED, {"b": 1, "c": 2, "x": 1, "y": 1, "d": 0}, 3) == 2 / 4


def test_mrr_is_one_over_the_first_relevant_rank() -> None:
    assert mrr(RANKED, {"c": 1, "d": 1}, 10) == pytest.approx(1 / 3)


def test_mrr_ignores_documents_judged_irrelevant_and_ranks_past_k() -> None:
    assert mrr(RANKED, {"a": 0, "d": 1}, 3) == 0


def test_measure_reads_k_from_the_name() -> None:
    assert measure("recall@1", RANKED, {"b": 1}) == 0
    assert measure("recall@2", RANKED, {"b": 1}) == 1


@pytest.mark.parametrize("name", ["precision@10", "ndcg", "ndcg@", "ndcg@0", "ndcg@-1", "mrr@x"])
def test_measure_names_the_known_metrics_when_asked_for_another(name: str) -> None:
    with pytest.raises(UsageError, match="ndcg@K, recall@K, mrr@K"):
        measure(name, RANKED, {"a": 1})


@given(IDS, GAINS, st.integers(1, 10), st.sampled_from(["ndcg", "recall", "mrr"]))
def test_metrics_lie_between_0_and_1(
    ranked: list[str], relevant: dict[str, int], k: int, name: str
) -> None:
    assert 0 <= measure(f"{name}@{k}", ranked, relevant) <= 1 + 1e-9


@given(GAINS.filter(lambda gains: any(gains.values())))
def test_the_best_order_has_ndcg_1(relevant: dict[str, int]) -> None:
    best = sorted(relevant, key=lambda document: -relevant[document])
    assert ndcg(best, relevant, 10) == pytest.approx(1)
