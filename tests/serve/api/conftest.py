"""The interface over the real seeds, in this process or behind a real socket."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, cast

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from qa.assistant import Assistant
from qa.parts import open_records
from qa.records.keys import Keys
from qa.serve.api.access import LOCAL, Gate, Policy
from qa.serve.api.app import build_app
from qa.serve.api.jobs import Jobs
from qa.serve.api.metrics import Metrics
from qa.serve.api.service import Service
from qa.serve.api.workers import Workers
from qa.serve.web import serving
from qa.settings import Settings
from tests.data_folders import copied
from tests.serve.scripted import Script, Scripted

MEDVEDEV = "what did Medvedev say about Syrian sovereignty?"


@pytest.fixture
def settings(indexed: Path, tmp_path: Path) -> Settings:
    """A copy of the indexed seeds that a test may change."""
    return Settings(data_dir=copied(indexed, tmp_path / "data"))


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    with (
        open_records(settings) as records,
        Assistant.open(settings, write=True) as assistant,
        serving(settings, assistant, records) as service,
    ):
        yield service


def client_of(service: Service, policy: Policy = LOCAL) -> TestClient:
    """A client of the application in this process; errors of the server are its responses."""
    app = build_app(service, Gate(policy, service.records.keys.find))
    return TestClient(app, "http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def client(service: Service) -> TestClient:
    return client_of(service)


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Callable[..., FastAPI]]:
    """Makes an application over an assistant that says what it was told to."""
    with ExitStack() as opened:

        def make(script: Script, pause: float = 0.0, workers: Workers | None = None) -> FastAPI:
            records = opened.enter_context(open_records(Settings(data_dir=tmp_path / "scripted")))
            jobs = Jobs()
            opened.callback(jobs.close)
            assistant = cast("Any", Scripted({"": script}, pause))
            workers = workers or Workers()
            service = Service(assistant, records, tmp_path, workers, jobs, Metrics())
            return build_app(service, Gate(LOCAL, records.keys.find))

        yield make


@contextmanager
def serve_app(app: ASGIApp) -> Iterator[str]:
    """Serves an application on a port of its own, as `qa serve` does."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Held:
    """Work that lasts until another request was answered: on the event loop, none ever is."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.released = threading.Event()

    def work(self) -> None:
        self.begun.set()
        assert self.released.wait(60)

    def answered(self, address: str, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """What is sent, answered once the server has answered another beside its work."""
        with ThreadPoolExecutor(1) as sender:
            sent = sender.submit(send)
            try:
                assert self.begun.wait(30)
                assert httpx2.get(f"{address}/health/live", timeout=20).is_success
            finally:
                self.released.set()
            return sent.result()


@dataclass(frozen=True)
class Served:
    """One application at two addresses: open to this machine, and behind keys."""

    open: str
    guarded: str
    keys: Keys
    service: Service


@pytest.fixture(scope="session")
def served(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(data_dir=copied(indexed, tmp_path_factory.mktemp("served") / "data"))
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
