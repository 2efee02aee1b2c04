"""The application: the interface's routes, and the page behind everything that is not theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import qa
from qa.serve.api import answers, articles, asking, feedback, status, uploads
from qa.serve.api.access import Gate, account_with
from qa.serve.api.edge import API_PATHS, Edge
from qa.serve.api.problems import (
    Problem,
    ProblemDocument,
    answer_with_problems,
    problem_response,
)
from qa.serve.api.service import Service
from qa.serve.evaluation_store import MAX_UPLOAD
from qa.serve.mcp.http import McpDoor
from qa.serve.openai import errors, routes

MOST_BYTES = 256 * 1024
"""Of a request's body, where a route says nothing else."""
MOST_PAGE_BYTES = MOST_BYTES + 2 * MAX_UPLOAD
"""Of what the page sends: a question set is the most, and JSON escapes its quotes."""

_SWAGGER = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_DESCRIPTION = """Answers questions about a news archive in the reader's language, with citations
that are true to the character: `article.text[start:end] == quote`. Offsets count Unicode code
points. Errors are problem documents (RFC 9457); the table is at `/api/v1/problems`."""


def build_app(service: Service, gate: Gate, page: FastAPI | None = None) -> FastAPI:
    """The whole web application; without a page other paths are not found."""
    door = McpDoor(service)
    app = FastAPI(
        title="news-qa",
        version=qa.__version__,
        description=_DESCRIPTION,
        lifespan=_lifespan(page, door),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service
    app.add_middleware(Edge, gate=gate, metrics=service.metrics, respond=_respond)
    answer_with_problems(app, _respond)
    app.include_router(_interface(), prefix="/api/v1")
    app.include_router(routes.router, prefix="/v1")
    app.router.routes.append(Route("/mcp", door, methods=["POST"], include_in_schema=False))
    app.include_router(status.probes, include_in_schema=False)
    app.include_router(_docs())
    app.router.default = _Elsewhere(page)
    _describe_problems(app)
    return app


def _respond(problem: Problem, request: Request) -> JSONResponse:
    """Errors in the shape that clients of the path read."""
    is_openai = request.url.path.startswith(errors.PATHS)
    return (errors.error_response if is_openai else problem_response)(problem, request)


def _interface() -> APIRouter:
    router = APIRouter(max_body_size=MOST_BYTES)
    for part in (asking, articles, uploads, answers, feedback, status):
        router.include_router(part.router)
    router.include_router(status.probes)
    return router


class _Elsewhere:
    """What no route matches: the page, or a problem where a program asks."""

    def __init__(self, page: ASGIApp | None) -> None:
        self._page = page and RequestBodyLimitMiddleware(page, max_body_size=MOST_PAGE_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the page; raises HTTPException (404) where it is not for it."""
        if self._page is None or f"{scope['path']}/".startswith(API_PATHS):
            raise HTTPException(404, f"there is nothing at {scope['path']}")
        account_with("read", Request(scope, receive))
        await self._page(scope, receive, send)


def _lifespan(page: FastAPI | None, door: McpDoor) -> Any:  # noqa: ANN401 - starlette names no type for it
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(door.opened())
            if page is not None:
                await stack.enter_async_context(page.router.lifespan_context(page))
            yield

    return lifespan


def _docs() -> APIRouter:
    """Swagger's page, from this server: it would load its script from another host."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=f"{request.app.title} {request.app.version}",
            swagger_js_url="/docs/swagger-ui-bundle.js",
            swagger_css_url="/docs/swagger-ui.css",
            swagger_favicon_url="/docs/favicon.png",
        )

    @router.get("/docs/{name}")
    def asset(name: str) -> FileResponse:
        if name not in _SWAGGER:
            raise HTTPException(404, f"there is nothing at /docs/{name}")
        with as_file(files("fastapi_offline") / "static" / name) as path:
            return FileResponse(Path(path), media_type=_SWAGGER[name])

    return router


def _describe_problems(app: FastAPI) -> None:
    """Put the problem documents into the OpenAPI description in place of FastAPI's own errors."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        described = made()
        schemas = described["components"]["schemas"]
        if "ProblemDocument" not in schemas:
            document = ProblemDocument.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            schemas |= document.pop("$defs") | {"ProblemDocument": document}
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path, operations in described["paths"].items():
                for operation in operations.values() if path.startswith(errors.PATHS) else ():
                    # FastAPI's own addition; this protocol knows 400.
                    operation["responses"].pop("422", None)
        return described

    app.openapi = openapi  # type: ignore[method-assign]
