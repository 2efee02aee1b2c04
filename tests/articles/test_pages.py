from datetime import date
from pathlib import Path

import pytest

from qa.articles.drafts import Draft
from qa.articles.pages import read_markdown, read_page, read_web_page
from qa.errors import ArticleError

HTML = """\
<!doctype html>
<html lang="ar">
<head>
<meta charset="utf-8">
<title>موسكو ترحب بالقرار - الوطن</title>
<meta property="og:title" content="موسكو ترحب بالقرار">
<meta property="og:site_name" content="الوطن">
<meta property="og:url" content="https://example.org/articles/1">
<meta property="article:published_time" content="2015-09-16T10:00:00+03:00">
<meta name="author" content="Ann Lee">
</head>
<body>
<nav><a href="/">الرئيسية</a><a href="/news">الأخبار</a></nav>
<article>
<h1>موسكو ترحب بالقرار</h1>
<p>رحبت موسكو أمس الأربعاء بالقرار الذي اتخذه مجلس الأمن الدولي في شأن سورية.</p>
<p>وقال وزير الخارجية: «إن القرار يحترم سيادة سورية»، مضيفاً أن بلاده ستلتزم به.</p>
<p>يشار إلى أن المجلس سيجتمع مجدداً في 3 أيار 2019 لبحث تنفيذ القرار على الأرض.</p>
</article>
<footer><a href="/terms">جميع الحقوق محفوظة</a></footer>
</body>
</html>
"""


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_text_page(seeds: Path) -> None:
    (draft,) = read_page(seeds / "004_cf3dbfa4259b4b62.txt")
    assert draft.title == 'البيت الأبيض: نرحب بأي دعم روسي للتحالف في محاربة "داعش"'
    assert (draft.outlet, draft.published) == ("الوسط", date(2015, 9, 16))
    assert (draft.key, draft.line) == (None, None)


def test_web_page(tmp_path: Path) -> None:
    (draft,) = read_web_page(write(tmp_path, "page.html", HTML))
    assert draft.title == "موسكو ترحب بالقرار"
    assert (draft.outlet, draft.author) == ("الوطن", "Ann Lee")
    assert draft.published == date(2015, 9, 16)
    assert draft.url == "https://example.org/articles/1"
    assert draft.text.startswith("رحبت موسكو أمس الأربعاء بالقرار")
    assert "«إن القرار يحترم سيادة سورية»" in draft.text
    assert "جميع الحقوق" not in draft.text
    assert "الرئيسية" not in draft.text


def test_a_date_in_a_web_page_is_not_when_it_was_published(tmp_path: Path) -> None:
    page = "\n".join(line for line in HTML.split("\n") if "published_time" not in line)
    (draft,) = read_web_page(write(tmp_path, "page.html", page))
    assert draft.published is None


@pytest.mark.parametrize("page", ["<html></html>", "<p>", "no markup at all"])
def test_web_page_without_an_article(tmp_path: Path, page: str) -> None:
    with pytest.raises(ArticleError, match="no article text found"):
        list(read_web_page(write(tmp_path, "page.html", page)))


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    text = (
        '---\ntitle: "موسكو ترحب"\ndate: 2015-09-16\nsource: الوطن\nlang: ar\nkey: other\n---\n\n'
        "# رأس آخر\n\nنص أول.\n\n- نص *ثان*.\n"
    )
    (draft,) = read_markdown(write(tmp_path, "a.md", text))
    assert draft == Draft(
        text="# رأس آخر\n\nنص أول.\n\n- نص *ثان*.",
        title="موسكو ترحب",
        outlet="الوطن",
        published=date(2015, 9, 16),
        language="ar",
    )


@pytest.mark.parametrize("heading", ["# Talks resume #", "## Talks resume", "Talks resume\n====="])
def test_markdown_title_is_the_first_heading(tmp_path: Path, heading: str) -> None:
    (draft,) = read_markdown(write(tmp_path, "a.md", f"{heading}\n\nThey began.\n\n## Later\n"))
    assert draft == Draft(text="They began.\n\n## Later", title="Talks resume")


def test_markdown_below_an_introduction_keeps_its_heading(tmp_path: Path) -> None:
    (draft,) = read_markdown(write(tmp_path, "a.md", "Intro.\n\n# Title\n\nText.\n"))
    assert draft == Draft(text="Intro.\n\n# Title\n\nText.", title="Title")


def test_markdown_with_a_bad_date(tmp_path: Path) -> None:
    (draft,) = read_markdown(write(tmp_path, "a.md", "---\ndate: soon\n---\nText.\n"))
    assert draft.text == "Text."
    (note,) = draft.notes
    assert note.reason == "published 'soon' is not a date: write it as 2015-09-16; kept without it"
