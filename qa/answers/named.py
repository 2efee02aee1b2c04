"""The words of a claim that name somebody or something, and how sure a source must be of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answers.entities import Entity, find_entities
from qa.answers.namesakes import capitalised
from qa.model import QuestionWord
from qa.text.language import direction
from qa.text.tokens import Token, is_stop_word, stem, tokenize

_SURELY = 0.5
"""Other persons and things of the same kind are less alike than this in the word table."""
_SURELY_ENTITY = 0.68
"""Moscow for Russia; Iraq for Syria reaches 0.6."""
_PERHAPS = 0.3
"""Of a rare word in a script without capitals: it may be no name at all."""
_UNTOLD = 0.4
"""Of a word at a beginning that nothing translates and that is not inflected: Merkel is less like
Obama, «gunmen» more like «مسلحون»."""
_EVERY_NOUN = frozenset({"de"})
"""Languages that capitalise all nouns."""
_OPENING = re.compile(r"(?:^|[.:!?؟«“\"(—-])\W*$")
_ARABIC_VERB = re.compile(r"[وف]?(?:س?[يت]).*|.*ها")
_ATTACHED = re.compile(r"[وفلب](?=...)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a claim that a source must hold in some spelling."""

    written: str
    words: tuple[QuestionWord, ...]
    """Forms of its last word; one that is found is enough."""
    needed: float
    """How sure the match must be, 0 to 1."""
    codes: frozenset[str]
    """Of the place or organisation that it is, if it is one."""
    start: int


def find_names(
    claim: str, language: str, words: Sequence[QuestionWord], taken: Iterable[range]
) -> list[Name]:
    """The names of a claim, first names with the last; `taken` are its numbers and dates."""
    entities = find_entities(claim, language)
    occupied = [*taken, *(range(e.start, e.end) for e in entities)]
    asked = {word.form: word for word in words}
    capitals = capitalised(claim, words)
    found: list[Name] = []
    for token in tokenize(claim, language):
        word = asked.pop(token.form, None)
        if word is None or any(token.start in span for span in occupied):
            continue
        needed = _needed(word, capitals, claim, token, language)
        if needed:
            found.append(_of_word(claim, token, word, needed, language))
    return _joined(claim, [*found, *(_of_entity(claim, entity, language) for entity in entities)])


def _of_word(claim: str, token: Token, word: QuestionWord, needed: float, language: str) -> Name:
    written = claim[token.start : token.end]
    return Name(written, _forms(word.form, language), needed, frozenset(), token.start)


def _of_entity(claim: str, entity: Entity, language: str) -> Name:
    written = claim[entity.start : entity.end]
    last = tokenize(written)[-1].form
    return Name(written, _forms(last, language), _SURELY_ENTITY, entity.codes, entity.start)


def _needed(
    word: QuestionWord, capitals: frozenset[str], claim: str, token: Token, language: str
) -> float:
    """0 for what is no name."""
    if direction(language) == "rtl":
        if word.is_borrowed:
            return _SURELY
        return _PERHAPS if word.is_name and not _ARABIC_VERB.fullmatch(word.form) else 0.0
    if word.form not in capitals or language in _EVERY_NOUN or is_stop_word(word.form, language):
        return 0.0
    if _OPENING.search(claim[: token.start]):
        # Any word has a capital there; one that sounds like its translations has it anywhere.
        if word.is_borrowed:
            return _SURELY
        is_rare = word.is_untold and token.stem == token.form
        return _UNTOLD if is_rare else 0.0
    return _SURELY


def _forms(form: str, language: str) -> tuple[QuestionWord, ...]:
    """Also without what Arabic attaches and what Russian declines."""
    forms = [form]
    if language == "ar" and _ATTACHED.match(form):
        forms.append(form[1:])
    if language == "ru":
        forms.append(stem(form, language))
    return tuple(QuestionWord(one, 1.0, True) for one in dict.fromkeys(forms))


def _joined(claim: str, names: Iterable[Name]) -> list[Name]:
    """Of capitalised words in a row only the last: sources may leave a first name out."""
    ordered = sorted(names, key=lambda name: name.start)
    after = [*ordered[1:], None][: len(ordered)]
    return [
        name
        for name, next_ in zip(ordered, after, strict=True)
        if name.codes or next_ is None or next_.codes or not _in_a_row(claim, name, next_)
    ]


def _in_a_row(claim: str, name: Name, following: Name) -> bool:
    end = name.start + len(name.written)
    return name.needed == following.needed == _SURELY and claim[end : following.start] == " "
