"""Follow-ups made questions that stand alone: by a chat model, or by rule where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from qa.answers.asking import language_name
from qa.answers.earlier import read_history
from qa.answers.follow_ups import complete, may_depend
from qa.answers.frames import is_refusal
from qa.answers.replies import is_foreign
from qa.answers.sources import estimate_tokens, inert
from qa.answers.subjects import Question
from qa.errors import ChatModelError
from qa.model import Exchange
from qa.prompts import load_prompt
from qa.text.folding import fold
from qa.text.language import LATIN_LANGUAGES, detect_language
from qa.text.names import name_keys
from qa.text.stopwords import QUESTION_WORDS, STOP_WORDS
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from qa.answers.chat_model import Chat

Detect: TypeAlias = Callable[[str, str], str]
"""The language of a text, or the one given where nothing tells."""

PROMPT = "standalone"
_SHARE = 4
"""The history takes at most one part in so many of the model's context."""
_RECENT = 12
"""Exchanges whose questions are completed; a pronoun means nothing further back."""
_LONGEST_ANSWER = 1_000
"""Characters of an earlier answer; its beginning says what it is about."""
_TOO_SHORT = 4
"""Words; «et la Turquie ?» may be in several languages."""
_LONGER = 300
"""Characters that a rewritten question may have more than the reader's."""
_WRAPPED = re.compile(r"^[\s\"'“”«»]+|[\s\"'“”«»]+$")


class By(StrEnum):
    """What completed a question."""

    MODEL = "model"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no conversation."""

    question: str
    by: By | None = None
    """None: it is the reader's own, to the character."""


def language_in(
    question: str, history: Sequence[Exchange], detect: Detect = detect_language, reader: str = "en"
) -> str:
    """The language of a question; of one too short to tell, an earlier one that it could be.

    The reader's where neither tells.
    """
    if not history:
        return detect(question, reader)
    forms = {token.form for token in tokenize(question)}
    earlier = list(dict.fromkeys(detect_language(one.question) for one in reversed(history)))
    common = {one: len(forms & (STOP_WORDS[one] | QUESTION_WORDS[one])) for one in LATIN_LANGUAGES}
    most = max(common.values())
    if 0 < most and len(forms) <= _TOO_SHORT:
        likely = [language for language in common if common[language] == most]
        spoken = [language for language in earlier if language in likely]
        if spoken or len(likely) == 1:
            return (spoken or likely)[0]
    return detect(question, earlier[0])


def carry_over(question: str, history: Sequence[Exchange]) -> Standalone:
    """The question completed by rule; as it is where it stands alone or nothing fits."""
    return _by_rule(Question(question, language_in(question, history)), history)


def as_asked(history: Sequence[Exchange]) -> list[Exchange]:
    """The history with its questions as they were really asked, and without refusals.

    Whoever keeps only the reader's own words has lost what a follow-up was asked as: the rule
    finds it again, and leaves a question that stands alone as it is.
    """
    answered = [exchange for exchange in history if not is_refusal(exchange.answer)]
    whole = answered[:-_RECENT]
    for exchange in answered[-_RECENT:]:
        question = carry_over(exchange.question, whole).question
        whole.append(replace(exchange, question=question))
    return whole


def rewrite(
    question: str, history: Sequence[Exchange], model: Chat, context_tokens: int
) -> Standalone:
    """The question completed by a chat model, or by rule where that fails.

    A question that cannot depend on what was asked before is not sent.
    """
    read = Question(question, language_in(question, history))
    if not history or not may_depend(read):
        return Standalone(question)
    reply = ""
    try:
        with closing(model.stream(_messages(read, history, context_tokens))) as chunks:
            for chunk in chunks:
                reply += chunk.text
                if len(reply) > len(question) + 2 * _LONGER:
                    break
    except ChatModelError:
        reply = ""
    rewritten = read_reply(reply, read, history)
    if rewritten is None:
        return _by_rule(read, history)
    is_own = _plain(rewritten) == _plain(question)
    return Standalone(question if is_own else rewritten, None if is_own else By.MODEL)


def read_reply(reply: str, question: Question, history: Sequence[Exchange]) -> str | None:
    """The question in a model's reply; None where it is none that the conversation bears out.

    It must be one line in the question's language that keeps the question's names and numbers,
    and every other name or number in it must come from the history.
    """
    rewritten = _WRAPPED.sub("", reply)
    if not rewritten or "\n" in rewritten or len(rewritten) > len(question.text) + _LONGER:
        return None
    if is_foreign(rewritten, question.language):
        return None
    known = " ".join(f"{exchange.question} {exchange.answer}" for exchange in history)
    is_kept = _holds(rewritten, _facts(question))
    is_known = _holds(f"{known} {question.text}", _facts(Question(rewritten, question.language)))
    return rewritten if is_kept and is_known else None


def _by_rule(question: Question, history: Sequence[Exchange]) -> Standalone:
    completed = complete(question, read_history(history))
    return Standalone(completed or question.text, By.RULE if completed else None)


def _messages(
    question: Question, history: Sequence[Exchange], context_tokens: int
) -> list[BaseMessage]:
    from langchain_core.messages import HumanMessage

    asked = load_prompt(PROMPT).render(
        history="\n".join(bounded(history, context_tokens // _SHARE)),
        question=inert(question.text),
        language=language_name(question.language),
    )
    return [HumanMessage(asked)]


def bounded(history: Sequence[Exchange], limit_tokens: int) -> list[str]:
    """The latest exchanges that fit, oldest first, as lines of a prompt; text in them is inert."""
    lines: list[str] = []
    for exchange in reversed(history):
        answer = inert(exchange.answer[:_LONGEST_ANSWER])
        line = f"reader: {inert(exchange.question)}\nanswer: {answer}"
        limit_tokens -= estimate_tokens(line)
        if limit_tokens < 0:
            break
        lines.append(line)
    return lines[::-1]


def _facts(question: Question) -> list[str]:
    """Last words of its names, and its numbers."""
    names = [tokenize(subject.text)[-1].form for subject in question.subjects]
    return names + [token.form for token in question.tokens if token.form[0].isdigit()]


def _holds(text: str, facts: Sequence[str]) -> bool:
    """Whether each fact is in the text, names in whatever script."""
    forms = {token.form for token in tokenize(text)}
    keys = {key for form in forms for key in name_keys(form)}
    return all(fact in forms or not keys.isdisjoint(name_keys(fact)) for fact in facts)


def _plain(question: str) -> str:
    return " ".join(token.form for token in tokenize(fold(question)))
