"""The facts of a claim that its cited sentences do not bear out, by checks that need no model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from qa.answers.attribution import as_asked
from qa.answers.cited import CitedSentence, Text
from qa.answers.counted import is_counted_otherwise, is_dual
from qa.answers.crediting import claimed_speakers, is_said_by
from qa.answers.days import Day, find_days, is_borne_out, stated_days
from qa.answers.entities import entity_codes
from qa.answers.meaning import is_comparable
from qa.answers.named import find_names
from qa.answers.namesakes import match_names
from qa.answers.negation import contradicted
from qa.answers.numbers import Number, find_numbers
from qa.answers.verdicts import Finding, Flaw
from qa.answers.wording import quotations, stands_in
from qa.model import QuestionWord
from qa.roles import Matcher
from qa.text.tokens import tokenize


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim with what was read out of it."""

    text: str
    language: str
    words: tuple[QuestionWord, ...]
    """Its content words."""
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]

    @property
    def taken(self) -> list[range]:
        """Where its numbers and dates stand."""
        numbers = [range(number.start, number.end) for number in self.numbers]
        return numbers + [range(day.start, day.end) for day in self.days]

    @property
    def topic(self) -> tuple[QuestionWord, ...]:
        """The words that its meaning is told by: «eighteen» is checked as 18."""
        spelled = [n for n in self.numbers if not any(map(str.isdigit, n.written))]
        numbers = {token.form for number in spelled for token in tokenize(number.written)}
        kept = [word for word in self.words if word.form not in numbers] or self.words
        total = sum(word.weight for word in kept) or 1.0
        return tuple(replace(word, weight=word.weight / total) for word in kept)


def read_claim(text: str, language: str, matcher: Matcher) -> ReadClaim:
    """The claim with its content words, numbers and dates."""
    words = tuple(matcher.question_words(text, language))
    numbers, days = find_numbers(text, language), find_days(text, language)
    return ReadClaim(text, language, words, tuple(numbers), tuple(days))


def check_facts(
    claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher
) -> list[Finding]:
    """What the cited sentences do not bear out, the gravest kind first; empty where they do."""
    checks: Sequence[Callable[..., Iterator[Finding]]] = (
        _speakers,
        _negations,
        _numbers,
        _dates,
        _names,
        _quotations,
    )
    return [finding for check in checks for finding in check(claim, cited, matcher)]


def _speakers(
    claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher
) -> Iterator[Finding]:
    credited = [Text(sentence.speaker, sentence.language) for sentence in cited if sentence.speaker]
    sources = credited or [Text(sentence.text, sentence.language) for sentence in cited]
    for speaker in claimed_speakers(claim.text, claim.language):
        if not is_said_by(speaker, claim.language, sources, matcher):
            yield Finding(Flaw.SPEAKER, speaker, is_fatal=bool(credited))


def _negations(
    claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher
) -> Iterator[Finding]:
    sources = [Text(sentence.text, sentence.language) for sentence in cited]
    word = contradicted(Text(claim.text, claim.language), sources, claim.words, matcher)
    if word is not None:
        yield Finding(Flaw.NEGATION, as_asked(claim.text, word.form), is_fatal=True)


def _numbers(
    claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher
) -> Iterator[Finding]:
    own = list(chain(*(find_numbers(s.text, s.language) for s in cited)))
    known = [*own, *chain(*(find_numbers(s.title, s.language) for s in cited))]
    years = {float(s.published.year) for s in cited if s.published}
    others = [n for n in own if n.is_exact and not any(n.agrees(m) for m in claim.numbers)]
    for number in claim.numbers:
        is_of_date = any(day.start <= number.start < day.end for day in claim.days)
        if is_of_date or number.readings & years or any(map(number.agrees, known)):
            continue
        if _is_missing(number, claim, cited, matcher):
            is_other = any(map(str.isdigit, number.written)) and bool(others)
            yield Finding(Flaw.NUMBER, number.written, is_fatal=is_other)


def _is_missing(
    number: Number, claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher
) -> bool:
    """Whether the sentences had to hold a number that they do not hold as such."""
    if is_dual(number, claim.text, claim.language, cited, matcher):
        return False
    if number.is_exact:
        return True
    return is_counted_otherwise(number, claim.text, claim.language, cited, matcher)


def _dates(claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher) -> Iterator[Finding]:
    stated = list(chain(*(stated_days(s.text, s.language, s.published) for s in cited)))
    named = list(chain(*(find_days(s.text, s.language) for s in cited)))
    for day in claim.days:
        if not is_borne_out(day, stated):
            rivals = [d for d in named if (d.weekday is None) == (day.weekday is None)]
            yield Finding(Flaw.DATE, day.written, is_fatal=bool(rivals))


def _names(claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher) -> Iterator[Finding]:
    found = find_names(claim.text, claim.language, claim.words, claim.taken)
    can_tell = is_comparable(claim.words, claim.text)
    names = [name for name in found if name.codes or can_tell]
    known = (entity_codes(f"{s.text} {' '.join(s.surroundings)}", s.language) for s in cited)
    codes = frozenset(chain(*known))
    doubtful = [name for name in names if not name.codes & codes]
    read = [Text(text, s.language) for s in cited for text in (s.text, *s.surroundings)]
    texts, languages = [one.text for one in read], [one.language for one in read]
    # By sound alone: as a word, a pair of words means nothing, and resembles anything.
    pairs = [_in_pairs(s.text) for s in cited]
    for name in doubtful:
        sounding = match_names(name.words, frozenset(), [*texts, *pairs])
        matched = matcher.match(name.words, texts, languages)
        if max(matched.max(), sounding.max()) < name.needed:
            yield Finding(Flaw.NAME, name.written)


def _in_pairs(text: str) -> str:
    """Each two words written as one: Abdulrahman is عبد الرحمن."""
    forms = [token.form for token in tokenize(text)]
    return " ".join(one + other for one, other in pairwise(forms))


def _quotations(
    claim: ReadClaim, cited: Sequence[CitedSentence], matcher: Matcher
) -> Iterator[Finding]:
    if any(sentence.language != claim.language for sentence in cited):
        return  # a quotation in another language is a translation
    for words in quotations(claim.text):
        if not any(stands_in(words, sentence.text) for sentence in cited):
            yield Finding(Flaw.QUOTATION, words)
