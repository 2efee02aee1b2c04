import json
import socket
import threading
from collections.abc import Callable, Generator, Mapping
from functools import partial
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.answers.stopping import Stoppable, ends_with_stop
from qa.errors import IndexStateError
from qa.model import Answer, Claim, Claimed, Done, Event, Hit, Retrieved, Token
from qa.serve.api.schemas import AnswerOut, HitOut
from qa.serve.api.service import Service
from qa.serve.api.sse import Received, received
from qa.serve.api.workers import Workers
from tests.serve.api.conftest import MEDVEDEV, Held, serve_app
from tests.serve.scripted import ANSWER, ANSWERED, CITATION, HIT, Scripted

SOVEREIGNTY = "الجهة الوحيدة التي تمثل سيادة سورية"


def stream(client: TestClient, **asked: Any) -> list[Received]:  # noqa: ANN401
    with client.stream("POST", "/api/v1/ask/stream", json=asked) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(received(response.iter_lines()))


def test_a_question_is_answered_with_true_citations(client: TestClient, service: Service) -> None:
    answer = client.post("/api/v1/ask", json={"question": MEDVEDEV}).json()
    (citation,) = answer["citations"]
    assert SOVEREIGNTY in citation["quote"]
    article = service.assistant.article(citation["article"], citation["version"])
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_documents_leave_nothing_of_an_answer_out() -> None:
    assert AnswerOut.model_fields.keys() - {"id"} == ANSWER.as_json().keys()
    assert HitOut.model_fields.keys() == HIT.as_json().keys()


def test_filters_and_the_language_are_passed_on(client: TestClient) -> None:
    asked = {"question": MEDVEDEV, "filters": {"language": "en"}, "answer_language": "fr"}
    answer = client.post("/api/v1/ask", json=asked).json()
    assert answer["abstained"]
    assert answer["language"] == "fr"


def test_a_follow_up_is_asked_with_its_conversation(client: TestClient) -> None:
    first = client.post("/api/v1/ask", json={"question": MEDVEDEV}).json()
    assert first["standalone"] is None
    history = [{"question": MEDVEDEV, "answer": first["answer"]}]
    asked = {"question": "what did he say about terrorism?", "history": history}
    answer = client.post("/api/v1/ask", json=asked).json()
    assert answer["question"] == asked["question"]
    assert "Medvedev" in answer["standalone"]
    done = stream(client, **asked)[-1]
    assert done.name == "done"
    assert json.loads(done.data)["standalone"] == answer["standalone"]
    assert client.get(f"/api/v1/answers/{answer['id']}").json()["standalone"]


def test_a_mode_can_be_asked_for(client: TestClient) -> None:
    quotes = client.post("/api/v1/ask", json={"question": MEDVEDEV, "mode": "extractive"})
    assert quotes.json()["mode"] == "extractive"
    refused = client.post("/api/v1/ask", json={"question": MEDVEDEV, "mode": "generative"})
    assert refused.status_code == 422
    assert "QA_CHAT_MODEL" in refused.json()["detail"]


def test_search_ranks_passages(client: TestClient) -> None:
    found = client.post("/api/v1/search", json={"question": MEDVEDEV, "limit": 3}).json()
    assert len(found["hits"]) == 3
    assert SOVEREIGNTY in found["hits"][0]["text"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"question": " "}, "body/question"),
        ({"question": "س" * 4_001}, "body/question"),
        ({"question": "a\ud800"}, "body/question"),
        ({"question": "a", "filters": {"language": "Arabic"}}, "body/filters/language"),
        ({"question": "a", "filters": {"since": "2020-01-02", "until": "2020-01-01"}}, "body"),
        ({"question": "a", "surprise": 1}, "body/surprise"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem(
    client: TestClient, wrong: dict[str, Any], pointer: str
) -> None:
    for path in ("/api/v1/ask", "/api/v1/ask/stream"):
        response = client.post(path, content=json.dumps(wrong), headers=JSON)
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"].startswith(pointer)


JSON = {"content-type": "application/json"}


def test_a_stream_tells_everything_in_order(client: TestClient) -> None:
    events = stream(client, question=MEDVEDEV)
    names = [event.name for event in events]
    assert names[0] == "retrieved"
    assert names[-2:] == ["claim", "done"]
    assert set(names[1:-2]) == {"token"}
    answer = json.loads(events[-1].data)
    said = "".join(json.loads(e.data)["text"] for e in events if e.name == "token")
    assert said == answer["answer"]
    assert client.get(f"/api/v1/answers/{answer['id']}").json()["answer"] == said


def test_claims_that_are_told_on_the_way_are_not_told_again(
    scripted: Callable[..., FastAPI],
) -> None:
    claim = Claimed(Claim("Said.", (1,), "supported"), (CITATION,))
    with TestClient(scripted((claim, Done(ANSWER))), "http://127.0.0.1") as client:
        events = stream(client, question="?")
    assert [event.name for event in events] == ["claim", "done"]
    assert json.loads(events[0].data)["citations"][0]["quote"] == CITATION.quote


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (IndexStateError("run `qa rebuild`"), 503, "run `qa rebuild`"),
        (RuntimeError("a secret detail"), 500, "the server's log has the cause"),
    ],
)
def test_a_stream_that_fails_ends_with_the_problem(
    scripted: Callable[..., FastAPI], error: Exception, status: int, told: str
) -> None:
    with TestClient(scripted((Retrieved((HIT,), 1.0), error)), "http://127.0.0.1") as client:
        events = stream(client, question="?")
    assert [event.name for event in events] == ["retrieved", "error"]
    problem = json.loads(events[-1].data)
    assert problem["status"] == status
    assert told in problem["detail"]


def test_a_comment_keeps_a_silent_stream_alive(
    scripted: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    with TestClient(scripted(ANSWERED[:1], pause=0.3), "http://127.0.0.1") as client:
        sent = client.post("/api/v1/ask/stream", json={"question": "?"}).text
    assert sent.startswith(": ping\n\n")


class Watched(Scripted):
    """Says words for ever, and knows when nobody wants to hear them."""

    def __init__(self) -> None:
        super().__init__({})
        self.said = 0
        self.ended = threading.Event()

    def stream(self, *_: object, **__: object) -> Stoppable[Event]:
        return Stoppable(self._words())

    def _words(self) -> Generator[Event]:
        try:
            while True:
                self.said += 1
                yield Token("word ")
                sleep(0.01)
        finally:
            self.ended.set()


class Waiting(Scripted):
    """Waits for a chat model that never answers, until it is stopped."""

    def __init__(self) -> None:
        super().__init__({})
        self.begun = threading.Event()
        self.ended = threading.Event()

    def stream(self, *_: object, **__: object) -> Stoppable[Event]:
        return Stoppable(self._wait())

    def close(self) -> None:
        """As the request to a chat model ends."""
        self.ended.set()

    def _wait(self) -> Generator[Event]:
        ends_with_stop(self)
        self.begun.set()
        assert self.ended.wait(30)
        yield Token("too late")


def post(
    address: str, path: str, body: dict[str, Any], headers: Mapping[str, str] = MappingProxyType({})
) -> socket.socket:
    """The connection of a request that was sent; closing it is going away."""
    content = json.dumps(body).encode()
    connection = socket.create_connection((urlsplit(address).hostname, urlsplit(address).port))
    told = {"Host": "127.0.0.1", **JSON, "Content-Length": str(len(content)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
    return connection


def test_who_goes_away_ends_the_work(scripted: Callable[..., FastAPI]) -> None:
    app, watched = scripted(()), Watched()
    object.__setattr__(app.state.service, "assistant", watched)
    with serve_app(app) as address:
        with post(address, "/api/v1/ask/stream", {"question": "?"}) as connection:
            assert b"event: token" in connection.recv(4_096) + connection.recv(4_096)
        assert watched.ended.wait(5)
        eventually(lambda: app.state.service.workers.inside == 0)


def eventually(so: Callable[[], bool], seconds: float = 5) -> None:
    deadline = monotonic() + seconds
    while not so():
        assert monotonic() < deadline
        sleep(0.01)


def test_who_reads_slowly_holds_no_thread(scripted: Callable[..., FastAPI]) -> None:
    app = scripted(ANSWERED, workers=Workers(threads=1))
    quick, slow = app.state.service.assistant, Watched()
    object.__setattr__(app.state.service, "assistant", slow)
    with (
        serve_app(app) as address,
        post(address, "/api/v1/ask/stream", {"question": "?"}) as connection,
    ):
        connection.recv(64)
        sleep(0.2)
        said = slow.said
        object.__setattr__(app.state.service, "assistant", quick)
        asked = {"question": "?", "store": False}
        before = monotonic()
        with httpx2.stream("POST", f"{address}/api/v1/ask/stream", json=asked) as response:
            assert [e.name for e in received(response.iter_lines())][-1] == "done"
        assert monotonic() - before < 5
        assert slow.said >= said


def test_too_many_questions_at_once_are_turned_away(scripted: Callable[..., FastAPI]) -> None:
    with TestClient(scripted(ANSWERED, workers=Workers(admitted=0)), "http://127.0.0.1") as client:
        for path in ("/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search"):
            response = client.post(path, json={"question": "?"})
            assert response.status_code == 429
            assert int(response.headers["retry-after"]) > 0


class Slow(Scripted):
    """Is at work, on whatever it is asked, until it is released."""

    def __init__(self) -> None:
        super().__init__({"": ANSWERED[-1:]})
        self.held = Held()

    def _rest(self, question: str, number: int) -> None:
        self.held.work()

    def ask(self, *_: object, **__: object) -> Answer:
        self.held.work()
        return ANSWER

    def search(self, *_: object) -> list[Hit]:
        self.held.work()
        return [HIT]

    @property
    def fingerprint(self) -> str:
        return ""


@pytest.mark.parametrize("path", ["ask", "ask/stream", "search"])
def test_no_work_holds_up_the_event_loop(scripted: Callable[..., FastAPI], path: str) -> None:
    app, slow = scripted(()), Slow()
    object.__setattr__(app.state.service, "assistant", slow)
    with serve_app(app) as address:
        asked = partial(httpx2.post, f"{address}/api/v1/{path}", json={"question": "?"}, timeout=60)
        assert slow.held.answered(address, asked).status_code == 200


def test_an_answer_may_go_unstored(client: TestClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": MEDVEDEV, "store": False}).json()
    assert answer["id"] is None
