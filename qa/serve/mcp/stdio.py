"""`qa mcp`: MCP over stdin and stdout, for clients that start the server themselves."""

from __future__ import annotations

from contextlib import suppress

import anyio
from mcp.server.stdio import stdio_server

from qa.parts import open_records
from qa.serve.api.service import Service
from qa.serve.mcp.server import build_server
from qa.serve.terminal import open_assistant
from qa.serve.web import serving
from qa.settings import Settings


def serve_stdio(settings: Settings) -> None:
    """Serve until stdin ends; nothing but the protocol is written to stdout."""
    with (
        open_records(settings) as records,
        open_assistant(settings) as assistant,
        serving(settings, assistant, records) as service,
        suppress(KeyboardInterrupt),
    ):
        assistant.prepare()
        anyio.run(serve, service)


async def serve(service: Service) -> None:
    """Serve until stdin ends."""
    server = build_server(service)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
