"""The route of answers that were given."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool

from qa.errors import NotFoundError
from qa.serve.api.access import Account
from qa.serve.api.described import responses
from qa.serve.api.problems import NOT_FOUND
from qa.serve.api.schemas import StoredAnswerOut
from qa.serve.api.service import DESCRIBED, Reader, Service, Serving

router = APIRouter(tags=["answers"], dependencies=DESCRIBED)


@router.get(
    "/answers/{id}",
    response_model=StoredAnswerOut,
    responses=responses(NOT_FOUND),
    summary="An answer that was given",
)
async def get_answer(
    service: Serving, account: Reader, id: Annotated[str, Path(max_length=40)]
) -> dict[str, Any]:
    """An answer as it was given, marked stale where a cited article has changed since."""
    return await run_in_threadpool(_stored, service, account, id)


def _stored(service: Service, account: Account, id_: str) -> dict[str, Any]:
    answer = service.records.answers.find(id_)
    if not account.owns(answer.account):
        raise NotFoundError(f"no answer {id_!r} of this key")
    cited = {c["article"]: c["version"] for c in answer.document["citations"]}
    now = service.assistant.articles_by_key([*cited])
    changed = [k for k, version in cited.items() if k not in now or now[k].version != version]
    own = {"id": id_, "created": answer.created, "stale": bool(changed), "changed": changed}
    return dict(answer.document) | own
