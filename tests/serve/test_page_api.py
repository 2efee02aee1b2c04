"""Gradio's own client at a real `qa serve`."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa.parts import open_records
from qa.serve.api.problems import CROWDED
from qa.settings import Settings
from tests.data_folders import copied
from tests.serve.api.test_asking import eventually
from tests.serve.conftest import serve_slowly, serving_process

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


def test_an_answer_is_shown_as_it_grows(client: Client, server: str) -> None:
    job = client.submit(MEDVEDEV, api_name="/ask")
    answer = job.result()
    first, *_, last = job.outputs()
    assert last == answer
    assert first["answer"] != answer["answer"]
    assert answer["answer"].startswith(first["answer"])
    assert first.keys() < answer.keys()


def test_calls_are_counted_as_requests_are(client: Client, server: str) -> None:
    before = figures(server)
    client.predict(MEDVEDEV, api_name="/ask")
    with pytest.raises(AppError):
        client.predict("no such article", api_name="/article")
    after = figures(server)
    counted = {figure for figure in after if after[figure] > before.get(figure, 0)}
    assert 'qa_requests_total{method="gradio",route="/ask",status="200"}' in counted
    assert 'qa_requests_total{method="gradio",route="/article",status="404"}' in counted
    assert 'qa_answers_total{outcome="answered"}' in counted
    assert after["qa_questions_under_way"] == 0


def figures(address: str) -> dict[str, float]:
    lines = httpx.get(f"{address}/api/v1/metrics").text.splitlines()
    told = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in told}


def test_there_is_no_way_around_the_queue(server: str) -> None:
    for path in ("run", "api"):
        asked = httpx.post(f"{server}/gradio_api/{path}/ask", json={"data": [MEDVEDEV]})
        assert asked.status_code == 404


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    """The page and the interface over an assistant that takes its time."""
    with serve_slowly("api") as address:
        yield address


@pytest.fixture
def slow_client(slow: str) -> Iterator[Client]:
    with closing(Client(slow, verbose=False)) as client:
        yield client


def test_a_call_too_many_is_told_to_wait() -> None:
    with (
        serve_slowly("api", "crowded") as address,
        closing(Client(address, verbose=False)) as client,
    ):
        for endpoint in ("/ask", "/search"):
            with pytest.raises(AppError, match="ask again in a moment") as refused:
                client.predict("?", api_name=endpoint)
            assert refused.value.title == CROWDED.title


def test_what_nobody_foresaw_tells_nothing_of_itself(slow_client: Client) -> None:
    with pytest.raises(AppError, match="the server's log") as failed:
        slow_client.predict("secret?", api_name="/ask")
    assert "a secret detail" not in failed.value.message


LEFT = 'qa_requests_total{method="gradio",route="/ask",status="499"}'


def under_way(address: str) -> float:
    return figures(address)["qa_questions_under_way"]


def test_who_cancels_ends_the_work(slow: str, slow_client: Client) -> None:
    before = figures(slow).get(LEFT, 0)
    job = slow_client.submit("wait?", api_name="/ask")
    eventually(lambda: under_way(slow) == 1)
    job.cancel()
    eventually(lambda: under_way(slow) == 0, 20)
    assert figures(slow)[LEFT] == before + 1


def test_who_goes_away_ends_the_work(slow: str) -> None:
    before = figures(slow).get(LEFT, 0)
    call = f"{slow}/gradio_api/call"
    event = httpx.post(f"{call}/v2/ask", json={"question": "?"}).json()["event_id"]
    with httpx.stream("GET", f"{call}/ask/{event}") as answer:
        assert next(answer.iter_lines()) == "event: generating"
        assert under_way(slow) == 1
    eventually(lambda: figures(slow).get(LEFT, 0) == before + 1, 20)
    assert under_way(slow) == 0


def test_a_key_s_rate_holds_for_calls_too(indexed: Path, tmp_path: Path) -> None:
    guarded = copied(indexed, tmp_path / "guarded")
    with open_records(Settings(data_dir=guarded)) as records:
        token = records.keys.create("hasty", ["read"], "2/hour").token
    known = {"Authorization": f"Bearer {token}"}
    with (
        serving_process(guarded, "--keys") as address,
        closing(Client(address, headers=known, verbose=False)) as client,
    ):
        assert client.predict(MEDVEDEV, api_name="/ask")["citations"]
        asked = httpx.post(f"{address}/api/v1/ask", json={"question": MEDVEDEV}, headers=known)
        assert asked.status_code == 200
        with pytest.raises(httpx.HTTPStatusError) as refused:
            client.predict(MEDVEDEV, api_name="/ask")
        assert refused.value.response.status_code == 429
        assert int(refused.value.response.headers["retry-after"]) > 0


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
