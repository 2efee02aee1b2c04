"""How a chat model is asked: the prompts of qa/prompts, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from qa.answers.replies import SENTINEL
from qa.answers.sources import Sources, estimate_tokens, inert
from qa.prompts import load_prompt

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

SYSTEM, USER, REMINDER = PROMPTS = ("answer_system", "answer_user", "answer_reminder")


def inputs(
    question: str, language: str, sources: Sources | None, *, is_reminded: bool = False
) -> Mapping[str, str]:
    """What the prompts are filled with; `is_reminded` where a reply was in another language."""
    return {
        "question": inert(question),
        "language": language_name(language),
        "sources": sources.render() if sources else "",
        "reminded": "yes" if is_reminded else "",
    }


def messages(values: Mapping[str, str]) -> list[BaseMessage]:
    """The system's and the user's message made of `inputs`."""
    from langchain_core.messages import HumanMessage, SystemMessage

    language = values["language"]
    system = load_prompt(SYSTEM).render(language=language, sentinel=SENTINEL)
    user = load_prompt(USER).render(
        question=values["question"],
        language=language,
        sources=values["sources"],
        sentinel=SENTINEL,
    )
    if values["reminded"]:
        user = load_prompt(REMINDER).render(message=user, language=language)
    return [SystemMessage(system), HumanMessage(user)]


def prompt_tokens(question: str, language: str) -> int:
    """About how many tokens are taken before a source is added."""
    empty = messages(inputs(question, language, None, is_reminded=True))
    return sum(estimate_tokens(message.text) for message in empty)


def language_name(code: str) -> str:
    """The English name of a language, which every model knows; the code where there is none."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
