from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from qa.errors import NotFoundError
from qa.evaluation.answer_metrics import METRICS, judge
from qa.evaluation.gold import resolve
from qa.evaluation.questions import Question
from qa.evaluation.results import Result
from qa.model import Answer, Article, Citation, Claim, Hit, Passage
from tests.evaluation.sample import QUESTION

#       0         10        20        30
TEXT = "Rain fell. Lavrov said no. Rain fell."
ARTICLES = {
    "000_abc": Article("000_abc", "v1", "title", TEXT, "en"),
    "001": Article("001", "v1", "title", TEXT, "ar"),
    "002": Article("002", "v1", "title", TEXT, "fr"),
}
UNANSWERABLE = replace(QUESTION, answerable=False, evidence=(), kind="unanswerable")


def stored(key: str) -> Article:
    if key not in ARTICLES:
        raise NotFoundError(f"no article {key!r}")
    return ARTICLES[key]


def citing(*quotes: str, key: str = "000_abc", **fields: Any) -> Answer:  # noqa: ANN401
    """An answer with a claim for each quote, that quotes it."""
    citations = tuple(
        Citation(n, key, "v1", "t", None, None, None, at := TEXT.find(q), at + len(q), q)
        for n, q in enumerate(quotes, start=1)
    )
    claims = tuple(Claim(q, (n,), "quoted") for n, q in enumerate(quotes, start=1))
    text = " ".join(f"{q} [{n}]" for n, q in enumerate(quotes, start=1))
    answer = Answer("?", text, "en", "extractive", False, None, claims, citations, {}, "index")
    return replace(answer, **fields)


def refusing(*nearest: str) -> Answer:
    return citing(*nearest, abstained=True, reason="none", claims=(), answer="Nothing was found.")


def hit(quote: str, key: str = "000_abc", score: float = 1.0) -> Hit:
    start = TEXT.find(quote)
    return Hit(Passage(1, key, "v1", start, start + len(quote), quote), ARTICLES[key], score)


def judged(answer: Answer, question: Question = QUESTION, hits: Sequence[Hit] = ()) -> Result:
    [gold] = resolve([question], ARTICLES, stored).golds
    return judge(gold, answer, hits, 12.3456, stored)


def metric(
    name: str, answer: Answer, question: Question = QUESTION, hits: Sequence[Hit] = ()
) -> float | None:
    return judged(answer, question, hits).metrics[name]


# --- evidence


def test_evidence_at_one_is_of_the_first_citation() -> None:
    assert metric("evidence@1", citing("said no.", "Rain")) == 1
    assert metric("evidence@1", citing("Rain", "said no.")) == 0


def test_evidence_at_three_is_of_one_of_the_first_three() -> None:
    assert metric("evidence@3", citing("Rain", "fell", "said")) == 1
    assert metric("evidence@3", citing("Rain", "fell", "ain", "said")) == 0


def test_characters_that_only_touch_the_evidence_are_not_enough() -> None:
    assert metric("evidence@1", citing("Rain fell. ")) == 0
    assert metric("evidence@1", citing(". Rain")) == 0
    assert metric("evidence@1", citing("Rain fell. L")) == 1
    assert metric("evidence@1", citing("o. Rain")) == 1


def test_the_same_words_in_another_article_are_not_the_evidence() -> None:
    metrics = judged(citing("said", key="001")).metrics
    assert (metrics["article@1"], metrics["evidence@1"]) == (0, 0)


def test_article_at_one_is_of_the_first_citation_whatever_it_quotes() -> None:
    assert metric("article@1", citing("Rain")) == 1
    assert metric("article@1", citing()) == 0


def test_an_abstention_answers_nothing_even_if_its_nearest_passage_would() -> None:
    metrics = judged(refusing("Lavrov said no")).metrics
    names = ("article@1", "evidence@1", "evidence@3", "citation_recall", "exact_match", "token_f1")
    assert [metrics[name] for name in names] == [0] * 6
    assert metrics["citation_precision"] is None


# --- refusal


def test_of_questions_with_an_answer_refusals_are_errors() -> None:
    right, wrong = judged(citing("said")).metrics, judged(refusing("said")).metrics
    assert (right["answered"], right["error_rate"]) == (1, 0)
    assert (wrong["answered"], wrong["error_rate"]) == (0, 1)
    assert right["refused"] is wrong["hallucination_rate"] is None


def test_of_questions_without_an_answer_answers_are_hallucinations() -> None:
    right = judged(refusing("said"), UNANSWERABLE).metrics
    wrong = judged(citing("said"), UNANSWERABLE).metrics
    assert (right["refused"], right["hallucination_rate"]) == (1, 0)
    assert (wrong["refused"], wrong["hallucination_rate"]) == (0, 1)


def test_unanswerable_questions_count_for_nothing_about_evidence() -> None:
    metrics = judged(citing("said"), UNANSWERABLE, [hit("said")]).metrics
    about = {name for name, value in metrics.items() if value is not None}
    assert about == {
        "refused",
        "hallucination_rate",
        "citation_validity",
        "alce_precision",
        "alce_recall",
        "claims_supported",
    }


# --- retrieval


def test_one_of_the_first_ten_passages_holds_evidence() -> None:
    others, evidence = [hit("Rain")] * 9, hit("Lavrov")
    assert metric("retrieved@10", refusing(), hits=[*others, evidence]) == 1
    assert metric("retrieved@10", refusing(), hits=[hit("fell"), *others, evidence]) == 0
    assert metric("retrieved@10", refusing(), hits=[hit("Lavrov", "001")]) == 0


# --- citations


def test_a_quote_that_the_article_does_not_hold_is_not_valid() -> None:
    answer = citing("said", "Rain")
    wrong = replace(answer.citations[0], quote="told")
    changed = replace(answer, citations=(wrong, answer.citations[1]))
    assert metric("citation_validity", changed) == 1 / 2


@pytest.mark.parametrize("fields", [{"article": "gone"}, {"start": 0, "end": 0, "quote": ""}])
def test_a_quote_of_nothing_is_not_valid(fields: dict[str, Any]) -> None:
    answer = citing("said")
    citation = replace(answer.citations[0], **fields)
    assert metric("citation_validity", replace(answer, citations=(citation,))) == 0


def test_nearest_passages_must_be_valid_too_and_no_citation_is_no_fault() -> None:
    assert metric("citation_validity", refusing("said")) == 1
    assert metric("citation_validity", refusing()) is None


def test_shares_of_the_characters_that_are_cited_and_that_are_evidence() -> None:
    answer = citing("said no. Rain")  # of which "said no" is of "Lavrov said no"
    assert metric("citation_precision", answer) == 7 / 13
    assert metric("citation_recall", answer) == 7 / 14


def test_claims_are_held_against_what_they_cite() -> None:
    quotes = citing("Lavrov said no", "Rain fell")
    claims = (Claim("Lavrov said no", (1, 2), "quoted"), Claim("Lavrov said yes", (1,), "quoted"))
    answer = replace(quotes, claims=claims)
    # The first of two claims is supported; of three citations only its first is needed for it.
    assert metric("alce_recall", answer) == 1 / 2
    assert metric("alce_precision", answer) == 1 / 3
    assert metric("alce_recall", refusing("said")) is None


def test_a_lying_answer_shows_as_one() -> None:
    verdicts = ("supported", "unsupported", "partial", "quoted")
    claims = tuple(Claim("Lavrov said no", (1,), support) for support in verdicts)
    answer = replace(citing("Lavrov said no"), claims=claims)
    assert metric("claims_supported", answer) == 2 / 4
    assert judged(answer, QUESTION, [hit("said")]).details["failure"] == "used wrongly"
    assert metric("claims_supported", refusing("said")) is None


def test_support_is_what_the_judge_says_it_is() -> None:
    [gold] = resolve([QUESTION], ARTICLES, stored).golds
    answer = replace(citing("said"), claims=(Claim("nothing of the kind", (1,), "supported"),))
    result = judge(gold, answer, (), 1, stored, supports=lambda claim, premise: True)
    assert (result.metrics["alce_recall"], metric("alce_recall", answer)) == (1, 0)


# --- wording


def wording(given: Answer, **fields: Any) -> list[float | None]:  # noqa: ANN401
    metrics = judged(given, replace(QUESTION, **fields)).metrics
    names = ("exact_match", "token_f1", "exact_match_official", "token_f1_official")
    return [metrics[name] for name in names]


def test_words_are_compared_with_the_reference_without_markers() -> None:
    # Common: Lavrov, said; of two words in the answer and three in the reference. By MLQA's rules
    # the marker is a word.
    official = 2 * 2 / (3 + 3)
    assert wording(citing("Lavrov said"), answer="Lavrov said no") == [0, 4 / 5, 0, official]
    assert wording(citing("Lavrov said"), answer="Lavrov said")[:2] == [1, 1]


def test_a_refusal_has_no_words_that_could_be_right() -> None:
    assert wording(refusing(), answer="Nothing was found.") == [0] * 4


def test_the_best_of_the_references_counts() -> None:
    assert wording(citing("said no"), answer="yes", answers=("no", "said no"))[:2] == [1, 1]


def test_the_official_rules_take_the_arabic_article_from_within_words() -> None:
    answer = citing("said", answer="قال")
    assert wording(answer, lang="ar", articles=("001",), answer="ق") == [0, 0, 1, 1]


def test_quotes_in_another_language_than_the_reference_are_not_compared() -> None:
    assert wording(citing("said no"), articles=("001",)) == [None] * 4
    assert wording(citing("said no", mode="generative"), articles=("001",))[1] is not None


def test_a_question_without_a_reference_has_nothing_to_compare() -> None:
    assert wording(citing("said no"), answer="") == [None] * 4


def test_languages_that_mlqa_has_no_rule_for_have_no_official_score() -> None:
    french = citing("said no", key="002")
    scores = wording(french, lang="fr", articles=("002",), answer="said no")
    assert scores == [1, 1, None, None]


# --- the result


def test_every_result_knows_every_metric_in_their_order() -> None:
    assert tuple(judged(citing("said")).metrics) == METRICS
    assert tuple(judged(refusing(), UNANSWERABLE).metrics) == METRICS


def test_a_result_says_what_was_expected_retrieved_and_answered() -> None:
    answer = citing("said")
    result = judged(answer, hits=[hit("Rain", score=1.23456), hit("said")])
    assert (result.id, result.question, result.milliseconds) == ("q", "?", 12.35)
    assert result.details["answer"] == answer.as_json()
    assert (result.details["reference"], result.details["evidence"]) == ("no", ["Lavrov said no"])
    of = {"article": "000_abc", "version": "v1"}
    assert result.details["retrieved"] == [
        {**of, "start": 0, "end": 4, "score": 1.2346, "evidence": False},
        {**of, "start": 18, "end": 22, "score": 1.0, "evidence": True},
    ]


def test_fields_of_the_set_are_kept_and_do_not_stand_in_for_others() -> None:
    other = {"split": "test", "pair": "mine", "failure": "mine", "milliseconds": "mine"}
    line = judged(citing("said"), replace(QUESTION, other=other)).as_json()
    assert (line["split"], line["pair"], line["milliseconds"]) == ("test", "en→en", 12.35)
    assert line["failure"] is None


def test_a_result_names_the_step_that_failed() -> None:
    assert judged(refusing(), hits=[hit("said")]).details["failure"] == "refused wrongly"
    partial = replace(citing("said"), claims=(Claim("Lavrov", (1,), "partial"),))
    assert judged(partial, hits=[hit("said")]).details["failure"] == "used wrongly"
    assert judged(citing("said"), hits=[hit("said")]).details["failure"] is None
