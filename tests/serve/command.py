"""The `qa` command as its users meet it: whole processes, their output and exit codes."""

import json
import os
import subprocess
import sys
from typing import Any, TypeAlias

import pytest

from qa.serve.cli import main

Finished: TypeAlias = subprocess.CompletedProcess[str]

QA = [sys.executable, "-m", "qa.serve.cli"]


def qa(*arguments: str, **variables: str) -> Finished:
    """What came of a command, with some variables of the environment set for it."""
    return subprocess.run(
        [*QA, *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


def qa_here(captured: pytest.CaptureFixture[str], *arguments: str) -> Finished:
    """The same in this process, where all that takes long is loaded: for what does no work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["qa", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    said = captured.readouterr()
    return Finished(arguments, int(ended.value.code or 0), said.out, said.err)


def document(finished: Finished) -> dict[str, Any]:
    """The one JSON document on its stdout."""
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    return found
