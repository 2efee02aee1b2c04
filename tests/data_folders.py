"""Data folders for tests that change them, or serve them."""

import shutil
from pathlib import Path


def copied(data: Path, to: Path) -> Path:
    """A copy of a data folder, which others may hold open to read meanwhile."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("holders"))
    return to
