import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from qa.answers.abstention import load_calibration
from qa.evaluation.reports.cases import extract
from qa.evaluation.reports.pages import (
    HTML_FILE,
    MARKDOWN_FILE,
    answer_reports,
    cell,
    retrieval_reports,
    text_direction,
)
from tests.evaluation.runs import (
    ARTICLE,
    EVIDENCE,
    OTHER,
    answered,
    answers_run,
    mixed_run,
    passage,
    ranked,
    refused,
    retrieval_run,
)

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} | ` * \" '"
VOID = {"meta", "link", "input", "img", "br", "hr"}


class Page(HTMLParser):
    """The elements of a page, each with its attributes and the words within it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[list[str]] = []
        self._open: list[int] = []
        self.feed(html)
        assert not self._open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(len(self.elements))
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.words.append([])
        if tag in VOID:
            self._open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            self.words[element].append(data)

    def find(self, tag: str, **wanted: str) -> Iterator[tuple[dict[str, str], str]]:
        for (name, attributes), words in zip(self.elements, self.words, strict=True):
            if name == tag and wanted.items() <= attributes.items():
                yield attributes, " ".join(" ".join(words).split())


@cache
def answers_sample() -> dict[str, str]:
    return answer_reports(*mixed_run(), passage)


@cache
def answers_page() -> Page:
    return Page(answers_sample()[HTML_FILE])


@cache
def retrieval_sample() -> dict[str, str]:
    return retrieval_reports(
        *retrieval_run(
            ranked("best", ["a", "b"], {"a": 1}),
            ranked("late", ["b", "c", "d", "a"], {"a": 1, "b": 0, "x": 2}, "ar"),
            ranked("lost", ["b", "c"], {"a": 1}, "ar"),
        )
    )


@pytest.fixture(scope="module", params=["answers", "retrieval"])
def html(request: pytest.FixtureRequest) -> str:
    made = answers_sample() if request.param == "answers" else retrieval_sample()
    return made[HTML_FILE]


def test_a_page_asks_nobody_for_anything(html: str) -> None:
    page = Page(html)
    for _, attributes in page.elements:
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            assert attributes.get(name, "#").startswith(("#", "data:,"))
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    policy = next(attributes for attributes, _ in page.find("meta") if "http-equiv" in attributes)
    assert "default-src 'none'" in policy["content"]


def test_links_lead_somewhere_and_ids_are_unique(html: str) -> None:
    page = Page(html)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {attributes["href"][1:] for attributes, _ in page.find("a")}
    labels = {attributes.get("aria-labelledby", "") for _, attributes in page.elements} - {""}
    assert links | {name for label in labels for name in label.split()} <= set(ids)


def test_headings_leave_no_level_out_and_tables_have_captions(html: str) -> None:
    page = Page(html)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(list(page.find("table"))) == len(list(page.find("caption")))
    assert all(attributes["role"] == "img" for attributes, _ in page.find("svg"))


def test_equal_runs_have_equal_reports() -> None:
    assert answer_reports(*mixed_run(), passage) == answers_sample()
    assert retrieval_sample.__wrapped__() == retrieval_sample()


def test_headlines_have_mean_interval_and_meaning() -> None:
    cards = [words for _, words in answers_page().find("li", **{"class": "card"})]
    assert cards[0].startswith("evidence@1 0.250 95 % interval")
    assert cards[0].endswith("The first citation holds the evidence")
    assert any(card.startswith("latency 40 ms 95 % within 60 ms") for card in cards)


def test_every_failure_is_there_with_what_was_expected_retrieved_and_cited() -> None:
    cases = dict(enumerate(answers_page().find("details", **{"class": "case"})))
    assert [a["data-failure"] for a, _ in cases.values()] == [
        "refused wrongly",
        "retrieved but not used",
        "used wrongly",
    ]
    words = cases[1][1]
    assert f"Expected {EVIDENCE}" in words
    assert "Reference That dialogue is needed." in words
    assert f"According to Lavrov: “…” [1] {OTHER} [1] لافروف في موسكو · الوطن · 2015-09-16" in words
    assert "Evidence stands in passage 2 of 2." in words
    assert "confidence 0.55" in words


def test_evidence_is_marked_in_what_was_retrieved() -> None:
    marks = [words for _, words in answers_page().find("mark")]
    assert marks
    assert set(marks) == {EVIDENCE}


def test_texts_have_their_language_and_direction() -> None:
    page = answers_page()
    quotes = [attributes for attributes, _ in page.find("blockquote")]
    assert {(quote["lang"], quote["dir"]) for quote in quotes} == {("ar", "rtl")}
    spans = list(page.find("span", **{"class": "question"}))
    directions = {(attributes["lang"], attributes["dir"]) for attributes, _ in spans}
    assert directions == {("en", "ltr"), ("ar", "rtl")}
    assert ("en", "ltr") in {
        (attributes.get("lang"), attributes.get("dir"))
        for attributes, words in page.find("p")
        if words.startswith("According to")
    }


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("NATO أعلن الحلف اليوم", None, "rtl"),
        ("the word حرب", None, "ltr"),
        ("According to Lavrov: وقال لافروف إن الحوار ضروري", "en", "ltr"),
        ("Washington Post", "ar", "ltr"),
        ("2015", None, "ltr"),
    ],
)
def test_the_direction_of_a_text(text: str, language: str | None, expected: str) -> None:
    assert text_direction(text, language) == expected


def test_failures_are_counted_and_linked() -> None:
    page = answers_page()
    links = {words: attributes["href"] for attributes, words in page.find("a")}
    assert links["refused wrongly"] == "#failure-refused-wrongly"
    assert links["en-2"] == "#question-2"
    assert "not retrieved" not in links
    rows = [words for _, words in page.find("tr")]
    assert (
        "retrieved but not used 1 The evidence was retrieved, but the answer cites something else"
        in rows
    )


def test_the_threshold_and_every_outcome_are_drawn() -> None:
    texts = [words for _, words in answers_page().find("text")]
    assert f"threshold {load_calibration().threshold:.2f}" in texts
    assert {"Answered right (1)", "Answered wrong (2)", "Refused rightly (1)"} <= set(texts)


def test_articles_and_names_cannot_add_markup() -> None:
    result = answered(HOSTILE, HOSTILE, failure="used wrongly", quote=HOSTILE, kind=HOSTILE)
    run, summary = answers_run(
        replace(result, metrics={**result.metrics, HOSTILE: 1.0}), name=HOSTILE
    )
    summary["skipped"] = {HOSTILE: HOSTILE}
    html = answer_reports(run, summary, lambda *place: HOSTILE)[HTML_FILE]
    page = Page(html)
    assert not list(page.find("img"))
    assert len(list(page.find("script"))) == 1
    assert "{{ 7 * 7 }}" in html


@pytest.mark.parametrize("confidence", [None, 0.0, 1.0])
def test_a_run_of_one_question(confidence: float | None) -> None:
    page = Page(
        answer_reports(*answers_run(answered("1", confidence=confidence)), passage)[HTML_FILE]
    )
    titles = [words for _, words in page.find("h2")]
    assert ("Reliability of abstention" in titles) is (confidence is not None)
    assert any(words == "No question went wrong." for _, words in page.find("p"))


def test_a_run_without_a_right_answer_or_any_answer() -> None:
    run, summary = answers_run(refused("1", answerable=False), refused("2", answerable=True))
    page = Page(answer_reports(run, summary, passage)[HTML_FILE])
    assert len(list(page.find("details", **{"class": "case"}))) == 1


def test_questions_that_were_left_out_are_named() -> None:
    run, summary = mixed_run()
    summary["skipped"] = {"x-1": "no indexed article is called '9'"}
    reports = answer_reports(run, summary, passage)
    assert "no indexed article is called &#39;9&#39;" in reports[HTML_FILE]
    assert "1 were left out." in reports[MARKDOWN_FILE]


def test_a_thousand_questions_stay_small() -> None:
    long = ARTICLE * 20
    run, summary = answers_run(
        *(
            answered(f"q-{i}", failure=None if i % 4 else "used wrongly", evidence=[long])
            for i in range(1000)
        )
    )
    html = answer_reports(run, summary, lambda *place: long)[HTML_FILE]
    assert html.count('<details class="case"') == 250
    assert len(html.encode()) < 1_000_000


def test_extracts_are_cut_around_the_evidence() -> None:
    found = extract(f"{'before ' * 50}{EVIDENCE}{' after' * 50}", [EVIDENCE], 100)
    assert found.evidence == EVIDENCE
    assert found.before.startswith("… before")
    assert found.after.endswith("after …")
    assert len(found.before + found.evidence + found.after) < 110
    assert extract("nothing here", [EVIDENCE], 100).before == "nothing here"


def test_the_retrieval_page_shows_the_worst_first() -> None:
    page = Page(retrieval_sample()[HTML_FILE])
    cases = [words for _, words in page.find("details", **{"class": "case"})]
    assert [re.findall(r"question (\w+)\?", words)[0] for words in cases] == ["lost", "late"]
    assert "nothing relevant found" in cases[0]
    assert "first relevant at 4" in cases[1]
    assert "x · gain 2 · not found" in cases[1]
    assert "1,234 documents" in " ".join(words for _, words in page.find("p"))


def test_ranks_are_counted() -> None:
    page = Page(retrieval_sample()[HTML_FILE])
    rows = [words for _, words in page.find("tr")]
    assert {"1 1", "2 0", "4–5 1", "none 1"} <= set(rows)


def test_the_markdown_of_answers() -> None:
    text = answers_sample()[MARKDOWN_FILE]
    lines = text.splitlines()
    assert lines[0] == "# Answers: seeds"
    assert "5 questions, 3 went wrong." in lines
    assert "| refused wrongly | 1 | ar-1 |" in lines
    assert "| model | m\\|1 |" in lines
    assert any(line.startswith("| en→ar | 3 | 0.333 [") for line in lines)
    assert "\n\n\n" not in text


@pytest.mark.parametrize("file", ["answers", "retrieval"])
def test_markdown_tables_have_as_many_cells_in_every_row(file: str) -> None:
    reports = answers_sample() if file == "answers" else retrieval_sample()
    tables = re.findall(r"(?:^\|.*\n)+", reports[MARKDOWN_FILE], re.MULTILINE)
    assert len(tables) >= 4
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_long_lists_of_failures_are_cut_in_markdown() -> None:
    failing = [answered(f"q-{i}", failure="used wrongly") for i in range(13)]
    text = answer_reports(*answers_run(*failing), passage)[MARKDOWN_FILE]
    assert "q-9 and 3 more |" in text
    assert "q-10" not in text


def test_a_cell_stays_one_cell() -> None:
    assert cell("a|b\n`c` <b>") == "a\\|b \\`c\\` &lt;b>"


def test_reports_are_text_that_json_and_files_can_hold() -> None:
    for text in (answers_sample() | retrieval_sample()).values():
        assert json.loads(json.dumps(text)) == text
        assert text.endswith("\n")
