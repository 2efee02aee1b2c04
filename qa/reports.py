"""What reading articles came to, and what an archive holds: values, and the JSON of commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from qa.articles.archive import ArchiveCounts, PutResult
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

    @classmethod
    def from_results(
        cls, results: Sequence[PutResult], told: Sequence[ReadFailure | ReadWarning]
    ) -> Self:
        """Of what the archive made of the articles, and of what their reading told."""
        outcomes = Counter(result.outcome for result in results)
        return cls(
            outcomes["added"],
            outcomes["updated"],
            outcomes["unchanged"],
            failures=tuple(item for item in told if isinstance(item, ReadFailure)),
            warnings=(
                *(item for item in told if isinstance(item, ReadWarning)),
                *_of_replaced(results),
            ),
        )

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


def _of_replaced(results: Sequence[PutResult]) -> Iterator[ReadWarning]:
    """One warning for all articles that took the place of quite another one."""
    others = [result for result in results if result.instead_of is not None]
    if others:
        more = f" (and {len(others) - 1:,} more like it)" if others[1:] else ""
        reason = (
            f"took the place of another article, {others[0].instead_of!r}{more}: to keep both, "
            "give them keys of their own, as `qa ingest --help` says"
        )
        yield ReadWarning(f"article {others[0].key!r}", None, reason)


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
