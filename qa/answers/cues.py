"""Words of saying, titles and stops by language, from the table cues.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qa.model import Span
from qa.text.folding import fold
from qa.text.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text with what stands between it and the word before."""

    form: str
    """Folded."""
    start: int
    """Offset in the text."""
    end: int
    gap: str
    """The characters since the word before: space, comma, quotation mark …"""


def words_of(text: str, span: Span, language: str) -> list[Word]:
    """The words of a span of the text, with offsets in the text."""
    words = []
    last = span.start
    for token in tokenize(text[span.start : span.end], language):
        start, end = span.start + token.start, span.start + token.end
        words.append(Word(token.form, start, end, text[last:start]))
        last = end
    return words


@dataclass(frozen=True)
class Cues:
    """One language's table; all words folded."""

    verb_first: bool
    """The speaker stands after the verb (Arabic), not before it (English)."""
    verbs: frozenset[str]
    """Every form of a verb of saying, attached conjunctions included."""
    first_only: frozenset[str]
    """Verbs that are other words too or report within a report: only at the beginning."""
    participles: frozenset[str]
    """adding, stressing …: the speaker of the sentence goes on."""
    relay: dict[str, str]
    """Verbs of passing on, and the preposition before whom they quote."""
    sources: frozenset[str]
    """according to …"""
    prepositions: frozenset[str]
    """After one of these the form is a noun: «من نقل»."""
    governed: frozenset[str]
    """What may follow a verb whose subject is dropped, besides «that» words and quotations."""
    past_perfect: frozenset[str]
    """Auxiliaries that move the speaker before the verb."""
    auxiliaries: frozenset[str]
    """Words between a speaker and the verb."""
    that: frozenset[str]
    stops: frozenset[str]
    """Words no speaker's description holds."""
    joiners: frozenset[str]
    """Prepositions within a title."""
    articles: tuple[str, ...]
    titles: frozenset[str]
    titles_as_written: frozenset[str]
    """With what Arabic writes in one word with them."""
    relative_titles: frozenset[str]
    """his counterpart …: says nothing of whom it is by itself."""
    generic_titles: frozenset[str]
    """the official …: may stand for any title."""
    strict_titles: frozenset[str]
    """Titles that mean another office with a complement: president, president of the council."""
    institutions: frozenset[str]
    adjectives: frozenset[str]
    adjective_endings: tuple[str, ...]
    pronouns: frozenset[str]

    def is_verb(self, word: Word, first: bool) -> bool:
        """Whether the word is a verb of saying, `first` in its sentence or not."""
        return word.form in self.verbs and (first or word.form not in self.first_only)


@cache
def load_cues(language: str) -> Cues | None:
    """The table of a language (ISO 639-1), or None where there is none."""
    tables = json.loads(files("qa.answers").joinpath("cues.json").read_text(encoding="utf-8"))
    return _from_table(tables[language]) if language in tables else None


def _from_table(table: dict[str, Any]) -> Cues:
    def folded(name: str) -> frozenset[str]:
        return frozenset(fold(word) for word in table.get(name, ()))

    prefixes = ("", *table.get("prefixes", ()))
    return Cues(
        verb_first=table["order"] == "verb-first",
        verbs=frozenset(
            prefix + verb + suffix
            for verb in folded("verbs") | folded("first_only")
            for prefix in prefixes
            for suffix in table.get("verb_suffixes", ("",))
        ),
        first_only=_with_prefixes(folded("first_only"), prefixes),
        participles=folded("participles"),
        relay={p + fold(v): fold(t) for v, t in table.get("relay", {}).items() for p in prefixes},
        sources=_with_prefixes(folded("sources"), prefixes),
        prepositions=folded("prepositions"),
        governed=folded("governed"),
        past_perfect=folded("past_perfect"),
        auxiliaries=folded("auxiliaries"),
        that=folded("that"),
        stops=folded("stops") | folded("that") | folded("participles"),
        joiners=folded("joiners"),
        articles=tuple(table["articles"]),
        titles=folded("titles"),
        titles_as_written=frozenset(
            prefix + title
            for prefix in table.get("title_prefixes", ("",))
            for title in folded("titles")
        ),
        relative_titles=folded("relative_titles"),
        generic_titles=folded("generic_titles"),
        strict_titles=folded("strict_titles"),
        institutions=folded("institutions"),
        adjectives=folded("adjectives"),
        adjective_endings=tuple(table.get("adjective_endings", ())),
        pronouns=folded("pronouns"),
    )


def _with_prefixes(words: frozenset[str], prefixes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(prefix + word for word in words for prefix in prefixes)
