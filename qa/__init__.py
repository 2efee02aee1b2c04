"""Answers questions about a news archive, with citations that are true to the character."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.assistant import Assistant

__version__ = "0.1.0"
__all__ = ["Assistant", "__version__"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module's __getattr__ returns
    """`from qa import Assistant`; its imports wait until it is asked for."""
    if name != "Assistant":
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    from qa.assistant import Assistant

    return Assistant
