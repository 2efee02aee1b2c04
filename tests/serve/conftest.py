"""Real `qa serve` processes for the browser to visit; nobody may ask an outside host."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from qa.articles.drafts import Draft
from qa.assistant import Assistant
from qa.settings import Settings
from tests.data_folders import copied
from tests.serve.command import QA

Visit: TypeAlias = Callable[..., AbstractContextManager[Page]]

ROOT = Path(__file__).parent.parent.parent
HOSTILE = ROOT / "tests" / "serve" / "hostile.json"
"""Fields of an article as programs send it: files are freed from markup as they are read."""


@contextmanager
def _running(command: list[str], **settings: str) -> Iterator[str]:
    """The address that a serving process tells; it must end in peace."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"} | settings
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield _told_address(process.stderr)
        finally:
            process.terminate()
        assert "Exception in ASGI" not in process.stderr.read()


def _told_address(lines: IO[str]) -> str:
    said = ""
    for line in lines:
        said += line
        if address := re.search(r"http://(127\.0\.0\.1|\[::1\]):\d+", line):
            return address[0]
    raise AssertionError(f"the server ended: {said}")


def serving_process(data: Path, *options: str, **settings: str) -> AbstractContextManager[str]:
    """The address of a `qa serve` over a data folder."""
    return _running([*QA, "serve", "--port", "0", *options], QA_DATA_DIR=str(data), **settings)


@pytest.fixture(scope="session")
def data(indexed: Path) -> str:
    """The folder of the indexed seeds, for commands that only read it."""
    return str(indexed)


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[str]:
    """The page over an archive without articles."""
    with serving_process(tmp_path / "empty") as address:
        yield address


@pytest.fixture(scope="session")
def server(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the seeds and an article that is full of markup."""
    data = copied(indexed, tmp_path_factory.mktemp("served") / "data")
    with Assistant.open(Settings(data_dir=data), write=True) as assistant:
        draft = Draft(**json.loads(HOSTILE.read_text("utf-8")))
        assistant.ingest_articles([draft.as_article("hostile")])
    with serving_process(data) as address:
        yield address


@contextmanager
def serve_slowly(*options: str) -> Iterator[str]:
    """The page over an assistant that takes its time."""
    command = [sys.executable, "-m", "tests.serve.scripted", *options]
    with _running(command, PYTHONPATH=str(ROOT)) as address:
        yield address


@pytest.fixture(scope="session")
def slow_server() -> Iterator[str]:
    """One such page for all tests."""
    with serve_slowly() as address:
        yield address


def _said(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location.get('url', '')}"


@contextmanager
def _visit(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    settings: dict[str, Any] = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**settings | options)
    page = context.new_page()
    requests: list[Request] = []
    troubles: list[str] = []
    page.on("request", lambda request: requests.append(request))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    page.on("console", lambda m: troubles.append(_said(m)) if m.type == "error" else None)
    page.goto(address)
    # The page is ready when its script has given the question box its own direction.
    page.locator("#question textarea[dir=auto]").wait_for()
    page.locator(".welcome").wait_for()
    yield page
    context.close()
    assert {urlsplit(request.url).hostname for request in requests} == {"127.0.0.1"}
    assert troubles == []


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Visit:
    """Opens a tab; at its end nothing went wrong in it and no outside host was asked."""
    return partial(_visit, browser)


@pytest.fixture
def page(visit: Visit, server: str) -> Iterator[Page]:
    """The page in a desktop's window, in English."""
    with visit(server) as page:
        yield page
