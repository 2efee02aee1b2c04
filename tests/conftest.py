"""Every test: its own data folder, no settings from outside, no network but loopback."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, expect, sync_playwright

from qa.assistant import Assistant
from qa.settings import Settings

# No test is a matter of time: a first example loads tables and stemmers, a machine has other work.
hypothesis_settings.register_profile("no-deadline", deadline=None)
hypothesis_settings.load_profile("no-deadline")

ROOT = Path(__file__).parent.parent
# What Chromium needs as root without a screen, and what keeps it from its maker's hosts.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole servers and browsers first: a long file that began last would keep one core waiting."""
    items.sort(key=lambda item: "serve" not in item.path.parts)


@pytest.fixture(scope="session", autouse=True)
def nothing_from_outside() -> Iterator[None]:
    """Each setting at its default, set as a variable: absent, it would be read from `.env`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in Settings.model_construct().as_environment().items():
            patch.setenv(name, value)
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five seed articles."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """A data folder that holds the seed articles; tests read it, or write to a copy."""
    folder = tmp_path_factory.mktemp("indexed") / "data"
    with Assistant.open(Settings(data_dir=folder), write=True) as assistant:
        assert assistant.ingest([seeds]).added == 5
    return folder


# Not for the whole session: while Playwright runs, its thread has an event loop, and tests of
# other files could start none.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Milliseconds: enough for a machine that does other work beside the tests.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        yield browser
        browser.close()


def _chromium() -> str:
    """The browser's program; tests/install_chromium.sh looks in the same places."""
    named = os.environ.get("QA_TEST_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium: install it, or set QA_TEST_CHROMIUM to its path"
    return found
