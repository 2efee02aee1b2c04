"""The official client over both transports, in both of the protocol's eras."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from fastapi import FastAPI
from jsonschema import validate
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, ResourceLink, TextContent, TextResourceContents

from qa.articles.drafts import Draft
from qa.errors import IndexStateError
from qa.model import Retrieved
from qa.serve.api.service import Service
from qa.serve.api.workers import Workers
from qa.serve.mcp import resources
from qa.serve.mcp.resources import uri_of
from qa.serve.mcp.server import build_server
from qa.serve.mcp.tools import MOST_TEXT, TOOLS
from tests.data_folders import copied
from tests.serve.api.conftest import MEDVEDEV, Served, serve_app
from tests.serve.api.test_asking import Waiting, eventually, post
from tests.serve.command import QA
from tests.serve.conftest import ROOT
from tests.serve.scripted import ANSWERED, HIT, SHOWN, written

ERAS = ["legacy", "auto"]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
ASK: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 2,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": MEDVEDEV}},
}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


def text_of(result: CallToolResult) -> str:
    (text,) = (block.text for block in result.content if isinstance(block, TextContent))
    return text


async def use(client: Client, service: Service) -> None:
    """What a client does with an archive, whatever is between them."""
    assert client.server_info
    assert client.server_info.name == "news-qa"
    assert client.instructions
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert tools.keys() == TOOLS.keys()
    heard: list[tuple[float, str | None]] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    question = {"question": MEDVEDEV, "answer_language": "en"}
    asked = await client.call_tool("ask", question, progress_callback=listen)
    assert heard == [(1, "10 passages found")]
    validate(asked.structured_content, tools["ask"].output_schema or {})
    (citation,) = asked.structured_content["citations"]
    article = service.assistant.article(citation["article"], citation["version"])
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["quote"] in text_of(asked)
    await read(client, asked, service)
    found = await client.call_tool("search", {"question": MEDVEDEV, "limit": 2})
    assert len(found.structured_content["hits"]) == 2
    earlier = [{"question": MEDVEDEV}, {"question": "what about Turkey?", "answer": "It is so."}]
    follow_up = await client.call_tool("ask", {"question": "and Russia?", "history": earlier})
    assert follow_up.structured_content["standalone"] == "what about Russia (Medvedev)?"


async def read(client: Client, asked: CallToolResult, service: Service) -> None:
    """The cited article, as a resource, by a tool, and among all there are."""
    (citation,) = asked.structured_content["citations"]
    article = service.assistant.article(citation["article"])
    (link,) = (block for block in asked.content if isinstance(block, ResourceLink))
    (contents,) = (await client.read_resource(link.uri)).contents
    assert isinstance(contents, TextResourceContents)
    assert contents.text == article.text
    part = {"key": citation["article"], "start": citation["start"], "end": citation["end"]}
    given = await client.call_tool("get_article", part)
    assert given.structured_content["text"] == citation["quote"]
    listed = await client.list_resources()
    assert {resource.uri for resource in listed.resources} == set(
        map(uri_of, service.assistant.keys())
    )
    (template,) = (await client.list_resource_templates()).resource_templates
    assert template.uri_template == "news-qa://articles/{key}"


@pytest.mark.parametrize("era", ERAS)
def test_the_archive_is_used_over_http(served: Served, era: str) -> None:
    async def session() -> None:
        async with Client(f"{served.open}/mcp", mode=era) as client:
            await use(client, served.service)

    anyio.run(session)


@pytest.fixture
def data(indexed: Path, tmp_path: Path) -> Path:
    """A data folder for a process of its own."""
    return copied(indexed, tmp_path / "own")


@pytest.mark.parametrize("era", ERAS)
def test_the_archive_is_used_over_stdin_and_stdout(data: Path, served: Served, era: str) -> None:
    environment = os.environ | {"QA_DATA_DIR": str(data)}
    program = StdioServerParameters(command=QA[0], args=[*QA[1:], "mcp"], env=environment)

    async def session() -> None:
        async with Client(program, mode=era) as client:
            await use(client, served.service)

    anyio.run(session)


def test_nothing_but_the_protocol_is_on_stdout(data: Path) -> None:
    sent = "\n".join(map(json.dumps, [INITIALIZE, INITIALIZED, ASK])) + "\n"
    environment = os.environ | {"QA_DATA_DIR": str(data)}
    with subprocess.Popen(
        [*QA, "mcp"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(sent)
        process.stdin.flush()
        replies = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        assert process.stdout.read() == ""
    assert process.returncode == 0
    assert [reply["id"] for reply in replies] == [1, 2]
    assert not replies[1]["result"]["isError"]


def in_process(service: Service, work: Callable[[Client], Any]) -> Any:  # noqa: ANN401
    """What is made of a client of the service that needs no transport."""

    async def session() -> Any:  # noqa: ANN401
        async with Client(build_server(service)) as client:
            try:
                return await work(client)
            except MCPError as error:
                # Raised through the client's task group it would come out wrapped.
                return error

    result = anyio.run(session)
    if isinstance(result, MCPError):
        raise result
    return result


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": " "}, "question: String should have at least 1 character"),
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "?", "mood": "sad"}, "mood: Extra inputs are not permitted"),
        ("ask", {"question": "?", "since": "2020-01-02", "until": "2020-01-01"}, "is after until"),
        ("search", {"question": "?", "limit": 1_000}, "limit: Input should be less than"),
        ("get_article", {"key": "none"}, "no article 'none'"),
    ],
)
def test_a_failure_tells_the_model_what_to_do(
    served: Served, tool: str, arguments: dict[str, Any], told: str
) -> None:
    result = in_process(served.service, lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    assert told in text_of(result)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexStateError("run `qa rebuild`"), "run `qa rebuild`"),
        (RuntimeError("a secret detail"), "the server's log has the cause"),
    ],
)
def test_what_goes_wrong_here_is_told_as_far_as_it_may_be(
    scripted: Callable[..., FastAPI], error: Exception, told: str
) -> None:
    service = scripted((Retrieved((HIT,), 1.0), error)).state.service
    result = in_process(service, lambda client: client.call_tool("ask", {"question": "?"}))
    assert result.is_error
    assert told in text_of(result)
    assert "secret" not in text_of(result)


def test_too_many_questions_at_once_are_turned_away(scripted: Callable[..., FastAPI]) -> None:
    service = scripted(ANSWERED, workers=Workers(admitted=0)).state.service
    for tool in ("ask", "search"):
        result = in_process(service, methodcaller("call_tool", tool, {"question": "?"}))
        assert result.is_error
        assert "ask again in a moment" in text_of(result)


@pytest.mark.parametrize("uri", ["news-qa://articles/none", "file:///etc/passwd"])
def test_a_resource_that_is_not_there(served: Served, uri: str) -> None:
    with pytest.raises(MCPError, match=r"no article|no resource"):
        in_process(served.service, lambda client: client.read_resource(uri))


def test_an_unknown_tool_names_those_there_are(served: Served) -> None:
    with pytest.raises(MCPError, match="ask, search, get_article"):
        in_process(served.service, lambda client: client.call_tool("fly", {}))


def test_articles_are_listed_a_page_at_a_time(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PAGE", 2)

    async def pages(client: Client) -> list[list[str]]:
        page = await client.list_resources()
        read = [page]
        while page.next_cursor:
            page = await client.list_resources(cursor=page.next_cursor)
            read.append(page)
        return [[resource.name for resource in page.resources] for page in read]

    read = in_process(served.service, pages)
    assert [len(page) for page in read] == [2, 2, 1]
    assert [key for page in read for key in page] == served.service.assistant.keys()
    with pytest.raises(MCPError, match="take the one of the page before"):
        in_process(served.service, lambda client: client.list_resources(cursor="ü"))


def test_a_key_of_any_characters_is_an_address(service: Service) -> None:
    key = "http://paper/a b?c=ميناء"
    service.assistant.ingest_articles([Draft(text="Opened on Sunday.").as_article(key)])
    read = in_process(service, lambda client: client.read_resource(uri_of(key)))
    assert read.contents[0].text == "Opened on Sunday."
    assert read.contents[0].meta["news-qa/article"]["key"] == key


def test_a_long_article_is_read_in_parts(service: Service) -> None:
    text = "Opened on Sunday. " * 2_000
    service.assistant.ingest_articles([Draft(text=text).as_article("long")])
    stored = service.assistant.article("long").text

    async def parts(client: Client) -> str:
        read, end = "", 0
        while end < len(stored):
            part = await client.call_tool("get_article", {"key": "long", "start": end})
            assert len(part.structured_content["text"]) <= MOST_TEXT
            read, end = read + part.structured_content["text"], part.structured_content["end"]
        return read

    assert in_process(service, parts) == stored


def test_the_same_keys_are_asked_for(served: Served) -> None:
    reader = served.keys.create("reader", ["read"]).token
    writer = served.keys.create("writer", ["write"]).token
    address = f"{served.guarded}/mcp"
    for token, status in (("", 401), ("qa_none_x", 401), (writer, 403), (reader, 200)):
        headers = HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})
        assert httpx2.post(address, json=LIST, headers=headers).status_code == status

    async def session() -> None:
        known = {"Authorization": f"Bearer {reader}"}
        async with (
            httpx2.AsyncClient(headers=known, timeout=60) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            await use(client, served.service)

    anyio.run(session)


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
def test_no_page_of_another_site_reaches_it(served: Served, headers: dict[str, str]) -> None:
    refused = httpx2.post(f"{served.open}/mcp", json=LIST, headers=HEADERS | headers)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("#cross-site")


def test_requests_are_limited_in_kind_and_size(served: Served) -> None:
    address = f"{served.open}/mcp"
    assert httpx2.get(address, headers=HEADERS).status_code == 405
    large = LIST | {"params": {"cursor": "x" * 300_000}}
    assert httpx2.post(address, json=large, headers=HEADERS).status_code == 413


@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
def test_who_goes_away_ends_the_work(scripted: Callable[..., FastAPI], version: str) -> None:
    app, waiting = scripted((), workers=Workers(threads=1)), Waiting()
    service = app.state.service
    object.__setattr__(service, "assistant", waiting)
    meta = {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    call = ASK | {"params": ASK["params"] | {"_meta": meta}}
    headers = HEADERS | {
        "MCP-Protocol-Version": version,
        "Mcp-Method": "tools/call",
        "Mcp-Name": "ask",
    }
    with serve_app(app) as address:
        with post(address, "/mcp", call, headers):
            assert waiting.begun.wait(10)
        assert waiting.ended.wait(10)
        eventually(lambda: service.workers.inside == 0)


def test_sentences_of_a_chat_model_are_told_as_they_come(scripted: Callable[..., FastAPI]) -> None:
    heard: list[tuple[float, str | None]] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    in_process(
        scripted(written()).state.service,
        lambda client: client.call_tool("ask", {"question": "?"}, progress_callback=listen),
    )
    told = ["1 passages found", *(claim.text for claim, _ in SHOWN)]
    assert heard == list(enumerate(told, 1))


@pytest.mark.parametrize("era", ERAS)
def test_who_cancels_over_stdin_ends_the_work(era: str) -> None:
    """One question may be under way: the second is answered only if the first has ended."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    arguments = ["-m", "tests.serve.scripted", "mcp"]
    program = StdioServerParameters(command=sys.executable, args=arguments, env=environment)

    async def session() -> None:
        begun = anyio.Event()

        async def listen(progress: float, total: float | None, message: str | None) -> None:
            begun.set()

        async with Client(program, mode=era) as client:
            async with anyio.create_task_group() as calling:
                waiting = partial(client.call_tool, progress_callback=listen)
                calling.start_soon(waiting, "ask", {"question": "wait?"})
                with anyio.fail_after(30):
                    await begun.wait()
                assert (await client.call_tool("ask", {"question": "?"})).is_error
                calling.cancel_scope.cancel()
            with anyio.fail_after(20):
                while (await client.call_tool("ask", {"question": "?"})).is_error:
                    pass

    anyio.run(session)


def test_who_cancels_a_call_ends_the_work(scripted: Callable[..., FastAPI]) -> None:
    waiting = Waiting()
    service = scripted(()).state.service
    object.__setattr__(service, "assistant", waiting)

    async def session() -> None:
        async with Client(build_server(service), mode="legacy") as client:
            async with anyio.create_task_group() as calling:
                calling.start_soon(client.call_tool, "ask", {"question": "?"})
                assert await anyio.to_thread.run_sync(waiting.begun.wait, 10)
                calling.cancel_scope.cancel()
            assert await anyio.to_thread.run_sync(waiting.ended.wait, 10)

    anyio.run(session)
