"""The report in a real browser that is offline."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from qa.evaluation.reports.pages import HTML_FILE, answer_reports, retrieval_reports
from tests.evaluation.runs import EVIDENCE, mixed_run, passage, ranked, retrieval_run

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory, answer_reports(*mixed_run(), passage))


@pytest.fixture(scope="module")
def retrieval(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = retrieval_run(ranked("q1", ["a"], {"b": 1}), ranked("q2", ["b"], {"b": 1}, "ar"))
    return written(tmp_path_factory, retrieval_reports(*run))


def written(factory: pytest.TempPathFactory, reports: dict[str, str]) -> Path:
    file = factory.mktemp("report") / HTML_FILE
    file.write_text(reports[HTML_FILE], encoding="utf-8")
    return file


@contextmanager
def opened(browser: Browser, file: Path, **options: object) -> Iterator[Page]:
    """A tab with a report; at its end it has asked for nothing else and nothing went wrong."""
    settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**settings | options)
    page = context.new_page()
    asked: list[str] = []
    troubles: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_() if route.request.url == file.as_uri() else route.abort()

    page.route("**/*", refuse)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert {url.partition("#")[0] for url in asked} <= {file.as_uri()}
    assert troubles == []


@pytest.fixture
def page(browser: Browser, answers: Path) -> Iterator[Page]:
    with opened(browser, answers) as page:
        yield page


def test_failures_can_be_filtered(page: Page) -> None:
    cases, shown = page.locator("details.case"), page.locator("#shown")
    expect(shown).to_have_text("3 of 3 shown")
    page.get_by_role("combobox", name="Failure").select_option("used wrongly")
    expect(shown).to_have_text("1 of 3 shown")
    expect(cases.locator("visible=true").locator(".question")).to_have_text("why did they leave?")
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("combobox", name="Language").select_option("ar")
    expect(shown).to_have_text("1 of 3 shown")
    page.get_by_role("combobox", name="Kind").select_option("why")
    expect(page.locator("#nothing")).to_be_visible()


def test_search_does_not_mind_accents_and_vowel_signs(page: Page) -> None:
    page.get_by_label("Text", exact=True).fill("الوَزيرُ من هُو")
    expect(page.locator("#shown")).to_have_text("1 of 3 shown")
    page.get_by_label("Text", exact=True).fill("WHY  léave")
    expect(page.locator("#shown")).to_have_text("1 of 3 shown")


def test_a_link_opens_its_failure_through_a_filter(page: Page) -> None:
    page.get_by_role("combobox", name="Failure").select_option("used wrongly")
    page.get_by_role("link", name="en-2").click()
    case = page.locator("#question-2")
    expect(case).to_have_attribute("open", "")
    expect(case).to_be_in_viewport()
    expect(page.locator("#shown")).to_have_text("3 of 3 shown")


def test_all_can_be_opened_with_the_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Open all").focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.case[open]")).to_have_count(3)
    page.get_by_role("button", name="Close all").press("Enter")
    expect(page.locator("details.case[open]")).to_have_count(0)


def test_right_to_left_texts_run_from_the_right(page: Page) -> None:
    page.get_by_role("button", name="Open all").click()
    for place in page.locator(".evidence").all():
        assert place.evaluate("quote => getComputedStyle(quote).direction") == "rtl"
        expect(place).to_have_text(EVIDENCE)
    words = page.get_by_text("According to Lavrov").first
    assert words.evaluate("words => getComputedStyle(words).direction") == "ltr"


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", ["answers", "retrieval"])
def test_a_phone_needs_no_sideways_scrolling(
    browser: Browser, name: str, scripts: bool, request: pytest.FixtureRequest
) -> None:
    file: Path = request.getfixturevalue(name)
    with opened(browser, file, **PHONE, java_script_enabled=scripts) as page:
        for summary in page.locator("details.case > summary").all():
            summary.click()
        for summary in page.locator("details.numbers > summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_script_failures_are_a_list(browser: Browser, answers: Path) -> None:
    with opened(browser, answers, java_script_enabled=False) as page:
        expect(page.locator("#filters")).to_be_hidden()
        expect(page.locator("details.case")).to_have_count(3)
        page.locator("#question-2 > summary").click()
        expect(page.locator("#question-2 blockquote").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(browser: Browser, answers: Path, scheme: str) -> None:
    with opened(browser, answers, color_scheme=scheme) as page:
        page.get_by_role("button", name="Open all").click()
        assert page.evaluate(FAINT) == []


def test_on_paper_failures_are_open_and_filters_gone(browser: Browser, answers: Path) -> None:
    with opened(browser, answers, java_script_enabled=False, color_scheme="dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        expect(page.locator("#question-2 blockquote").first).to_be_visible()
        expect(page.locator("nav")).to_be_hidden()
        ink = page.evaluate("getComputedStyle(document.body).color")
        assert ink == "rgb(27, 31, 36)"


# Texts whose contrast with what is behind them is below the 4.5 of WCAG 2.2, 1.4.3.
FAINT = """() => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const channels = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = (colour) => {
        const [r, g, b] = [...channels(colour)].slice(0, 3).map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (channels(colour)[3] === 255) return colour;
        }
        return 'white';
    };
    const faint = [];
    for (const element of document.body.querySelectorAll('*')) {
        const words = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        if (!words || !element.getClientRects().length || element.closest('script')) continue;
        const style = getComputedStyle(element);
        const colour = element.closest('svg') ? style.fill : style.color;
        const [one, other] = [light(colour), light(ground(element))].sort((a, b) => a - b);
        const contrast = (other + 0.05) / (one + 0.05);
        if (contrast < 4.5) faint.push(`${element.textContent.trim().slice(0, 40)}: ${contrast}`);
    }
    return faint;
}"""
