"""The page's events without a browser, and its waiting and failing states in one."""

import json
import logging
import socket
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Semaphore
from typing import Any
from urllib.request import urlopen

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page, expect

from qa.errors import IndexStateError, UsageError
from qa.model import Exchange, Filters, Token
from qa.serve.api.workers import Workers
from qa.serve.conversation import Asked, Turn, Written
from qa.serve.desk import Desk
from qa.serve.evaluation_store import EvaluationStore
from qa.serve.evaluations import Evaluations
from qa.serve.server import launch
from qa.serve.ui import AT_ONCE, Chat
from tests.serve.api.test_asking import eventually
from tests.serve.chat_page import send
from tests.serve.conftest import Visit, serve_slowly
from tests.serve.scripted import ANSWERED, MODEL, QUOTE, WRITTEN, Scripted, written


def answered(chat: Chat, question: str, **form: str) -> list[Any]:
    """The last of what the page gets for a question: turns, conversation, box, hint."""
    *_, last = chat.ask(question, form, (), "en")
    return list(last)


def test_an_answer_ends_as_a_turn_with_its_quote() -> None:
    turns, conversation, _, _ = answered(
        Chat(Desk(Scripted({"": ANSWERED}))), " what did Lavrov say? "
    )
    assert turns[0].question == "what did Lavrov say?"
    assert f">{QUOTE}</blockquote>" in conversation[0]


def test_the_form_reaches_the_assistant() -> None:
    assistant = Scripted({"": ANSWERED})
    answered(Chat(Desk(assistant)), "?", language="ar")
    assert assistant.asked == [Filters(language="ar")]


def test_the_pages_language_reaches_the_assistant() -> None:
    assistant = Scripted({"": ANSWERED})
    chat = Chat(Desk(assistant))
    *_, (turns, *_) = chat.ask("?", {}, (), "ar")
    list(chat.ask_again({}, turns, "en", gr.EventData(None, {"turn": 0})))
    assert assistant.readers == ["ar", "en"]


@pytest.mark.parametrize(
    ("question", "form", "hint"),
    [
        ("  \n", {}, "Write a question first."),
        ("x" * 100_000, {}, "100,000 characters"),
        ("?", {"since": "2016-01-01", "until": "2015-01-01"}, "is later than"),
        ("?", {"since": "soon"}, "cannot be read"),
    ],
)
def test_what_cannot_be_asked_leaves_a_hint(question: str, form: dict[str, str], hint: str) -> None:
    assistant = Scripted({"": ANSWERED})
    *unchanged, shown = answered(Chat(Desk(assistant)), question, **form)
    assert hint in shown
    assert unchanged == [gr.skip()] * 3
    assert assistant.asked == []


def test_a_source_that_is_gone_is_said_to_be_gone() -> None:
    chat = Chat(Desk(Scripted({"": ANSWERED})))
    turns, *_ = answered(chat, "?")
    shown = chat.open_source(turns, "en", gr.EventData(None, {"turn": "0", "number": "1"}))
    assert "This source cannot be opened" in shown
    assert "Ask again to be answered" in shown
    told = chat.open_source(turns, "ar", gr.EventData(None, {"turn": "0", "number": "1"}))
    assert "أعد السؤال" in told
    assert "qa search" not in shown + told
    with pytest.raises(UsageError):
        chat.open_source(turns, "en", gr.EventData(None, {"turn": "0", "number": "9"}))


def test_a_stopped_answer_keeps_its_words() -> None:
    turns, conversation, _, _ = Chat(Desk(Scripted({"": ANSWERED}))).stop(
        (Turn(Asked("?"), written=(Written("Half a"),)),), "en"
    )
    assert "Stopped." in conversation[0]
    assert turns[0].phase == "stopped"


def again(chat: Chat, turns: tuple[Turn, ...], place: int, **form: str) -> list[Any]:
    event = gr.EventData(None, {"turn": str(place)})
    *_, last = chat.ask_again(form, turns, "en", event)
    return list(last)


def test_earlier_turns_go_along_and_a_switch_decides_who_answers() -> None:
    assistant = Scripted({"": written()}, model=MODEL)
    chat = Chat(Desk(assistant))
    turns, *_ = answered(chat, "first?", mode="generative")
    *_, last = chat.ask("and then?", {"mode": "extractive"}, turns, "en")
    assert assistant.modes == ["generative", "extractive"]
    assert assistant.histories == [(), (Exchange(str(WRITTEN.standalone), WRITTEN.answer),)]
    assert [turn.question for turn in last[0]] == ["first?", "and then?"]
    # Only the last turn can be answered again.
    assert ["data-again" in html for html in last[1]] == [False, True]


def test_without_a_switch_the_assistant_decides() -> None:
    assistant = Scripted({"": ANSWERED})
    answered(Chat(Desk(assistant)), "?")
    assert assistant.modes == [None]


def test_another_answer_takes_the_place_of_the_last_one() -> None:
    assistant = Scripted({"": written()}, model=MODEL)
    chat = Chat(Desk(assistant))
    first, *_ = answered(chat, "first?", language="ar")
    *_, (both, *_) = chat.ask("second?", {}, first, "en")
    turns, conversation, *_ = again(chat, both, 1, mode="extractive", language="fr")
    assert [turn.question for turn in turns] == ["first?", "second?"]
    assert len(conversation) == 2
    assert assistant.modes[-1] == "extractive"
    assert assistant.asked[-1] == Filters(), "the question keeps its own filters"
    assert assistant.histories[-1] == assistant.histories[-2]


def test_a_failed_turn_is_tried_again_where_it_stands() -> None:
    assistant = Scripted({"": ANSWERED, "no?": (IndexStateError("run `qa rebuild`"),)})
    chat = Chat(Desk(assistant))
    failed, *_ = answered(chat, "no?")
    *_, (both, *_) = chat.ask("second?", {}, failed, "en")
    assistant.scripts = {"": ANSWERED}
    turns, *_ = again(chat, both, 0)
    assert [(turn.question, turn.phase) for turn in turns] == [("no?", "done"), ("second?", "done")]
    assert assistant.histories[-1] == ()


def test_leaving_a_slow_answer_ends_it() -> None:
    half_a_minute = (ANSWERED[0], *[Token("so ")] * 100)
    assistant = Scripted({"": half_a_minute}, pause=0.3)
    desk = Desk(assistant)
    updates = Chat(desk).ask("?", {}, (), "en")
    assert isinstance(updates, Generator)
    with closing(updates):
        next(update for update in updates if update[0] != gr.skip() and update[0][0].passages)
    assert assistant.closed.wait(10)
    eventually(lambda: desk.workers.inside == 0)
    told = desk.metrics.show(articles=0, passages=0, asking=0, jobs=0).decode()
    assert 'qa_requests_total{method="page",route="/ask",status="499"} 1.0' in told


def test_a_question_of_the_page_is_admitted_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(Scripted({"": ANSWERED, "no?": (IndexStateError("run `qa rebuild`"),)}))
    with caplog.at_level(logging.INFO, "qa.serve.desk"):
        answered(Chat(desk), "what did Lavrov say?")
        answered(Chat(desk), "no?")
    assert desk.workers.inside == 0
    told = desk.metrics.show(articles=0, passages=0, asking=0, jobs=0).decode()
    assert 'qa_answers_total{outcome="answered"} 1.0' in told
    assert 'qa_requests_total{method="page",route="/ask",status="200"} 1.0' in told
    assert 'qa_requests_total{method="page",route="/ask",status="503"} 1.0' in told
    assert "Lavrov" not in caplog.text


def test_a_question_too_many_is_told_to_wait() -> None:
    assistant = Scripted({"": ANSWERED})
    turns, conversation, *_ = answered(Chat(Desk(assistant, Workers(admitted=0))), "?")
    assert turns[0].phase == "failed"
    assert "ask again in a moment" in conversation[0]
    assert not assistant.closed.is_set()


@pytest.mark.parametrize(
    "desk",
    [
        Desk(Scripted({"": ANSWERED}), searching=Semaphore(0)),
        Desk(Scripted({"": ANSWERED}), answering=Semaphore(0)),
    ],
    ids=["searching", "answering"],
)
def test_who_waits_for_a_place_sees_the_turn_and_can_leave(desk: Desk) -> None:
    updates = Chat(desk).ask("?", {}, (), "en")
    assert isinstance(updates, Generator)
    with closing(updates):
        turns, *_ = next(updates)
        assert turns[0].running
        next(updates)
        eventually(lambda: desk.workers.inside == 1)
    eventually(lambda: desk.workers.inside == 0)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    assistant = Scripted({})
    evaluations = Evaluations(assistant, EvaluationStore(tmp_path, tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"cannot listen on 127\.0\.0\.1:{port}.*--port"):
            launch(assistant, evaluations, "127.0.0.1", port)


@pytest.mark.browser
def test_no_event_of_the_page_is_public_but_its_endpoints(slow_server: str) -> None:
    with closing(urlopen(f"{slow_server}/config")) as answer:
        config = json.load(answer)
    public = [e["api_name"] for e in config["dependencies"] if e["api_visibility"] != "private"]
    assert public == ["ask", "search", "article"]


@pytest.fixture
def slow_page(visit: Visit, slow_server: str) -> Iterator[Page]:
    with visit(slow_server) as page:
        yield page


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_an_answer_is_awaited_and_streams(slow_page: Page) -> None:
    ask(slow_page, "?")
    expect(slow_page.locator(".progress")).to_have_text("Searching the archive…")
    expect(slow_page.locator(".words")).to_contain_text("According")
    expect(slow_page.locator("blockquote")).to_have_text(QUOTE)
    expect(slow_page.locator(".words")).to_have_text("According to Lavrov:")


@pytest.mark.browser
def test_an_answer_can_be_stopped(slow_page: Page) -> None:
    ask(slow_page, "?")
    expect(slow_page.locator(".words")).to_contain_text("According")
    slow_page.get_by_role("button", name="Stop").click()
    turn = slow_page.locator(".turn")
    expect(turn).to_have_attribute("data-phase", "stopped")
    slow_page.wait_for_timeout(1000)
    expect(turn).to_have_attribute("data-phase", "stopped")
    expect(slow_page.get_by_role("button", name="Send")).to_be_visible()


@pytest.mark.browser
def test_nobody_waits_unseen_for_the_answers_of_others(visit: Visit, slow_server: str) -> None:
    with ExitStack() as tabs:
        several = [tabs.enter_context(visit(slow_server)) for _ in range(AT_ONCE + 1)]
        for tab in several:
            ask(tab, "wait?")
            expect(tab.locator(".turn")).to_be_visible()
        tab.get_by_role("button", name="Stop").click()
        expect(tab.locator(".turn")).to_have_attribute("data-phase", "stopped")


@pytest.mark.browser
def test_a_question_sent_while_an_answer_runs_stays_in_the_box(slow_page: Page) -> None:
    ask(slow_page, "first?")
    expect(slow_page.get_by_role("button", name="Stop")).to_be_visible()
    ask(slow_page, "second?")
    expect(slow_page.locator("blockquote")).to_be_visible()
    expect(slow_page.locator(".turn")).to_have_count(1)
    expect(slow_page.locator("#question textarea")).to_have_value("second?")


@pytest.mark.browser
@pytest.mark.parametrize(("button", "turns"), [("New chat", 0), ("العربية", 1)])
def test_an_answer_under_way_ends_with_a_new_chat_or_language(
    slow_page: Page, button: str, turns: int
) -> None:
    ask(slow_page, "?")
    expect(slow_page.locator(".words")).to_contain_text("According")
    slow_page.get_by_role("button", name=button).click()
    button_to_send = slow_page.locator("#question .submit-button")
    expect(button_to_send).to_be_visible()
    slow_page.wait_for_timeout(1000)
    expect(button_to_send).to_be_visible()
    expect(slow_page.locator(".turn")).to_have_count(turns)
    expect(slow_page.locator("blockquote")).to_have_count(0)


@pytest.mark.browser
def test_errors_are_one_line(slow_page: Page) -> None:
    send(slow_page, "index?")
    failed = slow_page.locator(".notice.failed")
    expect(failed).to_contain_text("run `qa rebuild`")
    send(slow_page, "secret?")
    expect(failed).to_have_count(2)
    expect(failed.last).to_contain_text("Something went wrong")
    expect(slow_page.locator("body")).not_to_contain_text("secret detail")


@pytest.mark.browser
def test_the_server_ends_quietly_though_a_tab_is_open(browser: Browser) -> None:
    tab = browser.new_page()
    with serve_slowly() as address:
        tab.goto(address)
        tab.locator(".welcome").wait_for()
    tab.close()
