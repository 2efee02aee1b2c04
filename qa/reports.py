"""What reading articles came to, and what an archive holds: values, and the JSON of commands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from qa.articles.archive import ArchiveCounts
from qa.articles.readers import ReadFailure, ReadWarning


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the articles that were read."""

    added: int
    updated: int
    unchanged: int
    failures: tuple[ReadFailure, ...]
    """Each is an article that was lost, or a file or folder of them."""
    warnings: tuple[ReadWarning, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The counts as contracts.md names them, each failure and each warning with its reason."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "failed": len(self.failures),
            "failures": [asdict(failure) for failure in self.failures],
            "warnings": [asdict(warning) for warning in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class Status:
    """What the archive holds and what its index was made with."""

    data_dir: str
    index: str | None
    """Fingerprint; None where nothing is indexed yet."""
    embedder: str | None
    counts: ArchiveCounts

    @property
    def articles(self) -> int:
        """Articles that readers see."""
        return self.counts.articles

    def as_json(self) -> dict[str, Any]:
        """One document, ready for json.dumps."""
        own = {"data_dir": self.data_dir, "index": self.index, "embedder": self.embedder}
        return own | asdict(self.counts)
