from __future__ import annotations

import pytest

from qa.errors import SettingsError
from qa.settings import Settings, load_settings

KEY = "sk-never-to-be-seen"


def test_the_defaults_ask_no_chat_model() -> None:
    settings = load_settings()
    assert (settings.chat_model, settings.judge, settings.strict) == ("", "", False)
    assert settings.chat_api_key.get_secret_value() == ""


def test_checks_have_no_effect_without_a_chat_model() -> None:
    assert Settings().without_effect == []
    assert Settings(strict=True, judge="chat").without_effect == ["QA_STRICT", "QA_JUDGE"]
    assert Settings(strict=True, judge="chat", chat_model="openai:x").without_effect == []
    assert Settings(chat_base_url="http://host/v1").without_effect == ["QA_CHAT_BASE_URL"]


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_CHAT_MODEL", "ollama:qwen3:8b")
    monkeypatch.setenv("QA_STRICT", "1")
    monkeypatch.setenv("QA_CHAT_TIMEOUT", "2.5")
    settings = load_settings()
    assert (settings.chat_model, settings.strict) == ("ollama:qwen3:8b", True)
    assert settings.chat_timeout == 2.5


def test_blanks_around_a_value_are_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Files that keys and addresses are pasted into end with a newline.
    monkeypatch.setenv("QA_CHAT_BASE_URL", " http://127.0.0.1:8000/v1 \n")
    monkeypatch.setenv("QA_CHAT_API_KEY", f"{KEY}\n")
    settings = load_settings()
    assert settings.chat_base_url == "http://127.0.0.1:8000/v1"
    assert settings.chat_api_key.get_secret_value() == KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QA_CHAT_TIMEOUT", "0"),
        ("QA_CHAT_RETRIES", "-1"),
        ("QA_CHAT_CONTEXT_TOKENS", "100"),
        ("QA_STRICT", "maybe"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("QA_CHAT_API_KEY", KEY)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}='{value}'") as raised:
        load_settings()
    assert KEY not in str(raised.value)


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_CHAT_API_KEY", KEY)
    monkeypatch.setenv("QA_CHAT_BASE_URL", "http://reader:a-secret-word@host/v1")
    settings = load_settings()
    assert "a-secret-word" not in f"{settings!r} {settings}"
    assert KEY not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.chat_api_key.get_secret_value() == KEY
