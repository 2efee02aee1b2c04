from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.errors import UsageError
from qa.model import Article
from qa.settings import Settings
from qa.tracing import Request, open_trace, read_trace, record, write_trace
from tests.scripted_model import MEDVEDEV
from tests.tracing.conftest import Open


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trace.json"


@pytest.fixture
def document(quoting: Open, file: Path) -> dict[str, Any]:
    """A written trace, to be changed by hand."""
    with quoting() as assistant:
        write_trace(record(assistant, Request(MEDVEDEV)), file)
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def test_what_is_written_is_read(written: Open, file: Path) -> None:
    with written() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    write_trace(trace, file)
    assert read_trace(file) == trace
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_was_there_stays_until_the_end(file: Path) -> None:
    file.write_text("before")
    with pytest.raises(KeyboardInterrupt), open_trace(file):
        raise KeyboardInterrupt
    assert file.read_text() == "before"
    assert [*file.parent.glob("tmp*")] == []


@pytest.mark.parametrize("name", [".", "nowhere/trace.json", "trace.txt/trace.json", "pipe"])
def test_a_file_that_cannot_be_written_is_told_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "trace.txt").write_text("")
    (tmp_path / "pipe").symlink_to("/dev/null")
    with pytest.raises(UsageError, match="cannot be written"), open_trace(tmp_path / name):
        pytest.fail("a question would have been asked")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ("[" * 100_000, "damaged"),
        ('{"news_qa_trace": 1, "settings": NaN}', "damaged"),
        ('{"news_qa_trace": 1, "settings": 1e999}', "damaged"),
        ('{"news_qa_trace": 1, "qa_version": "\\ud800"}', "damaged"),
        ('{"news_qa_trace": 1}', "damaged"),
        ('{"news_qa_trace": "one"}', "damaged"),
        ('{"news_qa_trace": 2}', "newer qa"),
        ("[]", "no trace"),
        ('{"question": "?", "answer": "!"}', "no trace"),
    ],
)
def test_what_is_no_trace_is_told(file: Path, text: str, said: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said) as raised:
        read_trace(file)
    assert "trace.json" in str(raised.value)


def test_bytes_that_are_no_text_and_no_file_are_told(file: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_trace(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="no trace"):
        read_trace(file)


@pytest.mark.parametrize("part", ["request", "understood", "retrieved", "calls", "answer"])
def test_the_damaged_place_is_named(file: Path, document: dict[str, Any], part: str) -> None:
    document[part] = "?"
    file.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UsageError, match=part):
        read_trace(file)


def test_half_characters_are_written_as_question_marks(quoting: Open, file: Path) -> None:
    with quoting() as assistant:
        write_trace(record(assistant, Request("Medvedev \udcff?")), file)
    assert read_trace(file).request.question == "Medvedev ??"


def test_titles_with_controls_come_back(tmp_path: Path, file: Path) -> None:
    odd = Article("odd", "1", "a\u2028b\x1b[31m", "Bulbul ate a mango in Aleppo.", "en")
    with Assistant.open(Settings(data_dir=tmp_path / "odd"), write=True) as assistant:
        assistant.ingest_articles([odd])
        trace = record(assistant, Request("what did Bulbul eat in Aleppo?"))
    write_trace(trace, file)
    assert read_trace(file) == trace
