from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import CrossEncoder

from qa.answers.nli import NliJudge, find_entailment
from qa.errors import JudgeError
from tests.hub_models import save_classifier

PREMISE, CLAIM = "the minister said that oil rose", "oil rose"
Save = Callable[..., str]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves a classifier of random weights with labels as the hub keeps them."""

    def make(labels: list[str], favoured: int | None = None) -> str:
        folder = tmp_path / "nli"
        folder.mkdir()
        return save_classifier(folder, labels, favoured)

    return make


@pytest.mark.parametrize(
    "labels",
    [
        ["contradiction", "entailment", "neutral"],
        ["ENTAILMENT", "NEUTRAL", "CONTRADICTION"],
        ["not_entailment", "entailment"],
    ],
)
def test_the_models_own_order_of_labels_counts(save: Save, labels: list[str]) -> None:
    entails = [label.lower() for label in labels].index("entailment")
    assert NliJudge(save(labels, entails), "cpu").supports(CLAIM, PREMISE) is True


def test_neutral_is_no_support(save: Save) -> None:
    labels = ["contradiction", "entailment", "neutral"]
    assert NliJudge(save(labels, 2), "cpu").supports(CLAIM, PREMISE) is False


def test_the_source_comes_first_and_the_claim_second(save: Save) -> None:
    folder = save(["entailment", "neutral"])
    judge = NliJudge(folder, "cpu")
    scores = CrossEncoder(folder, device="cpu").predict([(PREMISE, CLAIM)])[0]
    assert judge.supports(CLAIM, PREMISE) is bool(int(np.argmax(scores)) == 0)


@pytest.mark.parametrize(("bias", "supports"), [(100.0, True), (-100.0, False)])
def test_one_score_is_a_probability(save: Save, bias: float, supports: bool) -> None:
    folder = save(["LABEL_0"])
    model = CrossEncoder(folder, device="cpu")
    model.model.classifier.bias.data[0] = bias
    model.save_pretrained(folder)
    assert NliJudge(folder, "cpu").supports(CLAIM, PREMISE) is supports


def test_labels_that_say_nothing_name_the_setting() -> None:
    with pytest.raises(JudgeError, match="QA_JUDGE"):
        find_entailment({0: "LABEL_0", 1: "LABEL_1"}, "acme/any")


def test_nothing_is_loaded_before_it_is_asked() -> None:
    judge = NliJudge("/no/such/folder")
    with pytest.raises(JudgeError, match=r"'/no/such/folder'.*QA_JUDGE"):
        judge.supports(CLAIM, PREMISE)


def test_a_failure_is_found_out_once(save: Save, tmp_path: Path) -> None:
    judge = NliJudge(str(tmp_path / "nli"), "cpu")
    with pytest.raises(JudgeError) as first:
        judge.load()
    save(["entailment", "neutral"])
    with pytest.raises(JudgeError) as second:
        judge.load()
    assert str(second.value) == str(first.value)


def test_a_missing_extra_names_its_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(JudgeError, match=r"pip install 'news-qa\[hub\]'"):
        NliJudge("any-model").load()
