from pathlib import Path

import pytest

from qa.training.__main__ import main


def test_a_missing_source_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--data", tmp_path, "--out", tmp_path / "model", "--work", tmp_path / "cache"]
    assert main(list(map(str, options))) == 1
    error = capsys.readouterr().err
    assert "ud_pud.tsv is missing" in error
    assert error.count("\n") == 1
