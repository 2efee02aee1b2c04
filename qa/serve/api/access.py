"""Who may ask for what: API keys as bearer tokens, or as the password that a browser asks for."""

from __future__ import annotations

import base64
import binascii
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from qa.errors import UsageError
from qa.records.keys import SCOPES, USUAL_RATE, ApiKey, Keys
from qa.serve.api.problems import CROSS_SITE, MALFORMED, NO_KEY, RATE, SCOPE, Problem

Scope: TypeAlias = Literal["read", "write", "admin"]

CHANGING = frozenset({"POST", "PUT", "DELETE", "PATCH"})
FREE_PATHS = ("/health/", "/api/v1/health/")
"""Probes carry no keys."""
LOOKUPS = 4
"""Keys that are looked up at one moment."""
_LIMITED_PATHS = ("/api/", "/v1/", "/mcp")
_PAGE_ASKS = ("/gradio_api/queue/join", "/gradio_api/call/")


@dataclass(frozen=True, slots=True)
class Account:
    """On whose behalf a request is made."""

    id: str
    scopes: frozenset[str]
    rate: str | None = None
    """Requests in a time; None: as many as come."""

    def may(self, scope: Scope) -> bool:
        """Whether a scope is covered; admin is for everything."""
        return scope in self.scopes or "admin" in self.scopes

    def owns(self, account: str) -> bool:
        """Whether what belongs to an account may be shown to this one."""
        return self.id == account or self.may("admin")


@dataclass(frozen=True, slots=True)
class Policy:
    """How a server lets requests in."""

    keys_needed: bool
    local: bool
    """Everything is open to this machine alone, which must call it by one of its own names."""


LOCAL = Policy(keys_needed=False, local=True)


def policy_for(host: str, *, open_to_all: bool, keys_wanted: bool, keys: Keys) -> Policy:
    """The policy of an address; raises UsageError where it would let strangers in unasked."""
    loopback = _is_loopback(host)
    needed = not open_to_all and (keys_wanted or not loopback)
    if needed and not keys.any_active():
        raise UsageError(
            f"no API key is there to guard {host!r}: make one with `qa keys create NAME`, "
            "or let everybody in with --open"
        )
    # Whoever says --open or --keys on loopback has a proxy before it, which others can reach.
    return Policy(needed, local=loopback and not needed and not open_to_all)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Gate:
    """Lets requests in, or raises the Problem that keeps them out; called for every request."""

    def __init__(self, policy: Policy, find_key: Callable[[str], ApiKey | None]) -> None:
        self._policy = policy
        self._find_key = find_key
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        # Threads of its own: who is let in does not depend on what others wait for.
        self._lookups = CapacityLimiter(LOOKUPS)

    async def account_of(self, request: Request) -> Account:
        """Whose request it is; raises Problem for none that may come in."""
        self._check_site(request)
        token = _token(request.headers.get("authorization", ""))
        stranger = self._stranger(request)
        if stranger is not None and (self._policy.local or not token):
            return stranger
        key = await self._key_of(token) if token else None
        if key is None:
            said = "that key is unknown or revoked" if token else "no key was sent"
            raise Problem(NO_KEY, f"{said}: {NO_KEY.advice}", headers=_challenge(request))
        return Account(key.id, frozenset(key.scopes), key.rate)

    async def _key_of(self, token: str) -> ApiKey | None:
        return await to_thread.run_sync(self._find_key, token, limiter=self._lookups)

    def count(self, account: Account, request: Request) -> None:
        """Count a request to the account; raises Problem when those are too many."""
        limited = request.url.path.startswith(_LIMITED_PATHS) or asks_page(request)
        if account.rate is None or not limited:
            return
        rate = parse(account.rate)
        if not self._limiter.hit(rate, account.id):
            reset = self._limiter.get_window_stats(rate, account.id).reset_time
            seconds = max(1, math.ceil(reset - time.time()))
            raise Problem(
                RATE,
                f"more than {account.rate.replace('/', ' per ')}: wait {seconds} s",
                headers={"Retry-After": str(seconds)},
            )

    def _stranger(self, request: Request) -> Account | None:
        """Who comes without a key: everything on one's own machine, elsewhere what is open."""
        probing = request.url.path.startswith(FREE_PATHS)
        if self._policy.keys_needed and not probing:
            return None
        if self._policy.local:
            return Account("local", frozenset(SCOPES))
        address = request.client.host if request.client else "unknown"
        return Account(f"at {address}"[:64], frozenset({"read"}), USUAL_RATE)

    def _check_site(self, request: Request) -> None:
        """A page of another site may make a browser send requests, but not ones we answer."""
        host = request.headers.get("host", "")
        if self._policy.local and not _is_loopback(_name_of(host)):
            raise Problem(CROSS_SITE, f"{host!r} is not a name of this machine")
        if request.method not in CHANGING:
            return
        origin = request.headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2] != host
        if foreign or request.headers.get("sec-fetch-site") == "cross-site":
            page = origin or "elsewhere"
            raise Problem(CROSS_SITE, f"the request comes from a page of {page!r}, not of {host!r}")


def _name_of(host: str) -> str:
    """The name in a Host header, without its port; raises Problem where there can be none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        raise Problem(MALFORMED, f"the header Host is {host!r}, which names no server") from None


def asks_page(request: Request) -> bool:
    """Whether the page, or a client of Gradio's, asks for work; what comes of it is read after."""
    return request.method == "POST" and request.url.path.startswith(_PAGE_ASKS)


def _challenge(request: Request) -> dict[str, str]:
    """A browser asks for the key where a page is wanted; programs know what to send."""
    wants_page = "text/html" in request.headers.get("accept", "")
    return {
        "WWW-Authenticate": 'Basic realm="news-qa", charset="UTF-8"' if wants_page else "Bearer"
    }


def _token(header: str) -> str:
    """The key of an Authorization header: a bearer token, or the password of any user."""
    kind, _, value = header.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def account_with(scope: Scope, request: Request) -> Account:
    """The request's account; raises Problem where it has not the scope."""
    found: Account = request.state.account
    if not found.may(scope):
        raise Problem(SCOPE, f"the key {found.id!r} has not the scope {scope!r}")
    return found


def needs(scope: Scope) -> Callable[[Request], Awaitable[Account]]:
    """A dependency: the request's account, which must have the scope."""

    # A dependency that is no coroutine would take a thread, which it has no use for.
    async def account(request: Request) -> Account:
        return account_with(scope, request)

    return account
