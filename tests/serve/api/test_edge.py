import logging
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from qa.serve.api.access import LOCAL, Gate
from qa.serve.api.app import MOST_PAGE_BYTES, build_app
from qa.serve.api.problems import KINDS
from qa.serve.api.service import Service
from qa.serve.evaluation_store import MAX_UPLOAD
from tests.serve.api.conftest import MEDVEDEV, Served


def test_every_response_has_a_request_id_and_the_callers_own_is_kept(client: TestClient) -> None:
    ids = {client.get("/api/v1/status").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    own = client.get("/api/v1/nothing", headers={"X-Request-ID": "mine-1"})
    assert own.headers["x-request-id"] == own.json()["request_id"] == "mine-1"
    odd = client.get("/api/v1/status", headers={"X-Request-ID": "a b\t"})
    assert odd.headers["x-request-id"] != "a b\t"


def test_the_log_has_the_request_and_nothing_of_the_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "qa"):
        client.post("/api/v1/ask", json={"question": MEDVEDEV})
        client.get("/api/v1/articles", params={"outlet": "Medvedev"})
    told = [r.getMessage() for r in caplog.records if r.name == "qa.serve.api.edge"]
    assert [line.partition(" 200 ")[0] for line in told] == [
        "POST /api/v1/ask",
        "GET /api/v1/articles",
    ]
    assert "Medvedev" not in caplog.text


@pytest.mark.parametrize("path", ["/api/v1/status", "/docs", "/api/v1/nothing", "/"])
def test_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("GET", "/metrics", 404, "not-found"),
        ("GET", "/api/v1/ask", 405, "method-not-allowed"),
        ("GET", "/api/v1/articles/none", 404, "not-found"),
        ("GET", "/api/v1/answers/none", 404, "not-found"),
        ("GET", "/api/v1/jobs/none", 404, "not-found"),
        ("GET", "/api/v1/articles?limit=0", 422, "invalid-request"),
        ("GET", "/api/v1/articles?cursor=ü", 422, "invalid-request"),
        ("POST", "/api/v1/ask", 422, "invalid-request"),
    ],
)
def test_every_error_is_a_problem_document(
    client: TestClient, method: str, path: str, status: int, kind: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"/api/v1/problems#{kind}"
    assert problem["status"] == status
    assert problem["title"] == KINDS[kind].title
    assert problem["detail"]


def test_a_body_that_is_no_json_is_malformed(client: TestClient) -> None:
    sent = {"content": b"{", "headers": {"content-type": "application/json"}}
    response = client.post("/api/v1/ask", **sent)  # type: ignore[arg-type]
    assert response.json()["type"].endswith("#malformed")


@pytest.mark.parametrize(
    ("path", "size"),
    [("/api/v1/ask", 300_000), ("/api/v1/articles", 5_000_000), ("/api/v1/uploads", 68_000_000)],
)
def test_a_body_that_is_too_large_is_refused(client: TestClient, path: str, size: int) -> None:
    response = client.post(path, content=b"x" * size, headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["type"].endswith("#too-large")
    assert response.headers["x-request-id"]


def test_the_page_takes_a_question_set_as_long_as_one_may_be(service: Service) -> None:
    page = FastAPI()

    @page.post("/length")
    async def length(request: Request) -> int:
        return len(await request.body())

    app = build_app(service, Gate(LOCAL, service.records.keys.find), page)
    client = TestClient(app, "http://127.0.0.1")
    assert client.post("/length", content=b"x" * 2 * MAX_UPLOAD).json() == 2 * MAX_UPLOAD
    too_large = client.post("/length", content=b"x" * (MOST_PAGE_BYTES + 1))
    assert too_large.status_code == 413


def test_the_error_table_can_be_read(client: TestClient) -> None:
    table = client.get("/api/v1/problems").json()
    assert {row["type"].partition("#")[2] for row in table} == KINDS.keys()


def test_the_docs_come_from_this_server(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "//cdn" not in page
    assert client.get("/docs/swagger-ui-bundle.js").status_code == 200
    assert client.get("/docs/core.py").status_code == 404


def test_metrics_tell_requests_by_route_and_answers(client: TestClient) -> None:
    client.post("/api/v1/ask", json={"question": MEDVEDEV})
    client.get("/api/v1/articles/none")
    told = client.get("/api/v1/metrics").text
    assert 'qa_requests_total{method="POST",route="/ask",status="200"} 1.0' in told
    assert 'route="/articles/{key:path}",status="404"' in told
    assert 'qa_answers_total{outcome="answered"} 1.0' in told
    assert "qa_articles 5.0" in told


def test_what_nobody_foresaw_tells_nothing_of_itself(
    scripted: Callable[..., FastAPI], caplog: pytest.LogCaptureFixture
) -> None:
    app = scripted(())

    def fail() -> None:
        raise RuntimeError("a secret detail")

    app.state.service.assistant.status = fail
    client = TestClient(app, "http://127.0.0.1")
    response = client.get("/api/v1/status", headers={"X-Request-ID": "mine"})
    assert response.status_code == 500
    assert response.headers["x-request-id"] == response.json()["request_id"] == "mine"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in response.text
    assert "a secret detail" in caplog.text


def test_there_is_no_way_in_by_websocket(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/queue/join"):
        raise AssertionError("it opened")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"data": {"question": "who?"}}, "Content-Type: application/json"),
        ({"content": '{"question": "who?"}'}, "Content-Type: application/json"),
        ({"json": {"q": "who?"}}, "body/question: Field required; body/q: Extra inputs"),
        ({"json": dict.fromkeys("abcdefgh", 1)}, "; and 4 more"),
        ({}, "body: Field required"),
    ],
)
def test_what_is_wrong_with_a_body_is_told(
    client: TestClient, sent: dict[str, Any], told: str
) -> None:
    response = client.post("/api/v1/ask", **sent)
    assert response.status_code == 422
    assert told in response.json()["detail"]


def test_where_json_breaks_off_is_told(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    detail = client.post("/api/v1/ask", content="{'a': 1}", headers=headers).json()["detail"]
    assert detail == (
        "the body is no JSON: Expecting property name enclosed in double quotes, at character 1"
    )


def test_a_method_that_is_not_known_is_told_those_that_are(client: TestClient) -> None:
    assert client.get("/api/v1/ask").json()["detail"] == "this path knows POST"


@pytest.mark.parametrize("path", ["/health/live", "/api/v1/status", "/v1/models", "/openapi.json"])
def test_a_head_is_that_of_the_body(served: Served, path: str) -> None:
    head, whole = (httpx2.request(m, f"{served.open}{path}") for m in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("path", ["/api", "/v1", "/v1/", "/mcp/", "/health"])
def test_paths_of_programs_are_never_the_pages(service: Service, path: str) -> None:
    app = build_app(service, Gate(LOCAL, service.records.keys.find), FastAPI())
    response = TestClient(app, "http://127.0.0.1").get(path)
    assert response.status_code == 404
    assert response.json() != {"detail": "Not Found"}
