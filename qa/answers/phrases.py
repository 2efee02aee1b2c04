"""How a text names somebody: title and name, read from the words at a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers.cues import Cues, Word

_LONGEST = 12
_LONGEST_NAME = 3
_BREAKS = frozenset(':;"«»“”„()[]؛…—')
_COMMAS = frozenset(",،")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A description of a speaker: words of the title, words of the name; one may be empty."""

    title: tuple[Word, ...]
    name: tuple[Word, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """Title and name in the order of the text."""
        return tuple(sorted((*self.title, *self.name), key=lambda word: word.start))

    def __bool__(self) -> bool:
        return bool(self.title or self.name)


def bare(form: str, cues: Cues) -> str:
    """The folded word without its article, which Arabic writes in one with it."""
    for article in cues.articles:
        if cues.verb_first and form.startswith(article) and len(form) > len(article) + 2:
            return form[len(article) :]
    return form


def is_title(form: str, cues: Cues) -> bool:
    """Whether the word is the name of an office or a role, with or without an article."""
    return bare(form, cues) in cues.titles


def read_after(words: Sequence[Word], place: int, cues: Cues, names: frozenset[str]) -> Phrase:
    """The description that begins at a word (Arabic: title, then name); `names` are known ones."""
    reader = _Reader(cues, names)
    for i in range(place, min(place + _LONGEST, len(words))):
        word = words[i]
        if _BREAKS & set(word.gap) or _ends_phrase(word, cues, first=i == place):
            break
        if i > place and _COMMAS & set(word.gap) and not reader.may_name_follow(words, i):
            break
        if not reader.take(word):
            break
    return reader.phrase()


def _ends_phrase(word: Word, cues: Cues, first: bool) -> bool:
    if word.form in cues.joiners and not first:
        return False
    attached = cues.verb_first and word.form[:1] in ("ب", "ل", "ك") and word.form[1:] in cues.stops
    return word.form in cues.stops or word.form in cues.verbs or attached or word.form.isdigit()


class _Reader:
    """Takes the words of a verb-first language one by one while they belong to a description."""

    def __init__(self, cues: Cues, names: frozenset[str]) -> None:
        self._cues = cues
        self._names = names
        self.title: list[Word] = []
        self.name: list[Word] = []

    def take(self, word: Word) -> bool:
        """Whether the word belongs to the description; it is kept then."""
        if self.name:
            return self._after_name(word)
        if self._belongs_to_title(word):
            self.title.append(word)
            return True
        if self._is_definite(word) or (self.title and not self._is_of_person()):
            return False
        if word.form.startswith("و") and self.title:
            return False
        self.name.append(word)
        return True

    def phrase(self) -> Phrase:
        """What was read, a preposition at its end left out."""
        title = self.title
        if not self.name and title and title[-1].form in self._cues.joiners:
            title = title[:-1]
        return Phrase(tuple(title), tuple(self.name))

    def may_name_follow(self, words: Sequence[Word], place: int) -> bool:
        """«وزير الخارجية الأميركي، جون كيري،»: a name between commas after a title."""
        if self.name or not self.title or not self._is_of_person():
            return False
        after = words[place : place + _LONGEST_NAME + 1]
        closing = [i for i, word in enumerate(after) if i and _COMMAS & set(word.gap)]
        inside = after[: closing[0]] if closing else []
        return bool(inside) and not any(
            self._is_definite(word) or _ends_phrase(word, self._cues, first=True) for word in inside
        )

    def _belongs_to_title(self, word: Word) -> bool:
        cues = self._cues
        if not self.title:
            if word.form.startswith("لل"):
                return False
            core = bare(word.form, cues)
            return core in cues.titles or core in cues.institutions or self._is_definite(word)
        if word.form in cues.joiners or is_title(word.form, cues):
            return True
        last = self.title[-1].form
        if last in cues.relative_titles and not self._is_definite(word):
            return False
        if last in cues.joiners or not self._is_definite(self.title[-1]):
            return word.form not in self._names
        return self._is_definite(word) and self._agrees(last, word.form)

    def _agrees(self, last: str, form: str) -> bool:
        """After «الروسي» only more adjectives go on: «رئيس الوزراء الروسي | الخطوات»."""
        cues = self._cues
        if form.startswith("لل") or not last.endswith(cues.adjective_endings):
            return True
        return form.endswith(cues.adjective_endings) or form in cues.adjectives

    def _after_name(self, word: Word) -> bool:
        if self.name[-1].form in self._names or len(self.name) == _LONGEST_NAME:
            return False
        attached = word.form.startswith(("ب", "ل", "ك")) and len(self.name) > 1
        if attached or word.form.startswith("و") or self._is_adjective(word):
            return False
        if self._is_definite(word) and (len(self.name) > 1 or is_title(word.form, self._cues)):
            return False
        self.name.append(word)
        return True

    def _is_adjective(self, word: Word) -> bool:
        endings = self._cues.adjective_endings
        return self._is_definite(word) and word.form.endswith(endings)

    def _is_definite(self, word: Word) -> bool:
        return bare(word.form, self._cues) != word.form

    def _is_of_person(self) -> bool:
        return any(is_title(word.form, self._cues) for word in self.title)


def read_before(words: Sequence[Word], place: int, text: str, cues: Cues) -> Phrase | None:
    """The description that ends before a verb (English); None: there is none, empty: a pronoun."""
    end = place
    while end and words[end - 1].form in cues.auxiliaries:
        end -= 1
    start = end
    while start and end - start < _LONGEST and not _stops_before(words, start, end, cues):
        start -= 1
    phrase = split_at_title(words[start:end], text, cues)
    if phrase and not phrase.name and start and _COMMAS & set(words[start].gap):
        return Phrase(phrase.title, _capitals_before(words, start, text))
    return phrase


def _capitals_before(words: Sequence[Word], end: int, text: str) -> tuple[Word, ...]:
    """«Lavrov, the foreign minister,»: the name before the comma, if it is one."""
    start = end
    while start and text[words[start - 1].start].isupper() and end - start < _LONGEST_NAME:
        start -= 1
        if _COMMAS & set(words[start].gap):
            break
    return tuple(words[start:end])


def _stops_before(words: Sequence[Word], start: int, end: int, cues: Cues) -> bool:
    """Whether the description begins at words[start]."""
    boundary = start < end and bool((_BREAKS | _COMMAS) & set(words[start].gap))
    return boundary or _ends_phrase(words[start - 1], cues, first=True)


def split_at_title(words: Sequence[Word], text: str, cues: Cues) -> Phrase | None:
    """«the Russian foreign minister | Sergei Lavrov»: title up to its last word, then the name."""
    if len(words) == 1 and words[0].form in cues.pronouns:
        return Phrase((), ())
    kept = [word for word in words if word.form not in cues.articles]
    offices = [i for i, w in enumerate(kept) if w.form in cues.titles | cues.institutions]
    cut = offices[-1] + 1 if offices else 0
    name = kept[cut:]
    if not kept or not all(text[word.start].isupper() for word in name):
        return None
    return Phrase(tuple(kept[:cut]), tuple(name))
