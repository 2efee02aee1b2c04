"""What somebody has set up for the work is no matter of tests and benches."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa.settings import Settings

ROOT = Path(__file__).parent.parent
OF_THE_USER = """
QA_CHROMA_URL=http://127.0.0.1:9
QA_EMBEDDER=/no/such/folder
QA_CHAT_MODEL=openai:gpt-4o-mini
QA_CHAT_BASE_URL=http://127.0.0.1:9/v1
QA_CHAT_API_KEY=sk-of-the-user
QA_STRICT=1
QA_JUDGE=chat
QA_BATCH_SIZE=7
"""
SHOW = "from qa.settings import Settings; print(Settings().model_dump_json())"


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's archive, which a `.env` in the working directory names."""
    archive = tmp_path / "mine.sqlite"
    (tmp_path / ".env").write_text(f"QA_ARCHIVE_URL=sqlite:///{archive}{OF_THE_USER}", "utf-8")
    monkeypatch.chdir(tmp_path)
    return archive


def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of somebody who runs no tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QA_{name.upper()}")


@pytest.mark.usefixtures("mine")
def test_a_test_has_the_default_settings() -> None:
    assert Settings() == Settings.model_construct(data_dir=Settings().data_dir)


def test_fixtures_of_a_whole_session_have_them_too(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(monkeypatch)
    test = f"{ROOT}/tests/test_assistant.py::test_a_question_is_answered_across_languages"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c"]
    finished = subprocess.run(
        [*command, ROOT / "pyproject.toml", "--rootdir", ROOT, test], capture_output=True, text=True
    )
    assert "1 passed" in finished.stdout, finished.stdout
    assert not mine.exists()


def test_settings_apart_keep_the_embedder_only(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside(monkeypatch)
    assert Settings().archive_url == f"sqlite:///{mine}"
    folder = mine.parent / "own"
    own = Settings.model_construct(data_dir=folder, embedder="/no/such/folder", batch_size=7)
    assert Settings().apart(folder) == own


def test_another_process_has_the_settings_of_its_environment(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(monkeypatch)
    own = Settings().apart(mine.parent / "own")
    for name, value in own.as_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings() == own


def test_the_gate_asks_the_shipped_model_for_quotes(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dry = subprocess.run(
        ["make", "--dry-run", "gate"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    commands = re.findall(r"^(.*) \S+/qa (?:ingest|eval) ", dry.stdout, re.MULTILINE)
    assert len(commands) == 3
    outside(monkeypatch)
    of_no_effect = {"chat_api_key", "batch_size"}
    usual = Settings.model_construct(data_dir=Path("build/gate/data"))
    for variables in commands:
        command = f"{variables} {sys.executable} -c '{SHOW}'"
        shown = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        asked = Settings.model_validate_json(shown.stdout)
        assert asked.model_dump(exclude=of_no_effect) == usual.model_dump(exclude=of_no_effect)
