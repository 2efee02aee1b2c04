"""The README cannot drift: its help block and its Python are run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first fenced block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found, f"no {language} block in README.md"
    return found[1]


def run(*arguments: str) -> str:
    # A fixed width and no colours, whatever the terminal that runs the tests.
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    finished = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, cwd=ROOT
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_help_is_what_qa_prints() -> None:
    code = "import sys; sys.argv = ['qa', '--help']; from qa.serve.cli import app; app()"
    assert run("-c", code).strip() == block("text").strip()


def test_the_example_is_what_qa_answers() -> None:
    command, answer = block("console").split("\n", 1)
    question = command.partition('"')[2].rstrip('"')
    run("-m", "qa.serve.cli", "ingest", "seeds")
    assert run("-m", "qa.serve.cli", "ask", question).strip() == answer.strip()


def test_the_python_example_runs() -> None:
    assert "الجهة الوحيدة التي تمثل سيادة سورية" in run("-c", block("python"))


def test_the_settings_are_those_there_are() -> None:
    from qa.settings import Settings

    named = set(re.findall(r"`(QA_(?!TEST_)[A-Z_]+)`", README))
    assert named == {f"QA_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize(
    "target", ["run", "test", "lint", "gate", "baselines", "bench", "load", "model"]
)
def test_the_make_targets_exist(target: str) -> None:
    finished = subprocess.run(
        ["make", "--dry-run", target, "DATA=x"], capture_output=True, text=True, cwd=ROOT
    )
    assert finished.returncode == 0, finished.stderr
