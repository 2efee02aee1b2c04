"""The chat with a chat model in a real browser: `qa serve` over the server of a scripted model."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.answers.chat_server import ScriptedServer, cut_after, hang, status
from tests.answers.chat_wires import Received, Step
from tests.data_folders import copied
from tests.scripted_model import (
    LIE,
    MEDVEDEV,
    SECRET,
    SOVEREIGNTY,
    TRUTH,
    chat_variables,
    saying,
    true_number,
)
from tests.serve.chat_page import send, try_again
from tests.serve.conftest import Visit, serve_slowly, serving_process

pytestmark = pytest.mark.browser

FOLLOW_UP = "and what did he say about terrorism?"

truth_and_lie = saying(TRUTH, LIE, usage=(1200, 80))


def verified(received: Received) -> str:
    return f"{TRUTH} [{true_number(received)}]."


def truth_and_silence(received: Received) -> Step:
    return hang(f"{verified(received)} And then he went on to say that")


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer(truth_and_lie) as server:
        yield server


@pytest.fixture(scope="module")
def address(
    model: ScriptedServer, indexed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    data = copied(indexed, tmp_path_factory.mktemp("generative") / "data")
    with serving_process(data, **chat_variables(model)) as address:
        yield address


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    """The page over a chat model that takes its time."""
    with serve_slowly("generative") as address:
        yield address


@pytest.fixture
def page(visit: Visit, address: str, model: ScriptedServer) -> Iterator[Page]:
    model.script(truth_and_lie)
    with visit(address) as page:
        yield page


def ask(page: Page, question: str) -> Locator:
    """Send a question; its turn, which may still be answered."""
    place = page.locator(".turn").count()
    send(page, question)
    return page.locator(".turn").nth(place)


def done(turn: Locator) -> Locator:
    expect(turn).to_have_attribute("data-phase", "done")
    return turn


def test_a_lie_is_marked_and_the_truth_opens_its_source(page: Page) -> None:
    turn = done(ask(page, MEDVEDEV))
    expect(turn.locator(".flaw")).to_have_count(1)
    expect(turn.locator(".flaw.unsupported")).to_contain_text("Not borne out")
    expect(turn.locator(".sentence.flawed")).to_contain_text("9,450 tanks")
    turn.locator("button.marker").first.click()
    expect(page.locator(".source mark")).to_contain_text(SOVEREIGNTY)
    expect(turn.locator(".made")).to_contain_text("openai:scripted")
    expect(turn.locator(".made")).to_contain_text("Tokens read: 1,200")
    assert SECRET not in page.content()


def test_what_was_verified_before_a_break_is_kept(page: Page, model: ScriptedServer) -> None:
    model.script(lambda received: cut_after(f"{verified(received)} And then he went on to"))
    turn = done(ask(page, MEDVEDEV))
    expect(turn).to_contain_text("Only the legitimate government represents Syrian sovereignty")
    expect(turn).not_to_contain_text("And then he went on")
    expect(turn).to_contain_text("broke off")
    turn.locator("button.marker").first.click()
    expect(page.locator(".source mark")).to_contain_text(SOVEREIGNTY)


def test_a_citation_opens_while_the_rest_is_written_and_stop_ends_the_request(
    page: Page, model: ScriptedServer
) -> None:
    model.script(truth_and_silence)
    turn = ask(page, MEDVEDEV)
    turn.locator("button.marker").first.click()
    expect(page.locator(".source mark")).to_contain_text(SOVEREIGNTY)
    expect(turn).to_have_attribute("data-phase", "answering")
    page.get_by_role("button", name="Stop").click()
    expect(turn).to_have_attribute("data-phase", "stopped")
    assert model.hung_up.wait(5)
    expect(turn.locator("button.marker")).to_have_count(1)
    expect(turn.locator("[data-again]")).to_have_text("Try again")


def test_a_model_that_says_nothing_can_be_stopped_and_tried_again(
    page: Page, model: ScriptedServer
) -> None:
    model.script(hang())
    turn = ask(page, MEDVEDEV)
    expect(turn).to_have_attribute("data-phase", "reading")
    wait_for_request(model)
    page.get_by_role("button", name="Stop").click()
    expect(turn).to_have_attribute("data-phase", "stopped")
    assert model.hung_up.wait(5)
    model.script(truth_and_lie)
    try_again(turn)
    expect(done(turn).locator("button.marker").first).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator(".turn")).to_have_count(1)


def wait_for_request(model: ScriptedServer) -> None:
    until = time.monotonic() + 10
    while not model.requests:
        assert time.monotonic() < until, "the model was not asked"
        time.sleep(0.05)


def test_a_tab_that_is_closed_ends_its_request(
    visit: Visit, address: str, model: ScriptedServer
) -> None:
    model.script(hang())
    with visit(address) as page:
        # The page must have begun to listen: Gradio ends what a page asked for when it stops.
        expect(ask(page, MEDVEDEV)).to_have_attribute("data-phase", "reading")
        wait_for_request(model)
    assert model.hung_up.wait(10)


def test_the_switch_decides_who_answers_next(page: Page, model: ScriptedServer) -> None:
    page.get_by_role("radio", name="Quotes").check()
    quotes = done(ask(page, MEDVEDEV))
    expect(quotes.locator("blockquote").first).to_contain_text(SOVEREIGNTY)
    expect(quotes.locator(".made")).to_contain_text("Quotes")
    assert model.requests == []
    page.get_by_role("radio", name="Chat model").check()
    quotes.get_by_role("button", name="Answer again").click()
    expect(quotes.locator(".made")).to_contain_text("openai:scripted")
    expect(page.locator(".turn")).to_have_count(1)
    assert len(model.requests) == 1


def test_a_model_that_fails_is_told_and_quotes_are_shown(page: Page, model: ScriptedServer) -> None:
    model.script(status(401, message=f"bad key {SECRET}"))
    turn = done(ask(page, MEDVEDEV))
    expect(turn.locator(".told")).to_contain_text("refused the key")
    expect(turn.locator(".made")).to_contain_text("Quotes")
    expect(turn.locator("blockquote").first).to_contain_text(SOVEREIGNTY)
    assert SECRET not in page.content()


def test_a_follow_up_tells_what_was_asked_on_request(page: Page, model: ScriptedServer) -> None:
    page.get_by_role("radio", name="Quotes").check()
    done(ask(page, MEDVEDEV))
    turn = done(ask(page, FOLLOW_UP))
    asked = turn.locator(".standalone p")
    expect(asked).to_be_hidden()
    turn.locator(".standalone summary").click()
    expect(asked).to_contain_text("Medvedev")
    assert model.requests == []


@pytest.mark.parametrize("locale", ["en-US", "ar-SY"])
def test_a_phone_shows_verdicts_without_scrolling_sideways(
    visit: Visit, slow: str, locale: str
) -> None:
    with visit(slow, locale=locale, viewport={"width": 390, "height": 844}) as phone:
        turn = ask(phone, "lingering?")
        expect(turn.locator(".flaw").first).to_be_visible()
        expect(turn).to_have_attribute("data-phase", "answering")
        expect(done(turn).locator(".flaw")).to_have_count(2)
        expect(turn.locator("details.standalone")).to_be_visible()
        for pane in (".turns", "#composer", "html"):
            assert phone.locator(pane).evaluate("p => p.scrollWidth <= p.clientWidth"), pane


def test_the_switch_is_reached_by_keyboard_and_named(page: Page) -> None:
    group = page.get_by_role("group", name="Answer with")
    expect(group.get_by_role("radio", name="Chat model")).to_be_checked()
    page.locator("#question textarea").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        if group.get_by_role("radio", name="Chat model").evaluate(
            "r => r === document.activeElement"
        ):
            break
    page.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio", name="Quotes")).to_be_checked()
