"""Why a question went wrong: the first step that failed, in the spirit of RAGChecker's diagnosis.

RAGChecker (Ru et al. 2024, arXiv 2408.08067) splits errors between retriever and generator; here
the evidence of the gold takes the place of its entailed claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from qa.evaluation.results import Result


class Failure(StrEnum):
    """The step that failed, in the order of the pipeline."""

    NOT_RETRIEVED = "not retrieved"
    REFUSED = "refused wrongly"
    NOT_USED = "retrieved but not used"
    USED_WRONGLY = "used wrongly"
    ANSWERED = "answered what it should refuse"


MEANING: Mapping[Failure, str] = {
    Failure.NOT_RETRIEVED: "No retrieved passage holds the evidence",
    Failure.REFUSED: "The evidence was retrieved, but the question was refused",
    Failure.NOT_USED: "The evidence was retrieved, but the answer cites something else",
    Failure.USED_WRONGLY: "The evidence is cited, but not first or for a claim it does not support",
    Failure.ANSWERED: "The articles hold no answer, but one was given",
}


def classify(metrics: Mapping[str, float | None], *, supported: bool) -> Failure | None:
    """The failure of a question with these metrics; `supported`: no claim lacks its support."""
    if metrics["refused"] is not None:
        return None if metrics["refused"] else Failure.ANSWERED
    if not metrics["retrieved@10"]:
        # Evidence that came some other way was found all the same.
        return None if metrics["evidence@1"] else Failure.NOT_RETRIEVED
    if not metrics["answered"]:
        return Failure.REFUSED
    if not metrics["evidence@3"]:
        return Failure.NOT_USED
    return None if metrics["evidence@1"] and supported else Failure.USED_WRONGLY


def count(results: Iterable[Result]) -> dict[str, int]:
    """How many results failed in each way, zeros too."""
    counted = Counter(result.group("failure") for result in results)
    return {str(failure): counted[failure] for failure in Failure}
