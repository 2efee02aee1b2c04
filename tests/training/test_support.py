from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.answers.meaning import load_meaning
from qa.answers.support import CitedSentence, SupportChecker
from qa.evaluation.questions import Question
from qa.index.word_table import load_word_table
from qa.model import Article
from qa.retrieval.matching import WordMatcher
from qa.training.claims import Case, Claims
from qa.training.support import Sample, Share, fit, samples_of, shares, write_meaning

TEXT = (
    "قال وزير الخارجية الروسي سيرغي لافروف إن روسيا أرسلت 18 طائرة إلى سورية.\n"
    "الطقس بارد في الجبال هذا الشتاء."
)
ARTICLE = Article("000", "v", "عنوان", TEXT, "ar")
QUESTION = Question(
    id="q",
    lang="en",
    question="How many planes did Russia send to Syria?",
    kind="number",
    answerable=True,
    articles=("000",),
    evidence=("أرسلت 18 طائرة إلى سورية",),
    answer="It sent 18 planes to Syria.",
    answers=(),
    other={"split": "test"},
)


@pytest.fixture(scope="module")
def matcher() -> WordMatcher:
    return WordMatcher(load_word_table())


@pytest.fixture(scope="module")
def cases(matcher: WordMatcher) -> list[Case]:
    return list(Claims([ARTICLE], matcher).cases([QUESTION]))


def samples(count: int = 60) -> list[Sample]:
    random = np.random.default_rng(0)
    return [
        Sample({"covered": float(value)}, is_right)
        for is_right, mean in ((True, 0.8), (False, 0.2))
        for value in random.normal(mean, 0.1, count)
    ]


def test_a_question_becomes_right_and_wrong_claims(cases: list[Case]) -> None:
    kinds = [case.kind for case in cases]
    assert kinds.count("right") == kinds.count("elsewhere") == 2
    assert {"number", "count", "name", "speaker"} <= set(kinds)
    assert {case.split for case in cases} == {"test"}


def test_right_claims_cite_the_evidence_and_the_others_do_not(cases: list[Case]) -> None:
    for case in cases:
        is_evidence = ["18 طائرة" in sentence.text for sentence in case.cited]
        assert is_evidence == [case.kind != "elsewhere"]


def test_exchanged_facts_are_not_in_the_source(cases: list[Case]) -> None:
    [wrong] = [case.claim for case in cases if case.kind == "number"]
    assert "18" not in wrong
    [wrong] = [case.claim for case in cases if case.kind == "count"]
    assert wrong.endswith("It sent two planes to Syria.")
    [wrong] = [case.claim for case in cases if case.kind == "speaker"]
    assert "Lavrov" not in wrong


def test_only_meaning_is_fitted(cases: list[Case], matcher: WordMatcher) -> None:
    found = list(samples_of(cases, matcher))
    assert [sample.is_right for sample in found].count(True) == 2
    assert len(found) == 4


def test_the_fit_tells_matched_claims_from_others() -> None:
    meaning = fit(samples())
    assert meaning.calibration.probability({"covered": 0.9}) > meaning.calibration.threshold
    assert meaning.calibration.probability({"covered": 0.1}) < meaning.close
    assert meaning.close <= meaning.calibration.threshold


def test_more_care_passes_less() -> None:
    strict, lax = fit(samples(), passed=0.02), fit(samples(), passed=0.5)
    assert strict.calibration.threshold >= lax.calibration.threshold


def test_what_is_written_is_what_the_answers_read(tmp_path: Path) -> None:
    meaning = fit(samples())
    write_meaning(meaning, tmp_path / "support.json")
    assert load_meaning(tmp_path / "support.json") == meaning


def test_shares_count_verdicts_by_kind(matcher: WordMatcher) -> None:
    cited = CitedSentence("The army carried out 18 strikes near Kobani.", "en")
    right = Case("The army carried out 18 strikes near Kobani.", (cited,), "right", "en", "test")
    wrong = Case("The army carried out 20 strikes near Kobani.", (cited,), "number", "en", "test")
    found = shares([right, wrong, right], SupportChecker(matcher))
    assert found == [Share("number", "en", 1, 0.0, 0.0), Share("right", "en", 2, 1.0, 0.0)]
