"""The page and the interface in a real browser: they agree, and keys guard both."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from qa.parts import open_records
from qa.settings import Settings
from tests.data_folders import copied
from tests.serve.api.conftest import MEDVEDEV
from tests.serve.conftest import Visit, serving_process
from tests.serve.test_ui_browser import ARABIC, UNANSWERABLE, ask, open_source

pytestmark = pytest.mark.browser


def answer_of(server: str, question: str) -> dict[str, Any]:
    asked = {"question": question}
    found: dict[str, Any] = httpx2.post(f"{server}/api/v1/ask", json=asked, timeout=60).json()
    return found


@pytest.mark.parametrize("question", [MEDVEDEV, ARABIC])
def test_the_page_and_the_interface_agree(page: Page, server: str, question: str) -> None:
    answer = answer_of(server, question)
    turn = ask(page, question)
    quotes = [citation["quote"] for citation in answer["citations"]]
    assert quotes_on(turn) == quotes
    panel = open_source(page, turn.locator(".source-line").first)
    article = httpx2.get(f"{server}/api/v1/articles/{answer['citations'][0]['article']}").json()
    first = answer["citations"][0]
    assert panel.locator("mark").text_content() == article["text"][first["start"] : first["end"]]


def test_both_abstain_and_name_the_same_passages(page: Page, server: str) -> None:
    answer = answer_of(server, UNANSWERABLE)
    assert answer["abstained"]
    assert quotes_on(ask(page, UNANSWERABLE)) == [c["quote"] for c in answer["citations"]]


def quotes_on(turn: Locator) -> list[str]:
    return [text.strip() for text in turn.locator("blockquote").all_text_contents()]


def test_the_docs_show_every_route_and_ask_no_other_host(browser: Browser, server: str) -> None:
    context = browser.new_context()
    docs = context.new_page()
    hosts: set[str] = set()
    troubles: list[str] = []
    docs.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    docs.on("pageerror", lambda error: troubles.append(str(error)))
    docs.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    docs.goto(f"{server}/docs")
    described = httpx2.get(f"{server}/openapi.json").json()["paths"]
    expect(docs.locator(".opblock")).to_have_count(sum(map(len, described.values())))
    context.close()
    assert hosts == {server.split("/")[2]}
    assert troubles == []


def test_the_page_is_behind_the_same_keys(visit: Visit, indexed: Path, tmp_path: Path) -> None:
    data = copied(indexed, tmp_path / "guarded")
    with open_records(Settings(data_dir=data)) as records:
        token = records.keys.create("reader", ["read"]).token
    with serving_process(data, "--keys") as address:
        assert httpx2.get(address, headers={"Accept": "text/html"}).status_code == 401
        known = {"username": "reader", "password": token}
        with visit(address, http_credentials=known) as page:
            expect(ask(page, MEDVEDEV).locator("blockquote").first).to_be_visible()
