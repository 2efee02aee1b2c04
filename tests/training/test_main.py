import subprocess
from pathlib import Path

import pytest

from qa.training.__main__ import main

ROOT = Path(__file__).parent.parent.parent


def test_a_missing_source_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--data", tmp_path, "--out", tmp_path / "model", "--work", tmp_path / "cache"]
    assert main(list(map(str, options))) == 1
    error = capsys.readouterr().err
    assert "ud_pud.tsv is missing" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ([], "--bench eval/benches --scores eval/model-scores.json"),
        (["BENCH=b", "SCORES=s"], "--bench b --scores s"),
    ],
)
def test_make_model_checks_for_benches_and_reports_scores(given: list[str], asked: str) -> None:
    dry = ["make", "--dry-run", "model", "DATA=x", *given]
    told = subprocess.run(dry, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert asked in told
    assert all((ROOT / part).exists() for part in asked.split() if part.startswith("eval/"))
