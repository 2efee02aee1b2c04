"""Citations by construction: a quote is cut from the stored article and compared with it again."""

from __future__ import annotations

from qa.errors import CitationError
from qa.model import Article, Citation, Span


def cite(number: int, article: Article, span: Span) -> Citation:
    """The citation of a span of the article; raises CitationError where there is no such span."""
    if not 0 <= span.start < span.end <= len(article.text):
        raise CitationError(
            f"article {article.key!r} has no characters {span.start}:{span.end} "
            f"(it has {len(article.text)}); rebuild the index with `qa rebuild`"
        )
    return Citation(
        number=number,
        article=article.key,
        version=article.version,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        url=article.url,
        start=span.start,
        end=span.end,
        quote=article.text[span.start : span.end],
    )


def verify(citation: Citation, article: Article) -> None:
    """Raises CitationError unless the quote is, to the character, what the article says there."""
    if (citation.article, citation.version) != (article.key, article.version):
        raise CitationError(
            f"citation [{citation.number}] is of {citation.article!r} version "
            f"{citation.version!r}, not of {article.key!r} version {article.version!r}; "
            "ask again: the article may just have been replaced"
        )
    stored = article.text[citation.start : citation.end]
    if not citation.quote or stored != citation.quote:
        raise CitationError(
            f"citation [{citation.number}] quotes {citation.quote!r}, but article "
            f"{article.key!r} says {stored!r} there; rebuild the index with `qa rebuild`"
        )
