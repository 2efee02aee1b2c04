"""Words by which a question points at what was said before it, from the table pointing.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from qa.text.tokens import tokenize

_OPTIONAL = ("asking", "said", "of", "views", "copulas", "owned", "plain")
_AS_WRITTEN = ("addressed_as_written", "persons_as_written")


@dataclass(frozen=True)
class PointingWords:
    """One language's table: words folded, phrases as folded words with blanks between."""

    about: tuple[str, ...]
    joiners: frozenset[str]
    fillers: frozenset[str]
    addressed: frozenset[str]
    """Who is asked: a question about this program follows up nothing."""
    addressed_as_written: frozenset[str]
    """The same where a capital tells: German «Sie» is you, «sie» is she."""
    persons: frozenset[str]
    persons_as_written: frozenset[str]
    """Those that folding makes another word: Spanish «él» and «el»."""
    things: frozenset[str]
    these: frozenset[str]
    there: tuple[str, ...]
    there_is: frozenset[str]
    """Words before a «there» that points nowhere."""
    possessives: frozenset[str]
    impersonal: tuple[str, ...]
    """Phrases whose pronoun stands for nothing."""
    determiners: frozenset[str]
    """What begins the name of somebody or something; empty where any noun does by itself."""
    asking: frozenset[str]
    """Words that ask where they stand alone, and else are conjunctions."""
    said: frozenset[str]
    """Verbs of saying that need no subject."""
    of: frozenset[str]
    """Prepositions before what something is said of."""
    views: frozenset[str]
    """Nouns after which stands whose view is asked for, where no capital tells a name."""
    copulas: frozenset[str]
    owned: frozenset[str]
    """Nouns after which «ه» is a pronoun."""
    plain: frozenset[str]
    """Nouns that nobody means by a pronoun: the minister in «his minister»."""


@cache
def load_pointing_words(language: str) -> PointingWords | None:
    """The table of a language (ISO 639-1), or None where there is none."""
    tables = json.loads(files("qa.answers").joinpath("pointing.json").read_text("utf-8"))
    if language not in tables:
        return None
    written = tables[language]
    table = {name: _phrases(words) for name, words in written.items()}
    single = {name: frozenset(words) for name, words in table.items()}
    return PointingWords(
        about=tuple(sorted(table["about"], key=len, reverse=True)),
        joiners=single["and"],
        fillers=single["fillers"],
        addressed=single["addressed"],
        persons=single["persons"],
        things=single["things"],
        these=single["these"],
        there=table["there"],
        there_is=single["there_is"],
        possessives=single["possessives"],
        impersonal=table["impersonal"],
        determiners=single["determiners"],
        **{name: single.get(name, frozenset()) for name in _OPTIONAL},
        **{name: frozenset(written.get(name, ())) for name in _AS_WRITTEN},
    )


def _phrases(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(token.form for token in tokenize(word)) for word in words)
