"""Data folders for tests that change them, or serve them."""

import shutil
import subprocess
import sys
from pathlib import Path


def copied(data: Path, to: Path) -> Path:
    """A copy of a data folder, which others may hold open to read meanwhile."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("holders"))
    return to


HOLD = (
    "import sys; from pathlib import Path; from qa.folder import DataFolder\n"
    "with DataFolder(Path(sys.argv[1]), write=sys.argv[2] == 'write'):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


def hold_in_another_process(path: Path, mode: str) -> subprocess.Popen[str]:
    """A process that holds the folder to write or to read, until its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process
