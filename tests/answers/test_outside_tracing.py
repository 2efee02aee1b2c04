"""LangSmith and OpenTelemetry by their own variables: what arrives there, and nothing without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from qa.assistant import Assistant
from qa.settings import Settings
from tests.answers.chat_server import ScriptedServer, reply

QUESTION = "what did Medvedev say about Syrian sovereignty?"
SAID = "Medvedev spoke of sovereignty"
KEY = "sk-never-to-be-seen-0123456789"
PASSWORD = "never-to-be-seen-either"
# What LangSmith's client wants to know of its server before it sends anything.
INFO: Mapping[str, object] = {
    "version": "0.10",
    "batch_ingest_config": {
        "use_multipart_endpoint": True,
        "scale_up_qsize_trigger": 1000,
        "scale_up_nthreads_limit": 4,
        "scale_down_nempty_trigger": 4,
        "size_limit": 100,
        "size_limit_bytes": 20_971_520,
    },
}
# Everything that the process connects to or looks up.
ASK = f"""
import sys

reached = set()

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        reached.add(arguments[1][1])
    if event == "socket.getaddrinfo":
        reached.add(arguments[1])

sys.addaudithook(watch)
from qa.assistant import Assistant
from qa.settings import load_settings
with Assistant.open(load_settings()) as assistant:
    print(assistant.ask({QUESTION!r}).answer)
print(sorted(reached))
"""


@dataclass(frozen=True)
class Arrived:
    """A request that the collector got."""

    path: str
    headers: str
    body: bytes


class _Collector(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.arrived.append(Arrived(self.path, str(self.headers), body))
        self._answer({})

    def do_GET(self) -> None:
        self._answer(INFO)

    def _answer(self, document: Mapping[str, object]) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        super().__init__(("127.0.0.1", 0), _Collector)


@pytest.fixture
def collector() -> Iterator[_Server]:
    with _Server() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> str:
    folder = tmp_path_factory.mktemp("outside") / "data"
    with Assistant.open(Settings(data_dir=folder), write=True) as assistant:
        assistant.ingest([seeds])
    return str(folder)


def ask(data: str, *, sign_in: str = "", key: str = KEY, **variables: str) -> tuple[list[int], int]:
    """The ports that a process reaches while it answers; the chat server's own port.

    `sign_in` is the user and password that stand in the chat server's address.
    """
    outside = ("LANGSMITH_", "LANGCHAIN_", "OTEL_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
    with ScriptedServer(reply(f"{SAID} [1].")) as chat:
        finished = subprocess.run(
            [sys.executable, "-c", ASK],
            env=own
            | {
                "QA_DATA_DIR": data,
                "QA_CHAT_MODEL": "openai:scripted",
                "QA_CHAT_BASE_URL": chat.base_url.replace("//", f"//{sign_in}"),
                "QA_CHAT_API_KEY": key,
            }
            | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert finished.returncode == 0, finished.stderr
        answer, _, reached = finished.stdout.rstrip().rpartition("\n")
        assert SAID in answer
        return json.loads(reached), int(chat.base_url.split(":")[2].partition("/")[0])


def test_nothing_else_is_reached_without_their_variables(data: str, collector: _Server) -> None:
    reached, chat = ask(data)
    assert reached == [chat]
    # Where traces would go says nothing of whether they are wanted.
    reached, chat = ask(
        data,
        LANGSMITH_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        LANGSMITH_API_KEY="lsv2-own",
        LANGSMITH_TRACING_MODE="otel",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
    )
    assert reached == [chat]
    assert collector.arrived == []


def test_langsmith_gets_the_chain_without_our_key(data: str, collector: _Server) -> None:
    ask(
        data,
        LANGSMITH_TRACING="true",
        LANGSMITH_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        LANGSMITH_API_KEY="lsv2-own",
    )
    assert {arrived.path for arrived in collector.arrived} == {"/runs/multipart"}
    text = told(collector)
    assert all("x-api-key: lsv2-own" in arrived.headers for arrived in collector.arrived)
    assert "RunnableSequence" in text
    assert SAID in text
    assert QUESTION in text


def test_opentelemetry_gets_the_spans_without_our_key(data: str, collector: _Server) -> None:
    ask(
        data,
        LANGSMITH_TRACING="true",
        LANGSMITH_TRACING_MODE="otel",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        OTEL_EXPORTER_OTLP_HEADERS="x-team=news",
    )
    assert {arrived.path for arrived in collector.arrived} == {"/v1/traces"}
    text = told(collector)
    assert all("x-team: news" in arrived.headers for arrived in collector.arrived)
    assert "RunnableSequence" in text
    assert SAID in text
    assert QUESTION in text


def test_the_password_of_an_address_is_told_to_neither(data: str, collector: _Server) -> None:
    ask(
        data,
        sign_in=f"reader:{PASSWORD}@",
        key="",
        LANGSMITH_TRACING="true",
        LANGSMITH_TRACING_MODE="hybrid",
        LANGSMITH_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        LANGSMITH_API_KEY="lsv2-own",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
    )
    assert {arrived.path for arrived in collector.arrived} == {"/runs/multipart", "/v1/traces"}
    text = told(collector)
    assert SAID in text
    assert PASSWORD not in text
    assert b64encode(f"reader:{PASSWORD}".encode()).decode() not in text


def told(collector: _Server) -> str:
    """All that arrived, in which our key is not."""
    text = "".join(f"{a.headers}{a.body.decode(errors='replace')}" for a in collector.arrived)
    assert KEY not in text
    return text
