"""What clients do not show: waiting, leaving, failing, crowding."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx2
import openai
import pytest
from fastapi import FastAPI
from openai import OpenAI
from starlette.testclient import TestClient

from qa.errors import IndexStateError
from qa.model import Retrieved
from qa.serve.api.leaving import PING
from qa.serve.api.workers import Workers
from tests.serve.api.conftest import serve_app
from tests.serve.api.test_asking import Slow, Waiting, eventually, post
from tests.serve.scripted import ANSWERED, HIT, Scripted

ASKED: dict[str, Any] = {"model": "news-qa", "messages": [{"role": "user", "content": "?"}]}
CHAT = "/v1/chat/completions"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, ASKED),
        (CHAT, ASKED | {"stream": True}),
        ("/api/v1/ask", {"question": "?"}),
        ("/api/v1/ask/stream", {"question": "?"}),
    ],
)
def test_who_goes_away_ends_the_wait_for_a_chat_model(
    scripted: Callable[..., FastAPI], path: str, body: dict[str, Any]
) -> None:
    app, waiting = scripted((), workers=Workers(threads=1)), Waiting()
    service = app.state.service
    object.__setattr__(service, "assistant", waiting)
    with serve_app(app) as address:
        with post(address, path, body):
            assert waiting.begun.wait(10)
        assert waiting.ended.wait(10)
        eventually(lambda: service.workers.inside == 0)
        # The one thread there is, is free again.
        object.__setattr__(service, "assistant", Scripted({"": ANSWERED}))
        assert httpx2.post(f"{address}{CHAT}", json=ASKED).status_code == 200


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (IndexStateError("run `qa rebuild`"), "not_ready", "run `qa rebuild`"),
        (RuntimeError("a secret detail"), "internal", "the server's log has the cause"),
    ],
)
def test_a_failure_is_an_error_of_the_protocol(
    scripted: Callable[..., FastAPI], error: Exception, code: str, told: str
) -> None:
    app = scripted((Retrieved((HIT,), 1.0), error))
    with (
        serve_app(app) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        with pytest.raises(openai.InternalServerError, match=told) as failed:
            client.chat.completions.create(**ASKED)
        assert failed.value.code == code
        with pytest.raises(openai.APIError, match=told) as broken:
            list(client.chat.completions.create(**ASKED, stream=True))
        assert broken.value.code == code


def test_too_many_questions_at_once_are_turned_away(scripted: Callable[..., FastAPI]) -> None:
    with TestClient(scripted(ANSWERED, workers=Workers(admitted=0)), "http://127.0.0.1") as client:
        for stream in (False, True):
            response = client.post(CHAT, json=ASKED | {"stream": stream})
            assert response.status_code == 429
            assert response.json()["error"]["code"] == "too_busy"
            assert int(response.headers["retry-after"]) > 0


def test_a_comment_keeps_a_silent_stream_alive(
    scripted: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.serve.api.leaving.PING_SECONDS", 0.05)
    with TestClient(scripted(ANSWERED[-1:], pause=0.3), "http://127.0.0.1") as client:
        sent = client.post(CHAT, json=ASKED | {"stream": True}).text
    assert PING in sent
    assert sent.endswith("data: [DONE]\n\n")


@pytest.mark.parametrize("stream", [False, True])
def test_no_work_holds_up_the_event_loop(scripted: Callable[..., FastAPI], stream: bool) -> None:
    app, slow = scripted(()), Slow()
    object.__setattr__(app.state.service, "assistant", slow)
    with serve_app(app) as address:
        body = ASKED | {"stream": stream}
        asked = partial(httpx2.post, f"{address}{CHAT}", json=body, timeout=60)
        assert slow.held.answered(address, asked).status_code == 200


def test_a_body_that_is_no_json_is_malformed(client: TestClient) -> None:
    response = client.post(CHAT, content=b"{", headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "malformed"
    assert response.json()["error"]["request_id"] == response.headers["x-request-id"]


def test_pages_of_other_sites_are_not_answered(client: TestClient) -> None:
    foreign = client.post(CHAT, json=ASKED, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    assert foreign.json()["error"]["code"] == "cross_site"
