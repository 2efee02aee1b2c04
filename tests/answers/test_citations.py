from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.citations import cite, verify
from qa.errors import CitationError
from qa.model import Article, Span


def article_of(text: str) -> Article:
    return Article("key", "v1", "title", text, "ar")


@given(st.text(min_size=1), st.data())
def test_a_citation_is_its_span_of_the_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    citation = cite(1, article_of(text), Span(start, end))
    assert citation.quote == text[start:end]
    verify(citation, article_of(text))


@pytest.mark.parametrize("span", [Span(-1, 2), Span(2, 2), Span(3, 2), Span(0, 7)])
def test_a_span_outside_the_text_is_refused(span: Span) -> None:
    with pytest.raises(CitationError, match="'key'"):
        cite(1, article_of("مقالة."), span)


def test_a_quote_that_differs_by_one_character_is_refused() -> None:
    citation = cite(1, article_of("قال لافروف"), Span(0, 10))
    with pytest.raises(CitationError, match="qa rebuild"):
        verify(citation, article_of("قال لافروڤ"))


def test_a_citation_of_another_version_is_refused() -> None:
    article = article_of("قال لافروف")
    citation = cite(1, article, Span(0, 3))
    with pytest.raises(CitationError, match="v2"):
        verify(citation, replace(article, version="v2"))
