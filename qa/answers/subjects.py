"""Whom and what a question names: what a follow-up may leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from qa.answers.cues import load_cues
from qa.answers.places import find_places
from qa.answers.pointing import load_pointing_words
from qa.text.folding import fold
from qa.text.stopwords import QUESTION_WORDS, STOP_WORDS
from qa.text.tokens import Token, tokenize

_LONGEST_TITLE = 4
"""Words of «وزير الخارجية الروسي» and what may follow it."""
_VIEWS = ("رأي", "برأي", "موقف", "تصريحات", "تصريح")
"""Whoever follows one of these is whose view is asked for."""
_SAID = ("قال", "قالت", "قالوا", "يقول", "تقول", "صرح", "صرحت", "أعلن", "أعلنت", "ذكر", "ذكرت")
_BEFORE_VERBS = ("متى", "أين", "كيف", "لماذا", "هل", "ماذا", "بماذا", "بم", "مم", "ليش")
"""Arabic puts the verb right after these."""
_EVERY_NOUN = frozenset({"de"})
"""Languages that capitalise all nouns."""
_CONJUNCTIONS = ("و", "ف")
_ATTACHED = ("ال", "ب", "ل")


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody, something or a place that a text names."""

    text: str
    start: int
    end: int
    is_place: bool


class Question:
    """A question as its words."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.tokens = tokenize(text, language)

    def written(self, token: Token) -> str:
        """A word as the reader wrote it."""
        return self.text[token.start : token.end]

    @property
    def subjects(self) -> list[Subject]:
        """In order; where the script has no capitals, places and whoever stands as a subject."""
        places = self._places()
        if self.language == "ar":
            own = self._arabic_subjects()
        else:
            own = [*self._capitalised(places), *self._speakers()]
        others = [s for s in own if not any(s.start < p.end and p.start < s.end for p in places)]
        return sorted([*places, *others], key=_start)

    @property
    def named(self) -> list[Subject]:
        """Its subjects but for places; where every noun has a capital, likely names first."""
        others = [subject for subject in self.subjects if not subject.is_place]
        return sorted(others, key=self._is_described) if self.language in _EVERY_NOUN else others

    @property
    def topic(self) -> str:
        """From the first to the last word that carries meaning; empty where none does."""
        content = [token for token in self.tokens if self.is_content(token)]
        return self.text[content[0].start : content[-1].end] if content else ""

    def is_content(self, token: Token) -> bool:
        """Whether a word says what the question is about, and not only that it is a question."""
        return not is_plain(token.form, self.language)

    def is_asking(self, token: Token) -> bool:
        """Whether it is a word that questions are asked with, a verb of saying among them."""
        asking = QUESTION_WORDS.get(self.language, frozenset())
        stops = STOP_WORDS.get(self.language, frozenset())
        return bool({token.form, bare(token.form)} & asking) and token.form not in stops

    @property
    def titles(self) -> frozenset[str]:
        """Words for offices, which mean somebody who was named before or nobody in particular."""
        cues = load_cues(self.language)
        return cues.titles | cues.institutions if cues else frozenset()

    def _places(self) -> list[Subject]:
        places = []
        for place in find_places(self.text, self.language):
            written = self.text[place.start : place.end]
            start = place.start + (_attached(written) if self.language == "ar" else 0)
            places.append(Subject(self.text[start : place.end], start, place.end, True))
        return places

    def _capitalised(self, places: Sequence[Subject]) -> list[Subject]:
        runs: list[list[Token]] = []
        for token in self.tokens:
            if not (self.text[token.start].isupper() and self.is_content(token)):
                continue
            if any(place.start <= token.start < place.end for place in places):
                continue
            if runs and self.text[runs[-1][-1].end : token.start] in (" ", "-"):
                runs[-1].append(token)
            else:
                runs.append([token])
        return [self._subject(self._with_noun(run)) for run in runs]

    def _with_noun(self, run: list[Token]) -> list[Token]:
        """«Russian planes»: an adjective of origin alone names nothing."""
        cues = load_cues(self.language)
        endings = cues.adjective_endings if cues else ()
        if not endings or not run[-1].form.endswith(endings):
            return run
        after = [t for t in self.tokens if t.start == run[-1].end + 1 and self.is_content(t)]
        return run + after

    def _arabic_subjects(self) -> list[Subject]:
        runs = (self._run_after(place) for place in self._before_subjects())
        return [self._subject(_one_name(run)) for run in runs if run]

    def _before_subjects(self) -> Iterator[int]:
        """Places of words that a subject follows."""
        asks, verbs = _folded(_BEFORE_VERBS), _speech()
        for at, token in enumerate(self.tokens):
            if bare(token.form) in verbs:
                yield at
            elif bare(token.form) in asks and self._is_verb(at + 1):
                yield at + 1

    def _is_verb(self, at: int) -> bool:
        if at >= len(self.tokens):
            return False
        form = self.tokens[at].form
        return self.is_content(self.tokens[at]) and not form.startswith(_ATTACHED)

    def _run_after(self, place: int) -> list[Token]:
        run: list[Token] = []
        for token in self.tokens[place + 1 :]:
            if not self.is_content(token) or bare(token.form) in _speech():
                break
            run.append(token)
        return run

    def _is_described(self, subject: Subject) -> bool:
        """«der Minister», «viele Soldaten»: what a name has seldom before it."""
        words = load_pointing_words(self.language)
        before = [token.form for token in self.tokens if token.end <= subject.start][-1:]
        return words is not None and not (words.determiners | words.fillers).isdisjoint(before)

    def _speakers(self) -> list[Subject]:
        """Persian: who begins a question for what is said, and who follows «the view of»."""
        words = load_pointing_words(self.language)
        if words is None or not words.views:
            return []
        starts = [at + 1 for at, token in enumerate(self.tokens) if token.form in words.views]
        if any(token.form in words.said for token in self.tokens):
            starts.insert(0, 0)
        runs = [list(takewhile(self.is_content, self.tokens[at:])) for at in starts]
        return [self._subject(run) for run in runs if any(t.form not in words.plain for t in run)]

    def _subject(self, tokens: Sequence[Token]) -> Subject:
        start, end = tokens[0].start, tokens[-1].end
        return Subject(self.text[start:end], start, end, False)


def _start(subject: Subject) -> int:
    return subject.start


def is_plain(form: str, language: str) -> bool:
    """Whether a folded word is a stop word or one that questions are asked with."""
    stops, asking = STOP_WORDS.get(language, ()), QUESTION_WORDS.get(language, ())
    return form in stops or form in asking or (language == "ar" and bare(form) in asking)


def is_speech(form: str, *, verbs_only: bool = False) -> bool:
    """Whether a folded Arabic word is one of saying, or else asks for somebody's view."""
    return bare(form) in (_said() if verbs_only else _speech())


def is_verb_after(question: Question, token: Token) -> bool:
    """Whether an Arabic word stands where the verb does: right after a question word."""
    at = question.tokens.index(token)
    return at > 0 and bare(question.tokens[at - 1].form) in _folded(_BEFORE_VERBS)


def _one_name(run: Sequence[Token]) -> Sequence[Token]:
    """Of «لافروف الأطراف التي …» the name, of a title all that belongs to it."""
    cues = load_cues("ar")
    first = run[0].form
    if first.startswith("ال") or (cues and first in cues.titles | cues.institutions):
        return run[:_LONGEST_TITLE]
    has_second = len(run) > 1 and not run[1].form.startswith(_ATTACHED)
    return run[: 2 if has_second else 1]


@cache
def _speech() -> frozenset[str]:
    cues = load_cues("ar")
    return _said() | _folded(_VIEWS) | (cues.sources if cues else frozenset())


@cache
def _said() -> frozenset[str]:
    cues = load_cues("ar")
    return _folded(_SAID) | (cues.verbs if cues else frozenset())


@cache
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def bare(form: str) -> str:
    """An Arabic form without the conjunction that Arabic writes in one word with the next."""
    return form[1:] if len(form) > 3 and form.startswith(_CONJUNCTIONS) else form


def _attached(written: str) -> int:
    """How many letters before a place are no part of its name: «وتركيا»."""
    whole = {(place.start, place.end) for place in find_places(written[1:], "ar")}
    return 1 if (0, len(written) - 1) in whole else 0
