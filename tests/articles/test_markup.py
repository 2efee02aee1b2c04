import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.markup import plain_line, plain_text

STORY = """\
<div class="story">
  <p dir="rtl" style="text-align:justify">أعلن الوزير&nbsp;أن «المحادثات» مستمرة،
     وأضاف أن <a href="http://example.org/?a=1&amp;b=2" title="a > b">القرار</a> لم يتخذ.</p>
  <!-- <p>A note of the editors.</p> -->
  <script>if (a < b) { document.write("<p>x</p>") }</script>
  <p>&nbsp;</p>
  <blockquote>&quot;Yes&quot;, he said.<br/>And &lt;b&gt; is a tag.</blockquote>
  <ul><li>One</li><li>Two</li></ul>
  <img src="a.jpg" alt="x"><o:p></o:p>
</div>
"""


def test_a_story_as_its_editors_wrote_it() -> None:
    assert plain_text(STORY).split("\n\n") == [
        "أعلن الوزير\u00a0أن «المحادثات» مستمرة، وأضاف أن القرار لم يتخذ.",
        '"Yes", he said.\nAnd <b> is a tag.',
        "One",
        "Two",
    ]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("One.<br>Two.<br /><br />Three.", "One.\nTwo.\n\nThree."),
        ("One.<P>Two.<P>Three.", "One.\n\nTwo.\n\nThree."),
        ("<p>Only this", "Only this"),
        ("One <b>and</b>\ntwo.\n\n<i>Three</i>.", "One and\ntwo.\n\nThree."),
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;", "One & two.\n\nThree."),
        ("AT&amp;T &#8220;grows&#8221; &#x2014; fast", "AT&T “grows” — fast"),
        ("<table><tr><td>One</td><td>two</td></tr></table>", "One two"),
        ("<p>a < b and <tag> and x>y</p>", "a < b and <tag> and x>y"),
        ("<p>One.</p><script>never closed", "One.\n\nnever closed"),
        ("<p>One.</p><!-- never closed", "One.\n\nnever closed"),
        ("<html><head><title>T</title></head><body>One</body></html>", "One"),
        ("<![CDATA[<p>One --> two</p>]]>", "One --> two"),
        ("<p>One</p><![if mso]><p>two</p><![endif]>", "One\n\ntwo"),
    ],
)
def test_markup_is_reduced(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a < b, and b > c",
        "if x <y and y> z, then",
        "He wrote to <ann@example.org> and <http://example.org/?a=1&copy=2>.",
        "The <tag> is new, says <name>.",
        "A <br> ends a line, and '<p>' and \"</p>\" stand around a paragraph.",
        "R&D; and &unknown; stay",
        "«القوات\u00a0الخاصة»  قالت\u200f إن…\u00a0 الأمر تم.\n\n\tوأضافت\r ـ أمس.",
    ],
)
def test_text_stays(text: str) -> None:
    assert plain_text(text) == text


def test_the_seeds_hold_no_markup(seeds: Path) -> None:
    for seed in seeds.glob("*.txt"):
        text = seed.read_text(encoding="utf-8")
        assert plain_text(text) == text


def test_a_title_is_one_line() -> None:
    assert plain_line("Talks<br>in <b>Vienna</b> &amp; Paris") == "Talks in Vienna & Paris"
    assert plain_line("a  b") == "a  b"


WORDS = st.lists(st.sampled_from(["قال", "الوزير", "said", "a<b", "&", "3", "«x»"]), min_size=1)
SHELLS = [
    "<p>{}</p>",
    "<div>\n{}\n</div>",
    "<b>{}</b> ",
    "{}<br/>",
    "<!-- c -->{}",
    "<li>{}",
    "<td>{}",
]


@given(st.lists(st.tuples(WORDS, st.sampled_from(SHELLS)), min_size=1))
def test_no_word_is_lost(parts: list[tuple[list[str], str]]) -> None:
    written = "<p>" + "".join(shell.format(" ".join(words)) + " " for words, shell in parts)
    words = [word for words, _ in parts for word in words]
    assert plain_text(written).split() == words


@pytest.mark.parametrize(
    "piece", ["<!--", "<p", "<a href='", '<a b="', "<script>", "<", "&", "&#", "<p>\n", " ", "</"]
)
def test_the_time_grows_with_the_length(piece: str) -> None:
    began = time.process_time()
    plain_text(f"<p>{piece * 200_000}")
    assert time.process_time() - began < 5
