"""The `qa` command as its users meet it: whole processes, their output and exit codes."""

import json
import os
import subprocess
import sys
from typing import Any, TypeAlias

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


def document(finished: Finished) -> dict[str, Any]:
    """The one JSON document on its stdout."""
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    return found
