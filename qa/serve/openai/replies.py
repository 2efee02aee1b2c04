"""Answers in the protocol's shapes: one completion, or chunks of one; citations as annotations."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from qa.model import Answer, Citation, Done, Event, Token, citation_as_json
from qa.serve.answer_parts import flaw_lines, marks, source_line
from qa.serve.labels import labels_in

DIVIDER = "\n\n---\n\n"
"""Between an answer and its footnotes: a line in Markdown."""
END = "data: [DONE]\n\n"
_FOOTNOTES = re.compile(re.escape(DIVIDER) + r"(?:(?!\n---\n).)*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the pieces of one reply have in common."""

    model: str
    articles: str
    """Address that an article's key is added to."""
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_urlsafe(16)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer, document: dict[str, Any]) -> dict[str, Any]:
        """The completion; `document` is the answer as our own interface gives it."""
        message = {
            "role": "assistant",
            "content": answer.answer + footnotes(answer),
            "refusal": None,
            "annotations": self.annotations(answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._head("chat.completion", answer.index) | {
            "choices": [choice],
            "usage": usage(answer),
            "news_qa": document,
        }

    def chunks(
        self,
        events: Iterable[Event],
        document: Callable[[Answer], dict[str, Any]],
        *,
        wants_usage: bool,
    ) -> Iterator[str]:
        """The events on the wire: text as it comes, then footnotes, annotations and usage."""
        yield self._chunk({"role": "assistant", "content": "", "refusal": None})
        for event in events:
            if isinstance(event, Token):
                yield self._chunk({"content": event.text})
            elif isinstance(event, Done):
                yield from self._last(event.answer, document(event.answer), wants_usage)

    def _last(self, answer: Answer, document: dict[str, Any], wants_usage: bool) -> Iterator[str]:
        if notes := footnotes(answer):
            yield self._chunk({"content": notes})
        delta = {"annotations": self.annotations(answer)}
        yield self._chunk(delta, finish_reason="stop", news_qa=document)
        if wants_usage:
            head = self._head("chat.completion.chunk", answer.index)
            yield line(head | {"choices": [], "usage": usage(answer)})
        yield END

    def annotations(self, answer: Answer) -> list[dict[str, Any]]:
        """One for each mark of the text: content[start_index:end_index] is [1]."""
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": span.start,
                    "end_index": span.end,
                    "title": citation.title,
                    "url": self.url_of(citation),
                },
                "news_qa": citation_as_json(citation),
            }
            for span, citation in marks(answer)
        ]

    def url_of(self, citation: Citation) -> str:
        """Where the article can be read: its own address, or this server's of that version."""
        own = f"{self.articles}{quote(citation.article)}?version={citation.version}"
        return citation.url or own

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None, **own: Any) -> str:  # noqa: ANN401
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        head = self._head("chat.completion.chunk", None)
        return line(head | {"choices": [choice], "usage": None} | own)

    def _head(self, kind: str, index: str | None) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": index,
        }


def line(content: dict[str, Any]) -> str:
    """One event of a stream."""
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n"


def footnotes(answer: Answer) -> str:
    """What follows the text: what its sources do not bear out, and the sources; may be empty."""
    labels = labels_in(answer.language)
    notices = [answer.notice] if answer.notice else []
    notes = [*notices, *flaw_lines(answer, labels), *map(source_line, answer.citations)]
    # A paragraph each, for Markdown would join lines.
    return DIVIDER + "\n\n".join(notes) if notes else ""


def without_footnotes(text: str) -> str:
    """An answer that comes back as history, as it was before its footnotes."""
    return _FOOTNOTES.sub("", text)


def usage(answer: Answer) -> dict[str, int]:
    """The chat model's tokens as far as it tells them; none where none was asked.

    Clients add these up to what they pay for, which another unit must not be mixed into.
    """
    read, written = (answer.usage.get(kind, 0) for kind in ("input_tokens", "output_tokens"))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
