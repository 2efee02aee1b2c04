"""Gradio's own client at a real `qa serve`."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa.assistant import open_records
from qa.settings import Settings
from tests.data_folders import copied
from tests.serve.conftest import serving_process

MEDVEDEV = "what did Medvedev say about Syrian sovereignty?"


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[Client]:
    with closing(Client(server, verbose=False)) as client:
        yield client


def test_the_endpoints_are_named_and_described_and_nothing_else_is(client: Client) -> None:
    api: Any = client.view_api(return_format="dict", print_info=False)
    assert api["named_endpoints"].keys() == {"/ask", "/search", "/article"}
    assert api["unnamed_endpoints"] == {}
    for endpoint in api["named_endpoints"].values():
        assert endpoint["description"]
    parameters = api["named_endpoints"]["/ask"]["parameters"]
    assert [one["parameter_name"] for one in parameters if not one["parameter_has_default"]] == [
        "question"
    ]


def test_an_answer_is_the_interface_s_own(client: Client, server: str) -> None:
    answer = client.predict(MEDVEDEV, api_name="/ask")
    own = httpx.post(f"{server}/api/v1/ask", json={"question": MEDVEDEV}, timeout=60).json()
    for name in ("answer", "citations", "claims", "index"):
        assert answer[name] == own[name]
    (citation,) = answer["citations"]
    article = client.predict(citation["article"], citation["version"], api_name="/article")
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_parameters_reach_the_assistant(client: Client) -> None:
    refused = client.predict(MEDVEDEV, language="en", answer_language="fr", api_name="/ask")
    assert refused["abstained"]
    assert refused["language"] == "fr"
    history = [{"question": MEDVEDEV, "answer": "He said so."}]
    asked = client.predict("what about terrorism?", history=history, api_name="/ask")
    assert "Medvedev" in asked["standalone"]
    assert len(client.predict(MEDVEDEV, limit=2, api_name="/search")["hits"]) == 2


@pytest.mark.parametrize(
    ("endpoint", "asked", "told"),
    [
        ("/ask", {"question": " "}, "question: String should have at least 1 character"),
        ("/ask", {"question": "?", "mode": "generative"}, "QA_CHAT_MODEL"),
        ("/search", {"question": "?", "since": "yesterday"}, "filters.since"),
        ("/article", {"key": "none"}, "no article 'none'"),
    ],
)
def test_a_wrong_call_is_told_what_to_mend(
    client: Client, endpoint: str, asked: dict[str, Any], told: str
) -> None:
    with pytest.raises(AppError, match=told):
        client.predict(**asked, api_name=endpoint)


def test_the_endpoints_are_behind_the_same_keys(indexed: Path, tmp_path: Path) -> None:
    guarded = copied(indexed, tmp_path / "guarded")
    with open_records(Settings(data_dir=guarded)) as records:
        reader = records.keys.create("reader", ["read"]).token
        writer = records.keys.create("writer", ["write"]).token
    ask = {"data": [MEDVEDEV]}
    with serving_process(guarded, "--keys") as address:
        for path in ("/config", "/gradio_api/info"):
            assert httpx.get(f"{address}{path}").status_code == 401
        assert httpx.post(f"{address}/gradio_api/call/ask", json=ask).status_code == 401
        only_write = {"Authorization": f"Bearer {writer}"}
        assert httpx.get(f"{address}/config", headers=only_write).status_code == 403
        known = {"Authorization": f"Bearer {reader}"}
        with closing(Client(address, headers=known, verbose=False)) as client:
            assert client.predict(MEDVEDEV, api_name="/ask")["citations"]
