"""Routes of uploaded files and the jobs that read them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, TypeVar

from fastapi import APIRouter, File, UploadFile
from fastapi import Path as PathParameter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from qa.articles.readers import READERS, ReadFailure, ReadWarning
from qa.assistant import Assistant
from qa.errors import NotFoundError
from qa.ingestion import Progress
from qa.reports import IngestReport
from qa.serve.api.described import responses
from qa.serve.api.documents import JobOut, ReportOut
from qa.serve.api.idempotency import Made, OnlyOnce
from qa.serve.api.jobs import Job
from qa.serve.api.problems import (
    BUSY,
    CONFLICT,
    CROWDED,
    INVALID,
    KEY_REUSED,
    MALFORMED,
    MEDIA,
    NOT_FOUND,
    TOO_LARGE,
    Problem,
)
from qa.serve.api.service import DESCRIBED, WRITES, Reader, Serving

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 100

router = APIRouter(tags=["articles"], dependencies=DESCRIBED)

JOBS = "/api/v1/jobs/"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_NAME = 255
"""Bytes of a file's name."""
_Told = TypeVar("_Told", ReadFailure, ReadWarning)


@dataclass(frozen=True, slots=True)
class Received:
    """Uploaded files in a folder of their own."""

    folder: Path
    names: tuple[str, ...]
    digest: bytes
    """Of names and contents."""


@router.post(
    "/uploads",
    status_code=202,
    response_model=JobOut,
    responses=responses(MALFORMED, TOO_LARGE, MEDIA, CROWDED, CONFLICT, KEY_REUSED, BUSY)
    | {202: {"headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}}}},
    max_body_size=MOST_BYTES,
    summary="Files of articles",
    dependencies=WRITES,
)
async def upload(
    service: Serving,
    once: OnlyOnce,
    files: Annotated[list[UploadFile], File(min_length=1, max_length=MOST_FILES)],
) -> Response:
    """Read files (txt, md, html, jsonl, csv, pdf, docx) into the archive, as a background job.

    The articles' keys are the files' names without their endings, or what rows call themselves.
    A name that no file can have (over 255 bytes, control characters) is mended, and marked with
    its digest.
    """
    service.assistant.check_writable()
    received = await run_in_threadpool(_receive, files, service.uploads)
    jobs: list[Job] = []

    async def work() -> Made:
        jobs.append(service.jobs.submit(once.account, _reading(service.assistant, received)))
        return Made(_told(jobs[0]), 202, {"Location": JOBS + jobs[0].id})

    try:
        return await once.do(received.digest, work)
    finally:
        if not jobs:
            await run_in_threadpool(shutil.rmtree, received.folder, ignore_errors=True)


@router.get("/jobs/{id}", responses=responses(NOT_FOUND), summary="How far a job is")
async def get_job(
    service: Serving, account: Reader, id: Annotated[str, PathParameter(max_length=40)]
) -> JobOut:
    """How far an upload is, and in the end what became of its articles."""
    job = service.jobs.find(id)
    if not account.owns(job.account):
        raise NotFoundError(f"no job {id!r} of this key")
    return _told(job)


def _told(job: Job) -> JobOut:
    report = ReportOut.model_validate(job.report.as_json()) if job.report else None
    names = JobOut.model_fields.keys() - {"report"}
    return JobOut(**{name: getattr(job, name) for name in names}, report=report)


def _receive(files: Sequence[UploadFile], uploads: Path) -> Received:
    """Copy uploaded files into a new folder; raises Problem for what no reader can read."""
    names = tuple(_safe_name(file.filename or "") for file in files)
    if len({name.lower() for name in names}) < len(names):
        raise Problem(INVALID, f"files share a name: {', '.join(sorted(names))}. Rename them")
    uploads.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=uploads))
    digest = hashlib.sha256()
    for name, file in zip(names, files, strict=True):
        with (folder / name).open("wb") as copy:
            shutil.copyfileobj(file.file, copy)
        with (folder / name).open("rb") as copy:
            content = hashlib.file_digest(copy, "sha256").digest()
        digest.update(f"{name}\n".encode() + content)
    return Received(folder, names, digest.digest())


def _safe_name(name: str) -> str:
    """A file name that lies in its folder whatever was sent; raises Problem for other formats."""
    last = PurePosixPath(name.replace("\\", "/")).name
    stem, dot, ending = last.rpartition(".")
    ending = f"{dot}{ending.lower()}"
    if not stem.strip(".") or ending not in READERS:
        raise Problem(MEDIA, f"{last[:100]!r}: a file's name ends in {', '.join(READERS)}")
    return f"{_safe_stem(stem, _LONGEST_NAME - len(ending))}{ending}"


def _safe_stem(stem: str, room: int) -> str:
    """The stem itself, which is an article's key; one made for it where no file can have it."""
    safe, length = _CONTROL.sub("_", stem), len(stem.encode())
    if safe == stem and length <= room:
        return stem
    mark = f"-{hashlib.sha256(stem.encode()).hexdigest()[:12]}"
    return safe.encode()[: room - len(mark)].decode(errors="ignore") + mark


def _reading(assistant: Assistant, received: Received) -> Callable[[Progress], IngestReport]:
    def work(progress: Progress) -> IngestReport:
        try:
            report = assistant.ingest([received.folder / n for n in received.names], progress)
        finally:
            shutil.rmtree(received.folder, ignore_errors=True)
        here = f"{received.folder}{os.sep}"
        return replace(
            report,
            failures=tuple(_without(here, failure) for failure in report.failures),
            warnings=tuple(_without(here, warning) for warning in report.warnings),
        )

    return work


def _without(folder: str, told: _Told) -> _Told:
    """The same with the names that the caller gave, not our paths."""
    return replace(
        told, source=told.source.replace(folder, ""), reason=told.reason.replace(folder, "")
    )
