import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.articles.drafts import Draft, ReadFailure
from qa.articles.tables import read_csv, read_json_lines
from qa.errors import ArticleError


def test_json_fields_and_their_synonyms(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    rows: list[dict[str, object]] = [
        {
            "id": 7,
            "title": "عنوان",
            "body": "نص",
            "source": "الوطن",
            "author": "رويترز",
            "date": "16 سبتمبر 2015",
            "updated": "2017-05-12T10:00:00Z",
            "url": "https://example.org/7",
            "lang": "ar-SY",
            "unknown": {"is": "ignored"},
        },
        {"_id": "b", "content": "text", "title": None, "date": "", "authors": ["A", "B"]},
        {"text": "text", "url": "https://example.org/8"},
        {"text": "text"},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert list(read_json_lines(file)) == [
        Draft(
            text="نص",
            title="عنوان",
            key="7",
            language="ar",
            outlet="الوطن",
            author="رويترز",
            published=date(2015, 9, 16),
            updated=date(2017, 5, 12),
            url="https://example.org/7",
            line=1,
        ),
        Draft(text="text", key="b", author="A, B", line=2),
        Draft(text="text", key="https://example.org/8", url="https://example.org/8", line=3),
        Draft(text="text", line=4),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "cut', "broken JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('["text"]', "not a JSON object"),
        ('{"title": "only"}', "no text: give it in a field named text or body or content"),
        ('{"text": "  "}', "no text"),
        ('{"text": {"a": 1}}', "write it as text"),
        ('{"text": true}', "text is True: write it as text"),
        (f'{{"text": "t", "id": 1{"0" * 5000}}}', "unusable JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_kept(
    tmp_path: Path, line: str, reason: str
) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(f'{{"text": "first"}}\n\n{line}\n{{"text": "last"}}\n', encoding="utf-8")
    first, failure, last = read_json_lines(file)
    assert isinstance(failure, ReadFailure)
    assert (failure.source, failure.line) == (str(file), 3)
    assert reason in failure.reason
    assert [first, last] == [Draft(text="first", line=1), Draft(text="last", line=4)]


@pytest.mark.parametrize(
    ("field", "about", "reason"),
    [
        ('"date": "soon"', "published", "published 'soon' is not a date: write it as 2015-09-16"),
        ('"date": "0000-00-00"', "published", "published '0000-00-00' is not a date"),
        ('"date": "1402-05-12"', "published", "published '1402-05-12' is not a date"),
        ('"updated": "x"', "updated", "updated 'x' is not a date"),
        ('"lang": "klingon"', "language", "language 'klingon' is no language we know"),
        ('"title": true', "title", "title is True: write it as text"),
        ('"author": {"age": 1}', "author", "author is {'age': 1}: write it as text"),
        ('"id": [{}]', "key", "id is [{}]: write it as text"),
    ],
)
def test_an_article_is_kept_without_a_field_that_cannot_be_used(
    tmp_path: Path, field: str, about: str, reason: str
) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(f'{{"text": "t", {field}}}\n', encoding="utf-8")
    (draft,) = read_json_lines(file)
    assert isinstance(draft, Draft)
    (note,) = draft.notes
    assert draft == Draft(text="t", line=1, notes=(note,))
    assert note.about == about
    assert reason in note.reason


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ('"author": {"name": "رويترز"}', Draft("t", author="رويترز")),
        ('"authors": [{"name": "A"}, {"name": "B"}]', Draft("t", author="A, B")),
        ('"source": {"id": null, "name": "BBC"}', Draft("t", outlet="BBC")),
        ('"title": {"rendered": "T"}', Draft("t", title="T")),
        ('"_id": {"$oid": "507f"}', Draft("t", key="507f")),
        ('"date": {"$date": "2015-09-16T10:00:00Z"}', Draft("t", published=date(2015, 9, 16))),
        ('"date": 1442400000.0', Draft("t", published=date(2015, 9, 16))),
        ('"date": NaN, "author": NaN', Draft("t")),
        ('"lang": "Arabic"', Draft("t", language="ar")),
        ('"lang": "ara"', Draft("t", language="ar")),
        ('"id": {"a": 1}, "url": "u"', Draft("t", key="u", url="u")),
    ],
)
def test_fields_as_exports_write_them(tmp_path: Path, field: str, draft: Draft) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(f'{{"text": "t", {field}}}\n', encoding="utf-8")
    (found,) = read_json_lines(file)
    assert isinstance(found, Draft)
    assert replace(found, line=None, notes=()) == draft


def test_a_text_of_several_paragraphs(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"content": {"rendered": ["One.", "", "Two."]}}\n', encoding="utf-8")
    assert list(read_json_lines(file)) == [Draft("One.\n\nTwo.", line=1)]


def test_markup_of_exports_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    row = {
        "title": "Talks &amp; <b>tea</b>",
        "content": {"rendered": '<p>He spoke.&nbsp;</p>\n<p>She <a href="x">left</a>.</p>'},
        "author": "A &amp; B",
        "url": "https://example.org/?a=1&amp;b=2",
    }
    file.write_text(json.dumps(row), encoding="utf-8")
    (draft,) = read_json_lines(file)
    assert isinstance(draft, Draft)
    assert draft.text == "He spoke.\n\nShe left."
    assert (draft.title, draft.author) == ("Talks & tea", "A & B")
    assert draft.url == row["url"]


def test_line_separators_within_a_json_line(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes('{"text": "one\u2028two"}\r\n{"text": "three"}\r\n'.encode())
    assert [d.text for d in read_json_lines(file) if isinstance(d, Draft)] == [
        "one\u2028two",
        "three",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_columns(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "articles.csv"
    rows = ["ID|Title|Text|Published", 'a|عنوان|"one ""two""\nthree"|2015-09-16', "", "b||four|"]
    text = "\r\n".join(rows).replace("|", delimiter)
    file.write_bytes(text.encode("utf-8-sig"))
    assert list(read_csv(file)) == [
        Draft(
            text='one "two"\nthree',
            title="عنوان",
            key="a",
            published=date(2015, 9, 16),
            line=2,
        ),
        Draft(text="four", key="b", line=5),
    ]


def test_csv_without_a_column_of_text(tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("id,title\n1,a\n", encoding="utf-8")
    with pytest.raises(ArticleError, match="no column named text or body or content"):
        list(read_csv(file))


def test_csv_rows_without_text_are_named(tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("id,text\n1,\n2,two\n", encoding="utf-8")
    failure, draft = read_csv(file)
    assert isinstance(failure, ReadFailure)
    assert failure.line == 2
    assert draft == Draft(text="two", key="2", line=3)


def test_csv_rows_that_break_are_named_and_the_others_kept(tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    rows = [
        "id,title,text",
        "1,Syria, talks in Paris,The real text",
        '2,b,"two is not closed',
        '3,c,"three, closed"',
        '4,d,"He said "yes" to it."',
        "5,e,five",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    found = list(read_csv(file))
    assert [f.line for f in found if isinstance(f, ReadFailure)] == [2, 3]
    drafts = [d for d in found if isinstance(d, Draft)]
    assert [d.text for d in drafts] == ["three, closed", 'He said "yes" to it.', "five"]
    assert [[note.about for note in d.notes] for d in drafts] == [[], ["quotes"], []]


def test_csv_holds_long_texts(tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text(f"text\n{'كلمة ' * 100_000}\n", encoding="utf-8")
    (draft,) = read_csv(file)
    assert isinstance(draft, Draft)
    assert len(draft.text) == 5 * 100_000 - 1
