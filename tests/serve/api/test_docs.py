"""docs/api.md cannot drift: its commands and programs are run against a real `qa serve`."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from qa.records.answers import KEPT
from qa.serve.api.problems import KINDS
from tests.data_folders import copied
from tests.serve.conftest import ROOT, serving_process

DOCS = (ROOT / "docs" / "api.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def server(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = copied(indexed, tmp_path_factory.mktemp("docs") / "data")
    with serving_process(data, "--write") as address:
        yield address


def run(command: list[str], folder: Path) -> str:
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    finished = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with what it prints."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = next(i for i, line in enumerate(lines, 1) if not line.endswith("\\"))
        yield "\n".join(lines[:length]), "\n".join(lines[length:])


def test_the_curl_session_goes_as_it_is_told(server: str, tmp_path: Path) -> None:
    session = [pair for block in blocks("console") for pair in commands(block)]
    divider = "=== next"
    script = "\n".join(f"{command}\necho; echo '{divider}'" for command, _ in session)
    script = f"set -eo pipefail\n{script}".replace(ADDRESS, server)
    said = run(["bash", "-c", script.replace("/tmp/", f"{tmp_path}/")], tmp_path)
    outputs = said.split(f"{divider}\n")[:-1]
    for (command, told), got in zip(session, outputs, strict=True):
        pattern = ".*".join(map(re.escape, told.strip().split("…")))
        assert re.fullmatch(pattern, got.strip(), re.DOTALL), f"{command}\n{got}"


@pytest.mark.parametrize("program", blocks("python"))
def test_the_python_programs_run(server: str, tmp_path: Path, program: str) -> None:
    run([sys.executable, "-c", program.replace(ADDRESS, server)], tmp_path)


def test_a_generated_client_asks_and_searches(server: str, tmp_path: Path) -> None:
    """As it is shown: the generator's command, and a program that uses what it has made."""
    (command,), (program,) = blocks("sh"), blocks("py")
    generate, *arguments = command.replace(ADDRESS, server).split()
    assert generate == "clientele"
    run([str(Path(sys.executable).with_name(generate)), *arguments], tmp_path)
    said = run([sys.executable, "-c", program.replace(ADDRESS, server)], tmp_path)
    assert "لافروف" in said


@pytest.mark.parametrize("program", blocks("javascript"))
def test_the_javascript_programs_run(server: str, tmp_path: Path, program: str) -> None:
    node, _ = compute_driver_executable()
    (tmp_path / "program.mjs").write_text(program.replace(ADDRESS, server), "utf-8")
    assert run([str(node), "program.mjs"], tmp_path)


def test_every_use_is_shown_in_three_languages() -> None:
    uses = [part for part in re.split(r"^##+ ", DOCS, flags=re.MULTILINE) if "```python" in part]
    assert len(uses) == 9
    assert all("```console" in use and "```javascript" in use for use in uses)


def test_the_error_table_is_the_one_there_is() -> None:
    rows = [f"| `{k.name}` | {k.status} | {k.title} | {k.advice} |" for k in KINDS.values()]
    assert re.findall(r"^\| `[\w-]+` \| \d+ \|.*$", DOCS, re.MULTILINE) == rows


def test_the_days_that_answers_are_kept() -> None:
    assert f"for {KEPT.days} days" in DOCS
