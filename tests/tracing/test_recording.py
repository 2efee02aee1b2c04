from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

import qa
from qa.answers.conversation import By
from qa.answers.tape import Purpose, Tape
from qa.model import Answer, Done, Exchange, Filters, Token
from qa.prompts import load_prompt
from qa.tracing import Request, Trace, record, trace_of, write_trace
from tests.answers.chat_server import ScriptedServer, cut_after, reply, status
from tests.answers.chat_wires import Received, Step
from tests.scripted_model import (
    LIE,
    MEDVEDEV,
    SECRET,
    SOVEREIGNTY,
    TRUTH,
    true_number,
    truth,
)
from tests.tracing.conftest import Open, truth_and_lies


def test_quotes_are_traced_as_well(quoting: Open) -> None:
    filters = Filters(since=date(2015, 1, 1))
    with quoting() as assistant:
        request = Request("Асад", filters, language="tr", mode="extractive")
        trace = record(assistant, request)
        assert trace.settings["index"] == assistant.fingerprint
        assert trace.settings["revision"] == assistant.revision
        for found in trace.retrieved:
            assert assistant.article(found.article, found.version).title == found.title
    assert (trace.qa_version, trace.model, trace.calls) == (qa.__version__, None, ())
    assert trace.prompts == {}
    assert trace.understood.mode == "extractive"
    assert [v.support for v in trace.verdicts] == [c.support for c in trace.answer.claims]
    document = json.loads(json.dumps(trace.as_json()))
    assert document["request"]["filters"]["since"] == "2015-01-01"
    assert document["answer"] == trace.answer.as_json()
    scores = [found.score for found in trace.retrieved]
    assert scores == sorted(scores, reverse=True)


def test_a_chat_models_answer_comes_with_all_that_it_came_of(
    written: Open, server: ScriptedServer
) -> None:
    server.script(truth_and_lies)
    with written() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    (call,) = trace.calls
    (received,) = server.requests
    assert call.purpose is Purpose.ANSWER
    assert call.reply == f"{TRUTH} [{true_number(received)}]. {LIE} [{true_number(received)}]. " + (
        "Not so [777]."
    )
    assert "\n".join(message.text for message in call.messages) == received.prompt
    assert [message.role for message in call.messages] == ["system", "human"]
    assert trace.prompts["answer_system.md"] == load_prompt("answer_system").digest
    assert trace.model == "openai:scripted"
    assert trace.answer.dropped_marks == 1
    assert SOVEREIGNTY in trace.verdicts[0].evidence[0]
    lie = next(checked for checked in trace.verdicts if checked.claim.startswith(LIE))
    assert (lie.support, bool(lie.reason)) == ("unsupported", True)


def test_what_a_strict_answer_leaves_out_is_in_the_trace(
    written: Open, server: ScriptedServer
) -> None:
    server.script(truth_and_lies)
    with written(strict=True) as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    assert LIE not in trace.answer.answer
    assert any(checked.claim.startswith(LIE) for checked in trace.verdicts)


def test_a_follow_up_is_traced_with_its_conversation(written: Open, server: ScriptedServer) -> None:
    completed = "What did Medvedev say about Syrian sovereignty?"
    server.script(reply(completed), truth)
    history = (Exchange("ماذا قال مدفيديف؟", "بحسب مدفيديف: «…»"),)
    with written() as assistant:
        trace = record(assistant, Request("and what about Syrian sovereignty?", history=history))
    assert (trace.understood.question, trace.understood.by) == (completed, By.MODEL)
    assert [call.purpose for call in trace.calls] == [Purpose.STANDALONE, Purpose.ANSWER]
    assert {"standalone.md", "answer_user.md"} <= trace.prompts.keys()
    assert trace.request.history == history


@pytest.mark.parametrize(
    ("step", "failure", "begins"),
    [(status(500), "server", ""), (cut_after(f"{TRUTH} [1]. And then"), "broken", TRUTH)],
)
def test_a_failure_is_traced_by_its_kind(
    written: Open, server: ScriptedServer, step: Step, failure: str, begins: str
) -> None:
    server.script(step)
    with written() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    (call,) = trace.calls
    assert call.failure == failure
    assert call.reply.startswith(begins)
    assert trace.understood.mode == "generative"
    assert trace.answer.notice


def test_the_judge_is_traced(written: Open, server: ScriptedServer) -> None:
    def play(received: Received) -> Step:
        return reply("no") if "<claim>" in received.prompt else truth(received)

    server.script(play)
    with written(judge="chat") as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    assert [(call.purpose, call.reply) for call in trace.calls][1:] == [(Purpose.JUDGE, "no")]
    assert "judge.md" in trace.prompts


def test_an_answer_is_traced_while_it_streams(written: Open) -> None:
    tape = Tape()
    with written() as assistant:
        events = [*assistant.stream(MEDVEDEV, tape=tape)]
        untraced = assistant.ask(MEDVEDEV)
        (answer,) = (event.answer for event in events if isinstance(event, Done))
        trace = trace_of(assistant, Request(MEDVEDEV), tape, answer)
    assert any(isinstance(event, Token) for event in events)
    assert len(trace.calls) == 1
    assert comparable(untraced) == comparable(trace.answer)


def comparable(answer: Answer) -> dict[str, object]:
    return answer.as_json() | {"timings": None}


@pytest.mark.parametrize(
    ("key", "sign_in", "secret"),
    [(SECRET, "", SECRET), ("", "reader:a-secret-word@", "a-secret-word")],
    ids=["key", "password"],
)
def test_no_secret_is_in_a_trace(
    written: Open, server: ScriptedServer, tmp_path: Path, key: str, sign_in: str, secret: str
) -> None:
    traces: list[Trace] = []
    for step in (status(401, message=f"wrong key {secret}"), truth):
        server.script(step)
        with written(
            chat_api_key=SecretStr(key),
            chat_base_url=server.base_url.replace("//", f"//{sign_in}"),
        ) as assistant:
            traces.append(record(assistant, Request(MEDVEDEV)))
    assert [trace.answer.mode for trace in traces] == ["extractive", "generative"]
    for trace in traces:
        write_trace(trace, tmp_path / "trace.json")
        assert secret not in (tmp_path / "trace.json").read_text("utf-8")
