"""Everything that can go wrong, as one tree; the edges catch QAError in one place.

* QAError
  x SettingsError      the configuration is wrong: fix the named setting
  x UsageError         the request is wrong: an empty question, a bad date (exit code 2)
  x ArticleError       an input article cannot be used: carries its source and line
  x StorageError       the data folder cannot be used
    + StorageBusyError   another process holds it
  x IndexStateError    the index is absent, empty, damaged or made by another embedder
  x EmbedderError      the embedding model cannot be loaded or fails
  x ChatModelError     the chat model failed; carries the kind of failure
  x JudgeError         the model that judges support cannot be loaded or fails
  x CitationError      a quote differs from the stored article (a defect, never shown)
  x NotFoundError      no such article
  x EvaluationError    a run cannot be scored, or does not pass its gate
  x PromptError        a prompt file and its caller name different things (a defect)

A message says what failed, the value, and what to do about it.
"""


class QAError(Exception):
    """Base of all errors that a user can be told about in one line."""


class SettingsError(QAError):
    """The configuration is wrong; the message names the setting."""


class UsageError(QAError):
    """The request itself is wrong: nothing was done."""


class ArticleError(QAError):
    """An input article cannot be used."""

    def __init__(self, reason: str, source: str, line: int | None = None) -> None:
        self.reason = reason
        self.source = source
        self.line = line
        place = source if line is None else f"{source}, line {line}"
        super().__init__(f"{place}: {reason}")


class StorageError(QAError):
    """The data folder cannot be read or written."""


class StorageBusyError(StorageError):
    """Another process holds the data folder."""


class IndexStateError(QAError):
    """The index cannot answer as it is; the message names the command that mends it."""


class EmbedderError(QAError):
    """The embedding model cannot be loaded, or fails on its input."""


class ChatModelError(QAError):
    """The chat model failed, after the retries that could help; the message holds no secret."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        """timeout, refused, key, not_found, busy, server, too_long, request, broken, empty or
        cancelled."""
        super().__init__(message)


class JudgeError(QAError):
    """The model that judges support cannot be loaded, or fails on its input."""


class CitationError(QAError):
    """A quote is not what the stored article says at its place; such an answer is never shown."""


class EvaluationError(QAError):
    """A question set does not fit what is indexed, or a run is worse than it may be."""


class NotFoundError(QAError):
    """No article of that key (or version) is stored."""


class PromptError(QAError):
    """A prompt file is absent, or its `$names` are not those that its caller fills in."""
