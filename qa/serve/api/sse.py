"""An answer's events as server-sent events, and how such a stream is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.sse import ServerSentEvent

from qa.model import (
    Answer,
    Citation,
    Claim,
    Claimed,
    Done,
    Event,
    Retrieved,
    citation_as_json,
)


@dataclass(frozen=True, slots=True)
class Received:
    """One event of a stream as its reader sees it."""

    name: str
    data: str


def as_sent(
    events: Iterable[Event], document: Callable[[Answer], dict[str, Any]]
) -> Iterator[ServerSentEvent]:
    """The events on the wire; claims are told before `done` even where they came with it."""
    claimed = False
    for event in events:
        if isinstance(event, Done) and not claimed:
            yield from map(_sent, _claims_of(event.answer))
        claimed = claimed or isinstance(event, Claimed)
        if isinstance(event, Done):
            yield _event("done", document(event.answer))
        else:
            yield _sent(event)


def _claims_of(answer: Answer) -> Iterator[Claimed]:
    for claim in answer.claims:
        cited = tuple(c for c in answer.citations if c.number in claim.citations)
        yield Claimed(claim, cited)


def _sent(event: Event) -> ServerSentEvent:
    if isinstance(event, Retrieved):
        hits = [hit.as_json() for hit in event.hits]
        return _event("retrieved", {"hits": hits, "milliseconds": event.milliseconds})
    if isinstance(event, Claimed):
        return _event("claim", _claim_as_json(event.claim, event.citations))
    if isinstance(event, Done):
        return _event("done", event.answer.as_json())
    return _event("token", {"text": event.text})


def _claim_as_json(claim: Claim, citations: Iterable[Citation]) -> dict[str, Any]:
    return {
        "text": claim.text,
        "support": claim.support,
        "reason": claim.reason,
        "citations": [citation_as_json(citation) for citation in citations],
    }


def _event(name: str, data: dict[str, Any]) -> ServerSentEvent:
    # FastAPI would escape every Arabic letter: six bytes in place of two.
    return ServerSentEvent(event=name, raw_data=json.dumps(data, ensure_ascii=False))


def error_event(problem: dict[str, Any]) -> ServerSentEvent:
    """What ends a stream that cannot go on."""
    return _event("error", problem)


def received(lines: Iterable[str]) -> Iterator[Received]:
    """The events of a stream's lines (without their ends), by the rules of the HTML standard.

    Comments, which keep the connection alive, are passed over; so is an event cut off at the end.
    """
    name, data = "", list[str]()
    for line in lines:
        if not line:
            if data:
                yield Received(name or "message", "\n".join(data))
            name, data = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
