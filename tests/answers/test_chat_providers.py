"""What goes over the wire to each provider, and what a wrong setting is told."""

from __future__ import annotations

import logging
from base64 import b64encode

import pytest
from langchain_core.load import dumps
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from qa.answers.chat_model import load_chat_model
from qa.answers.chat_providers import Wanted, build_model
from qa.errors import ChatModelError, SettingsError
from tests.answers.chat_server import (
    ScriptedServer,
    cut_after,
    empty,
    failing,
    hang,
    malformed,
    reply,
    status,
    unfinished,
)
from tests.answers.chat_wires import Anthropic, Ollama, OpenAI, Received, Step, Wire

KEY = "qa-5up3r53cr3t-k3y-0123456789"
TALK = [
    SystemMessage("Answer from the sources."),
    HumanMessage("ماذا قال لافروف؟"),
    AIMessage("قال شيئاً [1]."),
    HumanMessage("ومتى؟"),
]
WIRES: dict[str, Wire] = {"openai": OpenAI(), "anthropic": Anthropic(), "ollama": Ollama()}
PROVIDERS = ["openai", "anthropic", "ollama"]


@pytest.fixture(autouse=True)
def no_keys_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OLLAMA_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def request_to(provider: str, api_key: str = KEY, context_tokens: int | None = None) -> Received:
    """What the provider's server receives for a question."""
    with ScriptedServer(reply("نعم [1].", usage=(12, 5)), wire=WIRES[provider]) as server:
        model = load_chat_model(
            f"{provider}:any", server.base_url, api_key, context_tokens=context_tokens
        )
        chunks = list(model.stream(TALK))
    assert "".join(chunk.text for chunk in chunks) == "نعم [1]."
    assert chunks[-1].usage == {"input_tokens": 12, "output_tokens": 5}
    (request,) = server.requests
    return request


def roles(request: Received) -> list[str]:
    return [message["role"] for message in request.body["messages"]]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_outside_tracing_would_be_told_of_a_model_holds_no_key(provider: str) -> None:
    model = build_model(Wanted(f"{provider}:any", "http://127.0.0.1:9/v1", KEY))
    assert provider in dumps(model)
    assert KEY not in dumps(model) + repr(model)


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_nor_does_it_hold_the_password_of_its_address(provider: str) -> None:
    wanted = Wanted(f"{provider}:any", f"http://reader:{KEY}@127.0.0.1:9/v1")
    model = build_model(wanted)
    token = b64encode(f"reader:{KEY}".encode()).decode()
    for secret in (KEY, token):
        assert secret not in dumps(model) + repr(model) + repr(wanted) + repr(wanted.address)


def test_anthropic_gets_its_messages() -> None:
    request = request_to("anthropic")

    assert request.path == "/v1/messages"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["anthropic-version"]
    assert request.body["system"] == "Answer from the sources."
    assert [message["role"] for message in request.body["messages"]] == [
        "user",
        "assistant",
        "user",
    ]
    assert request.prompt.splitlines()[1:] == ["ماذا قال لافروف؟", "قال شيئاً [1].", "ومتى؟"]
    assert (request.body["stream"], request.body["temperature"]) == (True, 0)
    assert request.body["max_tokens"] >= 1024


def test_ollama_gets_its_chat_and_room_for_the_sources() -> None:
    request = request_to("ollama", context_tokens=16_384)

    assert request.path == "/api/chat"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert roles(request) == ["system", "user", "assistant", "user"]
    assert request.body["stream"] is True
    assert request.body["options"] == {"temperature": 0, "num_ctx": 16_384}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_connections_are_not_left_open(provider: str) -> None:
    assert request_to(provider).headers["connection"] == "close"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (status(401, message=f"bad key {KEY}"), "key"),
        (status(404, message="no such model"), "not_found"),
        (status(429, {"Retry-After": "600"}), "busy"),
        (status(500), "server"),
        (status(529, message="Overloaded"), "server"),
        (status(400, message="prompt is too long: 9000 tokens > 8192 maximum"), "too_long"),
        (failing("half", message="Overloaded"), "busy"),
        (hang("half"), "timeout"),
        (hang(), "timeout"),
        (cut_after("half"), "broken"),
        (unfinished("half"), "broken"),
        (malformed("half"), "broken"),
        (reply("half", finish="length"), "broken"),
        (empty(), "empty"),
    ],
)
def test_each_provider_fails_alike(provider: str, step: Step, kind: str) -> None:
    timeout = 0.5 if step.hang else 20
    with ScriptedServer(step, wire=WIRES[provider]) as server:
        model = load_chat_model(f"{provider}:any", server.base_url, KEY, timeout, retries=0)
        with pytest.raises(ChatModelError) as caught:
            model.complete(TALK)

    assert caught.value.kind == kind
    assert KEY not in str(caught.value)
    assert ("600 s" in str(caught.value)) == (kind == "busy" and step.status == 429)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_hangs_up(provider: str) -> None:
    with ScriptedServer(hang("half"), wire=WIRES[provider]) as server:
        stream = load_chat_model(f"{provider}:any", server.base_url, KEY).stream(TALK)
        next(stream)
        stream.close()

        assert server.hung_up.wait(10)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_model_that_takes_no_temperature_is_asked_without(provider: str) -> None:
    def fussy(received: Received) -> Step:
        if "temperature" in received.body | received.body.get("options", {}):
            return status(400, message="temperature is not supported with this model")
        return reply("Yes.")

    with ScriptedServer(fussy, wire=WIRES[provider]) as server:
        model = load_chat_model(f"{provider}:any", server.base_url, KEY, retries=0)

        assert model.complete(TALK) == "Yes."


@pytest.mark.parametrize(
    ("provider", "variable"), [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")]
)
def test_a_providers_own_key_is_not_sent_elsewhere(
    provider: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, KEY)

    request = request_to(provider, api_key="")

    assert request.headers["authorization"] == "Bearer none"
    assert KEY not in str(request.headers)


@pytest.mark.parametrize(
    ("provider", "variable", "address"),
    [
        ("openai", "OPENAI_API_KEY", "OPENAI_BASE_URL"),
        ("anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    ],
)
def test_a_providers_own_variables_work(
    provider: str, variable: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer(status(400, message=f"who is {KEY}?"), wire=WIRES[provider]) as server:
        monkeypatch.setenv(variable, KEY)
        monkeypatch.setenv(address, server.base_url)
        model = load_chat_model(f"{provider}:any")
        with pytest.raises(ChatModelError, match=r"who is \*\*\*") as caught:
            model.complete(TALK)

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("name", ["qwen3", "qwen3:8b", "mistral:7b-instruct", "openai:qwen3:8b"])
def test_any_name_is_a_model_of_an_openai_compatible_server(name: str) -> None:
    with ScriptedServer(reply("Yes.")) as server:
        model = load_chat_model(name, server.base_url)
        assert model.complete(TALK) == "Yes."

    assert model.name == name
    assert server.requests[0].body["model"] == name.removeprefix("openai:")


@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
def test_the_address_of_the_openai_interface_does_for_the_native_one(provider: str) -> None:
    with ScriptedServer(reply("Yes."), wire=WIRES[provider]) as server:
        model = load_chat_model(f"{provider}:any", f"{server.base_url}/v1/", KEY)

        assert model.complete(TALK) == "Yes."


@pytest.mark.parametrize(
    ("name", "base_url", "told"),
    [
        ("gpt", "", r"QA_CHAT_MODEL='gpt' names no provider: write openai:…"),
        ("openai:", "", r"QA_CHAT_MODEL='openai:' names no provider"),
        ("opnai:gpt", "", r"unknown provider, 'opnai': write openai:…"),
        ("upstage:solar", "", r"QA_CHAT_MODEL='upstage:solar'.*pip install langchain-upstage"),
        ("openai:gpt", "", r"needs a key: set QA_CHAT_API_KEY, or .*OPENAI_API_KEY"),
        ("anthropic:claude", "", r"needs a key: set QA_CHAT_API_KEY, or .*ANTHROPIC_API_KEY"),
        ("openai:gpt", "localhost:8000/v1", r"QA_CHAT_BASE_URL='localhost:8000/v1' is no address"),
        (
            "openai:gpt",
            "ftp://me:geheim@host/v1?key=geheim",
            r"QA_CHAT_BASE_URL='ftp://host/v1' is no",
        ),
        ("openai:gpt", "http://host:port/v1", r"QA_CHAT_BASE_URL='http://host:port/v1' is no"),
        ("openai:gpt", "http://host/v1?key=geheim", r"'http://host/v1' has more behind it"),
        ("anthropic:claude", "http://me:geheim@host", r"='anthropic:claude' cannot send the user"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(name: str, base_url: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        load_chat_model(name, base_url)

    assert "geheim" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_the_password_of_an_address_goes_to_its_server_alone(
    provider: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    leak = status(400, message="not you, me:geheim 99, geheim%2099, bWU6Z2VoZWltIDk5")
    with ScriptedServer(leak, wire=WIRES[provider]) as server:
        url = server.base_url.replace("http://", "http://me:geheim%2099@")
        model = load_chat_model(f"{provider}:any", url)
        with pytest.raises(ChatModelError, match="not you, me:") as caught:
            model.complete(TALK)

    (request,) = server.requests
    assert request.headers["authorization"] == f"Basic {b64encode(b'me:geheim 99').decode()}"
    told = f"{caught.value!r} {caplog.text}"
    assert not [part for part in ("geheim", "bWU6Z2VoZWltIDk5") if part in told]


def test_the_password_of_one_server_is_not_sent_to_another() -> None:
    load_chat_model("ollama:any", "http://me:geheim@127.0.0.1:9")

    assert request_to("openai", api_key="").headers["authorization"] == "Bearer none"


def test_a_password_and_a_key_cannot_both_be_sent() -> None:
    with pytest.raises(SettingsError, match=r"QA_CHAT_BASE_URL.*QA_CHAT_API_KEY") as caught:
        load_chat_model("openai:any", "http://me:geheim@127.0.0.1:9/v1", KEY)

    assert not [secret for secret in ("geheim", KEY) if secret in str(caught.value)]
