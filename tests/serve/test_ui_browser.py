"""The chat in a real browser, over a real `qa serve` with the seeds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.serve.chat_page import send
from tests.serve.conftest import Visit

pytestmark = pytest.mark.browser

EXAMPLE = "what did Medvedev say about Syrian sovereignty?"
ARABIC = "ماذا قال كيري عن المقاتلين من روسيا؟"
UNANSWERABLE = "who won the football world cup in Brazil?"
RUNNING = ("waiting", "reading", "answering")


def ask(page: Page, question: str) -> Locator:
    """Send a question with Enter; the turn, once its answer is complete."""
    return sent(page, lambda: send(page, question))


def sent(page: Page, sending: Callable[[], None]) -> Locator:
    turns = page.locator(".turn")
    place = turns.count()
    sending()
    turn = turns.nth(place)
    for phase in RUNNING:
        expect(turn).not_to_have_attribute("data-phase", phase)
    return turn


def open_source(page: Page, citation: Locator) -> Locator:
    citation.click()
    panel = page.locator(".source")
    expect(panel).to_be_visible()
    return panel


def in_view(mark: Locator) -> bool:
    """Whether the whole mark lies in what its pane shows."""
    inside = """mark => {
        const pane = mark.closest('.source-text').getBoundingClientRect();
        const box = mark.getBoundingClientRect();
        return box.top >= pane.top && box.bottom <= Math.min(pane.bottom, innerHeight);
    }"""
    return bool(mark.evaluate(inside))


def direction(text: Locator) -> str:
    return str(text.evaluate("text => getComputedStyle(text).direction"))


def test_the_example_question_opens_its_source_at_the_sentence(page: Page) -> None:
    turn = sent(page, page.get_by_role("button", name=EXAMPLE).click)
    quote = turn.locator("blockquote").first
    expect(quote).to_contain_text("الجهة الوحيدة التي تمثل سيادة سورية")
    panel = open_source(page, turn.locator(".source-line").first)
    mark = panel.locator("mark")
    assert mark.text_content() == quote.text_content()
    assert in_view(mark)
    assert direction(mark) == "rtl"
    title = turn.locator(".source-line strong").first.text_content()
    expect(panel.get_by_role("heading")).to_have_text(title or "")


def test_every_example_is_answered(page: Page) -> None:
    for question in page.locator(".example").all_inner_texts():
        page.get_by_role("button", name="New chat").click()
        expect(page.locator(".turn")).to_have_count(0)
        turn = sent(page, page.get_by_role("button", name=question).click)
        expect(turn.locator("blockquote").first).to_be_visible()
        expect(turn.locator(".notice")).to_have_count(0)


def test_the_source_stands_beside_the_chat(page: Page) -> None:
    turn = ask(page, EXAMPLE)
    panel = open_source(page, turn.locator(".source-line").first)
    chat, beside = page.locator("#chat").bounding_box(), panel.bounding_box()
    assert chat is not None
    assert beside is not None
    assert chat["x"] + chat["width"] <= beside["x"] + 1
    expect(turn.locator("blockquote").first).to_be_visible()


def test_a_question_in_arabic_is_answered_from_right_to_left(page: Page) -> None:
    turn = ask(page, ARABIC)
    assert direction(turn.locator(".question")) == "rtl"
    quote = turn.locator("blockquote").first
    expect(quote).to_contain_text("500")
    assert direction(quote) == "rtl"
    assert direction(turn.locator(".words").first) == "rtl"


def test_an_arabic_sentence_ends_with_its_full_stop_at_the_left(page: Page) -> None:
    quote = ask(page, EXAMPLE).locator("blockquote").first
    assert (quote.text_content() or "").endswith(".")
    lefts = quote.evaluate(
        """quote => [1, 2].map(back => {
            const text = quote.firstChild, range = document.createRange();
            range.setStart(text, text.length - back);
            range.setEnd(text, text.length - back + 1);
            return range.getBoundingClientRect().left;
        })"""
    )
    assert lefts[0] < lefts[1]


def test_a_question_without_an_answer_is_refused_with_the_reason(page: Page) -> None:
    turn = ask(page, UNANSWERABLE)
    expect(turn.locator(".notice.abstained h3")).to_have_text("The archive does not answer this")
    assert len(turn.locator(".notice.abstained p").first.inner_text()) > 10
    expect(turn.locator("[data-copy]")).to_have_count(0)
    if turn.locator(".nearest").count():
        panel = open_source(page, turn.locator(".source-line").first)
        assert in_view(panel.locator("mark"))


def test_markup_in_an_article_is_shown_as_text(page: Page) -> None:
    turn = ask(page, "what does the Zanzibar lighthouse cost?")
    quote = turn.locator("blockquote").first
    expect(quote).to_contain_text("<script>window.hacked = 2; alert(2)</script>")
    expect(quote).to_contain_text("${40 + 2} {{money}}")
    panel = open_source(page, turn.locator(".source-line").first)
    expect(panel.get_by_role("heading")).to_contain_text("<script>window.hacked = 1")
    expect(panel).to_contain_text("<i>Harbour</i> News")
    expect(panel.get_by_role("link")).to_have_count(0)
    assert panel.locator("mark").text_content() == quote.text_content()
    assert page.evaluate("window.hacked") is None


def test_markup_in_a_question_is_shown_as_text(page: Page) -> None:
    question = "<img src=x onerror='window.hacked = 5'> {{constructor}} ${window.hacked = 6}"
    turn = ask(page, question)
    expect(turn.locator(".question")).to_contain_text(question)
    assert page.evaluate("window.hacked") is None


def test_everything_can_be_done_from_the_keyboard(page: Page) -> None:
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    page.keyboard.type("what did Medvedev say")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("about Syrian sovereignty?")
    turn = sent(page, lambda: page.keyboard.press("Enter"))
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    citation = turn.locator(".source-line").last
    press_until(page, "Shift+Tab", citation)
    page.keyboard.press("Enter")
    expect(page.locator(".source h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".source")).to_have_count(0)
    expect(citation).to_be_focused()
    filters = page.locator(".filters summary")
    press_until(page, "Tab", filters)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Outlet")).to_be_visible()


def press_until(page: Page, key: str, wanted: Locator, limit: int = 15) -> None:
    """Press the key until the element has the focus, which each stop on the way shows."""
    for _ in range(limit):
        page.keyboard.press(key)
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
            return
    raise AssertionError(f"{wanted} is not reached with {limit} times {key}")


def test_the_same_citation_brings_its_sentence_back_into_view(page: Page) -> None:
    citation = ask(page, EXAMPLE).locator(".source-line").first
    panel = open_source(page, citation)
    panel.locator(".source-text").evaluate("pane => pane.scrollTo(0, 0)")
    panel.locator(".source-text").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
    citation.click()
    page.wait_for_timeout(100)
    assert in_view(panel.locator("mark"))


@pytest.mark.parametrize("locale", ["en-US", "ar-SY"])
def test_a_phone_shows_everything_without_scrolling_sideways(
    visit: Visit, server: str, locale: str
) -> None:
    with visit(server, locale=locale, viewport={"width": 390, "height": 844}) as phone:
        assert fits(phone)
        phone.locator(".filters summary").click()
        assert fits(phone)
        turn = ask(phone, EXAMPLE)
        assert fits(phone)
        panel = open_source(phone, turn.locator(".source-line").first)
        assert fits(phone)
        assert in_view(panel.locator("mark"))
        box = panel.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (390, 844)
        for part in ("#header", "#chat", "#evaluation"):
            assert phone.locator(part).evaluate("part => part.inert")
        panel.locator(".close").click()
        expect(turn.locator(".source-line").first).to_be_focused()
        assert not phone.locator("#header").evaluate("part => part.inert")


@pytest.mark.parametrize("width", [700, 1000, 1440])
@pytest.mark.parametrize("locale", ["en-US", "ar-SY"])
def test_the_page_fills_its_window(visit: Visit, server: str, width: int, locale: str) -> None:
    with visit(server, locale=locale, viewport={"width": width, "height": 800}) as page:
        for part in (".bar", "#workspace"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert (box["x"], box["width"]) == (0, width)
        assert fits(page)


def test_an_example_by_keyboard_leaves_the_focus_in_the_question_box(page: Page) -> None:
    sent(page, lambda: page.get_by_role("button", name=EXAMPLE).press("Enter"))
    expect(page.locator("#question textarea")).to_be_focused()


def fits(page: Page) -> bool:
    """Whether neither the page nor a pane is wider than the screen."""
    panes = "[...document.querySelectorAll('html, body, .turns, #composer, .source-text')]"
    return bool(page.evaluate(f"{panes}.every(pane => pane.scrollWidth <= pane.clientWidth)"))


def test_the_interface_switches_to_arabic_and_stays_there(page: Page) -> None:
    ask(page, EXAMPLE)
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.get_by_role("button", name="إرسال")).to_be_visible()
    expect(page.get_by_placeholder("اسأل عمّا ورد في المقالات")).to_be_visible()
    expect(page.get_by_role("button", name="نسخ الإجابة")).to_be_visible()
    title, actions = page.locator(".brand h1"), page.locator(".bar .actions")
    first, second = title.bounding_box(), actions.bounding_box()
    assert first is not None
    assert second is not None
    assert first["x"] > second["x"]
    expect(page.locator("#evaluation-title")).to_have_text("تقييم الإجابات")
    page.reload()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")


def test_an_arabic_browser_gets_arabic_at_once(visit: Visit, server: str) -> None:
    with visit(server, locale="ar-SY") as page:
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page).to_have_title("أرشيف الأخبار")


def test_every_control_has_a_name(page: Page) -> None:
    page.locator(".filters summary").click()
    turn = ask(page, EXAMPLE)
    open_source(page, turn.locator(".source-line").first)
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    roles = {"button", "link", "textbox", "combobox", "Date", "region", "complementary"}
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in tree["nodes"]
        if not node["ignored"] and node["role"]["value"] in roles
    ]
    assert {role for role, _ in named} >= {"button", "textbox", "combobox", "complementary"}
    assert [role for role, name in named if not name] == []
    assert ("textbox", "Your question") in named


def test_texts_say_their_language(page: Page) -> None:
    turn = ask(page, EXAMPLE)
    expect(turn.locator("blockquote").first).to_have_attribute("lang", "ar")
    expect(turn.locator(".words").first).to_have_attribute("lang", "en")
    panel = open_source(page, turn.locator(".source-line").first)
    expect(panel.locator(".source-body")).to_have_attribute("lang", "ar")


def test_a_complete_answer_is_announced(page: Page) -> None:
    turn = ask(page, EXAMPLE)
    announcer = page.locator("body > [aria-live=polite]")
    expect(announcer).to_contain_text("سيادة سورية")
    expect(turn.locator(".reply")).to_have_attribute("aria-busy", "false")


def test_an_empty_question_gets_a_hint(page: Page) -> None:
    page.locator("#question textarea").fill("   ")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").get_by_text("Write a question first.")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_question_of_a_hundred_thousand_characters_is_refused_and_kept(page: Page) -> None:
    box = page.locator("#question textarea")
    box.fill("x" * 100_000)
    page.keyboard.press("Enter")
    expect(page.locator(".hint.problem")).to_contain_text("100,000 characters")
    assert len(box.input_value()) == 100_000
    expect(page.locator(".turn")).to_have_count(0)


def test_filters_narrow_the_search(page: Page) -> None:
    page.locator(".filters summary").click()
    page.get_by_label("Language").select_option(label="English")
    expect(page.locator(".filters .count")).to_have_text("1")
    turn = ask(page, EXAMPLE)
    for quote in turn.locator("blockquote").all():
        expect(quote).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".filters .count")).to_be_hidden()
    expect(ask(page, EXAMPLE).locator("blockquote").first).to_have_attribute("lang", "ar")


def test_dates_the_wrong_way_round_get_a_hint(page: Page) -> None:
    page.locator(".filters summary").click()
    page.get_by_label("Published from").fill("2016-01-01")
    page.get_by_label("Published to").fill("2015-01-01")
    page.locator("#question textarea").fill(EXAMPLE)
    page.keyboard.press("Enter")
    expect(page.locator(".hint.problem")).to_contain_text("is later than")


def test_questions_follow_one_another_until_a_new_chat(page: Page) -> None:
    first, second = ask(page, EXAMPLE), ask(page, ARABIC)
    expect(first.locator("blockquote").first).to_contain_text("سيادة سورية")
    expect(second.locator("blockquote").first).to_contain_text("500")
    assert second.evaluate("turn => turn.offsetTop - turn.parentElement.scrollTop") < 50
    open_source(page, second.locator(".source-line").first)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".source")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


def test_an_answer_can_be_copied(visit: Visit, server: str) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with visit(server, permissions=permissions) as page:
        turn = ask(page, EXAMPLE)
        turn.get_by_role("button", name="Copy answer").click()
        expect(turn.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
    assert "سيادة سورية" in copied
    assert "[1] " in copied.splitlines()[-1]


def test_what_became_of_a_copy_is_shown_for_a_moment_however_often(
    visit: Visit, server: str
) -> None:
    with visit(server, permissions=["clipboard-read", "clipboard-write"]) as page:
        turn = ask(page, EXAMPLE)
        turn.get_by_role("button", name="Copy answer").click()
        turn.get_by_role("button", name="Copied").click()
        expect(turn.get_by_role("button", name="Copied")).to_be_visible()
        expect(turn.get_by_role("button", name="Copy answer")).to_be_visible()


def test_dark_and_light_keep_their_contrast(visit: Visit, server: str) -> None:
    for scheme in ("light", "dark"):
        with visit(server, color_scheme=scheme) as page:
            turn = ask(page, EXAMPLE)
            panel = open_source(page, turn.locator(".source-line").first)
            for text in (turn.locator(".words").first, panel.locator("mark")):
                assert contrast(text) >= 4.5, scheme


def contrast(text: Locator) -> float:
    """The WCAG contrast of a text with the nearest background behind it."""
    ratio = """text => {
        const light = color => {
            const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(c => c / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        let ground = text;
        while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
            ground = ground.parentElement;
        const pair = [getComputedStyle(text).color, getComputedStyle(ground).backgroundColor]
            .map(light).sort((a, b) => b - a);
        return (pair[0] + 0.05) / (pair[1] + 0.05);
    }"""
    return float(text.evaluate(ratio))


def test_an_empty_archive_says_how_to_fill_it(visit: Visit, empty_server: str) -> None:
    with visit(empty_server) as page:
        expect(page.locator(".welcome")).to_contain_text("qa ingest")
        turn = ask(page, EXAMPLE)
        expect(turn.locator(".notice")).to_be_visible()
