"""Whether the cited sentences bear out a claim: its facts, who said it, and its meaning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from qa.answers.cited import CitedSentence, cite_sentences
from qa.answers.facts import ReadClaim, check_facts, read_claim
from qa.answers.meaning import Meaning, Source, features, is_comparable, load_meaning
from qa.answers.verdicts import Finding, Flaw
from qa.answers.wording import quotations, stands_in
from qa.roles import Matcher
from qa.text.language import detect_language

__all__ = ["CitedSentence", "SupportChecker", "SupportJudge", "Verdict", "cite_sentences"]

QUOTED, SUPPORTED, PARTIAL, UNSUPPORTED = "quoted", "supported", "partial", "unsupported"
_MOSTLY = 0.5
"""Share of a claim's words in quotation marks that makes it a quotation."""
_LOST = "\ufffd"
"""Stands where bytes were no character, as models babble."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the cited sentences say to a claim."""

    support: str
    """quoted, supported, partial or unsupported."""
    reason: str | None = None
    """What is not borne out, in the reader's language; None where all is."""


Witness: TypeAlias = Callable[[str, Sequence[CitedSentence], Verdict], None]
"""Told each claim with what it cites and its verdict."""


class SupportJudge(Protocol):
    """A second opinion on meaning, by a model."""

    def supports(self, claim: str, premise: str) -> bool | None:
        """Whether the premise says what the claim says; None where the judge cannot tell."""


class SupportChecker:
    """Holds claims against the sentences they cite; as safe for threads as its parts."""

    def __init__(
        self,
        matcher: Matcher,
        meaning: Meaning | None = None,
        judge: SupportJudge | None = None,
        witness: Witness | None = None,
    ) -> None:
        self._matcher = matcher
        self._meaning = meaning or load_meaning()
        self._judge = judge
        self._witness = witness

    def check(
        self, claim: str, cited: Sequence[CitedSentence], language: str | None = None
    ) -> Verdict:
        """The verdict on a claim without its marks; `language` is the claim's, and the reason's."""
        own = language or detect_language(claim)
        support, finding = self._judged(claim, own, cited)
        verdict = Verdict(support, finding.worded(own) if finding else None)
        if self._witness:
            self._witness(claim, cited, verdict)
        return verdict

    def _judged(
        self, claim: str, language: str, cited: Sequence[CitedSentence]
    ) -> tuple[str, Finding | None]:
        if not cited:
            return UNSUPPORTED, Finding(Flaw.UNCITED)
        if _LOST in claim:
            # Nobody knows what it said: the words that are left may well stand in the source.
            return UNSUPPORTED, Finding(Flaw.UNREADABLE)
        read = read_claim(claim, language, self._matcher)
        missing = check_facts(read, cited, self._matcher)
        fatal = next((finding for finding in missing if finding.is_fatal), None)
        if fatal:
            return UNSUPPORTED, fatal
        is_quoted = _is_quoted(claim, cited)
        doubt = None if is_quoted else self._doubt(read, cited)
        if doubt and doubt.is_fatal:
            return UNSUPPORTED, doubt
        if missing or doubt:
            return PARTIAL, missing[0] if missing else doubt
        return (QUOTED if is_quoted else SUPPORTED), None

    def _doubt(self, claim: ReadClaim, cited: Sequence[CitedSentence]) -> Finding | None:
        """What speaks against the meaning; None where the sentences mean what the claim says."""
        judged = self._ask_judge(claim, cited)
        if judged is not None:
            return None if judged else Finding(Flaw.MEANING, is_fatal=True)
        if not is_comparable(claim.words, claim.text):
            return Finding(Flaw.UNKNOWN)
        sources = [Source.of(sentence, claim.language) for sentence in cited]
        found = features(claim.text, claim.topic, sources, self._matcher)
        probability = self._meaning.calibration.probability(found)
        if probability >= self._meaning.calibration.threshold:
            return None
        is_close = probability >= self._meaning.close
        return Finding(Flaw.CLOSE) if is_close else Finding(Flaw.MEANING, is_fatal=True)

    def _ask_judge(self, claim: ReadClaim, cited: Sequence[CitedSentence]) -> bool | None:
        if self._judge is None:
            return None
        return self._judge.supports(claim.text, "\n".join(s.text for s in cited))


def _is_quoted(claim: str, cited: Sequence[CitedSentence]) -> bool:
    """Whether the claim, or what it mostly consists of, stands in a sentence word for word."""
    if any(stands_in(claim, sentence.text) for sentence in cited):
        return True
    parts = quotations(claim)
    words = sum(len(part.split()) for part in parts)
    return words >= _MOSTLY * len(claim.split()) and all(
        any(stands_in(part, sentence.text) for sentence in cited) for part in parts
    )
