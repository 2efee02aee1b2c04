"""Articles as resources: listed a page at a time, read whole."""

from __future__ import annotations

from urllib.parse import quote, unquote

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    ListResourcesResult,
    ReadResourceResult,
    Resource,
    ResourceLink,
    ResourceTemplate,
    TextResourceContents,
)

from qa.errors import NotFoundError
from qa.model import Article, Citation, Filters
from qa.serve.api.cursors import cursor_of, key_of
from qa.serve.api.documents import ArticleHead
from qa.serve.api.schemas import KEY
from qa.serve.api.service import Service

PAGE = 100
"""Articles of a page."""
_ROOT = "news-qa://articles/"
_TEXT = "text/plain"

TEMPLATE = ResourceTemplate(
    name="article",
    title="An article",
    uri_template=_ROOT + "{key}",
    description=f"The text of a news article by its key, percent-encoded, such as {KEY}. "
    "Citations point into it: text[start:end] is the quote, in Unicode code points.",
    mime_type=_TEXT,
)


def uri_of(key: str) -> str:
    """The address of an article among the resources."""
    return _ROOT + quote(key, safe="")


def list_articles(service: Service, cursor: str | None) -> ListResourcesResult:
    """A page of the articles, by key; raises MCPError for a cursor that no page gave."""
    try:
        after = key_of(cursor)
    except ValueError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from None
    found = service.assistant.articles(Filters(), after, PAGE + 1)
    following = cursor_of(found[PAGE - 1].key) if len(found) > PAGE else None
    return ListResourcesResult(resources=[*map(_resource, found[:PAGE])], next_cursor=following)


def read_article(service: Service, uri: str) -> ReadResourceResult:
    """An article's text, its other fields beside it; raises MCPError where there is none."""
    try:
        if not uri.startswith(_ROOT):
            raise NotFoundError(f"no resource {uri!r}: articles are {TEMPLATE.uri_template}")
        article = service.assistant.article(unquote(uri.removeprefix(_ROOT)))
    except NotFoundError as error:
        raise MCPError(INVALID_PARAMS, str(error), {"uri": uri}) from None
    head = ArticleHead.of(article).model_dump(mode="json")
    contents = TextResourceContents(
        uri=uri, text=article.text, mime_type=_TEXT, _meta={"news-qa/article": head}
    )
    return ReadResourceResult(contents=[contents])


def link_to(citation: Citation) -> ResourceLink:
    """The cited article as a link of a tool's result."""
    return ResourceLink(
        uri=uri_of(citation.article),
        name=citation.article,
        title=citation.title,
        description=f"[{citation.number}] {citation.start}-{citation.end}: {citation.quote}",
        mime_type=_TEXT,
    )


def _resource(article: Article) -> Resource:
    facts = (article.outlet, article.published, article.language)
    return Resource(
        uri=uri_of(article.key),
        name=article.key,
        title=article.title,
        description=" · ".join(str(fact) for fact in facts if fact),
        mime_type=_TEXT,
        size=len(article.text.encode()),
    )
