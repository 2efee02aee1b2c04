"""MCP over HTTP: a door of the web application, behind the same keys as all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from qa.serve.api.access import account_with
from qa.serve.api.service import Service
from qa.serve.mcp.server import build_server

MOST_BYTES = 256 * 1024


class McpDoor:
    """An ASGI application of one path; its requests are answered while it is open."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Answer requests until this ends."""
        # Without sessions any replica answers any request. Who may ask, and from which site, is
        # checked before: the same way for all of the application.
        manager = StreamableHTTPSessionManager(
            build_server(self._service), stateless=True, max_request_body_size=MOST_BYTES
        )
        async with manager.run():
            self._manager = manager
            yield
        self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; raises Problem where its key may not read."""
        account_with("read", Request(scope, receive))
        if self._manager is None:
            raise RuntimeError("the application's lifespan has not begun")
        await self._manager.handle_request(scope, receive, send)
