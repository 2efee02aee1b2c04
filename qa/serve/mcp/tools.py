"""What a model can do with the archive: each tool's arguments, result, and words about both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, Field

from qa.errors import UsageError
from qa.model import Answer, Claimed, Done, Event, Exchange, Hit, Retrieved, Token
from qa.serve.api.access import Account
from qa.serve.api.documents import ArticleOut
from qa.serve.api.schemas import (
    ASKED,
    KEY,
    MAX_EXCHANGES,
    AnswerOut,
    ExchangeIn,
    FiltersIn,
    Key,
    LanguageCode,
    Question,
    SearchOut,
    with_example,
)
from qa.serve.api.service import Service, Wanted
from qa.serve.mcp.resources import link_to, uri_of
from qa.serve.openai.replies import footnotes

MOST_HITS = 50
MOST_TEXT = 20_000
"""Characters of an article that are given at once: models read what they are given."""


class AskArguments(FiltersIn):
    """A question to be answered."""

    model_config = with_example(
        {"question": ASKED, "since": "2015-09-01"},
        {"question": "and what did he say about Turkey?", "history": [{"question": ASKED}]},
    )

    question: Question = Field(
        description="One question in any language; whole, or with the `history` that it needs."
    )
    answer_language: LanguageCode | None = Field(
        default=None, description="Of the text around the quotes; the question's own without it."
    )
    mode: Literal["extractive", "generative"] | None = Field(
        default=None, description="Quotes, or the chat model; null: the chat model if there is one."
    )
    history: list[ExchangeIn] = Field(
        default=[],
        max_length=MAX_EXCHANGES,
        description="What was asked before, the latest last; each `answer` may be left out.",
    )

    def as_wanted(self) -> Wanted:
        """The same for the assistant."""
        history = [Exchange(one.question, one.answer) for one in self.history]
        return Wanted(self.question, self.as_filters(), self.answer_language, history, self.mode)


class SearchArguments(FiltersIn):
    """A question to rank passages by."""

    model_config = with_example({"question": "closing the Turkish border", "limit": 5})

    question: Question = Field(description="What to look for, in any language.")
    limit: int = Field(default=10, ge=1, le=MOST_HITS, description="Passages at most.")


class ArticleArguments(BaseModel):
    """Which article, and which part of it."""

    model_config = with_example({"key": KEY, "start": 3600, "end": 4100})

    key: Key = Field(description="The `article` of a citation or a passage.")
    version: str | None = Field(
        default=None, max_length=64, description="Of a citation; the newest without it."
    )
    start: int = Field(default=0, ge=0, description="First character of the text to give.")
    end: int | None = Field(
        default=None, ge=0, description=f"The one after the last; at most {MOST_TEXT:,} on."
    )


Report: TypeAlias = Callable[[float, str], Awaitable[None]]
"""Tells who waits how far the work is; where nobody wants to know it, nothing."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls a tool."""

    account: Account
    report: Report


Call: TypeAlias = Callable[[Service, Caller, Any], Awaitable[CallToolResult]]


@dataclass(frozen=True, slots=True)
class ArchiveTool:
    """A tool: how it is told of, and what it does."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    result: type[BaseModel]
    call: Call

    def told(self) -> Tool:
        """The tool as clients read it."""
        return Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.arguments.model_json_schema(),
            output_schema=self.result.model_json_schema(mode="serialization"),
            annotations=ToolAnnotations(
                title=self.title, read_only_hint=True, idempotent_hint=True, open_world_hint=False
            ),
        )


async def _ask(service: Service, caller: Caller, asked: AskArguments) -> CallToolResult:
    with service.workers.admission():
        events = service.stream(asked.as_wanted())
        try:
            answer = await _watched(service.workers.iterate(_milestones(events)), caller.report)
        finally:
            await service.workers.close(events)
    return _answered(answer, service.remember(answer, caller.account, store=False))


def _milestones(events: Iterable[Event]) -> Iterator[Event]:
    """What is worth a report: a piece of text is not."""
    return (event for event in events if not isinstance(event, Token))


async def _watched(events: AsyncIterator[Event], report: Report) -> Answer:
    """The answer that the events end with; each before it is reported."""
    step = 0
    async for event in events:
        step += 1
        if isinstance(event, Done):
            return event.answer
        if isinstance(event, Retrieved):
            await report(step, f"{len(event.hits)} passages found")
        elif isinstance(event, Claimed):
            await report(step, event.claim.text)
    raise UsageError("the question was stopped before it was answered: ask it again")


def _answered(answer: Answer, document: dict[str, Any]) -> CallToolResult:
    links = {citation.article: link_to(citation) for citation in reversed(answer.citations)}
    text = TextContent(text=answer.answer + footnotes(answer))
    return CallToolResult(
        content=[text, *reversed(links.values())], structured_content=_checked(AnswerOut, document)
    )


async def _search(service: Service, _: Caller, asked: SearchArguments) -> CallToolResult:
    with service.workers.admission():
        hits = await service.workers.run(
            service.assistant.search, asked.question, asked.limit, asked.as_filters()
        )
    document = {
        "question": asked.question,
        "hits": [hit.as_json() for hit in hits],
        "index": service.assistant.fingerprint,
    }
    text = "\n\n".join(_hit_text(rank, hit) for rank, hit in enumerate(hits, 1))
    return CallToolResult(
        content=[TextContent(text=text or "No passage fits: ask more widely, or filter less.")],
        structured_content=_checked(SearchOut, document),
    )


def _hit_text(rank: int, hit: Hit) -> str:
    facts = (hit.article.title, hit.article.outlet, hit.article.published)
    passage = hit.passage
    return (
        f"{rank}. {' · '.join(str(fact) for fact in facts if fact)}\n"
        f"{uri_of(passage.article)} {passage.start}-{passage.end}\n{passage.text}"
    )


async def _get_article(service: Service, _: Caller, asked: ArticleArguments) -> CallToolResult:
    def work() -> ArticleOut:
        article = service.assistant.article(asked.key, asked.version)
        last = asked.start + MOST_TEXT
        end = last if asked.end is None else min(asked.end, last)
        return ArticleOut.between(article, asked.start, end, service.assistant.copies(asked.key))

    article = await service.workers.run(work)
    rest = "" if article.end == article.length else f"\n… ask for start={article.end} to go on"
    return CallToolResult(
        content=[TextContent(text=f"{article.title}\n\n{article.text}{rest}")],
        structured_content=article.model_dump(mode="json"),
    )


def _checked(model: type[BaseModel], document: dict[str, Any]) -> dict[str, Any]:
    return model.model_validate(document).model_dump(mode="json")


def _by_name(tools: Iterable[ArchiveTool]) -> Mapping[str, ArchiveTool]:
    return MappingProxyType({tool.name: tool for tool in tools})


TOOLS = _by_name(
    (
        ArchiveTool(
            "ask",
            "Ask the archive",
            "Answers a question about the news from the archive's articles, in the question's "
            "language, whatever language the articles are in. Every statement carries [n], a "
            "verbatim quote of an article that was compared with it character by character. "
            "Where `abstained` is true the archive holds no answer, `reason` says why, and the "
            "citations are only the nearest passages: do not answer from them as if they did. "
            "Use it for who, what, when, where, why and who said what; keep the quotes and the "
            "[n] when you pass the answer on.",
            AskArguments,
            AnswerOut,
            _ask,
        ),
        ArchiveTool(
            "search",
            "Search the archive",
            "Ranks the passages of the archive's articles that fit a question, best first, "
            "without answering it; across languages. Use it to read for yourself what was "
            "reported, to compare sources, or when `ask` abstains.",
            SearchArguments,
            SearchOut,
            _search,
        ),
        ArchiveTool(
            "get_article",
            "Read an article",
            "Gives an article's text and what is known of it: title, outlet, author, dates. "
            "Citations and passages point into the text by `start` and `end`; for the "
            "surroundings of a quote ask for a few hundred characters more on both sides.",
            ArticleArguments,
            ArticleOut,
            _get_article,
        ),
    )
)
