"""What happens around every request, page or interface: its id, who asks, headers, log, metrics."""

from __future__ import annotations

import logging
import re
import secrets
from contextvars import ContextVar
from time import perf_counter

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.serve.api.access import Gate, asks_page
from qa.serve.api.metrics import Metrics
from qa.serve.api.problems import TOO_LARGE, Problem, Respond, told

logger = logging.getLogger(__name__)

API_PATHS = ("/api/", "/v1/", "/mcp", "/openapi.json", "/docs", "/health/", "/metrics")
"""What programs ask for; the rest is the page's."""

_SANE_ID = re.compile(r"[\w.-]{1,64}")
_ANYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FRAMED_BY_ITSELF = "frame-ancestors 'self'"
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_DOCS = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class Edge:
    """ASGI middleware, the outermost of ours."""

    def __init__(self, app: ASGIApp, gate: Gate, metrics: Metrics, respond: Respond) -> None:
        self._app = app
        self._gate = gate
        self._metrics = metrics
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with what is common to all of them done around it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # Nothing of ours speaks over websockets: there is no second way in.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["method"] == "HEAD" and scope["path"].startswith(API_PATHS):
            # As GET; the server leaves the body out, for to it the request stays what it was.
            scope = {**scope, "method": "GET"}
        request = Request(scope, receive)
        id_ = request.state.request_id = _id_of(request)
        token = request_id.set(id_)
        exchange = _Exchange(request, send, self._respond)
        try:
            await self._pass(request, exchange)
        finally:
            self._tell(request, exchange)
            request_id.reset(token)

    async def _pass(self, request: Request, exchange: _Exchange) -> None:
        try:
            account = await self._gate.account_of(request)
            self._gate.count(account, request)
            request.state.account = account
            await self._app(request.scope, request.receive, exchange.send)
        except Exception as error:
            # What a route raises is told further in; here it is keys, and what nobody foresaw.
            problem = told(error)
            if exchange.begun:
                return
            refusal = self._respond(problem, request)
            await refusal(request.scope, request.receive, exchange.send)

    def _tell(self, request: Request, exchange: _Exchange) -> None:
        """One line in the log, one count; without the query, which may hold a question."""
        path = request.url.path
        if not path.startswith(API_PATHS) and not asks_page(request):
            return
        seconds = perf_counter() - exchange.started
        account = getattr(request.state, "account", None)
        logger.info(
            "%s %s %s %.0f ms key=%s",
            request.method,
            path,
            exchange.status,
            1000 * seconds,
            account.id if account else "-",
        )
        self._metrics.count_request(request.method, _route(request), exchange.status, seconds)


class _Exchange:
    """Sends a response with the headers that all have, and remembers how it went."""

    def __init__(self, request: Request, send: Send, respond: Respond) -> None:
        self.started = perf_counter()
        self.status = 499
        """A client that went away before anything was sent, as nginx logs it."""
        self._request = request
        self._send = send
        self._respond = respond
        self._replaced = False
        self.begun = False

    async def send(self, message: Message) -> None:
        """Pass a message of the response on; a body that is too large is told as all errors are."""
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            if message["status"] == 413 and _is_plain(message):
                problem = Problem(TOO_LARGE, TOO_LARGE.advice)
                response = self._respond(problem, self._request)
                await response(self._request.scope, self._request.receive, self.send)
                self._replaced = True
                return
            self.begun = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._request.state.request_id
            for name, value in _ANYWHERE.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", _policy(self._request.url.path))
        await self._send(message)


def _is_plain(start: Message) -> bool:
    """Whether a response is the text that Starlette sends for a body over the limit."""
    return MutableHeaders(scope=start).get("content-type", "").startswith("text/plain")


def _id_of(request: Request) -> str:
    """The caller's own request id where it is sane, so that logs of both sides agree."""
    given = request.headers.get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else secrets.token_hex(8)


def _policy(path: str) -> str:
    if path.startswith("/docs"):
        return _DOCS
    return _NOTHING if path.startswith(API_PATHS) else _FRAMED_BY_ITSELF


def _route(request: Request) -> str:
    """The path's pattern: keys and ids in it would make a time series each."""
    return getattr(request.scope.get("route"), "path", None) or "other"


class RequestIdFilter(logging.Filter):
    """Gives log records the id of the request that they are about."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its request id."""
        record.request_id = request_id.get()
        return True


def log_requests() -> None:
    """One line a request on stderr, and the request id on every line of ours."""
    handler = logging.StreamHandler()
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s request=%(request_id)s %(message)s")
    )
    ours = logging.getLogger("qa")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
