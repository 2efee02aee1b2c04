"""`qa ask --trace` and `qa replay` as whole processes, and what they print of hostile text."""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.serve.terminal import print_json, shown
from tests.answers.chat_server import ScriptedServer, reply
from tests.scripted_model import MEDVEDEV, SECRET, chat_variables
from tests.serve.command import qa

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m \u202eevil\u2066 \r\nthe same"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trace.json"


def traced(data: str, file: Path, said: str, *options: str) -> dict[str, Any]:
    """The trace of a chat model that said so."""
    with ScriptedServer(reply(said, usage=(12, 8))) as server:
        finished = qa(
            *("ask", MEDVEDEV, "--json", "--trace", str(file), *options),
            QA_DATA_DIR=data,
            **chat_variables(server),
        )
    assert finished.returncode == 0, finished.stderr
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert document["answer"] == json.loads(finished.stdout)
    assert SECRET not in file.read_text("utf-8")
    return document


@pytest.fixture(scope="module")
def plain(data: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The trace of a sentence that its source bears out."""
    return traced(data, tmp_path_factory.mktemp("plain") / "trace.json", "Medvedev said so [1].")


def test_a_trace_replays_the_same(data: str, file: Path) -> None:
    asked = qa("ask", MEDVEDEV, "--trace", str(file), QA_DATA_DIR=data)
    assert asked.stdout == qa("ask", MEDVEDEV, QA_DATA_DIR=data).stdout
    replayed = qa("replay", str(file), QA_DATA_DIR=data)
    assert (replayed.returncode, replayed.stderr) == (0, "")
    assert replayed.stdout.splitlines()[0] == MEDVEDEV
    assert replayed.stdout.endswith("\nthe same\n")


def test_a_difference_is_shown_part_by_part(data: str, file: Path) -> None:
    document = traced(data, file, "Medvedev said so [1]. He flew to Mars on 3 May 2031 [1].")
    document["calls"][0]["reply"] = "Medvedev said so [1]. He flew to Venus on 3 May 2031 [1]."
    document["retrieved"].append(document["retrieved"].pop(0))
    file.write_text(json.dumps(document), "utf-8")
    replayed = qa("replay", str(file), "--recorded-reply", QA_DATA_DIR=data)
    assert replayed.returncode == 1
    assert replayed.stderr == ""
    assert "\nretrieved\n  ~ " in replayed.stdout
    assert "\nverdicts\n" in replayed.stdout
    assert "Mars" in replayed.stdout
    assert "Venus" in replayed.stdout
    assert replayed.stdout.splitlines()[-1] == "different: retrieved, verdicts, answer"
    told = qa("replay", str(file), "--recorded-reply", "--json", QA_DATA_DIR=data)
    assert told.returncode == 1
    found = json.loads(told.stdout)
    assert found["same"] is False
    assert [*found["differences"]] == ["retrieved", "verdicts", "answer"]
    assert found["replayed"]["news_qa_trace"] == 1


def test_what_cannot_be_compared_exits_2(data: str, file: Path, plain: dict[str, Any]) -> None:
    file.write_text(json.dumps(plain), "utf-8")
    unset = qa("replay", str(file), QA_DATA_DIR=data)
    wrong = qa("replay", str(file), QA_DATA_DIR=data, QA_CHAT_MODEL="nobody:x")
    file.write_text("{}", "utf-8")
    foreign = qa("replay", str(file), QA_DATA_DIR=data)
    nowhere = qa("replay", str(file.parent / "none.json"), QA_DATA_DIR=data)
    told = [unset, wrong, foreign, nowhere]
    assert [finished.returncode for finished in told] == [2, 2, 2, 2]
    assert "--recorded-reply" in unset.stderr
    assert "QA_CHAT_MODEL='nobody:x'" in wrong.stderr
    assert "no trace" in foreign.stderr
    assert "none.json" in nowhere.stderr
    assert not any("Traceback" in finished.stderr for finished in told)


def test_a_file_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    finished = qa("ask", MEDVEDEV, "--trace", str(tmp_path / "nowhere" / "trace.json"))
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "nowhere/trace.json" in finished.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_hostile_text_in_a_trace_is_only_shown(
    data: str, file: Path, plain: dict[str, Any], options: tuple[str, ...]
) -> None:
    document = deepcopy(plain)
    document["made"] = document["qa_version"] = document["model"] = HOSTILE
    document["settings"][HOSTILE] = HOSTILE
    document["prompts"][HOSTILE] = HOSTILE
    document["calls"][0]["reply"] = f"{HOSTILE} [1]."
    document["verdicts"][0]["claim"] = HOSTILE
    document["answer"]["notice"] = document["answer"]["answer"] = HOSTILE
    document["retrieved"].append(document["retrieved"][0] | {"title": HOSTILE, "start": 7})
    file.write_text(json.dumps(document), "utf-8")
    replayed = qa("replay", str(file), "--recorded-reply", *options, QA_DATA_DIR=data)
    assert (replayed.returncode, replayed.stderr) == (1, "")
    assert "evil" in replayed.stdout
    assert not any(steers(character) for character in replayed.stdout)
    assert not any(line == "the same" for line in replayed.stdout.splitlines())


def test_an_arabic_line_keeps_its_sign_in_front(data: str, file: Path) -> None:
    said = "قال مدفيديف إن الحكومة هي التي تمثل السيادة [1]."
    document = traced(data, file, said, "--answer-language", "ar")
    document["calls"][-1]["reply"] = "قال مدفيديف إن أحداً لا يمثل السيادة \u2067[1]."
    file.write_text(json.dumps(document), "utf-8")
    replayed = qa("replay", str(file), "--recorded-reply", QA_DATA_DIR=data)
    lines = [line for line in replayed.stdout.splitlines() if line.startswith(("  - ", "  + "))]
    arabic = [line for line in lines if "مدفيديف" in line]
    assert arabic
    for line in arabic:
        assert line[4] == "\u2068"
        assert line[-1] == "\u2069"


def steers(character: str) -> bool:
    """Whether a terminal takes a character for an order, or turns the line around by it."""
    return character != "\n" and (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character) in ("RLE", "LRE", "RLO", "LRO", "PDF")
    )


@given(st.text())
def test_no_text_steers_the_terminal_or_leaves_its_line(text: str) -> None:
    line = shown(text)
    assert not any(steers(character) or character == "\n" for character in line)
    depth = 0
    for character in line:
        depth += unicodedata.bidirectional(character) in ("LRI", "RLI", "FSI")
        depth -= unicodedata.bidirectional(character) == "PDI"
        assert depth >= 0
    assert depth == 0


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same_and_steers_nothing(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", printed.append)
        print_json({"text": text})
    assert json.loads(printed[0]) == {"text": text}
    assert not any(steers(character) for character in printed[0])
