"""The Evaluation tab in a real browser, over a real `qa serve` with the seeds."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.data_folders import copied
from tests.serve.conftest import ROOT, Visit, serving_process

pytestmark = pytest.mark.browser

SET = "a few questions"
UNKNOWN = {"id": "x", "lang": "en", "question": "who won?", "kind": "who", "answerable": True}


@dataclass(frozen=True)
class Served:
    address: str
    data: Path

    def report(self, run: str) -> str:
        return f"{self.address}/evaluations/{run}/report.html"


@pytest.fixture(scope="module")
def served(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over the seeds, with a set of nine questions of their development half."""
    folder = tmp_path_factory.mktemp("evaluated")
    lines = (ROOT / "eval" / "questions" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    few = [q for q in questions if q["split"] == "development"][::25][:9]
    (folder / "sets").mkdir()
    write(folder / "sets" / f"{SET}.jsonl", few)
    missing = UNKNOWN | {"articles": ["no_such_article"], "evidence": ["so"]}
    write(folder / "sets" / "missing.jsonl", [*few[:3], missing])
    data = copied(indexed, folder / "data")
    with serving_process(data, QA_QUESTIONS_DIR=str(folder / "sets")) as address:
        yield Served(address, data)


def write(file: Path, questions: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(q) + "\n" for q in questions), encoding="utf-8")


@pytest.fixture(scope="module")
def earlier(served: Served, visit: Visit) -> str:
    """A run like one of today's, but of the day before and with two other answers."""
    with visit(served.address) as page:
        run_set(evaluation(page))
        name = page.locator("[aria-current=true]").get_attribute("data-run")
    runs = served.data / "evaluations"
    before = re.sub(r"\d{8}T", "20260101T", name or "")
    shutil.copytree(runs / str(name), runs / before)
    lines = (runs / before / "results.jsonl").read_text(encoding="utf-8").splitlines()
    results = [json.loads(line) for line in lines]
    for result in [r for r in results if r["metrics"]["evidence@1"]][:2]:
        result["metrics"]["evidence@1"] = 0.0
        result["answer"]["answer"] = "قال شيئًا آخر <script>window.hacked = 1</script>"
    write(runs / before / "results.jsonl", results)
    return before


def evaluation(page: Page) -> Page:
    page.get_by_role("tab", name=re.compile("Evaluation|التقييم")).click()
    expect(page.locator("#evaluation select[name=set]")).to_be_visible()
    return page


def run_set(page: Page, name: str = SET) -> Locator:
    """The result of a whole run."""
    page.locator("#evaluation select[name=set]").select_option(name)
    expect(page.locator("#evaluation .below")).to_contain_text(re.compile(r"\d"))
    page.locator(".primary[data-action=run_set]").click()
    return page.locator("section.result")


def test_the_chat_is_seen_first_and_the_address_keeps_the_tab(visit: Visit, served: Served) -> None:
    with visit(served.address) as page:
        expect(page.locator("#evaluation")).to_be_hidden()
        evaluation(page)
        expect(page.locator("#workspace")).to_be_hidden()
        page.reload()
        expect(page.locator("#evaluation select[name=set]")).to_be_visible()
        page.get_by_role("tab", name="Chat").click()
        expect(page.locator(".welcome")).to_be_visible()
        assert "#" not in page.url


def test_the_tabs_are_moved_through_with_the_arrow_keys(visit: Visit, served: Served) -> None:
    for locale, key in (("en-US", "ArrowRight"), ("ar-SY", "ArrowLeft")):
        with visit(served.address, locale=locale) as page:
            chat, tab = page.get_by_role("tab").all()
            chat.focus()
            page.keyboard.press(key)
            expect(tab).to_be_focused()
            expect(tab).to_have_attribute("aria-selected", "true")
            expect(chat).to_have_attribute("tabindex", "-1")
            panel = page.get_by_role("tabpanel")
            expect(panel).to_have_count(1)
            expect(panel).to_have_attribute("aria-labelledby", "tab-evaluation")
            page.keyboard.press("Home")
            expect(chat).to_be_focused()
            expect(page.locator("#evaluation")).to_be_hidden()
            page.keyboard.press("End")
            page.keyboard.press(key)
            expect(chat).to_be_focused()


def test_a_set_is_run_from_the_keyboard_to_its_figures(visit: Visit, served: Served) -> None:
    with visit(served.address) as page:
        evaluation(page).get_by_label("Question set").select_option(SET)
        expect(page.get_by_text("Questions: 9")).to_be_visible()
        page.get_by_role("button", name="Run").focus()
        page.keyboard.press("Enter")
        heading = page.get_by_role("heading", name=f"Results: {SET}")
        expect(heading).to_be_focused()
        figures = page.locator(".figures")
        expect(figures).to_contain_text("The first quote holds the answer")
        expect(figures).to_contain_text("95% interval:")
        expect(figures.locator("div", has_text="match their article")).to_contain_text("100%")
        expect(page.get_by_role("table", name="By language")).to_be_visible()
        expect(page.get_by_role("heading", name="What went wrong")).to_be_visible()
        expect(page.locator(".runs [aria-current=true]")).to_contain_text(SET)


def test_the_report_opens_in_a_tab_of_its_own_that_reaches_nothing(
    visit: Visit, served: Served, earlier: str
) -> None:
    with visit(served.address) as page:
        evaluation(page).locator(".runs button.run").first.click()
        troubles: list[str] = []
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the full report").click()
        report = opened.value
        # A tab that is still coming cannot be loaded again.
        expect(report.locator("body")).to_contain_text("evidence@1")
        report.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        report.reload()
        expect(report.locator("body")).to_contain_text("evidence@1")
        assert report.evaluate("window.origin") == "null"
        assert troubles == []
    with closing(urlopen(served.report(earlier))) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "run", ["unknown-20260101T000000Z", "..", "%2e%2e", "..%2f..%2farchive.sqlite", "a%00b"]
)
def test_nothing_but_reports_is_served(served: Served, run: str) -> None:
    with pytest.raises(HTTPError) as raised, closing(urlopen(served.report(run))):
        pass
    with raised.value as answer:
        assert answer.code == 404


def test_two_runs_are_compared_side_by_side(visit: Visit, served: Served, earlier: str) -> None:
    with visit(served.address) as page:
        evaluation(page).locator(".runs button.run", has_text=SET).first.click()
        page.get_by_label("Compare with an earlier run").select_option(earlier)
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("heading", name="Changes since")).to_be_focused()
        first = page.locator(".comparison tbody tr").first
        expect(first).to_contain_text("The first quote holds the answer")
        expect(first.locator(".verdict")).to_have_text(re.compile("better|worse|same"))
        changed = page.locator(".changed")
        expect(changed).to_have_count(2)
        expect(changed.first).to_contain_text("before no, now yes")
        before, after = changed.first.locator(".sides > div").all()
        expect(before).to_contain_text("<script>window.hacked = 1</script>")
        text = before.locator("p")
        assert text.evaluate("text => getComputedStyle(text).direction") == "rtl"
        left, right = before.bounding_box(), after.bounding_box()
        assert left is not None
        assert right is not None
        assert left["x"] < right["x"]
        assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("locale", ["en-US", "ar-SY"])
def test_a_small_phone_needs_no_sideways_scroll(
    visit: Visit, served: Served, earlier: str, locale: str
) -> None:
    size = {"width": 360, "height": 740}
    with visit(served.address, locale=locale, viewport=size) as phone:
        assert fits(evaluation(phone))
        phone.locator(".runs button.run", has_text=SET).first.click()
        expect(phone.locator(".figures")).to_be_visible()
        assert fits(phone)
        phone.locator("select[name=against]").select_option(earlier)
        phone.locator("[data-action=compare_runs]").click()
        expect(phone.locator(".changed").first).to_be_visible()
        assert fits(phone)


def fits(page: Page) -> bool:
    """Whether nothing that is seen reaches out of the screen."""
    return bool(
        page.evaluate(
            """() => [...document.querySelectorAll('html, body, #evaluation, #evaluation *')]
                .filter(e => !e.closest('.hidden, thead'))
                .every(e => { const box = e.getBoundingClientRect();
                    return box.width === 0 || (box.left >= -1 && box.right <= innerWidth + 1); })"""
        )
    )


@pytest.mark.parametrize("locale", ["en-US", "ar-SY"])
def test_earlier_runs_follow_the_form_or_stand_beside_it(
    visit: Visit, served: Served, locale: str
) -> None:
    with visit(served.address, locale=locale) as page:
        evaluation(page)
        form, runs = page.locator("#evaluation-form"), page.locator("#evaluation-runs")
        for width in (375, 700, 1100, 1600):
            page.set_viewport_size({"width": width, "height": 1000})
            above, below = form.bounding_box(), runs.bounding_box()
            assert above
            assert below
            if width < 960:
                assert 0 < below["y"] - (above["y"] + above["height"]) <= 40
            else:
                assert below["y"] == above["y"]


def test_the_arabic_tab_reads_from_right_to_left(
    visit: Visit, served: Served, earlier: str
) -> None:
    with visit(served.address, locale="ar-SY") as page:
        evaluation(page).locator(".runs button.run", has_text=SET).first.click()
        expect(page.locator(".figures")).to_contain_text("الاقتباس الأول يتضمن الإجابة")
        main, runs = page.locator("#evaluation-main"), page.locator("#evaluation-runs")
        first, second = main.bounding_box(), runs.bounding_box()
        assert first is not None
        assert second is not None
        assert first["x"] > second["x"]
        page.get_by_role("button", name="English").click()
        expect(page.locator(".figures")).to_contain_text("The first quote holds the answer")


def test_a_broken_line_of_an_own_file_is_named(
    visit: Visit, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text('{"id": "a"}\n', encoding="utf-8")
    with visit(served.address) as page:
        evaluation(page).locator("input[type=file]").set_input_files(file)
        notice = page.get_by_role("status").filter(has_text="cannot be used")
        expect(notice).to_contain_text("line 1: answerable is None: write true or false")
        lines = [UNKNOWN | {"answerable": False, "kind": "unanswerable"}]
        write(file, lines)
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_label("Question set")).to_have_value("/own")
        expect(page.get_by_text("Questions: 1")).to_be_visible()
        expect(notice).to_have_count(0)
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_role("heading", name="Results: own")).to_be_visible()


def test_a_file_that_is_no_text_or_too_long_is_refused(
    visit: Visit, served: Served, tmp_path: Path
) -> None:
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "long.jsonl").write_bytes(b" " * 6_000_000)
    with visit(served.address) as page:
        for name in ("binary.jsonl", "long.jsonl"):
            evaluation(page).locator("input[type=file]").set_input_files(tmp_path / name)
            notice = page.locator("#evaluation .notice")
            expect(notice).to_contain_text(f"{name}\u2069: is not UTF-8 text of at most 5 MB")


def test_questions_about_missing_articles_can_be_left_out(visit: Visit, served: Served) -> None:
    with visit(served.address) as page:
        run_set(evaluation(page), "missing")
        notice = page.locator("#evaluation .notice")
        expect(notice).to_contain_text("cannot be scored on this archive: 1 of 4")
        expect(notice.get_by_role("heading")).to_be_focused()
        notice.get_by_role("button", name="Leave them out and ask the other 3").click()
        expect(page.locator(".result-head")).to_contain_text("Questions: 3")


def test_a_slow_run_is_stopped_while_the_chat_answers(visit: Visit, slow_server: str) -> None:
    with visit(slow_server) as page:
        evaluation(page).get_by_role("button", name="Run").click()
        expect(page.locator("progress")).to_be_visible()
        expect(page.locator(".run-progress")).to_contain_text(re.compile(r"About .+ left"))
        page.get_by_role("tab", name="Chat").click()
        page.locator("#question textarea").fill("and meanwhile?")
        page.keyboard.press("Enter")
        expect(page.locator(".turn blockquote")).to_be_visible()
        with visit(slow_server, locale="ar-SY") as other:
            other.get_by_role("tab", name="التقييم").click()
            expect(other.locator("progress")).to_be_visible()
            evaluation_stop = other.get_by_role("button", name="إيقاف التقييم")
            expect(evaluation_stop).to_be_visible()
            page.get_by_role("tab", name="Evaluation").click()
            page.get_by_role("button", name="العربية").click()
            expect(page.locator(".run-progress")).to_contain_text("من 40 من الأسئلة")
            evaluation_stop.click()
            for seen in (page, other):
                expect(seen.locator("#evaluation .notice")).to_contain_text("أُوقف التقييم")
                resume = seen.locator(".notice").get_by_role("button", name="متابعة")
                expect(resume).to_be_visible()


def test_every_control_has_a_name(visit: Visit, served: Served, earlier: str) -> None:
    with visit(served.address) as page:
        evaluation(page).locator(".runs button.run", has_text=SET).first.click()
        expect(page.locator(".figures")).to_be_visible()
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    roles = {"button", "link", "combobox", "tab", "tabpanel", "tablist", "table", "region"}
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in tree["nodes"]
        if not node["ignored"] and node["role"]["value"] in roles
    ]
    assert {role for role, _ in named} >= roles - {"region"}
    assert [role for role, name in named if not name] == []
