import re
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Answer, Article, Citation, Claim, Span
from qa.serve.answer_parts import blocks, plain_answer
from qa.serve.conversation import Asked, Phase, Turn, Written
from qa.serve.labels import labels_in
from qa.serve.render import (
    excerpt,
    filters_html,
    header_html,
    hint_html,
    missing_source_html,
    paragraphs,
    source_html,
    text_direction,
    turn_html,
    web_address,
    welcome_html,
)
from tests.serve.scripted import CITATION, SHOWN, TRUE, WRITTEN

ENGLISH, ARABIC = labels_in("en"), labels_in("ar")
QUOTE = "قال لافروف إن الحدود يجب أن تُغلق."
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def citation(number: int = 1, quote: str = QUOTE, **changes: object) -> Citation:
    plain = Citation(
        number,
        f"key{number}",
        "v",
        "العنوان",
        "الوطن",
        date(2015, 9, 16),
        None,
        0,
        len(quote),
        quote,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def answer(text: str, *citations: Citation, **changes: object) -> Answer:
    plain = Answer("?", text, "en", "extractive", False, None, (), citations, {}, "")
    return replace(plain, **changes)  # type: ignore[arg-type]


def shape(text: str, *citations: Citation) -> list[object]:
    """Paragraphs as their words and marker numbers, quotes as theirs."""
    return [
        block.quote.number
        if block.quote
        else [part for p in block.pieces if (part := p.marker or p.text.strip())]
        for block in blocks(answer(text, *citations))
    ]


@pytest.mark.parametrize("quoted", ["“{}”", "«{}»", "“\u2068{}\u2069”", "« {} »", '"{}"', "{}"])
def test_a_quote_stands_alone_with_its_number(quoted: str) -> None:
    text = f"According to Lavrov: {quoted.format(QUOTE)} [1]"
    assert shape(text, citation()) == [["According to Lavrov:"], 1]


def test_two_quotes_stand_in_their_order() -> None:
    other = citation(2, "وأضاف كلمةً أخرى.")
    text = f"A: “{QUOTE}” [1]\n\nB: “{other.quote}” [2]"
    assert shape(text, citation(), other) == [["A:"], 1, ["B:"], 2]


def test_markers_among_words_stay_among_them() -> None:
    assert shape("It rained [1] and [2] snowed.", citation(), citation(2)) == [
        ["It rained", 1, "and", 2, "snowed."]
    ]


def test_a_marker_of_another_source_is_kept_after_a_quote() -> None:
    assert shape(f"“{QUOTE}” [1] [2]", citation(), citation(2)) == [1, [2]]


def test_a_quote_may_run_over_a_line_end() -> None:
    quote = "first line\nsecond line."
    assert shape(f"So: “{quote}” [1]", citation(quote=quote)) == [["So:"], 1]


def test_a_quote_is_found_inside_a_longer_one_only_where_it_stands() -> None:
    long, short = citation(1, "rain and snow fell"), citation(2, "snow")
    assert shape("“rain and snow fell” [1] “snow” [2]", long, short) == [1, 2]


def test_the_answer_shows_quote_title_outlet_and_date() -> None:
    turn = Turn(Asked("?"), Phase.DONE, answer=answer(f"Lavrov: “{QUOTE}” [1]", citation()))
    html = turn_html(turn, 3, ENGLISH)
    assert f">{QUOTE}</blockquote>" in html
    assert 'data-number="1" data-turn="3"' in html
    for words in ("العنوان", "الوطن", "16 September 2015"):
        assert words in html
    assert "16 سبتمبر 2015" in turn_html(turn, 3, ARABIC)


def test_citations_without_a_quote_in_the_words_are_listed_after_them() -> None:
    turn = Turn(Asked("?"), Phase.DONE, answer=answer("It rained [1].", citation()))
    html = turn_html(turn, 0, ENGLISH)
    assert html.index('class="marker"') < html.index("Sources") < html.index("<blockquote")


def test_an_abstention_is_no_answer() -> None:
    refused = answer("No. See below.", citation(), abstained=True, reason="Nothing is near.")
    html = turn_html(Turn(Asked("?"), Phase.DONE, answer=refused), 0, ENGLISH)
    assert "notice abstained" in html
    assert "Nothing is near." in html
    assert "Nearest passages" in html
    assert "data-copy" not in html


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_escapes_what_it_shows(phase: Phase) -> None:
    cited = citation(quote=EVIL, title=EVIL, outlet=EVIL, article=EVIL)
    for said in (None, answer(f"{EVIL} [1]", cited), answer(EVIL, cited, abstained=True)):
        turn = Turn(
            Asked(EVIL), phase, (Written(EVIL),), (), said, problem=EVIL, languages={EVIL: EVIL}
        )
        html = turn_html(turn, 0, ENGLISH)
        assert not re.search("<(script|img)", html)
        assert "&lt;script&gt;" in html


def test_the_source_escapes_what_it_shows() -> None:
    article = Article(
        "k", "v", EVIL, f"{EVIL}\n{EVIL}", "en", EVIL, EVIL, url="javascript:alert(1)"
    )
    html = source_html(article, citation(quote=EVIL), 0, ENGLISH)
    html += missing_source_html(EVIL, citation(), 0, ENGLISH)
    html += filters_html(ENGLISH, ["en"], [EVIL])
    assert not re.search("<(script|img)|href", html)


def test_the_source_marks_the_quote_and_shows_the_facts() -> None:
    text = f"الجملة الأولى.\n\nقبلها. {QUOTE} بعدها."
    start = text.index(QUOTE)
    article = Article(
        "k",
        "v",
        "العنوان",
        text,
        "ar",
        "الوطن",
        None,
        date(2015, 9, 16),
        None,
        "https://example.org/1",
    )
    html = source_html(article, citation(start=start, end=start + len(QUOTE)), 0, ENGLISH)
    assert re.findall("<mark>(.*?)</mark>", html) == [QUOTE]
    assert 'href="https://example.org/1"' in html
    for words in ("العنوان", "الوطن", "16 September 2015", 'lang="ar"', 'dir="rtl"'):
        assert words in html


@given(st.text(alphabet="ab \n"), st.data())
def test_paragraphs_mark_the_quote_and_lose_no_letter(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    parted = list(paragraphs(text, Span(0, len(text)), Span(start, end)))
    assert "".join(p.text for p in parted).split() == text.replace("\n", "").split() or (
        [p.text for p in parted] == [line for line in text.split("\n") if line.strip()]
    )
    marked = "".join(p.marked for p in parted)
    assert marked.replace(" ", "") == text[start:end].replace(" ", "").replace("\n", "")


@given(st.text(alphabet="ab\n", max_size=60), st.data())
def test_an_excerpt_holds_the_quote_and_stays_near_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = excerpt(text, Span(start, end), around=10)
    assert max(0, start - 10) <= shown.start <= start
    assert end <= shown.end <= min(len(text), end + 10)


def test_a_long_article_is_shown_around_its_quote() -> None:
    text = "line\n" * 100_000 + QUOTE
    cited = citation(start=len(text) - len(QUOTE), end=len(text))
    html = source_html(Article("k", "v", "t", text, "en"), cited, 0, ENGLISH)
    assert len(html) < 1_000_000
    assert "This article is long" in html
    assert f"<mark>{QUOTE}</mark>" in html


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Reuters قالت إن الحدود أُغلقت.", "ar", "rtl"),
        ("All in English.", "ar", "auto"),
        ("An English sentence on داعش.", "en", "ltr"),
        ("نصّ عربي.", None, "auto"),
        ("123", "ar", "auto"),
    ],
)
def test_a_text_keeps_its_language_direction(
    text: str, language: str | None, expected: str
) -> None:
    assert text_direction(text, language) == expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("/relative", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, shown: bool) -> None:
    assert (web_address(url) == url) is (shown or url is None)


def test_a_copied_answer_names_its_sources() -> None:
    cited = citation(url="https://example.org/1")
    assert plain_answer(answer("It rained [1].", cited), ENGLISH).splitlines() == [
        "It rained [1].",
        "",
        "[1] العنوان · الوطن · 2015-09-16 · https://example.org/1",
    ]


def test_an_empty_archive_says_how_to_fill_it() -> None:
    assert "qa ingest" in welcome_html(ENGLISH, 0)
    assert "Medvedev" in welcome_html(ENGLISH, 5)


def test_a_long_question_is_shown_in_part() -> None:
    html = turn_html(Turn(Asked("x" * 10_000)), 0, ENGLISH)
    assert len(html) < 2_000


def judged(phase: Phase = Phase.DONE, said: Answer | None = WRITTEN) -> Turn:
    """The turn of a chat model's answer with one verdict of each kind."""
    pieces = tuple(Written(text, claim) for claim, text in SHOWN)
    return Turn(Asked("?"), phase, pieces, (CITATION,), said)


def test_every_sentence_shows_its_verdict_in_words() -> None:
    html = turn_html(judged(), 0, ENGLISH)
    said = " ".join(re.sub("<[^>]+>", " ", html).split())
    for words in (
        "✓ borne out He said it on 3 May",
        "◐ Only partly borne out: the date “3 May” is not there",
        "✗ Not borne out: it names no source",
        "” word for word",
    ):
        assert words in said
    assert html.count('class="sentence flawed"') == 2
    assert html.count('<p class="words"') == 2


def test_a_sentence_that_is_still_checked_is_not_passed_off_as_checked() -> None:
    turn = Turn(Asked("?"), Phase.ANSWERING, (Written("A [1].", TRUE), Written(" B [2].")), ())
    html = turn_html(replace(turn, cited=(CITATION,)), 0, ENGLISH)
    assert html.count("borne out") == 1
    assert "checking…" in html
    assert html.count("data-number") == 2  # the marker, and its source
    assert '<span class="marker">2</span>' in html


def test_an_answer_tells_who_wrote_it_and_what_it_took() -> None:
    html = turn_html(judged(), 0, ENGLISH)
    for words in ("scripted:liar", "2.1 s", "Tokens read: 1,200", "Tokens written: 80"):
        assert words in html
    assert "Only the best 3 of 10 passages fit" in html
    assert "What did Lavrov say in Vienna?" in html.partition("<details")[2]


def test_quotes_tell_only_the_time() -> None:
    html = turn_html(Turn(Asked("?"), Phase.DONE, answer=answer("It rained.")), 0, ENGLISH)
    made = html.partition('class="facts made"')[2]
    assert "Quotes" in made
    assert "0.0 s" in made
    assert "Tokens" not in made
    assert "<details" not in html


@pytest.mark.parametrize(
    ("phase", "is_last", "by_model", "label"),
    [
        (Phase.DONE, True, True, "Answer again"),
        (Phase.DONE, True, False, None),
        (Phase.DONE, False, True, None),
        (Phase.FAILED, False, False, "Try again"),
        (Phase.STOPPED, True, False, "Try again"),
        (Phase.STOPPED, False, False, None),
        (Phase.ANSWERING, True, True, None),
    ],
)
def test_only_what_can_come_out_otherwise_can_be_asked_again(
    phase: Phase, is_last: bool, by_model: bool, label: str | None
) -> None:
    said = WRITTEN if phase is Phase.DONE else None
    html = turn_html(judged(phase, said), 3, ENGLISH, is_last=is_last, by_model=by_model)
    assert ('data-again="3"' in html) is (label is not None)
    assert label is None or label in html


def test_verdicts_and_notices_escape_what_they_show() -> None:
    claim = Claim(EVIL, (1,), "partial", EVIL)
    evil = replace(WRITTEN, notice=EVIL, model=EVIL, standalone=EVIL, claims=(claim,))
    turn = Turn(Asked("?"), Phase.DONE, (Written(f"{EVIL} [1]", claim),), (CITATION,), evil)
    html = turn_html(turn, 0, ENGLISH)
    assert not re.search("<(script|img)", html)
    assert html.count("&lt;script&gt;") >= 5


def test_a_copied_answer_says_what_is_not_borne_out() -> None:
    copied = plain_answer(WRITTEN, ENGLISH).splitlines()
    assert "⚠ Not borne out (it names no source): He spoke of 9,450 tanks." in copied
    assert any(line.startswith("⚠ Only partly borne out") for line in copied)
    assert "borne out: Lavrov" not in "".join(copied)


def test_the_switch_is_only_there_with_a_chat_model() -> None:
    assert 'name="mode"' not in filters_html(ENGLISH, ["en"], [])
    assert filters_html(ENGLISH, ["en"], [], by_model=True).count('name="mode"') == 2


def test_the_page_promises_word_for_word_only_without_a_chat_model() -> None:
    pages = (
        hint_html,
        partial(header_html, articles=1, outlets=1),
        partial(welcome_html, articles=1),
    )
    for page in pages:
        assert page(ENGLISH) != page(ENGLISH, by_model=True)
    assert "word for word" not in welcome_html(ENGLISH, 1, by_model=True)
