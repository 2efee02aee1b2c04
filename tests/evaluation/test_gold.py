from __future__ import annotations

import pytest

from qa.errors import EvaluationError
from qa.evaluation.gold import Gold, Problem, Resolved, occurrences, resolve
from qa.evaluation.grounding import ArticleSpan
from qa.evaluation.questions import Question
from qa.model import Article, Span
from tests.evaluation.sample import question

#         0         10        20
RAIN = "Rain fell. No more rain."
ARTICLES = {
    key: Article(key, "1", "title", text, language)
    for key, text, language in [
        ("000_a", RAIN, "en"),
        ("000_b", "Rain fell twice: Rain fell.", "en"),
        ("001", "هطل المطر.", "ar"),
        ("001_x", "هطل المطر مرتين.", "ar"),
        ("002", "Rain fell.", "fr"),
    ]
}


def resolved(*questions: Question) -> Resolved:
    # Not in order: archives need not give it.
    return resolve(questions, reversed(ARTICLES), ARTICLES.__getitem__)


def gold(*articles: str, evidence: tuple[str, ...] = ("Rain fell",)) -> Gold:
    [found] = resolved(question("q", articles=articles, evidence=evidence)).golds
    return found


def problem(*articles: str, evidence: tuple[str, ...] = ("Rain fell",)) -> str:
    [found] = resolved(question("q", articles=articles, evidence=evidence)).problems
    return found.reason


def test_evidence_is_every_place_in_every_article_of_the_question() -> None:
    assert gold("000_a", "000_b").evidence == (
        ArticleSpan("000_a", 0, 9),
        ArticleSpan("000_b", 0, 9),
        ArticleSpan("000_b", 17, 26),
    )


def test_the_same_words_in_other_articles_are_no_evidence() -> None:
    assert {span.article for span in gold("002").evidence} == {"002"}


def test_each_evidence_counts_where_one_of_the_articles_holds_it() -> None:
    both = gold("000_a", "001", evidence=("No more rain", "المطر"))
    assert both.evidence == (ArticleSpan("000_a", 11, 23), ArticleSpan("001", 4, 9))


def test_a_name_is_a_key_or_the_beginning_of_keys() -> None:
    assert gold("000").articles == {"000_a", "000_b"}
    assert gold("001", evidence=("المطر",)).articles == {"001"}
    assert gold("00", evidence=("Rain",)).articles == ARTICLES.keys()


def test_the_pair_is_of_the_languages_of_question_and_articles() -> None:
    assert gold("000").pair == "en→en"
    assert gold("002", "001", "000_a").pair == "en→ar+en+fr"


def test_an_unanswerable_question_has_no_language_of_articles() -> None:
    asked = question("q", articles=("001", "gone"), evidence=(), answerable=False)
    [found] = resolved(asked).golds
    assert found.pair == "en→none"
    assert found.articles == {"001"}


def test_an_article_that_is_not_indexed_is_named() -> None:
    assert problem("009") == "no indexed article is called '009'"
    assert problem("000", "009") == "no indexed article is called '009'"
    # A name is no beginning of a shorter key.
    assert "'001_y'" in problem("001_y")


def test_evidence_that_is_in_none_of_its_articles_is_named() -> None:
    assert problem("000_a", evidence=("Rain fell", "Snow")) == (
        "the evidence 'Snow' is in none of its articles"
    )
    assert "'rain fell'" in problem("000_a", evidence=("rain fell",))


def test_long_evidence_is_named_by_its_beginning() -> None:
    assert f"'{60 * 'x'}…'" in problem("000", evidence=(61 * "x",))


def test_a_question_may_have_several_problems() -> None:
    assert problem("000_a", "009", evidence=("Snow",)) == (
        "no indexed article is called '009'; the evidence 'Snow' is in none of its articles"
    )


def test_problems_leave_the_other_questions_be() -> None:
    found = resolved(question("bad", articles=("009",)), question("good", evidence=("Rain",)))
    assert [one.id for one in found.golds] == ["good"]
    assert [one.id for one in found.problems] == ["bad"]


def test_questions_that_cannot_be_scored_are_named_by_reason() -> None:
    problems = (Problem("a", "gone"), Problem("b", "other"), Problem("c", "gone"))
    with pytest.raises(EvaluationError) as caught:
        Resolved((), problems).raise_problems()
    assert "3 questions cannot be scored" in str(caught.value)
    assert "\n  gone: a, c\n  other: b\n" in str(caught.value)
    assert "--allow-missing" in str(caught.value)


def test_of_many_questions_the_first_are_named() -> None:
    problems = tuple(Problem(f"q{n}", "gone") for n in range(12))
    with pytest.raises(EvaluationError, match="q8, q9 and 2 more\n"):
        Resolved((), problems).raise_problems()


def test_nothing_is_raised_without_a_problem() -> None:
    Resolved((), ()).raise_problems()


def test_overlapping_occurrences_are_all_found() -> None:
    assert list(occurrences("aa", "aaa")) == [Span(0, 2), Span(1, 3)]
