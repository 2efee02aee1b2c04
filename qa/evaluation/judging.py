"""Which judge of support fits the answers of a run: for quotes, or for a chat model's own words."""

from __future__ import annotations

from collections.abc import Mapping

from qa.answers.cited import CitedSentence
from qa.answers.crediting import claimed_speakers
from qa.answers.support import SupportChecker
from qa.evaluation.grounding import Judge, verbatim
from qa.index.word_table import load_word_table
from qa.model import SUPPORTED
from qa.retrieval.matching import WordMatcher
from qa.text.language import detect_language


def judge_of(answer_settings: Mapping[str, str | None]) -> Judge:
    """The judge for an assistant with these settings, by whether a chat model writes for it."""
    return checked_support() if answer_settings.get("chat_model") else verbatim


def checked_support() -> Judge:
    """The checks that answers get: numbers, dates, names and meaning, with no model of its own.

    A quote seldom names its speaker, whom its article names before it: who said it is judged
    where the quote tells, and else left to the verdict that the claim got beside its article.
    """
    checker = SupportChecker(WordMatcher(load_word_table()))

    def supports(claim: str, premise: str) -> bool:
        language = detect_language(premise)
        told = claimed_speakers(premise, language)
        speakers = () if told else tuple(claimed_speakers(claim, detect_language(claim)))
        cited = CitedSentence(premise, language, speakers)
        return checker.check(claim, [cited]).support in SUPPORTED

    return supports
