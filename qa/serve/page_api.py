"""The page's own endpoints for Gradio's clients; everything else of the page is private to it."""

# Without `from __future__ import annotations`: Gradio reads the types of what it offers.
import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api
from pydantic import BaseModel, ValidationError

from qa.model import Event, citation_as_json
from qa.serve.api.documents import ArticleOut
from qa.serve.api.edge import request_id
from qa.serve.api.problems import INVALID, Problem, told
from qa.serve.api.schemas import AskIn, SearchIn
from qa.serve.conversation import Asked, Turn, advance, paced
from qa.serve.desk import BY_GRADIO, Desk, Outcome

M = TypeVar("M", bound=BaseModel)
F = TypeVar("F", bound=Callable[..., object])
AT_ONCE = 16
"""Calls of an endpoint that are worked on at the same time; Gradio works on 40 of all events."""


def _giving_each(kind: object) -> Callable[[F], F]:
    """Describe a generator by what it gives, for Gradio knows no generators' types."""

    def described(work: F) -> F:
        signature = inspect.signature(work).replace(return_annotation=kind)
        work.__signature__ = signature  # type: ignore[attr-defined]
        return work

    return described


class Endpoints:
    """The functions behind the endpoints; an empty text is no restriction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # Their types and defaults are what Gradio describes to its clients.
    @_giving_each(dict[str, Any])
    async def ask(
        self,
        request: gr.Request,
        question: str,
        language: str = "",
        outlet: str = "",
        since: str = "",
        until: str = "",
        answer_language: str = "",
        mode: str = "",
        history: list[dict[str, str]] = [],  # noqa: B006
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a question from the archive, with citations that are true to the character.

        language, outlet, since and until (2015-09-16) restrict the articles. answer_language is
        that of the text around the quotes. mode is extractive or generative. history is what was
        asked and answered before, each with its question and answer. Gives the question, answer,
        claims and citations as they grow, and at last what POST /api/v1/ask does, without an id.
        """
        with _telling(request), self._desk.admitted(BY_GRADIO, "/ask") as outcome:
            asked = _checked(
                AskIn,
                question=question,
                filters=_filters(language, outlet, since, until),
                answer_language=answer_language or None,
                mode=mode or None,
                history=history,
            )
            async for grown in self._answered(asked, outcome):
                yield grown

    async def search(
        self,
        request: gr.Request,
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
        with _telling(request), self._desk.admitted(BY_GRADIO, "/search") as outcome:
            filters = _filters(language, outlet, since, until)
            asked = _checked(SearchIn, question=question, limit=limit, filters=filters)
            assistant = self._desk.assistant
            hits = await self._desk.workers.run(
                assistant.search, asked.question, asked.limit, asked.filters.as_filters()
            )
            outcome.succeeded()
            found = [hit.as_json() for hit in hits]
            return {"question": asked.question, "hits": found, "index": assistant.fingerprint}

    async def article(self, request: gr.Request, key: str, version: str = "") -> dict[str, Any]:
        """Give an article with its text, which citations point into by start and end.

        version is that of a citation; without it the newest. Returns what GET
        /api/v1/articles/{key} does, without copies.
        """
        with _telling(request), self._desk.counted(BY_GRADIO, "/article") as outcome:
            article = await self._desk.workers.run(
                self._desk.assistant.article, key, version or None
            )
            outcome.succeeded()
            return ArticleOut.between(article, 0, None, []).model_dump(mode="json")

    async def _answered(self, asked: AskIn, outcome: Outcome) -> AsyncIterator[dict[str, Any]]:
        """The answer's document as it grows; who leaves ends the work."""
        wanted, workers = asked.as_wanted(), self._desk.workers
        events = self._desk.assistant.stream(
            wanted.question,
            wanted.filters,
            wanted.language,
            history=wanted.history,
            mode=wanted.mode,
        )
        try:
            async for turn in workers.iterate(paced(_turns(wanted.question, events))):
                if turn.answer:
                    self._desk.answered(turn.answer, outcome)
                    yield turn.answer.as_json()
                elif turn.text:
                    yield _as_far(turn)
        finally:
            await workers.close(events)


def offer(desk: Desk) -> None:
    """Add the endpoints to the page that is being built."""
    endpoints = Endpoints(desk)
    for work in (endpoints.ask, endpoints.search, endpoints.article):
        api(work, api_name=work.__name__, concurrency_limit=AT_ONCE)


def _turns(question: str, events: Iterable[Event]) -> Iterator[Turn]:
    turn = Turn(Asked(question))
    for event in events:
        turn = advance(turn, event)
        yield turn


def _as_far(turn: Turn) -> dict[str, Any]:
    """What there is of an answer that is not whole."""
    return {
        "question": turn.question,
        "answer": turn.text,
        "claims": [asdict(piece.claim) for piece in turn.written if piece.claim],
        "citations": [citation_as_json(citation) for citation in turn.cited],
    }


@contextmanager
def _telling(request: gr.Request) -> Iterator[None]:
    """Errors are told as Gradio tells them, with the title that the error table has.

    What is logged meanwhile has the id of the request that Gradio's queue took.
    """
    # Gradio works on each call in a task of its own, with which this ends.
    request_id.set(getattr(request.state, "request_id", "-"))
    try:
        yield
    except Exception as error:
        problem = told(error)
        raise gr.Error(problem.detail, title=problem.kind.title, print_exception=False) from None


def _checked(kind: type[M], **given: object) -> M:
    """What was given, as its description has it; raises Problem where it does not fit."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Problem(INVALID, "; ".join(wrong)) from None


def _filters(language: str, outlet: str, since: str, until: str) -> dict[str, str | None]:
    given = {"language": language, "outlet": outlet, "since": since, "until": until}
    return {name: value or None for name, value in given.items()}
