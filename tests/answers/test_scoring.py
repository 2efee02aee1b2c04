from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from qa.answers.scoring import Ranking, Weights, rank
from qa.index.word_table import load_word_table
from qa.model import Article, Hit, Passage
from qa.retrieval.matching import WordMatcher
from qa.roles import Matcher

PLAIN = Weights(speaker=1, pairs=0, said_by=0, kind=0, rank=0)


def ranked(
    matcher: Matcher, question: str, hits: Sequence[Hit], weights: Weights = PLAIN
) -> Ranking:
    ranking = rank(question, "en", matcher.question_words(question), hits, matcher, weights)
    assert ranking is not None
    return ranking


def english(*sentences: str, title: str = "") -> list[Hit]:
    text = " ".join(sentences)
    article = Article("k", "v", title, text, "en")
    return [Hit(Passage(1, "k", "v", 0, len(text), text), article, 1.0)]


def test_a_speaker_counts_like_the_words_of_the_sentence(
    matcher: Matcher, hits: Sequence[Hit], sovereignty: str
) -> None:
    ranking = ranked(matcher, "Medvedev sovereignty", hits)
    best = ranking.order[0]
    assert ranking.sentences[best].text == sovereignty
    assert ranking.stated[best].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("place", "share"), [(1, 0.2), (2, 0.4), (3, 0.0)])
def test_what_stands_before_counts_at_a_discount(
    matcher: Matcher, place: int, share: float
) -> None:
    hits = english("Rockets fell.", "It was cold.", "It was dark.", "It was late.")
    weights = replace(PLAIN, before=(0.2, 0.4))
    ranking = ranked(matcher, "rockets", hits, weights)
    assert ranking.scores[place] == pytest.approx(share)


def test_the_title_counts_at_a_discount(matcher: Matcher) -> None:
    ranking = ranked(matcher, "rockets", english("It was cold.", title="Rockets"), PLAIN)
    assert ranking.scores[0] == pytest.approx(PLAIN.title)


def test_a_number_is_preferred_where_one_is_asked_for(matcher: Matcher) -> None:
    hits = english("Rockets fell there.", "Then 18 rockets fell.")
    weights = replace(PLAIN, kind=0.1)
    assert ranked(matcher, "how many rockets", hits, weights).order == (1, 0)
    assert ranked(matcher, "rockets", hits, weights).order == (0, 1)


def test_words_near_each_other_are_preferred_where_the_question_has_them_in_a_row() -> None:
    matcher = WordMatcher(load_word_table())
    hits = english(
        "The budget fell for all the schools there and the hospital.",
        "The schools there and all of the hospital budget fell.",
    )
    assert ranked(matcher, "hospital budget schools", hits).order == (0, 1)
    weights = replace(PLAIN, pairs=0.3)
    assert ranked(matcher, "hospital budget schools", hits, weights).order == (1, 0)


def test_who_is_asked_about_is_preferred_as_the_speaker_in_a_script_without_capitals(
    matcher: Matcher,
) -> None:
    text = "تحدث لافروف مع كيري عن المقاتلين. وقال كيري إن المقاتلين كثيرون."
    hits = [Hit(Passage(1, "k", "v", 0, len(text), text), Article("k", "v", "", text, "ar"), 1.0)]
    words = matcher.question_words("ماذا قال كيري عن المقاتلين؟")
    for said_by, order in ((0.0, (0, 1)), (0.1, (1, 0))):
        ranking = rank("", "ar", words, hits, matcher, replace(PLAIN, said_by=said_by))
        assert ranking is not None
        assert ranking.order == order


def test_matches_are_sharpened(hits: Sequence[Hit], matcher: Matcher) -> None:
    class Half:
        language = matcher.language
        question_words = matcher.question_words
        match_pairs = matcher.match_pairs

        def match(
            self, words: Sequence[object], texts: Sequence[str], languages: Sequence[str]
        ) -> np.ndarray:
            return np.full((len(texts), len(words)), 0.5, np.float32)

    ranking = ranked(Half(), "sovereignty", hits, replace(PLAIN, sharpness=3.0))
    assert ranking.stated.max() == 0.5**3


def test_the_same_words_are_read_in_the_language_of_each_article() -> None:
    matcher = WordMatcher(load_word_table())
    text = "Les pays."
    hits = [
        Hit(Passage(i, language, "v", 0, len(text), text), article, 1.0)
        for i, language in enumerate(("en", "fr"))
        for article in [Article(language, "v", text, text, language)]
    ]
    words = matcher.question_words("nations", "fr")
    ranking = rank("nations", "fr", words, hits, matcher, PLAIN)
    assert ranking is not None
    assert ranking.order == (1, 0)
    english, french = ranking.credited[:, 0]
    assert english < 0.1 < 0.3 < french


def test_nothing_is_ranked_without_words_or_sentences(matcher: Matcher) -> None:
    assert rank("?", "en", (), english("It was cold."), matcher, PLAIN) is None
    assert rank("cold", "en", matcher.question_words("cold"), [], matcher, PLAIN) is None
