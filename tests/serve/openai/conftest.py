"""The archive behind a real socket, for the clients of OpenAI's protocol."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.assistant import Assistant, open_records
from qa.records.keys import Keys
from qa.serve.api.access import LOCAL, Gate, Policy
from qa.serve.api.app import build_app
from qa.serve.api.service import Service
from qa.serve.web import serving
from qa.settings import Settings
from tests.serve.api.conftest import client, indexed, scripted, serve_app, service, settings

__all__ = ["client", "indexed", "scripted", "service", "settings"]


@dataclass(frozen=True)
class Served:
    """One application at two addresses: open to this machine, and behind keys."""

    open: str
    guarded: str
    keys: Keys
    service: Service


@pytest.fixture(scope="session")
def served(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("openai") / "data"
    shutil.copytree(indexed, data, ignore=shutil.ignore_patterns("holders"))
    settings = Settings(data_dir=data)
    with ExitStack() as opened:
        records = opened.enter_context(open_records(settings))
        assistant = opened.enter_context(Assistant.open(settings, write=True))
        service = opened.enter_context(serving(settings, assistant, records))
        policies = (LOCAL, Policy(keys_needed=True, local=False))
        addresses = [
            opened.enter_context(serve_app(build_app(service, Gate(policy, records.keys.find))))
            for policy in policies
        ]
        yield Served(addresses[0], addresses[1], records.keys, service)
