"""What a small number in words counts, and whether a source counts the same otherwise.

«One» may be a pronoun or an article, «two» may be a dual in Arabic, and "the two" those who were
named before: alone, they say too little to be looked for. Beside the thing that they count they do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from qa.answers.cited import CitedSentence, Text
from qa.answers.numbers import Number, find_numbers
from qa.model import QuestionWord
from qa.roles import Matcher
from qa.text.tokens import Token, is_stop_word, tokenize

_SAME_THING = 0.5
_NEAR = 2
"""Words after a number among which is what it counts: five Russian soldiers."""
_DUAL = re.compile(r"\w{3,}(?:ان|ين)")


def is_counted_otherwise(
    number: Number, claim: str, language: str, cited: Sequence[CitedSentence], matcher: Matcher
) -> bool:
    """Whether a cited sentence has another number before the thing that the claim counts."""
    thing = _thing(number, claim, language)
    if thing is None:
        return False
    counted = [
        Text(token.form, sentence.language)
        for sentence in cited
        for other in find_numbers(sentence.text, sentence.language)
        for token in _following(other, sentence.text, sentence.language)
    ]
    return _is_among(thing, counted, matcher)


def is_dual(
    number: Number, claim: str, language: str, cited: Sequence[CitedSentence], matcher: Matcher
) -> bool:
    """Whether an Arabic sentence may say by a dual what the claim counts by «two»."""
    thing = _thing(number, claim, language)
    if thing is None or 2.0 not in number.readings:
        return False
    return _is_among(thing, list(chain(*map(_duals, cited))), matcher)


def _thing(number: Number, claim: str, language: str) -> QuestionWord | None:
    """The word after the number, in Arabic before it; None for «one of them» and «the two»."""
    near = _following(number, claim, language)[:1]
    if language == "ar":  # «جندي واحد»: only from three on does the number come first
        near = [t for t in tokenize(claim, language) if t.end <= number.start][-1:]
    if not near or is_stop_word(near[0].form, language):
        return None
    return QuestionWord(near[0].form, 1.0, False, language)


def _following(number: Number, text: str, language: str) -> list[Token]:
    after = [token for token in tokenize(text, language) if token.start >= number.end]
    return after[:_NEAR]


def _duals(sentence: CitedSentence) -> list[Text]:
    """Of «خمسة مسلحين» the noun is a plural, for its number says so."""
    if sentence.language != "ar":
        return []
    numbers = find_numbers(sentence.text, sentence.language)
    counted = {t.start for n in numbers for t in _following(n, sentence.text, "ar")[:1]}
    tokens = tokenize(sentence.text, sentence.language)
    duals = [t.form for t in tokens if t.start not in counted and _DUAL.fullmatch(t.form)]
    return [Text(form, sentence.language) for form in duals]


def _is_among(thing: QuestionWord, counted: Sequence[Text], matcher: Matcher) -> bool:
    forms, languages = [one.text for one in counted], [one.language for one in counted]
    return bool(matcher.match([thing], forms, languages).max(initial=0.0) >= _SAME_THING)
