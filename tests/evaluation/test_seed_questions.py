"""What the question set of the seed articles promises to those who measure with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from qa.articles.readers import ReadArticle, read_paths
from qa.evaluation.questions import Question, read_questions

SET = Path(__file__).parents[2] / "eval" / "questions" / "seeds.jsonl"
KINDS = frozenset({"said", "who", "when", "where", "why", "number", "several", "unanswerable"})
SPLITS = frozenset({"development", "test"})
LARGE = ("en", "ar")
SMALL = ("fr", "ru", "tr")


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return read_questions(SET)


@pytest.fixture(scope="module")
def texts(seeds: Path) -> dict[str, str]:
    """Text by key, as the archive keeps it."""
    read = [found for found in read_paths([seeds]) if isinstance(found, ReadArticle)]
    return {found.article.key: found.article.text for found in read}


def of_article(name: str, texts: dict[str, str]) -> str:
    (key,) = (key for key in texts if key.startswith(name))
    return texts[key]


def split_of(question: Question) -> str:
    return str(question.other["split"])


def test_every_kind_is_asked_often_enough_in_english_and_arabic(
    questions: tuple[Question, ...],
) -> None:
    counts = Counter((question.lang, question.kind) for question in questions)
    assert {question.kind for question in questions} == KINDS
    least = {lang: min(counts[lang, kind] for kind in KINDS) for lang in LARGE}
    assert min(least.values()) >= 8, counts


@pytest.mark.parametrize("lang", LARGE)
def test_the_large_languages_have_40_questions_in_either_direction(
    questions: tuple[Question, ...], lang: str
) -> None:
    asked = [question for question in questions if question.lang == lang]
    assert sum(question.answerable for question in asked) >= 40
    assert sum(not question.answerable for question in asked) >= 40


@pytest.mark.parametrize("lang", SMALL)
def test_the_small_languages_have_every_kind(questions: tuple[Question, ...], lang: str) -> None:
    asked = [question for question in questions if question.lang == lang]
    assert len(asked) >= 14
    assert sum(question.answerable for question in asked) >= 9
    assert {question.kind for question in asked} == KINDS


def test_unanswerable_questions_are_of_each_sort(questions: tuple[Question, ...]) -> None:
    refused = [question for question in questions if not question.answerable]
    sorts = Counter(question.other.get("near_miss", "off topic") for question in refused)
    assert len(refused) >= 30
    assert set(sorts) == {"person", "subject", "premise", "off topic"}
    assert min(sorts.values()) >= 15, sorts
    for question in refused:
        assert question.kind == "unanswerable"
        assert not question.evidence
        # A near miss is near an article; one that is off topic is near none.
        assert bool(question.articles) == ("near_miss" in question.other), question.id


def test_answerable_questions_have_all_their_gold(questions: tuple[Question, ...]) -> None:
    for question in questions:
        if question.answerable:
            assert question.kind != "unanswerable", question.id
            assert question.answer, question.id
            assert question.other["fact"], question.id
            assert "near_miss" not in question.other, question.id


def test_questions_of_several_articles_name_them_all(questions: tuple[Question, ...]) -> None:
    several = [question for question in questions if question.kind == "several"]
    assert len(several) >= 10
    for question in questions:
        if question.answerable:
            assert (len(question.articles) > 1) == (question.kind == "several"), question.id


def test_evidence_stands_once_in_one_of_its_articles(
    questions: tuple[Question, ...], texts: dict[str, str]
) -> None:
    for question in questions:
        named = [of_article(name, texts) for name in question.articles]
        for evidence in question.evidence:
            assert sum(text.count(evidence) for text in named) == 1, (question.id, evidence)


def test_every_named_article_holds_evidence(
    questions: tuple[Question, ...], texts: dict[str, str]
) -> None:
    for question in questions:
        for name in question.articles if question.answerable else ():
            text = of_article(name, texts)
            assert any(evidence in text for evidence in question.evidence), (question.id, name)


def test_a_fact_is_in_one_split_in_all_languages(questions: tuple[Question, ...]) -> None:
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for question in questions:
        for fact in (question.other.get("fact"), *question.evidence):
            if fact is not None:
                splits[fact].add(split_of(question))
    assert [fact for fact, halves in splits.items() if len(halves) > 1] == []


def test_every_language_is_in_both_splits(questions: tuple[Question, ...]) -> None:
    asked = {(question.lang, question.answerable, split_of(question)) for question in questions}
    expected = {
        (lang, answerable, split)
        for lang in (*LARGE, *SMALL)
        for answerable in (True, False)
        for split in SPLITS
    }
    assert asked == expected
    in_test = sum(split_of(question) == "test" for question in questions)
    assert in_test / len(questions) == pytest.approx(0.425, abs=0.025)


def test_no_question_is_asked_twice(questions: tuple[Question, ...]) -> None:
    asked = Counter(" ".join(question.question.casefold().split()) for question in questions)
    assert [text for text, times in asked.items() if times > 1] == []
