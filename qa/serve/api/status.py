"""Routes of the server itself: what is indexed, whether it is well, its metrics, its errors."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from qa.serve.api import metrics
from qa.serve.api.described import responses
from qa.serve.api.documents import HealthOut, KindOut, StatusOut
from qa.serve.api.problems import KINDS, NOT_READY, STORAGE
from qa.serve.api.service import DESCRIBED, Admin, Reader, Service, Serving

router = APIRouter(tags=["server"], dependencies=DESCRIBED)
probes = APIRouter(tags=["server"])
"""Without keys, at the root too, where those who watch servers look."""


@router.get("/status", responses=responses(), summary="What is indexed")
async def get_status(service: Serving, _: Reader) -> StatusOut:
    """What the archive holds by language, outlet and month, and what it is indexed with."""
    status = await run_in_threadpool(service.assistant.status)
    own = {"writable": service.assistant.writable}
    return StatusOut.model_validate(status.as_json() | own)


@router.get("/problems", responses=responses(), summary="The error table")
async def get_problems(_: Reader) -> list[KindOut]:
    """Every kind of error document, with what to do about it."""
    return [KindOut.model_validate(kind, from_attributes=True) for kind in KINDS.values()]


@router.get(
    "/metrics",
    responses=responses() | {200: {"content": {"text/plain": {"example": "qa_articles 5.0"}}}},
    response_class=Response,
    summary="Figures for Prometheus",
)
async def get_metrics(service: Serving, _: Admin) -> Response:
    """Counters and times in Prometheus' text format; needs the scope admin."""
    return Response(await run_in_threadpool(_figures, service), media_type=metrics.MEDIA_TYPE)


def _figures(service: Service) -> bytes:
    counts = service.assistant.status().counts
    return service.metrics.show(
        articles=counts.articles,
        passages=counts.passages,
        asking=service.workers.inside,
        jobs=service.jobs.queued,
    )


@probes.get("/health/live", summary="Whether the server is there")
async def live() -> HealthOut:
    """The process answers."""
    return HealthOut(status="ok")


@probes.get(
    "/health/ready", responses=responses(NOT_READY, STORAGE), summary="Whether it can answer"
)
async def ready(service: Serving) -> HealthOut:
    """The archive and the indexes answer; otherwise a problem that says why not."""
    await run_in_threadpool(service.assistant.search, "news", 1)
    return HealthOut(status="ok")
