"""Whom an article means by a title, a surname or a pronoun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answers.cues import Cues, Word
from qa.answers.phrases import Phrase, bare
from qa.text.folding import fold
from qa.text.names import name_key


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody an article names: how it writes the name, and every title it gives."""

    name: str
    """As written; the title as written where the article gives no name."""
    titles: tuple[str, ...]
    """As written, each once."""
    roles: frozenset[str]
    """Folded words of the titles, without articles."""
    is_person: bool

    @property
    def known_as(self) -> str:
        """Titles and name in one text, to match questions against."""
        return " ".join(dict.fromkeys((*self.titles, self.name)))


class Speakers:
    """Everybody named so far in an article; later mentions are resolved to them."""

    def __init__(self, text: str, cues: Cues) -> None:
        self._text = text
        self._cues = cues
        self._by_key: dict[str, Speaker] = {}
        self._surnames: set[str] = set()
        self._confirmed: set[str] = set()

    def confirm(self, surname: str) -> None:
        """Notes a word that stands alone as a subject: a name, then, also after a title."""
        self._confirmed.add(surname)

    @property
    def surnames(self) -> frozenset[str]:
        """Folded last words of the names met so far."""
        return frozenset(self._surnames)

    def add(self, phrase: Phrase) -> Speaker:
        """The speaker of a description with a name, with what was known of them before."""
        surname = phrase.name[-1].form
        key = _key(surname)
        new = self._speaker(phrase)
        known = self._by_key.get(key)
        merged = new if known is None else _merged(known, new)
        self._surnames.add(surname)
        # Taken out first, so that the order is that of the latest mention.
        self._by_key.pop(key, None)
        self._by_key[key] = merged
        return merged

    def resolve(self, phrase: Phrase, last: Speaker | None) -> Speaker | None:
        """Whom a description means; `last` is who spoke before, meant where nobody is named."""
        if not phrase:
            return last
        meant = self._by_title(phrase, last) if phrase.title else None
        if phrase.name:
            return meant if meant and self._is_doubtful(phrase) else self.add(phrase)
        return meant or self._unnamed(phrase, last)

    def _is_doubtful(self, phrase: Phrase) -> bool:
        """«الوزير الروسي دعوته»: after a short title the words may be the verb's object."""
        head = phrase.title[0].form
        return phrase.name[-1].form not in self._confirmed and bare(head, self._cues) != head

    def _by_title(self, phrase: Phrase, last: Speaker | None) -> Speaker | None:
        roles = self._roles(phrase)
        own = _key(phrase.name[-1].form) if phrase.name else ""
        return next(
            (
                speaker
                for speaker in self._candidates(last)
                if self._fits(roles, speaker) and speaker != self._by_key.get(own)
            ),
            None,
        )

    def _candidates(self, last: Speaker | None) -> list[Speaker]:
        """Who spoke last first, then the latest named."""
        named = [s for s in reversed(self._by_key.values()) if s != last]
        return ([last] if last else []) + named

    def _fits(self, roles: frozenset[str], speaker: Speaker) -> bool:
        """«الوزير الروسي» fits who is وزير الخارجية الروسي; «الرئيس» not who is رئيس الوزراء."""
        cues = self._cues
        if not speaker.is_person:
            return roles <= speaker.roles
        heads = roles & cues.titles
        if not heads or self._differ(roles, speaker.roles):
            return False
        if heads & cues.strict_titles:
            return self._offices(roles) == self._offices(speaker.roles) and heads <= speaker.roles
        return heads <= speaker.roles or bool(heads & cues.generic_titles)

    def _offices(self, roles: frozenset[str]) -> frozenset[str]:
        """The complements of a title that name an office, not a country."""
        return frozenset(r for r in roles - self._cues.titles if not self._is_country(r))

    def _differ(self, roles: frozenset[str], known: frozenset[str]) -> bool:
        """Two different countries, or two different offices."""
        for kind in (self._countries, self._offices):
            asked, held = kind(roles), kind(known)
            if asked and held and not asked & held:
                return True
        return False

    def _countries(self, roles: frozenset[str]) -> frozenset[str]:
        """Keys of adjectives of origin: أميركي, أمريكية and أميركية are one."""
        return frozenset(name_key(r) for r in roles - self._cues.titles if self._is_country(r))

    def _is_country(self, role: str) -> bool:
        """An adjective of origin by its ending; institutions end alike and are listed."""
        endings = self._cues.adjective_endings
        return bool(endings) and role.endswith(endings) and role not in self._cues.institutions

    def _unnamed(self, phrase: Phrase, last: Speaker | None) -> Speaker:
        """«الوزارة»: the institution that spoke last, where one did; else the title itself."""
        alone = bare(phrase.title[0].form, self._cues) if len(phrase.title) == 1 else ""
        if last and not last.is_person and alone in self._cues.institutions:
            return last
        return self._speaker(phrase)

    def _speaker(self, phrase: Phrase) -> Speaker:
        title = self._written(phrase.title)
        name = self._written(phrase.name)
        roles = self._roles(phrase)
        if roles & self._cues.relative_titles:
            title, roles = "", roles - self._cues.relative_titles
        return Speaker(
            name=name or title,
            titles=(title,) if title and name else (),
            roles=roles,
            is_person=bool(phrase.name) or bool(roles & self._cues.titles),
        )

    def _roles(self, phrase: Phrase) -> frozenset[str]:
        forms = (bare(word.form, self._cues) for word in phrase.title)
        return frozenset(form for form in forms if form not in self._cues.joiners)

    def _written(self, words: Sequence[Word]) -> str:
        return "" if not words else self._text[words[0].start : words[-1].end]


def is_surname_of(form: str, speaker: Speaker) -> bool:
    """Whether a folded word is the last one of the speaker's name, in some spelling."""
    return _key(form) == _key(fold(speaker.name).split()[-1])


def _key(surname: str) -> str:
    """Spellings of one name meet in its consonants, if there are enough to tell names apart."""
    key = name_key(surname)
    return key if len(key) > 2 else surname


def _merged(known: Speaker, new: Speaker) -> Speaker:
    longest = max(known.name, new.name, key=len)
    titles = tuple(dict.fromkeys((*known.titles, *new.titles)))
    return replace(known, name=longest, titles=titles, roles=known.roles | new.roles)
