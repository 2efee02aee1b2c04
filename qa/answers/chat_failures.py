"""What went wrong with a chat model, read off the errors of any provider's library."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from qa.errors import ChatModelError

_KINDS_OF_STATUS = {
    400: "request",
    401: "key",
    402: "busy",
    403: "key",
    404: "not_found",
    408: "timeout",
    413: "too_long",
    422: "request",
    429: "busy",
    504: "timeout",
}
# By the names of the classes: each provider's library brings an HTTP client of its own. The order
# decides, for a connection that breaks is a connection error to most of them too.
_KINDS_OF_CLASS = {
    "ContextOverflowError": "too_long",
    "TimeoutError": "timeout",
    "TimeoutException": "timeout",
    "APITimeoutError": "timeout",
    "ModelTimeoutError": "timeout",
    "ReadError": "broken",
    "WriteError": "broken",
    "ConnectionResetError": "broken",
    "RemoteProtocolError": "broken",
    "ConnectError": "refused",
    "ConnectionError": "refused",
    "APIConnectionError": "refused",
    "ModelConnectionError": "refused",
    "ModelAuthenticationError": "key",
    "ModelPermissionDeniedError": "key",
    "ModelNotFoundError": "not_found",
    "ModelRateLimitError": "busy",
    "ModelInvalidRequestError": "request",
    "ModelAPIError": "server",
}
_TELLING = {
    "timeout": ("did not answer in time", "try again, or set a longer QA_CHAT_TIMEOUT"),
    "refused": ("cannot be reached", "start its server, or mend QA_CHAT_BASE_URL"),
    "key": ("does not accept the key", "set QA_CHAT_API_KEY to one that is valid for it"),
    "not_found": (
        "is not there",
        "mend QA_CHAT_MODEL, or QA_CHAT_BASE_URL (OpenAI-compatible servers want …/v1)",
    ),
    "busy": ("takes no more requests now, or its quota is used up", "ask again later"),
    "server": ("failed on the server's side", "ask again, or look into the server's log"),
    "too_long": ("cannot read a prompt that long", "lower QA_CHAT_CONTEXT_TOKENS"),
    "request": ("rejected the request", "look whether this model is one for chat"),
    "broken": ("sent a reply that breaks off or cannot be read", "ask again"),
    "empty": ("sent an empty reply", "ask again, or look whether QA_CHAT_BASE_URL is right"),
    "cancelled": ("was stopped", "ask again when you like"),
}
_RETRYABLE = {"timeout", "refused", "busy", "server", "broken", "empty"}
_TOO_LONG = re.compile(
    r"context[_ ](?:length|window|size|limit)|prompt is too long|maximum (?:model|context) length"
    r"|too many (?:input )?tokens|reduce the length|exceed\w* (?:the )?(?:maximum|context|limit)"
    r"[^.]{0,40}tokens|string_above_max_length",
    re.IGNORECASE,
)
_USED_UP = re.compile(r"insufficient[_ ]quota|exceeded your current quota|credit|billing", re.I)
_BUSY = re.compile(r"rate[_ ]?limit|overloaded|too many requests", re.IGNORECASE)
_NO_KEY = re.compile(r"could not resolve authentication|missing credentials", re.IGNORECASE)
_OPTIONS = ("temperature", "stream_options")
_SAID_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one attempt to get a reply failed."""

    kind: str
    """As `ChatModelError.kind`."""
    said: str = ""
    """The server's own words, secrets and all: only `tell` may show them."""
    retry_after: float | None = None
    """Seconds that the server asks to wait."""
    final: bool = False
    """Whether the same request would fail again, against its kind's habit."""
    option: str | None = None
    """The request's option that the server will not have; it can be left out."""

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.kind in _RETRYABLE and not self.final


def classify(error: BaseException) -> Failure:
    """Reads an error of a provider's library, and what it was raised from."""
    chain = list(_chain(error))
    status = next((code for e in chain if (code := _status(e)) is not None), None)
    said = _said(chain)
    clues = "\n".join((said, *(_text(_document(e), "type", "code") for e in chain)))
    kind = _kind(chain, status, clues)
    return Failure(
        kind,
        # Who refuses a key repeats it, in one disguise or another; who forbids gives a reason.
        "" if kind == "key" and status != 403 else said,
        next((seconds for e in chain if (seconds := _retry_after(e)) is not None), None),
        final=status == 402 or bool(_USED_UP.search(clues)),
        option=_refused_option(status, clues),
    )


def tell(failure: Failure, name: str, secrets: Secrets) -> ChatModelError:
    """The error for the reader: what failed, the server's words without secrets, what to do."""
    what, remedy = _TELLING[failure.kind]
    words = f" ({_shorten(secrets.hide(failure.said))})" if failure.said else ""
    if failure.kind == "busy" and failure.retry_after:
        remedy = f"ask again in {math.ceil(failure.retry_after)} s"
    return ChatModelError(failure.kind, f"the chat model {name!r} {what}{words}: {remedy}")


class Secrets:
    """What must never be shown, and neither must the pieces of it that servers repeat."""

    _RUN = 6

    def __init__(self, *secrets: str) -> None:
        self._secrets = sorted({s for s in secrets if len(s) > 2}, key=len, reverse=True)
        self._runs = {run for secret in self._secrets for run in self._runs_of(secret)}

    def __repr__(self) -> str:
        return f"Secrets({len(self._secrets)})"

    def hide(self, text: str) -> str:
        """The text with every secret, and every word that holds a part of one, blotted out."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return re.sub(r"[^\s\"'<>(){},;]+", lambda m: "***" if self._leaks(m[0]) else m[0], text)

    def _leaks(self, word: str) -> bool:
        return word.startswith("sk-") or not self._runs.isdisjoint(self._runs_of(word))

    def _runs_of(self, text: str) -> set[str]:
        return {text[i : i + self._RUN] for i in range(len(text) - self._RUN + 1)}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from or during, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind(chain: list[BaseException], status: int | None, clues: str) -> str:
    names = {cls.__name__ for error in chain for cls in type(error).__mro__}
    if "ContextOverflowError" in names or (status != 429 and _TOO_LONG.search(clues)):
        return "too_long"
    if status is not None:
        return _KINDS_OF_STATUS.get(status, "server" if status >= 500 else "request")
    for pattern, kind in ((_BUSY, "busy"), (_NO_KEY, "key")):
        if pattern.search(clues):
            return kind
    by_class = next((kind for name, kind in _KINDS_OF_CLASS.items() if name in names), None)
    return by_class or "broken"


def _status(error: BaseException) -> int | None:
    """The HTTP status, also where it comes as an event of a stream that began with 200."""
    response = getattr(error, "response", None)
    for value in (
        getattr(error, "status_code", None),
        getattr(response, "status_code", None),
        _document(error).get("code"),
    ):
        if isinstance(value, int) and 400 <= value < 600:
            return value
    return None


def _document(error: BaseException) -> Mapping[str, object]:
    """The innermost error document of the reply."""
    body = getattr(error, "body", None)
    while isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        body = body["error"]
    return body if isinstance(body, Mapping) else {}


def _said(chain: list[BaseException]) -> str:
    """The server's message; where it sent none, what the first cause says."""
    for error in chain:
        if text := _text(_document(error), "message", "detail"):
            return text
        if _status(error) is not None:
            return str(getattr(error, "error", error))
    return next((text for error in reversed(chain) if (text := str(error))), "")


def _text(document: Mapping[str, object], *names: str) -> str:
    values = (document.get(name) for name in names)
    return "; ".join(value for value in values if isinstance(value, str))


def _refused_option(status: int | None, clues: str) -> str | None:
    if status not in (400, 422):
        return None
    return next((option for option in _OPTIONS if option in clues), None)


def _retry_after(error: BaseException) -> float | None:
    """Seconds from a Retry-After header, which is a number or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if isinstance(headers, Mapping) else None
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except ValueError:
        return math.nan


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SAID_CHARACTERS else line[:_SAID_CHARACTERS].rstrip() + "…"
