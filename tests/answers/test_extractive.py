from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from qa.answers.abstention import Calibration
from qa.answers.extractive import ExtractiveAnswerer
from qa.model import Answer, Article, Done, Event, Hit, Token
from qa.roles import Matcher

QUESTION = "what did Medvedev say about Syrian sovereignty?"
ALWAYS = Calibration({"specific": 1.0}, 0.0, 0.0)
NEVER = Calibration({"specific": 1.0}, 0.0, 1.1)


def answerer(matcher: Matcher, calibration: Calibration = ALWAYS) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(matcher, "fingerprint", calibration=calibration)


def done(events: Iterator[Event]) -> Answer:
    *_, last = events
    assert isinstance(last, Done)
    return last.answer


def test_the_sentence_whose_speaker_is_only_named_before_is_found(
    matcher: Matcher, hits: Sequence[Hit], sovereignty: str
) -> None:
    answer = done(answerer(matcher).answer(QUESTION, hits, 1.0))
    assert answer.citations[0].quote == sovereignty
    assert answer.answer.startswith(
        "According to Medvedev (“\u2068دميتري مدفيديف\u2069”), "
        "\u2068الوسط\u2069, October 16, 2014: “\u2068"
    )
    assert f"{sovereignty}\u2069” [1]" in answer.answer
    assert answer.claims[0].support == "quoted"
    assert not answer.abstained


def test_the_tokens_add_up_to_the_answer(matcher: Matcher, hits: Sequence[Hit]) -> None:
    events = list(answerer(matcher).answer(QUESTION, hits, 1.0))
    assert isinstance(events[-1], Done)
    told = "".join(event.text for event in events if isinstance(event, Token))
    assert told == events[-1].answer.answer
    assert len(events) > 5


def test_every_claim_has_a_marker_and_a_citation_that_holds(
    matcher: Matcher, hits: Sequence[Hit], article: Article
) -> None:
    answer = done(answerer(matcher).answer("terrorism strikes", hits, 1.0))
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for claim, citation in zip(answer.claims, answer.citations, strict=True):
        assert claim.citations == (citation.number,)
        assert f"{claim.text} [{citation.number}]" in answer.answer
        assert article.text[citation.start : citation.end] == citation.quote


def test_the_frame_is_in_the_language_asked_for(matcher: Matcher, hits: Sequence[Hit]) -> None:
    answer = done(answerer(matcher).answer(QUESTION, hits, 1.0, "fr"))
    assert answer.language == "fr"
    assert answer.answer.startswith("Selon Medvedev")


def test_an_abstention_says_why_and_claims_nothing(matcher: Matcher, hits: Sequence[Hit]) -> None:
    answer = done(answerer(matcher, NEVER).answer("What did Angela Merkel say?", hits, 1.0))
    assert answer.abstained
    assert answer.claims == ()
    assert answer.citations
    assert answer.reason is not None
    assert "Angela" in answer.reason
    assert answer.answer.startswith(answer.reason)


@pytest.mark.parametrize(("question", "reason"), [(QUESTION, "No article"), ("؟!", "no words")])
def test_without_hits_the_reason_is_another(matcher: Matcher, question: str, reason: str) -> None:
    answer = done(answerer(matcher).answer(question, [], 1.0))
    assert answer.abstained
    assert reason in str(answer.reason)
    assert answer.citations == ()


def test_an_empty_index_has_its_own_reason(matcher: Matcher) -> None:
    answer = done(answerer(matcher).empty_index("ماذا قال لافروف؟", 0.0))
    assert answer.abstained
    assert "أضف مقالات" in str(answer.reason)


def test_a_sentence_repeated_in_two_articles_is_shown_once(
    matcher: Matcher, article: Article, hits_of: Callable[[Article], list[Hit]]
) -> None:
    copy = replace(article, key="copy")
    answer = done(answerer(matcher).answer(QUESTION, [*hits_of(article), *hits_of(copy)], 1.0))
    quotes = [citation.quote for citation in answer.citations]
    assert len(quotes) == len(set(quotes))


def test_a_passage_deep_in_a_giant_article_is_read_in_its_surroundings_only(
    matcher: Matcher, article: Article, hits: Sequence[Hit], sovereignty: str
) -> None:
    filler = "كان الطقس بارداً في المدينة. " * 200_000
    giant = replace(article, text=f"{filler}\n{article.text}\n{filler}")
    start = len(filler) + 1
    passage = replace(hits[0].passage, start=start, end=start + len(article.text))
    answer = done(answerer(matcher).answer(QUESTION, [Hit(passage, giant, 1.0)], 1.0))
    assert answer.citations[0].quote == sovereignty
    assert answer.timings["answer_ms"] < 500
