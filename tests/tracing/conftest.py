"""Assistants over the seed articles with a chat model on loopback that says what is scripted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

import pytest
from pydantic import SecretStr

from qa.assistant import Assistant
from qa.settings import Settings
from tests.answers.chat_server import ScriptedServer, reply
from tests.answers.chat_wires import Received, Step

SECRET = "sk-never-to-be-seen-0123456789"
MEDVEDEV = "what did Medvedev say about Syrian sovereignty?"
SOVEREIGNTY = "الجهة الوحيدة التي تمثل سيادة سورية"
TRUTH = "Only the legitimate government represents Syrian sovereignty, Medvedev said"
LIE = "Medvedev said on 3 May 2031 that 9,450 tanks from Brazil had crossed the border"

Open: TypeAlias = Callable[..., AbstractContextManager[Assistant]]


def true_number(received: Received) -> str:
    """The number under which the sentence on sovereignty was sent."""
    found = re.search(rf"^(\d+)\| .*{SOVEREIGNTY}", received.prompt, re.MULTILINE)
    assert found, "the passage was not sent"
    return found[1]


def truth(received: Received) -> Step:
    return reply(f"{TRUTH} [{true_number(received)}].", usage=(100, 20))


def truth_and_lie(received: Received) -> Step:
    number = true_number(received)
    return reply(f"{TRUTH} [{number}]. {LIE} [{number}]. Not so [777].", usage=(100, 20))


@pytest.fixture
def folder(tmp_path: Path, seeds: Path) -> Path:
    """A data folder of its own with the seed articles."""
    folder = tmp_path / "archive"
    with Assistant.open(Settings(data_dir=folder), write=True) as assistant:
        assistant.ingest([seeds])
    return folder


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(truth) as server:
        yield server


@pytest.fixture
def written(folder: Path, server: ScriptedServer) -> Open:
    """Opens the assistant with the scripted chat model."""

    def open_it(**changes: object) -> Assistant:
        own = Settings(
            data_dir=folder,
            chat_model="openai:scripted",
            chat_base_url=server.base_url,
            chat_api_key=SecretStr(SECRET),
            chat_timeout=10,
            chat_retries=0,
        )
        return Assistant.open(own.model_copy(update=changes))

    return open_it


@pytest.fixture
def quoting(folder: Path) -> Open:
    """Opens the assistant without a chat model, unless settings are changed."""

    def open_it(**changes: object) -> Assistant:
        return Assistant.open(Settings(data_dir=folder).model_copy(update=changes))

    return open_it
