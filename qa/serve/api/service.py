"""What the routes work with, and how they get at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from qa.assistant import Assistant
from qa.model import Answer
from qa.records.records import Records
from qa.serve.api.access import Account, needs
from qa.serve.api.jobs import Jobs
from qa.serve.api.metrics import Metrics
from qa.serve.api.workers import Workers


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

    def remember(self, answer: Answer, account: Account, *, store: bool) -> dict[str, Any]:
        """The answer's document with its id, stored where that is wanted, and counted."""
        self.metrics.count_answer(answer)
        document = answer.as_json()
        id_ = self.records.answers.keep(document, account.id) if store else None
        return {"id": id_} | document


def _service(request: Request) -> Service:
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
