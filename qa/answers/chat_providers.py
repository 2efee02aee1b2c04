"""From QA_CHAT_MODEL to LangChain's model of that provider, its retries and time-outs off."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from os import environ
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from qa.answers.chat_address import Address, read_address
from qa.answers.chat_failures import Secrets
from qa.errors import SettingsError

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel

_FORMS = "openai:…, anthropic:…, ollama:… or any other provider of LangChain, then its model"
_CONNECT_SECONDS = 10.0
# A server of one's own asks for no key, but the libraries insist on sending one.
_NO_KEY = "none"
# The libraries would share idle connections between models, and nobody would close them; next to
# the seconds of a reply, a connection for each costs little and is never a stale one.
_HEADERS = {"Connection": "close"}
_SIGNING = ("openai", "ollama")
_SIGN_OTHERWISE = "only openai:… and ollama:… do that; set QA_CHAT_API_KEY in its place"
_WANTS_KEY = re.compile(r"api[_ ]key|credentials|authentication", re.IGNORECASE)


class _Request(Protocol):
    """One of httpx or of its namesake, whichever a provider's library uses."""

    @property
    def headers(self) -> MutableMapping[str, str]: ...


_Signed = TypeVar("_Signed", bound=_Request)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings of a chat model, as `load_chat_model` takes them."""

    name: str
    base_url: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    timeout: float = 60.0
    context_tokens: int | None = None

    @property
    def key(self) -> str | None:
        """The key to send; None: the one in the provider's own variable.

        A key from such a variable is never sent to a server that it was not made for.
        """
        return self.api_key or (_NO_KEY if self.address.url else None)

    @property
    def address(self) -> Address:
        """The server to ask; raises SettingsError where it cannot be one."""
        return read_address(self.base_url)


def build_model(wanted: Wanted) -> BaseChatModel:
    """LangChain's model for these settings; raises SettingsError, without the key in it."""
    _check_address(wanted)
    provider, colon, model = wanted.name.partition(":")
    provider = provider.replace("-", "_").lower()
    if not colon or not model:
        if not wanted.base_url:
            raise SettingsError(f"QA_CHAT_MODEL={wanted.name!r} names no provider: write {_FORMS}")
        provider, model = "openai", wanted.name
    built = _build(provider, model, wanted)
    if built is None and wanted.base_url:
        # The colon belongs to the model's name, as in "qwen3:8b".
        built = _build("openai", wanted.name, wanted)
    if built is None:
        raise SettingsError(
            f"QA_CHAT_MODEL={wanted.name!r} names an unknown provider, {provider!r}: write {_FORMS}"
        )
    return built


def secrets_of(wanted: Wanted, model: BaseChatModel | None = None) -> Secrets:
    """Every secret that a message could hold: the settings' own, and what a variable brought."""
    values = vars(model).values() if model is not None else ()
    taken = [value.get_secret_value() for value in values if hasattr(value, "get_secret_value")]
    known = [wanted.api_key, *wanted.address.secrets, *taken]
    return Secrets(*(text for text in known if isinstance(text, str) and text != _NO_KEY))


def _check_address(wanted: Wanted) -> None:
    if wanted.address.sign_in and wanted.api_key:
        raise SettingsError(
            "QA_CHAT_BASE_URL holds a user or password and QA_CHAT_API_KEY is set, but a request "
            "carries only one of them: leave out the one that this server does not ask for"
        )


def _build(provider: str, model: str, wanted: Wanted) -> BaseChatModel | None:
    """The model, or None where LangChain knows no such provider."""
    from langchain.chat_models import init_chat_model

    try:
        # The chat model comes as Any: each provider takes arguments of its own.
        built: BaseChatModel = init_chat_model(
            model, model_provider=provider, temperature=0, **_arguments(provider, wanted)
        )
    except ImportError as error:
        problem = f"needs one more package: pip install {_package(provider, error)}"
    except Exception as error:  # each provider checks its arguments with errors of its own
        if type(error) is ValueError and "nsupported" in str(error):
            return None
        problem = _why_not(str(error), wanted)
    else:
        if wanted.address.sign_in and provider not in _SIGNING:
            problem = f"cannot send the user and password of QA_CHAT_BASE_URL: {_SIGN_OTHERWISE}"
        elif _has_key(provider, built):
            return built
        else:
            problem = _why_not("no api_key", wanted)
    raise SettingsError(f"QA_CHAT_MODEL={wanted.name!r} {problem}")


def _arguments(provider: str, wanted: Wanted) -> dict[str, Any]:
    address = wanted.address.url
    # Their own interfaces lie beside the one that imitates OpenAI's.
    native = address.removesuffix("/v1")
    if provider == "ollama":
        return _ollama(native, wanted)
    shared: dict[str, Any] = {"timeout": wanted.timeout, "max_retries": 0, "api_key": wanted.key}
    if provider in ("openai", "anthropic"):
        shared["default_headers"] = _HEADERS
    if provider == "openai":
        shared |= _openai(wanted)
    url = native if provider == "anthropic" else address
    return {k: v for k, v in (shared | {"base_url": url or None}).items() if v is not None}


def _openai(wanted: Wanted) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "timeout": _timeout(wanted),
        "stream_usage": True,
        # Off: ours counts for every provider, and its wait can swallow a cancellation.
        "stream_chunk_timeout": 0,
    }
    if wanted.address.sign_in:
        from openai import DefaultAsyncHttpxClient

        sign = _signing(wanted.address.sign_in)
        arguments["http_async_client"] = DefaultAsyncHttpxClient(auth=sign)
    return arguments


def _ollama(address: str, wanted: Wanted) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "client_kwargs": {"timeout": _timeout(wanted), "headers": dict(_HEADERS)}
    }
    if says := wanted.address.sign_in or (wanted.api_key and f"Bearer {wanted.api_key}"):
        arguments["client_kwargs"]["auth"] = _signing(says)
    if address:
        arguments["base_url"] = address
    if wanted.context_tokens:
        # Ollama cuts off what is longer without a word, and its own default is short.
        arguments["num_ctx"] = wanted.context_tokens
    return arguments


def _signing(authorization: str) -> Callable[[_Signed], _Signed]:
    """Not a header: those are shown with the model, and told to whoever traces it."""

    def sign(request: _Signed) -> _Signed:
        request.headers["Authorization"] = authorization
        return request

    return sign


def _timeout(wanted: Wanted) -> httpx.Timeout:
    """A server that is not there shows sooner than a slow one."""
    import httpx

    return httpx.Timeout(wanted.timeout, connect=min(_CONNECT_SECONDS, wanted.timeout))


def _has_key(provider: str, model: BaseChatModel) -> bool:
    """Anthropic's class would miss its key only with the first question."""
    key = getattr(model, "anthropic_api_key", None) if provider == "anthropic" else None
    return key is None or bool(key.get_secret_value() or environ.get("ANTHROPIC_AUTH_TOKEN"))


def _package(provider: str, error: ImportError) -> str:
    named = re.search(r"pip install (?:-U )?([\w-]+)", str(error))
    return named[1] if named else f"langchain-{provider.replace('_', '-')}"


def _why_not(said: str, wanted: Wanted) -> str:
    if _WANTS_KEY.search(said) and not wanted.api_key:
        return (
            "needs a key: set QA_CHAT_API_KEY, or the variable of the provider "
            "(OPENAI_API_KEY, ANTHROPIC_API_KEY, …)"
        )
    first = next(iter(said.strip().splitlines()), "")
    return f"cannot be set up ({secrets_of(wanted).hide(first)}): mend it, or QA_CHAT_BASE_URL"
