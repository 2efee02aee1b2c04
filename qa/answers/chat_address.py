"""QA_CHAT_BASE_URL: where a chat model's server is, apart from the password that opens it.

Whoever is told of an address (logs, errors, LangSmith) must not be told the password with it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from qa.errors import SettingsError

_SCHEME = re.compile(r"\w+://")
_FORM = "write http://host:port/v1 or https://…"
_ENCODED = ", and in a password %2F for /, %3F for ?, %23 for #, %40 for @"


@dataclass(frozen=True, slots=True)
class Address:
    """A server, and what it is told of who asks."""

    url: str = ""
    """Without user, password and a slash at the end; empty: the provider's own."""
    sign_in: str = field(default="", repr=False)
    """What an Authorization header says for the user and the password; empty without them."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """The password in every form in which somebody could repeat it."""


def read_address(setting: str) -> Address:
    """The address in QA_CHAT_BASE_URL; raises SettingsError, without a password in it."""
    setting = setting.strip()
    if not setting:
        return Address()
    parts = _split(setting)
    if parts is None:
        form = f"{_FORM}{_ENCODED if '@' in setting else ''}"
        raise SettingsError(f"QA_CHAT_BASE_URL={_shown(setting)!r} is no address: {form}")
    if re.search(r"[?#]", setting):
        raise SettingsError(
            f"QA_CHAT_BASE_URL={_shown(setting)!r} has more behind it, from ? or # on, which "
            "would stand before the path of each request: write the address without it, "
            "and a key into QA_CHAT_API_KEY"
        )
    user, _, host = parts.netloc.rpartition("@")
    url = f"{parts.scheme}://{host}{parts.path}".rstrip("/")
    return _with_sign_in(url, user) if user.strip(":") else Address(url)


def _with_sign_in(url: str, written: str) -> Address:
    """RFC 7617: what an address writes percent-encoded is sent in base64."""
    name, _, password = written.partition(":")
    token = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
    # A name without a password is a token, and as secret.
    secret = password or name
    return Address(url, f"Basic {token}", (secret, unquote(secret), token))


def _split(setting: str) -> SplitResult | None:
    """The parts of a web address; None where it is none."""
    try:
        parts = urlsplit(setting)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    # Behind an unwritten %2F the rest of a password would pass for a path.
    return parts if is_web and "@" not in parts.path and not re.search(r"\s", setting) else None


def _shown(setting: str) -> str:
    """The setting as an error may show it: nothing that stands where secrets do."""
    scheme = _SCHEME.match(setting)
    start = scheme[0] if scheme else ""
    user, _, rest = setting[len(start) :].rpartition("@")
    if re.search(r"[?#]", user):
        return f"{start}…"  # Where the password ends cannot be told.
    return start + re.split(r"[?#]", rest)[0]
