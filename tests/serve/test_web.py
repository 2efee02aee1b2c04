"""`qa serve` as one process: page, reports, interface and docs; a reader, or the one writer."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.data_folders import copied
from tests.serve.command import qa
from tests.serve.conftest import serving_process

NEW = {"text": "The minister opened the new port of the city on Sunday."}


@pytest.fixture(scope="module")
def data(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the indexed seeds for a server that reads."""
    return copied(indexed, tmp_path_factory.mktemp("read") / "data")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with serving_process(data) as address:
        yield address


def test_one_process_serves_page_reports_interface_and_docs(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        assert "gradio" in client.get("/").text
        assert "evaluation" in client.get("/config").text
        missing = client.get("/evaluations/none/report.html")
        assert missing.status_code == 404
        assert "no finished run" in missing.text
        assert client.get("/api/v1/status").json()["articles"] == 5
        assert client.get("/openapi.json").json()["info"]["title"] == "news-qa"
        assert "swagger" in client.get("/docs").text


def test_others_read_beside_it_unless_it_writes(address: str, data: Path) -> None:
    assert qa("ask", "who met Lavrov in Paris?", QA_DATA_DIR=str(data)).returncode == 0
    refused = httpx.put(f"{address}/api/v1/articles/port", json=NEW)
    assert refused.status_code == 503
    assert "`qa serve --write`" in refused.json()["detail"]
    busy = qa("serve", "--write", "--port", "0", QA_DATA_DIR=str(data))
    assert busy.returncode == 1
    assert "in use by process" in busy.stderr


def test_the_writer_takes_articles(indexed: Path, tmp_path: Path, seeds: Path) -> None:
    data = copied(indexed, tmp_path / "written")
    with serving_process(data, "--write") as address:
        assert httpx.put(f"{address}/api/v1/articles/port", json=NEW).status_code == 201
        asked = {"question": "who opened the new port of the city?"}
        answer = httpx.post(f"{address}/api/v1/ask", json=asked, timeout=60).json()
        assert {citation["article"] for citation in answer["citations"]} == {"port"}
        beside = qa("ingest", str(seeds), QA_DATA_DIR=str(data))
        assert beside.returncode == 1
        assert "in use by process" in beside.stderr


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_it_listens_on_ipv6(data: Path, host: str) -> None:
    with serving_process(data, "--host", host) as address:
        assert address.startswith("http://[::1]:")
        with httpx.Client(base_url=address) as client:
            assert "gradio" in client.get("/").text
            asked = client.post("/api/v1/search", json={"question": "Lavrov"}, timeout=60)
            assert asked.status_code == 200
