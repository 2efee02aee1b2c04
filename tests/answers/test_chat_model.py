"""Every way a chat server can fail, over real HTTP, and what becomes of the key."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from qa.answers.chat_model import ChatModel, ModelStream, load_chat_model
from qa.errors import ChatModelError
from tests.answers.chat_server import (
    ScriptedServer,
    cut_after,
    empty,
    failing,
    hang,
    malformed,
    raw,
    reply,
    status,
    unfinished,
)
from tests.answers.chat_wires import Received, Step

KEY = "qa-5up3r53cr3t-k3y-0123456789"
MESSAGES = [SystemMessage("Answer from the sources."), HumanMessage("ماذا قال لافروف؟")]
OPENAI_TOO_LONG = "This model's maximum context length is 8192 tokens, you requested 9000."


@pytest.fixture(scope="module")
def running() -> Iterator[ScriptedServer]:
    with ScriptedServer(empty()) as server:
        yield server


@pytest.fixture
def server(running: ScriptedServer) -> ScriptedServer:
    """A server that waits for its script."""
    running.script(empty())
    return running


def model_of(server: ScriptedServer, timeout: float = 20, retries: int = 0) -> ChatModel:
    return load(server.base_url, timeout, retries)


@cache
def load(url: str, timeout: float, retries: int) -> ChatModel:
    return load_chat_model("openai:any", url, KEY, timeout, retries)


def ask(server: ScriptedServer, timeout: float = 20, retries: int = 0) -> str:
    return model_of(server, timeout, retries).complete(MESSAGES)


def failure(server: ScriptedServer, timeout: float = 20, retries: int = 0) -> ChatModelError:
    with pytest.raises(ChatModelError) as caught:
        ask(server, timeout, retries)
    return caught.value


def read(stream: ModelStream) -> tuple[str, ChatModelError | None]:
    """The text up to the end or the failure."""
    pieces: list[str] = []
    try:
        for chunk in stream:
            pieces.append(chunk.text)
    except ChatModelError as error:
        return "".join(pieces), error
    return "".join(pieces), None


def test_a_reply_comes_in_the_pieces_it_is_sent_in(server: ScriptedServer) -> None:
    pieces = ["قال ", "لافروف ", "[1]", "."]
    server.script(reply("", pieces, usage=(12, 5)))
    chunks = list(model_of(server).stream(MESSAGES))

    assert [chunk.text for chunk in chunks if chunk.text] == pieces
    assert chunks[-1].usage == {"input_tokens": 12, "output_tokens": 5}


def test_the_request_is_a_plain_one(server: ScriptedServer) -> None:
    server.script(reply("Yes [1]."))
    ask(server)

    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "any",
        "messages": [
            {"role": "system", "content": "Answer from the sources."},
            {"role": "user", "content": "ماذا قال لافروف؟"},
        ],
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_the_first_words_come_while_the_last_are_not_yet_written(server: ScriptedServer) -> None:
    server.script(hang("Oil "))
    stream = model_of(server).stream(MESSAGES)

    assert next(stream).text == "Oil "
    stream.close()


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (status(400, message=OPENAI_TOO_LONG, error_code="context_length_exceeded"), "too_long"),
        (status(400, message="prompt is too long: 210000 tokens > 200000 maximum"), "too_long"),
        (status(400, error_code="exceed_context_size_error"), "too_long"),
        (status(413), "too_long"),
        (status(500, message="the request exceeds the available context size"), "too_long"),
        (failing(message="the request exceeds the available context size"), "too_long"),
        (status(400), "request"),
        (status(422), "request"),
        (status(401), "key"),
        (status(403), "key"),
        (status(404), "not_found"),
        (status(408), "timeout"),
        (status(429), "busy"),
        (status(429, error_code="insufficient_quota"), "busy"),
        (status(402), "busy"),
        (status(500), "server"),
        (status(502), "server"),
        (status(503), "server"),
        (status(529), "server"),
        (status(504), "timeout"),
        (failing(message="Rate limit reached", code="rate_limit_exceeded"), "busy"),
        (failing(message="The server had an error"), "broken"),
        (cut_after(), "broken"),
        (unfinished(), "broken"),
        (malformed(), "broken"),
        (raw(b"data: []\n\n"), "broken"),
        (raw(b'data: {"choices": [{"delta": 7}]}\n\n'), "broken"),
        (raw(b"\xff\xfe\x00\n\n"), "broken"),
        (raw(b"<html>Welcome to nginx!</html>", "text/html"), "empty"),
        (raw(b"data: [DONE]\n\n"), "empty"),
        (empty(), "empty"),
        (reply(" \n "), "empty"),
        (reply("", finish="length"), "empty"),
    ],
)
def test_each_failure_has_its_kind(server: ScriptedServer, step: Step, kind: str) -> None:
    server.script(step)
    error = failure(server)

    assert error.kind == kind
    assert "'openai:any'" in str(error)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (hang("half "), "timeout"),
        (hang("half ", keep_alive=0.05), "timeout"),
        (cut_after("half "), "broken"),
        (unfinished("half "), "broken"),
        (malformed("half "), "broken"),
        (failing("half "), "broken"),
        (failing("half ", message="Overloaded"), "busy"),
        (reply("half ", finish="length"), "broken"),
        (reply("half ", finish="content_filter"), "broken"),
    ],
)
def test_what_came_before_a_break_is_kept_and_not_asked_for_again(
    server: ScriptedServer, step: Step, kind: str
) -> None:
    server.script(step)
    text, error = read(model_of(server, timeout=1.5, retries=3).stream(MESSAGES))

    assert text == "half "
    assert error is not None
    assert error.kind == kind
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "step",
    [status(500), status(502), status(503), status(429), cut_after(), unfinished(), malformed()],
)
def test_a_failure_that_may_pass_is_tried_again(server: ScriptedServer, step: Step) -> None:
    server.script(step, reply("Yes [1]."))
    assert ask(server, retries=1) == "Yes [1]."


def test_retries_are_counted_and_wait_longer_each_time(server: ScriptedServer) -> None:
    server.script(status(500))
    assert failure(server, retries=2).kind == "server"

    first, second, third = (request.at for request in server.requests)
    assert second - first >= 0.25
    assert third - second >= 0.5


@pytest.mark.parametrize(
    "step",
    [
        status(400),
        status(401),
        status(404),
        status(402),
        status(429, error_code="insufficient_quota"),
        status(400, message=OPENAI_TOO_LONG),
        reply("", finish="length"),
    ],
)
def test_a_failure_that_will_not_pass_is_told_at_once(server: ScriptedServer, step: Step) -> None:
    server.script(step)
    failure(server, retries=3)

    assert len(server.requests) == 1


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("after", [lambda: "1", lambda: "1.0", lambda: in_seconds(3)])
def test_retry_after_is_waited_for(server: ScriptedServer, after: Callable[[], str]) -> None:
    server.script(status(429, {"Retry-After": after()}), reply("Yes."))
    assert ask(server, retries=1) == "Yes."

    first, second = (request.at for request in server.requests)
    assert second - first >= 0.95


@pytest.mark.parametrize("after", [lambda: "3600", lambda: in_seconds(3600)])
def test_a_long_retry_after_is_told_and_not_waited_for(
    server: ScriptedServer, after: Callable[[], str]
) -> None:
    server.script(status(429, {"Retry-After": after()}))
    began = time.monotonic()
    error = failure(server, retries=3)

    assert time.monotonic() - began < 10
    assert len(server.requests) == 1
    assert "ask again in 3" in str(error)


@pytest.mark.parametrize("after", ["soon", "", "-5", "nan", "inf", "Thu, 99 Foo 2026"])
def test_a_nonsense_retry_after_counts_for_nothing(server: ScriptedServer, after: str) -> None:
    server.script(status(503, {"Retry-After": after}), reply("Yes."))
    assert ask(server, retries=1) == "Yes."


@pytest.mark.parametrize("step", [hang(), hang(keep_alive=0.05)])
def test_signs_of_life_are_no_tokens_and_all_attempts_share_one_time(
    server: ScriptedServer, step: Step
) -> None:
    server.script(step)
    began = time.monotonic()
    error = failure(server, timeout=0.4, retries=9)

    assert error.kind == "timeout"
    assert 0.4 <= time.monotonic() - began < 10
    assert len(server.requests) <= 2


def test_a_slow_reply_is_no_late_one(server: ScriptedServer) -> None:
    server.script(reply("Oil rose by a tenth.", delay=0.4))
    assert ask(server, timeout=1.5) == "Oil rose by a tenth."


def test_a_server_that_is_not_there_is_told_with_its_setting() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        model = load_chat_model("openai:any", url, retries=1)
        with pytest.raises(ChatModelError, match="QA_CHAT_BASE_URL") as caught:
            model.complete(MESSAGES)

    assert caught.value.kind == "refused"


def test_a_server_that_never_accepts_is_late(server: ScriptedServer) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        port = deaf.getsockname()[1]
        model = load_chat_model("openai:any", f"http://127.0.0.1:{port}/v1", timeout=0.3)
        with pytest.raises(ChatModelError) as caught:
            model.complete(MESSAGES)

    assert caught.value.kind == "timeout"


def test_closing_hangs_up_at_once(server: ScriptedServer) -> None:
    server.script(hang("Oil "))
    stream = model_of(server).stream(MESSAGES)
    next(stream)
    stream.close()

    assert server.hung_up.wait(10)
    assert list(stream) == []


def test_a_stream_that_nobody_holds_hangs_up(server: ScriptedServer) -> None:
    server.script(hang("Oil "))
    next(model_of(server).stream(MESSAGES))

    assert server.hung_up.wait(10)


def test_another_thread_can_stop_the_wait_for_the_first_token(server: ScriptedServer) -> None:
    server.script(hang())
    with ThreadPoolExecutor(1) as pool:
        stream = model_of(server).stream(MESSAGES)
        waiting = pool.submit(read, stream)
        while not server.requests:
            time.sleep(0.01)
        stream.close()

        text, error = waiting.result(10)
        assert server.hung_up.wait(10)
    assert text == ""
    assert error is not None
    assert error.kind == "cancelled"


def test_closing_ends_the_retries(server: ScriptedServer) -> None:
    server.script(status(503, {"Retry-After": "1"}))
    stream = model_of(server, retries=5).stream(MESSAGES)
    while not server.requests:
        time.sleep(0.01)
    stream.close()
    time.sleep(1.2)

    assert len(server.requests) == 1


def test_closing_twice_or_after_the_end_does_nothing(server: ScriptedServer) -> None:
    server.script(reply("Yes."))
    stream = model_of(server).stream(MESSAGES)
    assert read(stream) == ("Yes.", None)
    stream.close()
    stream.close()

    assert not server.hung_up.is_set()


def echo(received: Received) -> Step:
    return reply(received.body["messages"][-1]["content"], delay=0.01)


def test_threads_share_a_model(server: ScriptedServer) -> None:
    questions = [f"question {n}: {'ابجد' * n}" for n in range(12)]
    server.script(echo)
    with ThreadPoolExecutor(6) as pool:
        model = model_of(server)
        replies = list(pool.map(lambda q: model.complete([HumanMessage(q)]), questions))

    assert replies == questions


@pytest.mark.parametrize("option", ["temperature", "stream_options"])
def test_an_option_that_the_server_refuses_is_left_out(option: str) -> None:
    def fussy(received: Received) -> Step:
        if option in received.body:
            return status(400, message=f"Unsupported parameter: '{option}'")
        return reply("Yes.")

    with ScriptedServer(fussy) as server:
        model = model_of(server)
        assert [model.complete(MESSAGES) for _ in range(2)] == ["Yes.", "Yes."]

    assert len(server.requests) == 3, "the second question should not try it again"


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("<think>He said [1]…</think>\n\nYes [2].", "Yes [2]."),
        ("\n <think></think>Yes.", "Yes."),
        ("\n\nYes.", "Yes."),
        ("<b>Yes</b> <think>", "<b>Yes</b> <think>"),
        ("<thin", "<thin"),
    ],
)
def test_thoughts_before_the_reply_are_not_shown(
    server: ScriptedServer, sent: str, told: str, size: int
) -> None:
    server.script(reply(sent, chunks=size))
    assert ask(server) == told


def test_a_model_that_only_thinks_says_nothing(server: ScriptedServer) -> None:
    server.script(reply("<think>" + "hm " * 20_000, chunks=300))
    assert failure(server).kind == "empty"


def test_a_model_that_never_ends_is_stopped(server: ScriptedServer) -> None:
    server.script(Step(("word " * 1000,) * 25, hang=True))
    text, error = read(model_of(server).stream(MESSAGES))

    assert len(text) <= 105_000
    assert error is not None
    assert error.kind == "broken"
    assert server.hung_up.wait(10)


LEAKS = [
    f"Incorrect API key provided: {KEY}.",
    f"Authorization: Bearer {KEY} is not welcome",
    f"key {KEY[:8]}******{KEY[-8:]} is over its limit",
    "sk-proj-somebodyelse is not allowed",
]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize("leak", LEAKS)
def test_the_key_is_shown_nowhere(
    server: ScriptedServer,
    code: int,
    leak: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script(status(code, message=leak))
    error = failure(server)
    told = [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
    told.append(repr(model_of(server)))

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert (error.__cause__, error.__context__) == (None, None)
    assert not [part for part in [*runs(KEY), "somebodyelse"] if part in "".join(told)]
    assert KEY not in "".join([caplog.text, *capfd.readouterr()])


def test_why_a_model_is_forbidden_is_told(server: ScriptedServer) -> None:
    server.script(status(403, message="not in your country"))

    assert "(not in your country)" in str(failure(server))


def runs(key: str) -> list[str]:
    return [key[i : i + 8] for i in range(len(key) - 7)]


def test_a_stream_that_breaks_keeps_the_key(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script(failing("half ", message=f"upstream said {KEY}"))
    _, error = read(model_of(server).stream(MESSAGES))

    assert "upstream said ***" in str(error)
    assert KEY not in caplog.text


def test_nothing_of_langchain_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys; import qa.answers.chat_model; "
        "print([m for m in sys.modules if m.startswith(('langchain', 'openai', 'httpx'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_one_thread_reads_for_all_models(server: ScriptedServer) -> None:
    server.script(reply("Yes."))
    for _ in range(3):
        ask(server)

    assert [thread.name for thread in threading.enumerate()].count("chat-replies") == 1
