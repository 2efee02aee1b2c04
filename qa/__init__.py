"""Answers questions about a news archive, with citations that are true to the character."""

__version__ = "0.1.0"
