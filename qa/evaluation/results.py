"""What each question of a run got, and what the run was: the lines and headers of run folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

ANSWERS = "answers"
RETRIEVAL = "retrieval"


@dataclass(frozen=True, slots=True)
class Result:
    """One question's outcome: a line of results.jsonl."""

    id: str
    question: str
    metrics: Mapping[str, float | None]
    """By name; None where a metric is not about the question."""
    milliseconds: float
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the run adds: lang, pair, kind; the answer and what was retrieved, or the ranking."""

    def group(self, name: str) -> str:
        """The value of one of the fields that results are grouped by; empty if it has none."""
        return str(self.details.get(name) or "")

    def as_json(self) -> dict[str, Any]:
        """The line, ready for json.dumps."""
        return {
            "id": self.id,
            "question": self.question,
            **self.details,
            "metrics": dict(self.metrics),
            "milliseconds": self.milliseconds,
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Self:
        """The result of a line; raises KeyError naming the field that is missing."""
        own = {name: line[name] for name in _OWN}
        return cls(**own, details={k: value for k, value in line.items() if k not in _OWN})


_OWN = ("id", "question", "metrics", "milliseconds")


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What the results of a run depend on: the same info, the same results."""

    kind: str
    """answers or retrieval."""
    name: str
    """Of the question set or bench."""
    questions: str
    """Hash of the questions and their gold."""
    index: str
    """Fingerprint of the index."""
    articles: str
    """State of the archive: another one means that articles came, changed or went."""
    settings: Mapping[str, str | int | None]
    version: str
    """Of the program."""

    def as_json(self) -> dict[str, Any]:
        """The header, ready for json.dumps."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The header of a document; raises TypeError where fields are missing or unknown."""
        return cls(**document)

    def differences(self, other: RunInfo) -> list[str]:
        """What differs, a line each: field, this value, the other's."""
        return [
            f"{name}: {value!r} was {before!r}"
            for name, value in self.as_json().items()
            if value != (before := getattr(other, name))
        ]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its header and every question's result, in the order of the questions."""

    info: RunInfo
    results: tuple[Result, ...]
