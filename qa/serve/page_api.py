"""The page's own endpoints for Gradio's clients; everything else of the page is private to it."""

# Without `from __future__ import annotations`: Gradio reads the types of what it offers.
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, Protocol

import gradio as gr
from gradio.events import api
from pydantic import ValidationError

from qa.errors import QAError
from qa.model import Filters, Hit
from qa.serve.api.documents import ArticleOut
from qa.serve.api.schemas import AskIn, SearchIn
from qa.serve.api.service import finished
from qa.serve.conversation import AssistantLike

P = ParamSpec("P")
AT_ONCE = 4
"""Calls that are worked on at the same time; more wait their turn, as readers of the page do."""


class Searching(AssistantLike, Protocol):
    """What the endpoints need of the assistant."""

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The k best passages, best first."""

    @property
    def fingerprint(self) -> str:
        """What the index was made with."""


class Endpoints:
    """The functions behind the endpoints; an empty text is no restriction."""

    def __init__(self, assistant: Searching) -> None:
        self._assistant = assistant

    # Their types and defaults are what Gradio describes to its clients.
    def ask(
        self,
        question: str,
        language: str = "",
        outlet: str = "",
        since: str = "",
        until: str = "",
        answer_language: str = "",
        mode: str = "",
        history: list[dict[str, str]] = [],  # noqa: B006
    ) -> dict[str, Any]:
        """Answer a question from the archive, with citations that are true to the character.

        language, outlet, since and until (2015-09-16) restrict the articles. answer_language is
        that of the text around the quotes. mode is extractive or generative. history is what was
        asked and answered before, each with its question and answer. Returns what POST
        /api/v1/ask does, without an id.
        """
        asked = AskIn.model_validate(
            {
                "question": question,
                "filters": _filters(language, outlet, since, until),
                "answer_language": answer_language or None,
                "mode": mode or None,
                "history": history,
            }
        )
        wanted = asked.as_wanted()
        answer = finished(
            self._assistant.stream(
                wanted.question,
                wanted.filters,
                wanted.language,
                history=wanted.history,
                mode=wanted.mode,
            )
        )
        return {} if answer is None else answer.as_json()

    def search(
        self,
        question: str,
        limit: int = 10,
        language: str = "",
        outlet: str = "",
        since: str = "",
        until: str = "",
    ) -> dict[str, Any]:
        """Rank the passages that fit a question in any language, the best first.

        language, outlet, since and until (2015-09-16) restrict the articles. Returns what POST
        /api/v1/search does.
        """
        filters = _filters(language, outlet, since, until)
        asked = SearchIn.model_validate({"question": question, "limit": limit, "filters": filters})
        hits = self._assistant.search(asked.question, asked.limit, asked.filters.as_filters())
        return {
            "question": asked.question,
            "hits": [hit.as_json() for hit in hits],
            "index": self._assistant.fingerprint,
        }

    def article(self, key: str, version: str = "") -> dict[str, Any]:
        """Give an article with its text, which citations point into by start and end.

        version is that of a citation; without it the newest. Returns what GET
        /api/v1/articles/{key} does, without copies.
        """
        article = self._assistant.article(key, version or None)
        return ArticleOut.between(article, 0, None, []).model_dump(mode="json")


def offer(assistant: Searching) -> None:
    """Add the endpoints to the page that is being built."""
    endpoints = Endpoints(assistant)
    for work in (endpoints.ask, endpoints.search, endpoints.article):
        api(_told(work), api_name=work.__name__, concurrency_limit=AT_ONCE)


def _told(work: Callable[P, dict[str, Any]]) -> Callable[P, dict[str, Any]]:
    """The same, with errors that a caller can mend told as Gradio tells errors."""

    @wraps(work)
    def guarded(*args: P.args, **named: P.kwargs) -> dict[str, Any]:
        try:
            return work(*args, **named)
        except ValidationError as error:
            wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise gr.Error("; ".join(wrong), print_exception=False) from None
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return guarded


def _filters(language: str, outlet: str, since: str, until: str) -> dict[str, str | None]:
    given = {"language": language, "outlet": outlet, "since": since, "until": until}
    return {name: value or None for name, value in given.items()}
