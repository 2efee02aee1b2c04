"""Assistants over the seed articles with a chat model on loopback that says what is scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

import pytest

from qa.assistant import Assistant
from qa.settings import Settings
from tests.answers.chat_server import ScriptedServer, reply
from tests.answers.chat_wires import Received, Step
from tests.data_folders import copied
from tests.scripted_model import LIE, TRUTH, chat_settings, true_number, truth

Open: TypeAlias = Callable[..., AbstractContextManager[Assistant]]


def truth_and_lies(received: Received) -> Step:
    """The last sentence's mark points nowhere."""
    number = true_number(received)
    return reply(f"{TRUTH} [{number}]. {LIE} [{number}]. Not so [777].", usage=(100, 20))


@pytest.fixture
def folder(indexed: Path, tmp_path: Path) -> Path:
    """A data folder of its own with the seed articles."""
    return copied(indexed, tmp_path / "archive")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(truth) as server:
        yield server


@pytest.fixture
def written(folder: Path, server: ScriptedServer) -> Open:
    """Opens the assistant with the scripted chat model."""

    def open_it(**changes: object) -> Assistant:
        return Assistant.open(chat_settings(folder, server, **changes))

    return open_it


@pytest.fixture
def quoting(folder: Path) -> Open:
    """Opens the assistant without a chat model, unless settings are changed."""

    def open_it(**changes: object) -> Assistant:
        return Assistant.open(Settings(data_dir=folder).model_copy(update=changes))

    return open_it
