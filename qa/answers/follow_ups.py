"""Follow-ups made whole by rule: what a question leaves out is taken from what was asked before.

A question that stands alone must stay as it is, so the rule is shy: a pronoun is filled in only
where nothing before it in its own question can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from qa.answers.earlier import Earlier
from qa.answers.pointing import PointingWords, load_pointing_words
from qa.answers.subjects import Question, bare, is_speech, is_verb_after
from qa.text.folding import fold
from qa.text.tokens import Token, is_stop_word

_LONGEST_ABOUT, _LONGEST_AND = 5, 4
"""Words after «what about» and after «and»; more make a question of their own."""
_LONGEST_BARE = 6
"""Words of a question that has none of its own, such as «why?»."""
_WHO = frozenset({"من", "مين"})
_END = re.compile(r"[\s?؟!.…]*$")
_ARABIC_SUFFIX = re.compile(r"(?![وف]?[بكل]?ال|لل)(?:.{2,}ت(?:ه|ها|هم|هما)|.{3,}(?:ها|هم|هما))")


class Need(Enum):
    """What a question leaves out."""

    PERSON = auto()
    PLACE = auto()
    FEMININE = auto()
    """Arabic: a place if one was named, for most are feminine, else a person."""
    TOPIC = auto()
    PREDICATE = auto()
    """«And Turkey?»: everything but what it names."""


def complete(question: Question, earlier: Sequence[Earlier]) -> str | None:
    """The question with what it leaves out; None where it stands alone or nothing fits.

    `earlier`: what was asked before, the latest first.
    """
    need = find_need(question)
    if need is None or not earlier:
        return None
    if need is Need.PREDICATE and (replaced := _replaced(question, earlier[0])):
        return replaced
    carried = _carried(need, question, earlier)
    if not carried or fold(carried) in fold(question.text):
        return None
    return _appended(question.text, carried)


def find_need(question: Question) -> Need | None:
    """What a question leaves out, if it leaves out anything for sure."""
    words = load_pointing_words(question.language)
    if words is None or not question.tokens or _is_addressed(question, words):
        return None
    if rest_after_opening(question):
        return Need.PREDICATE
    return (
        _dropped_subject(question, words)
        or _pronoun(question, words)
        or _there(question, words)
        or (Need.TOPIC if _is_bare(question, words) else None)
    )


def _is_addressed(question: Question, words: PointingWords) -> bool:
    """Whether the question is put to this program by a pronoun: you, German «Sie»."""
    written = {question.written(token) for token in question.tokens[1:]}
    return bool(words.addressed & _forms(question.tokens) or words.addressed_as_written & written)


def may_depend(question: Question) -> bool:
    """Whether a question may need what was asked before; no false no's, many false yes's."""
    words = load_pointing_words(question.language)
    if words is None or not question.subjects or find_need(question):
        return True
    pointing = words.persons | words.things | words.these | words.joiners | words.copulas
    forms = {bare(form) for form in _forms(question.tokens)} | _forms(question.tokens)
    joined = f" {' '.join(t.form for t in question.tokens)} "
    return (
        bool(forms & (pointing | question.titles))
        or any(f" {phrase} " in joined for phrase in (*words.about, *words.there))
        or any(_is_suffixed(question, token, words) for token in question.tokens)
    )


def rest_after_opening(question: Question) -> Sequence[Token]:
    """What follows «what about» or a lone «and», where it is too short to ask by itself."""
    words = load_pointing_words(question.language)
    tokens = question.tokens
    forms = [token.form for token in tokens]
    skipped = 1 if forms[0] == "و" else 0
    for phrase in words.about if words else ():
        opening = phrase.split()
        if forms[skipped:][: len(opening)] == opening:
            rest = tokens[skipped + len(opening) :]
            return rest if len(rest) <= _LONGEST_ABOUT and not _asks(question, rest) else ()
    if words and forms[0] in words.joiners:
        rest = tokens[1:]
        is_short = len(rest) <= _LONGEST_AND and not _asks(question, rest)
        return rest if is_short and any(s.end == rest[-1].end for s in question.subjects) else ()
    is_and = question.language == "ar" and forms[0].startswith("و") and len(forms) <= 3
    named = any(s.is_place and s.end == tokens[-1].end for s in question.subjects)
    return tokens if is_and and named and not _asks(question, tokens) else ()


def _asks(question: Question, tokens: Sequence[Token]) -> bool:
    return any(question.is_asking(token) for token in tokens)


def _forms(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.form for token in tokens)


# --------------------------------------------------------------------------------- what is missing


def _pronoun(question: Question, words: PointingWords) -> Need | None:
    """What the first pronoun stands for, where nothing in the question can be meant by it."""
    if _is_impersonal(question, words):
        return None
    for at, token in enumerate(question.tokens):
        form = bare(token.form) if question.language == "ar" else token.form
        if _is_person(question, token, words) or _is_suffixed(question, token, words):
            is_feminine = question.language == "ar" and form.endswith("ها")
            meant = Need.FEMININE if is_feminine else Need.PERSON
            return meant if _is_free(question, at, words) else None
        if form in words.copulas and not any(map(question.is_content, question.tokens[at + 1 :])):
            return Need.PERSON if _is_free(question, at, words) else None
        if form in words.things | words.these:
            is_free = not question.subjects and _is_free(question, at, words, is_thing=True)
            return Need.TOPIC if is_free else None
    return None


def _is_person(question: Question, token: Token, words: PointingWords) -> bool:
    form = bare(token.form) if question.language == "ar" else token.form
    return form in words.persons or question.written(token) in words.persons_as_written


def _is_suffixed(question: Question, token: Token, words: PointingWords) -> bool:
    """Whether a pronoun is written in one with an Arabic word: «وزير خارجيته»."""
    form = token.form
    if question.language != "ar" or question.text[token.end - 1] == "ة":
        return False
    is_owned = form.endswith("ه") and not {form[:-1], bare(form)[:-1]}.isdisjoint(words.owned)
    return is_owned or _ARABIC_SUFFIX.fullmatch(form) is not None


def _is_impersonal(question: Question, words: PointingWords) -> bool:
    joined = f" {' '.join(t.form for t in question.tokens)} "
    return any(f" {phrase} " in joined for phrase in words.impersonal)


def _is_free(question: Question, at: int, words: PointingWords, *, is_thing: bool = False) -> bool:
    """Whether nothing before a pronoun, or after «in his view,», can be meant by it."""
    tokens, pronoun = question.tokens, question.tokens[at]
    introduced = words.fillers | words.joiners
    named = [s for s in question.subjects if s.end <= pronoun.start]
    if any(fold(subject.text) not in introduced for subject in named):
        return False
    before = [t for t in tokens[:at] if question.is_content(t) and t.form not in words.fillers]
    if words.determiners and not is_thing:
        spoken = [i for i in range(at) if not is_stop_word(tokens[i].form, question.language)]
        before = [t for t in tokens[: max(spoken, default=0)] if t.form in words.determiners]
    if any(not _is_plain(question, token, words) for token in before):
        return False
    comma = question.text.find(",", pronoun.end)
    is_ahead = comma >= 0 and any(subject.start > comma for subject in question.subjects)
    return not (pronoun.form in words.possessives and is_ahead)


def _is_plain(question: Question, token: Token, words: PointingWords) -> bool:
    """A noun of relation, where the pronoun follows it, or an Arabic verb that asks."""
    if question.language != "ar":
        return token.form in words.plain
    is_relation = not {token.form, bare(token.form)}.isdisjoint(words.plain)
    return is_relation or is_verb_after(question, token)


def _dropped_subject(question: Question, words: PointingWords) -> Need | None:
    """«ماذا قال عن تركيا؟»: a verb of saying that no subject follows, and none precedes."""
    if question.language != "ar":
        return Need.PERSON if _is_only_said_of(question, words) else None
    for at, token in enumerate(question.tokens):
        if is_speech(token.form, verbs_only=True):
            after = question.tokens[at + 1 :]
            has_subject = bool(after) and question.is_content(after[0])
            return None if has_subject or _may_hold_subject(question, after) else Need.PERSON
        if question.is_content(token) or bare(token.form) in _WHO:
            return None
    return None


def _is_only_said_of(question: Question, words: PointingWords) -> bool:
    """«¿Qué dijo sobre Turquía?»: a verb of saying, a place after «about», and nothing besides."""
    others = [token for token in question.tokens if question.is_content(token)]
    places = [subject for subject in question.subjects if subject.is_place]
    if (
        len(places) != 1
        or not words.said & _forms(question.tokens)
        or _is_impersonal(question, words)
    ):
        return False
    place = places[0]
    before = [t.form for t in question.tokens if t.end <= place.start]
    leading = [form for form in before if form in words.of or form not in words.determiners]
    is_of = bool(leading) and leading[-1] in words.of
    return is_of and all(place.start <= token.start < place.end for token in others)


def _may_hold_subject(question: Question, tokens: Sequence[Token]) -> bool:
    """«عن تركيا لافروف»: whether a word without an article, and no place, comes later."""
    places = [s for s in question.subjects if s.is_place]
    return any(
        question.is_content(token)
        and not token.form.startswith(("ال", "لل", "بال"))
        and not any(place.start <= token.start < place.end for place in places)
        for token in tokens
    )


def _there(question: Question, words: PointingWords) -> Need | None:
    """A «there» in a question that names no place: at its end, where the word is used otherwise."""
    forms = [token.form for token in question.tokens]
    places = range(len(forms)) if not words.there_is else range(len(forms) - 1, len(forms))
    is_there = any(
        " ".join(forms[at:]).startswith(words.there) and not words.there_is & {*forms[:at][-1:]}
        for at in places
    )
    return Need.PLACE if is_there and not any(s.is_place for s in question.subjects) else None


def _is_bare(question: Question, words: PointingWords) -> bool:
    """«Why?», «what else?»: words to ask with, and none to ask about."""
    tokens = question.tokens
    is_empty = not any(
        question.is_content(token) and bare(token.form) not in words.fillers for token in tokens
    )
    is_asking = _asks(question, tokens) or not words.asking.isdisjoint(_forms(tokens))
    return is_empty and len(tokens) <= _LONGEST_BARE and is_asking


# ------------------------------------------------------------------------------- what fills it in


def _carried(need: Need, question: Question, earlier: Sequence[Earlier]) -> str | None:
    topic = earlier[0].topic
    if need is Need.TOPIC:
        return topic
    place = next(filter(None, (one.place for one in earlier)), None)
    if need is Need.PLACE or (need is Need.FEMININE and place):
        return place
    person = next(filter(None, (one.person for one in earlier)), None)
    if need is not Need.PREDICATE:
        return person or topic
    return topic if _is_name(question) else person or topic


def _replaced(question: Question, earlier: Earlier) -> str | None:
    """The earlier question with another place for its place, or another name for its name."""
    if earlier.question.language != question.language:
        return None
    rest = rest_after_opening(question)
    own = [s for s in question.subjects if s.start >= rest[0].start]
    if own and own[-1].is_place and len(own) == 1:
        old = next((s for s in reversed(earlier.question.subjects) if s.is_place), None)
        new = own[-1].text
    elif _is_name(question):
        old = next(iter(earlier.question.named), None)
        new = own[-1].text if own else question.text[rest[0].start : rest[-1].end]
    else:
        return None
    if old is None or fold(old.text) == fold(new):
        return None
    text = earlier.question.text
    return f"{text[: old.start]}{new}{text[old.end :]}"


def _is_name(question: Question) -> bool:
    """Whether what follows the opening names one person or thing, and is no place."""
    rest = [t for t in rest_after_opening(question) if question.is_content(t)]
    own = [s for s in question.subjects if rest and s.end >= rest[0].end]
    if any(subject.is_place for subject in own):
        return False
    if question.language == "ar":
        return 0 < len(rest) <= 2 and not any(t.form.startswith("ال") for t in rest)
    return len(own) == 1 and all(question.text[token.start].isupper() for token in rest)


def _appended(question: str, carried: str) -> str:
    end = _END.search(question)
    at = end.start() if end else len(question)
    return f"{question[:at]} ({carried}){question[at:]}"
