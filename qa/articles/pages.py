"""Files that are one article: plain text of a newspaper's page, Markdown, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from qa.articles.cleaning import clean
from qa.articles.dates import parse_date
from qa.articles.decoding import read_html, read_text
from qa.articles.drafts import Draft
from qa.articles.fields import FieldError, draft_from_fields
from qa.articles.metadata import find_metadata
from qa.errors import ArticleError

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<fields>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_-]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<hashed>.+?)[ \t]*#*[ \t]*$|^(?P<underlined>\S.*)\n(?:=+|--+)[ \t]*$",
    re.MULTILINE,
)


def read_page(path: Path) -> Iterator[Draft]:
    """A saved newspaper page: cleaned, with the metadata that stands around its text."""
    yield draft_from_page(read_text(path))


def draft_from_page(raw: str) -> Draft:
    """The article of a page's text; its text is empty where there is nothing but furniture."""
    page = clean(raw)
    found = find_metadata(page)
    return Draft(
        text=page.body,
        title=page.title,
        outlet=found.outlet,
        author=found.author,
        published=found.published,
        updated=found.updated,
    )


def read_markdown(path: Path) -> Iterator[Draft]:
    """Front matter, if any, gives the metadata; else the first heading the title. Not cleaned."""
    raw = read_text(path)
    matter = _FRONT_MATTER.match(raw)
    fields: dict[str, object] = {}
    if matter:
        pairs = _FIELD.finditer(matter["fields"])
        fields = {pair["name"].lower(): pair["value"].strip("'\"") for pair in pairs}
        raw = raw[matter.end() :]
    try:
        # The file's path is its key, whatever the front matter calls it.
        yield replace(_markdown_draft(fields, raw.strip()), key=None)
    except FieldError as error:
        raise ArticleError(f"front matter: {error}", str(path)) from error


def _markdown_draft(fields: dict[str, object], body: str) -> Draft:
    heading = _HEADING.search(body)
    if heading and not fields.get("title"):
        fields["title"] = heading["hashed"] or heading["underlined"]
        if heading.start() == 0:
            body = body[heading.end() :].strip()
    return draft_from_fields(fields | {"text": body or fields.get("title")})


def read_web_page(path: Path) -> Iterator[Draft]:
    """A page's main text and metadata, as trafilatura finds them."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(
        read_html(path),
        with_metadata=True,
        include_comments=False,
        # A date in running text is an event's.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or not found.text:
        raise ArticleError("no article text found in this page: save it as text", str(path))
    title = found.title or ""
    yield Draft(
        # The headline is not citable text, though many pages hold it in the article's element.
        text=found.text.strip().removeprefix(f"{title}\n"),
        title=title,
        outlet=found.sitename,
        author=found.author,
        published=parse_date(found.date) if found.date else None,
        url=found.url,
    )
