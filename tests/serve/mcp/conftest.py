"""The archive behind a real socket, for MCP clients."""

from tests.serve.api.conftest import client, indexed, scripted, served, service, settings

__all__ = ["client", "indexed", "scripted", "served", "service", "settings"]
