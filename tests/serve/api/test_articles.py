import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.articles.versions import PutResult
from qa.assistant import Assistant
from qa.model import Article
from qa.parts import open_records
from qa.serve.api.access import LOCAL, Gate
from qa.serve.api.app import build_app
from qa.serve.api.documents import ArticleIn
from qa.serve.api.service import Service
from qa.serve.api.workers import CHANGING, Workers
from qa.serve.web import serving
from qa.settings import Settings
from tests.serve.api.conftest import Held, client_of, serve_app

PORT = {"text": "افتتح الوزير ميناء المدينة الجديد يوم الأحد.", "title": "افتتاح الميناء"}
NEWER = PORT | {"text": "أغلق الوزير ميناء المدينة القديم يوم الاثنين."}
KEYS = ["plain", "a/b/c", "https://news.example/2024?id=1&x=é#top", "ميناء", "a b", "100%", "a//b/"]


def put(client: TestClient, key: str, **article: Any) -> Any:  # noqa: ANN401
    return client.put(f"/api/v1/articles/{quote(key)}", json=article)


class Arrivals:
    """Tells when so many writes have come to an application."""

    def __init__(self, app: ASGIApp, expected: int) -> None:
        self.app = app
        self.missing = expected
        self.all = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.missing -= scope.get("method") == "PUT"
        if not self.missing:
            self.all.set()
        await self.app(scope, receive, send)


def first_hit(client: TestClient, question: str) -> dict[str, Any]:
    hits: list[dict[str, Any]] = client.post(
        "/api/v1/search", json={"question": question, "limit": 1}
    ).json()["hits"]
    return hits[0]


@pytest.mark.parametrize("key", KEYS)
def test_an_article_comes_back_under_its_key(client: TestClient, key: str) -> None:
    assert put(client, key, **PORT).status_code == 201
    got = client.get(f"/api/v1/articles/{quote(key)}").json()
    assert (got["key"], got["text"], got["language"]) == (key, PORT["text"], "ar")
    assert (got["start"], got["end"], got["length"]) == (0, len(PORT["text"]), len(PORT["text"]))


def test_what_is_put_is_found_and_what_is_put_again_replaces_it(client: TestClient) -> None:
    assert put(client, "port", **PORT).json() == {"key": "port", "outcome": "added"}
    assert first_hit(client, "افتتاح ميناء المدينة الجديد")["article"] == "port"
    assert put(client, "port", **PORT).json()["outcome"] == "unchanged"
    assert put(client, "port", **NEWER).json()["outcome"] == "updated"
    assert first_hit(client, "إغلاق ميناء المدينة القديم")["text"] == NEWER["text"]


def test_offsets_count_code_points_as_citations_do(client: TestClient) -> None:
    put(client, "emoji", text="🚀 قال لافروف كلمته.")
    part = client.get("/api/v1/articles/emoji", params={"start": 2, "end": 5}).json()
    assert (part["text"], part["start"], part["end"]) == ("قال", 2, 5)
    past = client.get("/api/v1/articles/emoji", params={"start": 900, "end": 1_000}).json()
    assert past["text"] == ""
    assert past["start"] == past["end"] == past["length"]


def test_an_etag_spares_the_reading_and_guards_the_writing(client: TestClient) -> None:
    etag = put(client, "port", **PORT).headers["etag"]
    read = client.get("/api/v1/articles/port", headers={"If-None-Match": f'"x", W/{etag}'})
    assert (read.status_code, read.content) == (304, b"")
    assert client.get("/api/v1/articles/port").headers["etag"] == etag
    guarded = {"If-Match": etag}
    path = "/api/v1/articles/port"
    assert client.put(path, json=NEWER, headers=guarded).status_code == 200
    for refused in (
        client.put(path, json=PORT, headers=guarded),
        client.delete(path, headers=guarded),
        client.put("/api/v1/articles/none", json=PORT, headers={"If-Match": "*"}),
    ):
        assert refused.status_code == 412
        assert refused.json()["type"].endswith("#changed")
    assert client.delete(path, headers={"If-Match": "*"}).status_code == 200


def test_of_those_who_write_at_once_what_they_have_seen_one_does(client: TestClient) -> None:
    seen = {"If-Match": put(client, "port", **PORT).headers["etag"]}

    def write(number: int) -> int:
        sent = PORT | {"text": f"{PORT['text']} ({number})"}
        return client.put("/api/v1/articles/port", json=sent, headers=seen).status_code

    with client, ThreadPoolExecutor(8) as writers:
        assert sorted(writers.map(write, range(8))) == [200] + [412] * 7


def test_what_must_be_new_takes_no_other_articles_place(client: TestClient) -> None:
    new = {"If-None-Match": "*"}
    path = "/api/v1/articles/port"
    assert client.put(path, json=PORT, headers=new).status_code == 201
    refused = client.put(path, json=NEWER, headers=new)
    assert refused.status_code == 412
    assert "If-None-Match is *" in refused.json()["detail"]
    assert client.get(path).json()["text"] == PORT["text"]


def test_what_is_deleted_is_gone_from_everywhere(client: TestClient, service: Service) -> None:
    before = service.assistant.status()
    put(client, "port", **PORT)
    assert client.delete("/api/v1/articles/port").json()["outcome"] == "deleted"
    assert client.get("/api/v1/articles/port").status_code == 404
    assert client.delete("/api/v1/articles/port").status_code == 404
    assert first_hit(client, "افتتاح ميناء المدينة الجديد")["article"] != "port"
    assert service.assistant.status() == before


def test_many_at_once(client: TestClient) -> None:
    new = [PORT | {"key": f"port-{i}", "title": f"{i}"} for i in range(5)]
    stored = client.post("/api/v1/articles", json={"articles": new}).json()
    assert [one["outcome"] for one in stored["results"]] == ["added"] * 5
    found = client.get("/api/v1/articles", params={"key": ["port-3", "port-1", "none"]}).json()
    assert [one["key"] for one in found["articles"]] == ["port-3", "port-1"]
    gone = client.delete("/api/v1/articles", params={"key": ["port-1", "none", "port-2"]}).json()
    assert [one["outcome"] for one in gone["results"]] == ["deleted", "unknown", "deleted"]


def test_one_wrong_article_stores_none(client: TestClient) -> None:
    new = [PORT | {"key": "good"}, {"key": "blank", "text": "\0 \0"}]
    assert client.post("/api/v1/articles", json={"articles": new}).status_code == 422
    assert client.get("/api/v1/articles/good").status_code == 404


def test_pages_follow_one_another(client: TestClient) -> None:
    new = [PORT | {"key": f"p{i}", "outlet": "بانياس"} for i in range(7)]
    client.post("/api/v1/articles", json={"articles": new})
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3, "outlet": "بانياس"}
    while True:
        page = client.get("/api/v1/articles", params=query).json()
        seen += [article["key"] for article in page["articles"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [f"p{i}" for i in range(7)]


def test_filters_of_the_list(client: TestClient) -> None:
    put(client, "old", **PORT, published="2001-02-03", language="fr")
    for query in ({"since": "2001-02-03", "until": "2001-02-03"}, {"language": "fr"}):
        found = client.get("/api/v1/articles", params=query).json()["articles"]
        assert [article["key"] for article in found] == ["old"]
    swapped = {"since": "2001-02-03", "until": "2001-02-02"}
    assert client.get("/api/v1/articles", params=swapped).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": " \n"},
        {"text": "a" * 1_000_001},
        {"text": "a", "url": "javascript:alert(1)"},
        {"text": "a", "language": "Arabic"},
        {"text": "a", "published": "yesterday"},
        {"text": "a", "version": "1"},
    ],
)
def test_an_article_that_cannot_be_stored(client: TestClient, wrong: dict[str, str]) -> None:
    assert put(client, "wrong", **wrong).status_code == 422


def test_too_many_at_once(client: TestClient) -> None:
    new = [PORT | {"key": f"p{i}"} for i in range(101)]
    assert client.post("/api/v1/articles", json={"articles": new}).status_code == 422
    keys = [f"p{i}" for i in range(101)]
    assert client.delete("/api/v1/articles", params={"key": keys}).status_code == 422


def test_a_repeated_write_is_answered_and_not_done_again(client: TestClient) -> None:
    once = {"Idempotency-Key": "k1"}
    path = "/api/v1/articles/port"
    first = client.put(path, json=PORT, headers=once)
    client.delete(path)
    again = client.put(path, json=PORT, headers=once)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path).status_code == 404
    assert client.put(path, json=NEWER, headers=once).json()["type"].endswith("key-reused")
    assert client.put(path + "2", json=PORT, headers=once).status_code == 422


def test_a_write_that_failed_may_be_sent_again(client: TestClient) -> None:
    once = {"Idempotency-Key": "k1"}
    path = "/api/v1/articles/port"
    assert client.delete(path, headers=once).status_code == 404
    put(client, "port", **PORT)
    assert client.delete(path, headers=once).status_code == 200


def test_a_write_that_is_still_at_work_is_a_conflict(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"articles": [PORT | {"key": "a"}]}
    once = {"Idempotency-Key": "k1"}
    begun, ingest = threading.Event(), service.assistant.ingest_articles

    def ingest_and_tell(articles: list[Article]) -> list[PutResult]:
        begun.set()
        return ingest(articles)

    monkeypatch.setattr(service.assistant, "ingest_articles", ingest_and_tell)
    statuses: list[int] = []
    sending = threading.Thread(
        target=lambda: statuses.append(
            client.post("/api/v1/articles", json=body, headers=once).status_code
        )
    )
    with service.assistant._ingestion.turn():
        sending.start()
        assert begun.wait(10)
        conflict = client.post("/api/v1/articles", json=body, headers=once)
    sending.join()
    assert conflict.status_code == 409
    assert conflict.headers["retry-after"] == "1"
    assert statuses == [200]


def test_writes_that_wait_hold_up_nobody_else(service: Service) -> None:
    """More of them than the threads that all other requests share."""
    app = build_app(service, Gate(LOCAL, service.records.keys.find))
    numbers, arrived = range(44), Arrivals(app, 44)
    with (
        serve_app(arrived) as address,
        httpx2.Client(base_url=address, timeout=60) as client,
        ThreadPoolExecutor(len(numbers)) as writers,
    ):

        def write(number: int) -> int:
            return client.put(f"/api/v1/articles/port-{number}", json=PORT).status_code

        with service.assistant._ingestion.turn():
            statuses = writers.map(write, numbers)
            assert arrived.all.wait(30)
            for path in ("/health/live", "/api/v1/status", "/health/ready") * 3:
                assert client.get(path, timeout=5).status_code == 200
        assert [*statuses] == [201] * len(numbers)


def test_a_write_that_finds_no_place_is_told_so(service: Service) -> None:
    hasty = replace(service, workers=Workers(change_wait=0.01))
    with client_of(hasty) as client, ThreadPoolExecutor(CHANGING + 1) as writers:
        with service.assistant._ingestion.turn():
            keys = [f"port-{n}" for n in range(CHANGING + 1)]
            writing = [writers.submit(put, client, key, **PORT) for key in keys]
            refused = next(as_completed(writing)).result()
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert "other changes" in refused.json()["detail"]
    assert sorted(one.result().status_code for one in writing) == [201] * CHANGING + [503]


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [("PUT", "/port", PORT), ("POST", "", {"articles": [PORT | {"key": "port"}]})],
)
def test_articles_are_prepared_beside_the_event_loop(
    service: Service, monkeypatch: pytest.MonkeyPatch, method: str, path: str, sent: dict[str, Any]
) -> None:
    def prepare_slowly(sent: ArticleIn, key: str) -> Article:
        held.work()
        return prepare(sent, key)

    prepare, held = ArticleIn.as_article, Held()
    monkeypatch.setattr(ArticleIn, "as_article", prepare_slowly)
    with serve_app(build_app(service, Gate(LOCAL, service.records.keys.find))) as address:
        url = f"{address}/api/v1/articles{path}"
        changed = partial(httpx2.request, method, url, json=sent, timeout=60)
        assert held.answered(address, changed).is_success


def test_a_reader_refuses_writes_and_says_who_holds_the_folder(settings: Settings) -> None:
    with (
        Assistant.open(settings) as reader,
        open_records(settings) as records,
        serving(settings, reader, records) as service,
    ):
        client = client_of(service)
        for refused in (
            put(client, "port", **PORT),
            client.delete("/api/v1/articles/port"),
            client.post("/api/v1/articles", json={"articles": [PORT | {"key": "a"}]}),
            client.post("/api/v1/uploads", files={"files": ("a.txt", b"text")}),
        ):
            assert refused.status_code == 503
            assert "process " in refused.json()["detail"]
            assert "`qa serve --write`" in refused.json()["detail"]
            assert refused.headers["retry-after"]
        assert client.get("/api/v1/status").json()["writable"] is False
