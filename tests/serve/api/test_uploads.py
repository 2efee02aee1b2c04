import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa.serve.api.service import Service
from qa.serve.api.uploads import _safe_name
from tests.articles.test_documents import CATALOGUE, FONT, of_objects

ENGLISH = b"Port opened\n\nThe minister opened the new port of the city on Sunday."


def upload(client: TestClient, *files: tuple[str, bytes], **headers: str) -> Any:  # noqa: ANN401
    sent = [("files", file) for file in files]
    return client.post("/api/v1/uploads", files=sent, headers=headers)


def finished(client: TestClient, location: str) -> dict[str, Any]:
    deadline = monotonic() + 30
    while monotonic() < deadline:
        job: dict[str, Any] = client.get(location).json()
        if job["finished"]:
            return job
        sleep(0.02)
    raise AssertionError(f"{location} never ended")


def test_files_are_read_as_a_job(client: TestClient, service: Service) -> None:
    rows = b'{"id": "row-1", "text": "The river rose."}\n{broken\n'
    sent = upload(client, ("port.md", ENGLISH), ("rows.jsonl", rows), ("empty.txt", b""))
    assert sent.status_code == 202
    assert sent.headers["location"] == f"/api/v1/jobs/{sent.json()['id']}"
    job = finished(client, sent.headers["location"])
    assert job["state"] == "done"
    assert job["report"]["added"] == 2
    failures = {(f["source"], f["line"]) for f in job["report"]["failures"]}
    assert failures == {("rows.jsonl", 2), ("empty.txt", None)}
    assert client.get("/api/v1/articles/port").json()["text"].endswith("on Sunday.")
    assert client.get("/api/v1/articles/row-1").status_code == 200
    assert list(service.uploads.iterdir()) == []


def test_an_upload_sent_again_is_one_job(client: TestClient, service: Service) -> None:
    once = {"Idempotency-Key": "u1"}
    first = upload(client, ("port.md", ENGLISH), **once)
    again = upload(client, ("port.md", ENGLISH), **once)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["location"] == first.headers["location"]
    other = upload(client, ("port.md", ENGLISH + b"!"), **once)
    assert other.json()["type"].endswith("key-reused")
    finished(client, first.headers["location"])
    assert list(service.uploads.iterdir()) == []


@pytest.mark.parametrize("name", ["a.exe", "a", "a.zip", "a.jsonl.gz", "..", ".txt", "x/.md"])
def test_other_formats_are_refused(client: TestClient, name: str) -> None:
    refused = upload(client, (name, ENGLISH))
    assert refused.status_code == 415
    assert ".docx" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.TXT", "boot.txt"),
        ("/abs/olute.md", "olute.md"),
        ("~$lock.docx", "~$lock.docx"),
        ("ميناء.html", "ميناء.html"),
        ("Who: «me»? *.Html", "Who: «me»? *.html"),
        ("x" * 251 + ".pdf", "x" * 251 + ".pdf"),
        # Of a name that no file can have, the digest is what `sha256sum` says of the whole stem.
        ("a\x00b\nc.txt", "a_b_c-214df3f68e1a.txt"),
        ("x" * 400 + ".pdf", "x" * 238 + "-7b0bd700ce06.pdf"),
        ("ميناء" * 30 + ".txt", "ميناء" * 23 + "مينا-d566ad0e4163.txt"),
    ],
)
def test_a_name_stays_in_its_folder(tmp_path: Path, sent: str, safe: str) -> None:
    assert _safe_name(sent) == safe
    assert (tmp_path / safe).resolve().parent == tmp_path


@given(st.text(max_size=300), st.text(":?_\0م", max_size=3), st.text(":?_\0م", max_size=3))
def test_files_of_different_names_lie_apart(begin: str, one: str, other: str) -> None:
    whole = [f"{begin}{end}".replace("\\", "/") for end in (one, other)]
    stems = {stem.rpartition("/")[2] for stem in whole}
    stems = {stem for stem in stems if stem.strip(".")}
    names = {_safe_name(f"{stem}.txt") for stem in stems}
    assert len(names) == len(stems)
    assert all(len(name.encode()) <= 255 for name in names)


def test_long_names_that_begin_alike_are_articles_of_their_own(client: TestClient) -> None:
    stems = ["افتتاح ميناء المدينة الجديد " * 4 + end for end in ("أمس", "اليوم", "غدا؟", "غدا:")]
    for stem in stems:
        sent = upload(client, (f"{stem}.txt", ENGLISH))
        assert finished(client, sent.headers["location"])["report"]["added"] == 1
    found = client.get("/api/v1/articles", params={"key": stems}).json()["articles"]
    assert {article["key"] for article in found} == {*stems}


def test_two_files_of_one_name_are_refused(client: TestClient, service: Service) -> None:
    refused = upload(client, ("a/port.md", ENGLISH), ("b/PORT.md", ENGLISH))
    assert refused.status_code == 422
    assert list(service.uploads.glob("*")) == []


def docx_bomb() -> bytes:
    """A Word file of some kilobytes whose text would be 40 MiB of one letter."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        with parts.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(40):
                part.write(b"a" * (1 << 20))
    return packed.getvalue()


def pdf_bomb() -> bytes:
    """A PDF of one page whose content would unpack to 200 MiB."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(200)) + packer.flush()
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>>>"
        b"/Contents 5 0 R>>"
    )
    packed = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content)
    pages = b"<</Type/Pages/Kids[4 0 R]/Count 1>>"
    return of_objects(CATALOGUE, pages, FONT, page, packed)


@pytest.mark.parametrize(
    ("name", "bomb", "reason"),
    [("a.docx", docx_bomb, "would unpack to"), ("a.pdf", pdf_bomb, "broken PDF (LimitReached")],
)
def test_a_bomb_is_a_failure_in_the_report(
    client: TestClient, name: str, bomb: Callable[[], bytes], reason: str
) -> None:
    sent = upload(client, (name, bomb()), ("port.md", ENGLISH))
    job = finished(client, sent.headers["location"])
    (failure,) = job["report"]["failures"]
    assert failure["source"] == name
    assert reason in failure["reason"]
    assert job["report"]["added"] == 1


def test_a_compressed_body_is_not_unpacked(client: TestClient) -> None:
    body = zlib.compress(b'{"question": "?"}')
    headers = {"Content-Encoding": "deflate", "Content-Type": "application/json"}
    assert client.post("/api/v1/ask", content=body, headers=headers).status_code in (400, 415)
