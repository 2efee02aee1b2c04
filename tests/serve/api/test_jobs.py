import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest

from qa.errors import NotFoundError
from qa.ingestion import Progress
from qa.reports import IngestReport
from qa.serve.api.jobs import Job, Jobs
from qa.serve.api.problems import Problem

REPORT = IngestReport(1, 0, 0, ())


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs(waiting=2)
    yield jobs
    jobs.close()


def ended(jobs: Jobs, id_: str) -> Job:
    deadline = monotonic() + 10
    while jobs.find(id_).finished is None:
        assert monotonic() < deadline
        sleep(0.005)
    return jobs.find(id_)


def test_progress_and_report(jobs: Jobs) -> None:
    seen, go_on = Event(), Event()

    def work(progress: Progress) -> IngestReport:
        progress("reading", 2, 5)
        seen.set()
        go_on.wait(10)
        return REPORT

    job = jobs.submit("me", work)
    assert seen.wait(10)
    running = jobs.find(job.id)
    assert (running.state, running.stage, running.done, running.total) == (
        "running",
        "reading",
        2,
        5,
    )
    go_on.set()
    assert ended(jobs, job.id).report == REPORT


def test_a_job_that_fails_says_why_and_the_next_one_runs(jobs: Jobs) -> None:
    def fail(_: Progress) -> IngestReport:
        raise NotFoundError("the reason")

    def break_(_: Progress) -> IngestReport:
        raise RuntimeError("a secret detail")

    told = [ended(jobs, jobs.submit("me", work).id) for work in (fail, break_)]
    assert [job.state for job in told] == ["failed", "failed"]
    assert told[0].problem == "the reason"
    assert "secret" not in (told[1].problem or "")
    assert ended(jobs, jobs.submit("me", lambda _: REPORT).id).state == "done"


def test_a_full_queue_takes_no_more(jobs: Jobs) -> None:
    go_on = Event()

    def wait(_: Progress) -> IngestReport:
        go_on.wait(10)
        return REPORT

    for _ in range(2):
        jobs.submit("me", wait)
    with pytest.raises(Problem, match="wait already"):
        jobs.submit("me", wait)
    go_on.set()


def test_jobs_are_counted_while_others_come_and_go() -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    jobs = Jobs(waiting=1_000)
    try:
        with ThreadPoolExecutor(1) as other:
            coming = other.submit(lambda: [jobs.submit("me", lambda _: REPORT) for _ in range(900)])
            while not coming.done():
                assert 0 <= jobs.queued <= 900
            assert len(coming.result()) == 900
    finally:
        sys.setswitchinterval(usual)
        jobs.close()


def test_the_end_of_the_server_stops_the_work() -> None:
    jobs, started = Jobs(), Event()

    def work(progress: Progress) -> IngestReport:
        while True:
            started.set()
            progress("indexing", 1, 2)
            sleep(0.01)

    job = jobs.submit("me", work)
    queued = jobs.submit("me", work)
    assert started.wait(10)
    jobs.close()
    assert jobs.find(job.id).state == "failed"
    assert "stopped" in (jobs.find(job.id).problem or "")
    assert jobs.find(queued.id).finished is None
