"""The archive behind a real socket, for MCP clients."""

from tests.serve.api.conftest import client, scripted, served, service, settings

__all__ = ["client", "scripted", "served", "service", "settings"]
