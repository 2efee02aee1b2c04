"""The archive behind a real socket, for the clients of OpenAI's protocol."""

from tests.serve.api.conftest import client, scripted, served, service, settings

__all__ = ["client", "scripted", "served", "service", "settings"]
