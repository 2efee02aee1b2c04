from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.chat_failures import Failure, Secrets, classify, tell

KEYS = st.text(string.ascii_letters + string.digits + "-_", min_size=8, max_size=60)
TEXTS = st.text(max_size=80)


@given(key=KEYS, before=TEXTS, after=TEXTS)
def test_no_key_survives_hiding(key: str, before: str, after: str) -> None:
    assert key not in Secrets(key).hide(f"{before}{key}{after}")


@given(key=KEYS, start=st.integers(0, 50), before=TEXTS)
def test_no_telling_part_of_a_key_survives_hiding(key: str, start: int, before: str) -> None:
    part = key[start : start + 8]
    if len(part) >= 6 and part not in before:
        assert part not in Secrets(key).hide(f"{before} {part}… is wrong")


@given(text=TEXTS)
def test_without_secrets_nothing_is_hidden(text: str) -> None:
    assert text.startswith("sk-") or " sk-" in text or Secrets().hide(text) == text


def test_a_secret_shows_nothing_of_itself() -> None:
    assert "geheim" not in repr(Secrets("geheim-key"))


def test_an_error_of_an_unknown_library_is_a_broken_reply() -> None:
    assert classify(KeyError("choices")).kind == "broken"


def test_errors_raised_in_a_circle_come_to_an_end() -> None:
    one, two = RuntimeError("one"), RuntimeError("two")
    one.__cause__, two.__cause__ = two, one

    assert classify(one).kind == "broken"


@pytest.mark.parametrize("kind", ["refused", "busy", "server", "timeout", "broken", "empty"])
def test_what_may_pass_is_retried_unless_it_is_final(kind: str) -> None:
    assert Failure(kind).retryable
    assert not Failure(kind, final=True).retryable


def test_a_long_speech_is_shortened_to_one_line() -> None:
    error = tell(Failure("server", "boom\n" * 500), "openai:any", Secrets())

    assert len(str(error)) < 400
    assert "\n" not in str(error)
