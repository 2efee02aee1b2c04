from __future__ import annotations

from qa.answers.scoring import Weights, rank
from qa.answers.selection import choose
from qa.model import Article, Hit, Passage
from qa.roles import Matcher


def chosen(matcher: Matcher, question: str, *sentences: str) -> list[str]:
    text = " ".join(sentences)
    article = Article("k", "v", "", text, "en")
    hits = [Hit(Passage(1, "k", "v", 0, len(text), text), article, 1.0)]
    ranking = rank(question, "en", matcher.question_words(question), hits, matcher, Weights())
    assert ranking is not None
    return [sentence.text for sentence in choose(ranking)]


def test_sentences_far_behind_the_best_are_left_out(matcher: Matcher) -> None:
    sentences = ("Rockets fell on the old harbour.", "Nobody saw anything there.")
    assert chosen(matcher, "rockets harbour", *sentences) == [sentences[0]]


def test_close_ones_follow_in_order_three_at_most(matcher: Matcher) -> None:
    sentences = (
        "Rockets fell on the old harbour.",
        "Many rockets hit a harbour wall yesterday.",
        "Then other rockets burnt the harbour warehouses.",
        "Again some rockets came near that harbour gate.",
    )
    found = chosen(matcher, "rockets harbour", *sentences)
    assert len(found) == 3
    assert set(found) <= set(sentences)


def test_a_repetition_is_left_out(matcher: Matcher) -> None:
    sentences = ("Rockets fell on the old harbour.", "Rockets fell on the old harbour today.")
    assert len(chosen(matcher, "rockets harbour", *sentences)) == 1
