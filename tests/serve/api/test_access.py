import asyncio
import base64
from collections.abc import Mapping

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa.errors import UsageError
from qa.records.keys import Keys
from qa.serve.api.access import LOCAL, Account, Gate, Policy, policy_for
from qa.serve.api.problems import CROSS_SITE, MALFORMED, Problem
from qa.serve.api.service import Service
from tests.serve.api.conftest import client_of

GUARDED = Policy(keys_needed=True, local=False)
OPEN = Policy(keys_needed=False, local=False)
NEW = {"text": "افتتح الوزير ميناء المدينة."}


@pytest.fixture
def keys(service: Service) -> Keys:
    return service.records.keys


@pytest.fixture
def guarded(service: Service) -> TestClient:
    return client_of(service, GUARDED)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_without_a_key_nothing_but_probes_answers(guarded: TestClient) -> None:
    for path in ("/api/v1/status", "/openapi.json", "/docs", "/", "/api/v1/nothing"):
        response = guarded.get(path)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["type"].endswith("#no-key")
    assert guarded.get("/health/live").status_code == 200
    assert guarded.get("/api/v1/health/ready").status_code == 200


def test_a_key_opens_what_its_scopes_cover(guarded: TestClient, keys: Keys) -> None:
    reader = bearer(keys.create("reader", ["read"]).token)
    admin = bearer(keys.create("admin", ["admin"]).token)
    assert guarded.get("/api/v1/status", headers=reader).status_code == 200
    refused = guarded.put("/api/v1/articles/a", json=NEW, headers=reader)
    assert refused.status_code == 403
    assert "'write'" in refused.json()["detail"]
    assert guarded.get("/api/v1/metrics", headers=reader).status_code == 403
    assert guarded.put("/api/v1/articles/a", json=NEW, headers=admin).status_code == 201
    assert guarded.get("/api/v1/metrics", headers=admin).status_code == 200


@pytest.mark.parametrize("wrong", ["", "qa_", "qa_x_y", "x", "qa_ü_ü"])
def test_a_wrong_key_is_refused(guarded: TestClient, keys: Keys, wrong: str) -> None:
    made = keys.create("reader", ["read"])
    for token in (wrong, made.token[:-1], made.token + "a"):
        headers = {b"Authorization": f"Bearer {token}".encode()}
        response = guarded.get("/api/v1/status", headers=headers)
        assert response.status_code == 401
        assert made.token not in response.text


def test_a_revoked_key_is_refused_at_once(guarded: TestClient, keys: Keys) -> None:
    made = keys.create("reader", ["read"])
    assert guarded.get("/api/v1/status", headers=bearer(made.token)).status_code == 200
    keys.revoke(made.key.id)
    assert guarded.get("/api/v1/status", headers=bearer(made.token)).status_code == 401


def test_a_browser_is_asked_for_the_key_and_sends_it_as_a_password(
    guarded: TestClient, keys: Keys
) -> None:
    asked = guarded.get("/docs", headers={"Accept": "text/html"})
    assert asked.headers["www-authenticate"].startswith("Basic ")
    token = keys.create("reader", ["read"]).token
    basic = base64.b64encode(f"anyone:{token}".encode()).decode()
    assert guarded.get("/docs", headers={"Authorization": f"Basic {basic}"}).status_code == 200


def test_a_key_has_a_rate(guarded: TestClient, keys: Keys) -> None:
    hasty = bearer(keys.create("hasty", ["read"], "2/minute").token)
    other = bearer(keys.create("other", ["read"], "2/minute").token)
    statuses = [guarded.get("/api/v1/status", headers=hasty).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = guarded.get("/api/v1/status", headers=hasty)
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert guarded.get("/api/v1/status", headers=other).status_code == 200


def request(method: str, path: str) -> Request:
    return Request({"type": "http", "method": method, "path": path, "headers": []})


def test_what_the_page_asks_counts_too(keys: Keys) -> None:
    gate = Gate(GUARDED, keys.find)
    account = Account("reader", frozenset({"read"}), "1/hour")
    for method, path in (("GET", "heartbeat/1"), ("GET", "call/ask/1"), ("POST", "cancel")):
        gate.count(account, request(method, f"/gradio_api/{path}"))
    gate.count(account, request("POST", "/gradio_api/queue/join"))
    with pytest.raises(Problem, match="more than 1 per hour"):
        gate.count(account, request("POST", "/gradio_api/call/v2/ask"))


def test_what_one_key_asked_another_cannot_read(guarded: TestClient, keys: Keys) -> None:
    one, two, admin = (
        bearer(keys.create("k", [scope]).token) for scope in ("read", "read", "admin")
    )
    id_ = guarded.post("/api/v1/ask", json={"question": "who?"}, headers=one).json()["id"]
    for headers, status in ((one, 200), (two, 404), (admin, 200)):
        assert guarded.get(f"/api/v1/answers/{id_}", headers=headers).status_code == status
    judged = {"answer": id_, "thumb": "down"}
    assert guarded.post("/api/v1/feedback", json=judged, headers=two).status_code == 404


def test_feedback_is_read_by_admins_the_latest_first(guarded: TestClient, keys: Keys) -> None:
    reader, admin = (bearer(keys.create("k", [scope]).token) for scope in ("read", "admin"))
    id_ = guarded.post("/api/v1/ask", json={"question": "who?"}, headers=reader).json()["id"]
    path = "/api/v1/feedback"
    given = [
        guarded.post(path, json={"answer": id_, "thumb": thumb}, headers=reader).json()
        for thumb in ("up", "down", "up")
    ]
    assert guarded.get(path, headers=reader).status_code == 403
    first = guarded.get(path, params={"limit": 2}, headers=admin).json()
    assert first["feedback"] == given[:0:-1]
    rest = {"limit": 2, "cursor": first["next"]}
    assert guarded.get(path, params=rest, headers=admin).json() == {
        "feedback": given[:1],
        "next": None,
    }
    down = guarded.get(path, params={"thumb": "down"}, headers=admin).json()
    assert down["feedback"] == given[1:2]
    for cursor in ("?", "cG9ydA"):
        wrong = guarded.get(path, params={"cursor": cursor}, headers=admin)
        assert wrong.json()["errors"][0]["pointer"] == "query/cursor"


def test_what_is_open_can_be_read_and_not_written(service: Service) -> None:
    client = client_of(service, OPEN)
    assert client.get("/api/v1/status").status_code == 200
    assert client.put("/api/v1/articles/a", json=NEW).status_code == 403
    writer = bearer(service.records.keys.create("writer", ["write"]).token)
    assert client.put("/api/v1/articles/a", json=NEW, headers=writer).status_code == 201
    assert client.get("/api/v1/status", headers=bearer("qa_wrong_key")).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.example"},
    ],
)
def test_pages_of_other_sites_cannot_write(client: TestClient, headers: Mapping[str, str]) -> None:
    refused = client.put("/api/v1/articles/a", json=NEW, headers=headers)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("#cross-site")
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("host", ["[", "[::1", "[127.0.0.1", "a]b"])
def test_a_host_that_is_none_is_refused(client: TestClient, host: str) -> None:
    refused = client.get("/health/live", headers={"Host": host})
    assert refused.status_code == 400
    assert refused.json()["detail"] == f"the header Host is {host!r}, which names no server"


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))
def test_no_header_is_beyond_it(host: str, origin: str) -> None:
    headers = [(b"host", host.encode("latin-1")), (b"origin", origin.encode("latin-1"))]
    sent = Request({"type": "http", "method": "POST", "path": "/", "headers": headers})
    with pytest.raises(Problem) as refused:
        asyncio.run(Gate(LOCAL, lambda _: None).account_of(sent))
    assert refused.value.kind in (CROSS_SITE, MALFORMED)


def test_its_own_page_can(client: TestClient) -> None:
    headers = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert client.put("/api/v1/articles/a", json=NEW, headers=headers).status_code == 201


def test_behind_a_proxy_it_is_the_host_that_is_passed_on(service: Service) -> None:
    client = client_of(service, OPEN)
    sent = {"Origin": "https://news.example", "Sec-Fetch-Site": "same-origin"}
    asked = {"question": "who met Lavrov in Paris?", "limit": 1}
    passed_on = sent | {"Host": "news.example"}
    assert client.post("/api/v1/search", json=asked, headers=passed_on).status_code == 200
    refused = client.post("/api/v1/search", json=asked, headers=sent).json()
    assert refused["detail"].endswith("a page of 'https://news.example', not of '127.0.0.1'")


def test_other_origins_get_no_permission(client: TestClient) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    response = client.options("/api/v1/ask", headers=asked)
    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_an_address_for_others_needs_keys_or_the_word_open(keys: Keys) -> None:
    def policy(host: str, *, open_to_all: bool = False, wanted: bool = False) -> Policy:
        return policy_for(host, open_to_all=open_to_all, keys_wanted=wanted, keys=keys)

    for host in ("127.0.0.1", "localhost", "::1"):
        assert policy(host) == Policy(keys_needed=False, local=True)
    for host in ("0.0.0.0", "news.example", "192.168.1.5"):
        with pytest.raises(UsageError, match="qa keys create"):
            policy(host)
        assert policy(host, open_to_all=True) == OPEN
    with pytest.raises(UsageError):
        policy("127.0.0.1", wanted=True)
    keys.create("k", ["read"])
    assert policy("0.0.0.0") == GUARDED
    assert policy("127.0.0.1", wanted=True) == GUARDED
    assert policy("127.0.0.1", open_to_all=True) == OPEN
