"""Work that outlives its request: one job at a time, its progress for anyone who may know it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Literal, TypeAlias

from qa.errors import NotFoundError, QAError
from qa.ingestion import Progress
from qa.reports import IngestReport
from qa.serve.api.problems import CROWDED, Problem

logger = logging.getLogger(__name__)

WAITING = 20
"""Jobs that may wait for their turn."""
KEPT = 1_000
"""Jobs that are remembered, the newest."""

Work: TypeAlias = Callable[[Progress], IngestReport]
State: TypeAlias = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """How far one job is."""

    id: str
    account: str
    created: datetime
    state: State = "queued"
    stage: str | None = None
    done: int = 0
    total: int = 0
    finished: datetime | None = None
    report: IngestReport | None = None
    problem: str | None = None


class StoppedError(QAError):
    """The server ends while a job is at work."""


class Jobs:
    """The jobs of this process; a restart forgets them, but no article that was stored."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._waiting = waiting
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()
        self._stopped = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="qa-jobs")

    def submit(self, account: str, work: Work) -> Job:
        """Put work into the queue; raises Problem where that is full."""
        job = Job(f"job_{secrets.token_urlsafe(12)}", account, datetime.now(UTC))
        with self._lock:
            queued = _unfinished(self._jobs)
            if queued >= self._waiting:
                raise Problem(CROWDED, f"{queued} uploads wait already: send it again later")
            self._jobs[job.id] = job
            for old in [*self._jobs][:-KEPT]:
                del self._jobs[old]
        self._thread.submit(self._run, job.id, work)
        return job

    def find(self, id_: str) -> Job:
        """How far a job is; raises NotFoundError."""
        job = self._jobs.get(id_)
        if job is None:
            raise NotFoundError(f"no job {id_!r}: a restart of the server forgets them")
        return job

    @property
    def queued(self) -> int:
        """Jobs that are not done."""
        with self._lock:
            return _unfinished(self._jobs)

    def close(self) -> None:
        """Stop the job at work at its next step; what it has stored is finished by a next start."""
        self._stopped = True
        self._thread.shutdown(cancel_futures=True)

    def _run(self, id_: str, work: Work) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            if self._stopped:
                raise StoppedError("the server was stopped: send the upload again")
            self._change(id_, stage=stage, done=done, total=total)

        self._change(id_, state="running")
        try:
            report = work(progress)
        except QAError as error:
            self._end(id_, state="failed", problem=str(error))
        except Exception:
            logger.exception("job %s failed", id_)
            self._end(id_, state="failed", problem=f"the server's log has the cause under {id_}")
        else:
            self._end(id_, state="done", report=report)

    def _end(self, id_: str, **changes: object) -> None:
        self._change(id_, finished=datetime.now(UTC), **changes)

    def _change(self, id_: str, **changes: object) -> None:
        with self._lock:
            if id_ in self._jobs:
                self._jobs[id_] = replace(self._jobs[id_], **changes)  # type: ignore[arg-type]


def _unfinished(jobs: Mapping[str, Job]) -> int:
    return sum(job.finished is None for job in jobs.values())
