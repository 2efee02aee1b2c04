"""The text of a field that holds HTML, as exports of content management systems do.

Only real elements are markup, and only where they are used: «a < b», <tag> and a <br> that is
talked about stay. What is no tag is kept to the character. Linear in the text's length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5

_FLOWING = frozenset("p li h1 h2 h3 h4 h5 h6 dt dd th td caption figcaption summary".split())
"""Where the end of a line in the source is no more than a blank."""
_BLOCKS = _FLOWING - {"th", "td"} | frozenset(
    """address article aside blockquote body center details div dir dl fieldset figure footer form
    header hr html legend main nav ol pre section table tbody tfoot thead tr ul""".split()
)
_UNSEEN = frozenset("head script style template iframe object svg math".split())
"""Elements whose content is no text of the article."""
_VOID = frozenset("br hr img".split())
_ELEMENTS = (
    _BLOCKS
    | _FLOWING
    | _UNSEEN
    | _VOID
    | frozenset(
        """a abbr acronym audio b bdi bdo big button cite code col colgroup del dfn em embed font i
    input ins kbd label link mark meta noscript param picture q s samp small source span strike
    strong sub sup time title tt u var video wbr""".split()
    )
)
_TAG = re.compile(
    r"(?P<other><!--|-->|<!\[CDATA\[|\]\]>|<!\[[^\]<>]*\]>|<!doctype[^<>]*>|<\?xml[^<>]*>)"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9]*(?::[a-z0-9]+)?)"
    # Nothing in a tag goes beyond the next <, so that no search is long in vain.
    r"""(?P<rest>(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*'|["'])*+)?)/?>""",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|(?P<name>\w{2,31}));")
_BEFORE_MENTION = frozenset(" \u00a0\"'`(«“‘")
_AFTER_MENTION = frozenset(" \u00a0\"'`)»”’.,;:،؛؟?!")


def plain_text(text: str) -> str:
    """The text without its markup, blank lines between paragraphs; as it is where it has none."""
    if "<" not in text and "&" not in text:
        return text
    if not _has_markup(text):
        # Feeds write markup with its own marks as entities.
        text = _unescaped(text)
    return "\n\n".join(_paragraphs(text)) if _has_markup(text) else text


def plain_line(text: str) -> str:
    """A title's or a name's text on one line."""
    plain = plain_text(text)
    return plain if plain == text else " ".join(plain.split())


def _has_markup(text: str) -> bool:
    """Two tags in use; or one that stands alone as such, or begins the text."""
    used = 0
    for tag in _TAG.finditer(text):
        if not _is_tag(tag) or _is_mentioned(text, tag):
            continue
        used += 1
        if used == 2 or tag.start() == 0 or _name(tag) in _VOID:
            return True
    return False


def _is_mentioned(text: str, tag: re.Match[str]) -> bool:
    before, after = text[tag.start() - 1 : tag.start()], text[tag.end() : tag.end() + 1]
    return before in _BEFORE_MENTION and (not after or after in _AFTER_MENTION)


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or "").lower()


def _is_tag(tag: re.Match[str]) -> bool:
    """Elements of other vocabularies (o:p) are those of word processors."""
    return tag["name"] is not None and (_name(tag) in _ELEMENTS or ":" in tag["name"])


class _Page:
    """Paragraphs of lines, as tags and what stands between them come in."""

    def __init__(self) -> None:
        self._paragraphs: list[list[list[str]]] = [[[]]]
        self._flows = False

    def add(self, text: str) -> None:
        plain = _unescaped(_on_one_line(text) if self._flows else text)
        self._paragraphs[-1][-1].append(plain)

    def tag(self, name: str, *, closes: bool) -> None:
        if name in _BLOCKS:
            self._paragraphs.append([[]])
        elif name == "br":
            self._paragraphs[-1].append([])
        elif name in _FLOWING and not closes:
            self._paragraphs[-1][-1].append(" ")
        if name in _BLOCKS | _FLOWING:
            self._flows = name in _FLOWING and not closes

    def paragraphs(self) -> Iterator[str]:
        for lines in self._paragraphs:
            text = "\n".join("".join(parts).strip() for parts in lines).strip()
            if text:
                yield text


def _paragraphs(text: str) -> Iterator[str]:
    page = _Page()
    ends = {end: tag.start() for tag in _TAG.finditer(text) if (end := _end_of(tag))}
    awaited: str | None = None
    at = 0
    for tag in _TAG.finditer(text):
        if awaited is not None:
            if _end_of(tag) != awaited:
                continue
            awaited, at = None, tag.end()
            continue
        hidden = _hides_until(tag)
        if hidden is None and not _is_markup(tag):
            continue
        page.add(text[at : tag.start()])
        at = tag.end()
        page.tag(_name(tag), closes=bool(tag["close"]))
        # What is never closed hides nothing.
        awaited = hidden if hidden and ends.get(hidden, -1) > tag.start() else None
    page.add(text[at:])
    return page.paragraphs()


def _is_markup(tag: re.Match[str]) -> bool:
    return _is_tag(tag) or tag["other"] not in (None, "-->")


def _end_of(tag: re.Match[str]) -> str | None:
    """What ends with it: a comment, or an element that is not seen."""
    if tag["other"] == "-->":
        return "-->"
    return _name(tag) if tag["close"] and _name(tag) in _UNSEEN else None


def _hides_until(tag: re.Match[str]) -> str | None:
    if tag["other"] == "<!--":
        return "-->"
    opens = not tag["close"] and not tag[0].endswith("/>")
    return _name(tag) if opens and _name(tag) in _UNSEEN else None


def _on_one_line(text: str) -> str:
    first, *later = text.split("\n")
    if not later:
        return text
    *middle, last = later
    return " ".join([first.rstrip(), *filter(None, map(str.strip, middle)), last.lstrip()])


def _unescaped(text: str) -> str:
    """Entities that end with a semicolon; the & of an address is none."""
    return _ENTITY.sub(_character, text)


def _character(entity: re.Match[str]) -> str:
    if entity["name"]:
        return html5.get(f"{entity['name']};", entity[0])
    return html.unescape(entity[0])
