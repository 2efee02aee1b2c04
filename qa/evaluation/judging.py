"""A judge of support for claims in a chat model's own words, which are no quotes."""

from __future__ import annotations

from qa.answers.cited import CitedSentence
from qa.answers.support import SupportChecker
from qa.evaluation.grounding import Judge
from qa.index.embedding import load_word_table
from qa.model import SUPPORTED
from qa.retrieval.matching import WordMatcher
from qa.text.language import detect_language


def checked_support() -> Judge:
    """The checks that answers get: numbers, dates, names and meaning, with no model of its own."""
    checker = SupportChecker(WordMatcher(load_word_table()))

    def supports(claim: str, premise: str) -> bool:
        cited = CitedSentence(premise, detect_language(premise))
        return checker.check(claim, [cited]).support in SUPPORTED

    return supports
