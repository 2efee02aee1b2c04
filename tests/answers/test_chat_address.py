from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answers.chat_address import Address, read_address
from qa.errors import SettingsError

PASSWORDS = st.text(string.ascii_letters + string.digits + "@/?#:% é", min_size=4, max_size=20)


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("", ""),
        ("  ", ""),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        (" https://models.example/v1/ \n", "https://models.example/v1"),
        ("HTTP://host", "http://host"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://@host/v1", "http://host/v1"),
    ],
)
def test_an_address_is_read(setting: str, url: str) -> None:
    assert read_address(setting) == Address(url)


@pytest.mark.parametrize(
    ("written", "token"),
    [
        ("Aladdin:open%20sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("a-token", "YS10b2tlbjo="),
        (":secret", "OnNlY3JldA=="),
    ],
)
def test_a_user_and_a_password_become_what_is_sent(written: str, token: str) -> None:
    address = read_address(f"http://{written}@[::1]:8000/v1")
    assert (address.url, address.sign_in) == ("http://[::1]:8000/v1", f"Basic {token}")
    assert token in address.secrets
    assert written not in repr(address)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("localhost:8000/v1", "'localhost:8000/v1' is no address: write http://host:port/v1"),
        ("127.0.0.1:8000", "'127.0.0.1:8000' is no address"),
        ("//host/v1", "'//host/v1' is no address"),
        ("ftp://host/v1", "'ftp://host/v1' is no address"),
        ("http://host:0/v1", "is no address"),
        ("http://", "is no address"),
        ("http://[::1/v1", "is no address"),
        ("http://host/v 1", "is no address"),
        ("http://me:geheim/x@host/v1", "'http://host/v1' is no address.*%2F for /"),
        ("http://host/v1?", "'http://host/v1' has more behind it"),
        ("http://host/v1?api-version=2024-10-21", "'http://host/v1' has more behind it"),
        ("http://host/v1#chat", "'http://host/v1' has more behind it.*QA_CHAT_API_KEY"),
        ("http://host/v1?mail=a@b&key=geheim", "'http://…' has more behind it"),
    ],
)
def test_what_is_no_address_is_told_with_what_to_write(setting: str, told: str) -> None:
    with pytest.raises(SettingsError, match=rf"QA_CHAT_BASE_URL=.*{told}") as caught:
        read_address(setting)
    assert "geheim" not in str(caught.value)
    assert caught.value.__context__ is None


@given(PASSWORDS, st.sampled_from(["http://me:{}@host/v1", "me:{}@host", "ftp://{}@h"]))
@example("pa/ss", "http://me:{}@host/v1")
@example("pa#ss", "http://me:{}@host/v1")
@example("pa@ss", "http://me:{}@host/v1")
@example("123/ss", "http://me:{}@host/v1")
def test_no_password_is_ever_told(password: str, form: str) -> None:
    """Also one with characters in it that should have been percent-encoded."""
    # Around any password: one such as "http" stands in what is told anyhow.
    assert "geheim" not in told_of(form.format(f"geheim{password}geheim"))


def told_of(setting: str) -> str:
    """The address as it shows itself, or what is wrong with it."""
    try:
        return repr(read_address(setting))
    except SettingsError as error:
        return str(error)


@given(PASSWORDS)
def test_an_encoded_password_is_sent_as_it_was_meant(password: str) -> None:
    address = read_address(f"http://me:{quote(password, safe='')}@host/v1")
    assert address.url == "http://host/v1"
    assert password in address.secrets
