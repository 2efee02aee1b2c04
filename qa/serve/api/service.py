"""What the routes work with, and how they get at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from qa.answers.stopping import Stoppable
from qa.assistant import Assistant
from qa.model import Answer, Done, Event, Exchange, Filters
from qa.records.records import Records
from qa.serve.api.access import Account, needs
from qa.serve.api.jobs import Jobs
from qa.serve.api.metrics import Metrics
from qa.serve.api.workers import Workers


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the assistant, by whichever protocol."""

    question: str
    filters: Filters = field(default_factory=Filters)
    language: str | None = None
    """Of the answer; None: the question's own."""
    history: Sequence[Exchange] = ()
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one serving process."""

    assistant: Assistant
    records: Records
    uploads: Path
    """Where uploaded files lie until they are read."""
    workers: Workers
    jobs: Jobs
    metrics: Metrics

    def stream(self, wanted: Wanted) -> Stoppable[Event]:
        """The events of an answer, which begins with the first of them."""
        return self.assistant.stream(
            wanted.question,
            wanted.filters,
            wanted.language,
            history=wanted.history,
            mode=wanted.mode,
        )

    def remember(self, answer: Answer, account: Account, *, store: bool) -> dict[str, Any]:
        """The answer's document with its id, stored where that is wanted, and counted."""
        self.metrics.count_answer(answer)
        document = answer.as_json()
        id_ = self.records.answers.keep(document, account.id) if store else None
        return {"id": id_} | document


def finished(events: Iterable[Event]) -> Answer | None:
    """The answer that the events end with; None where they were stopped before."""
    return next((event.answer for event in events if isinstance(event, Done)), None)


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


# Only described here: the edge has looked at the key before any route is chosen.
_described = Security(
    HTTPBearer(auto_error=False, description="A key of `qa keys create`; on loopback none.")
)

Serving = Annotated[Service, Depends(_service)]
Reader = Annotated[Account, Depends(needs("read"))]
Admin = Annotated[Account, Depends(needs("admin"))]

WRITES = [Depends(needs("write"))]
"""Dependencies of a route that changes articles."""
DESCRIBED = [_described]
"""Dependencies of every router whose routes need a key."""
