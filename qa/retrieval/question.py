"""What a question asks for: its content words, each with its vector, stem and name keys."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.errors import UsageError
from qa.index.word_table import WordTable, unit_rows
from qa.model import QuestionWord, Vector
from qa.text.content import asks, content_words, is_common
from qa.text.names import name_keys
from qa.text.organisations import Mention, OrganisationName, find_organisations
from qa.text.stems import bare_form, stem
from qa.text.tokens import Token, tokenize

MAX_QUESTION = 4_000
"""Characters; longer texts are articles, not questions."""
MAX_WORDS = 32
"""A longer question keeps its rarest words: the cost of a search grows with them."""
_SURE = 0.8
"""Cosine that a sure translation counts as: it may be of another sense of the word."""

_DECLINED = frozenset({"de", "ru"})
"""Languages whose names have endings by their place in the sentence (Merkels, Медведева)."""


@dataclass(frozen=True, slots=True, eq=False)
class AskedWord:
    """A word of a question in every form that it can be looked for."""

    word: QuestionWord
    key: str
    """What it looks up in the word table."""
    stem: str
    form: str
    """The word with its endings, of Arabic without attached words and the article."""
    names: tuple[str, ...]
    vector: Vector
    """All zeros where the table knows no piece of the word."""
    translations: Mapping[int, float]
    """Chance by row of the table, from aligned text."""
    spellings: Mapping[str, float]
    """Chance by stem of what a name may be written as in another script."""
    spelled_forms: Mapping[str, float]
    """The same by form."""
    is_content: bool
    """Whether it says what the question is about."""
    called: tuple[OrganisationName, ...] = ()
    """What the organisation that it is, or is part of the name of, is called otherwise."""


def checked_question(question: str) -> str:
    """The question without outer blanks; raises UsageError where it cannot be asked."""
    # A command line in another encoding holds half characters, which no library takes.
    question = question.encode("utf-8", "replace").decode().strip()
    if not question:
        raise UsageError("the question is empty: ask something, such as 'who met Lavrov in Paris?'")
    if len(question) > MAX_QUESTION:
        raise UsageError(
            f"the question has {len(question):,} characters, the most is {MAX_QUESTION:,}: "
            "ask for less at a time; longer texts are articles for `qa ingest`"
        )
    return question


def read_question(question: str, language: str, table: WordTable) -> tuple[AskedWord, ...]:
    """The content words of a question, each stem once; empty where there is no word at all."""
    mentions = find_organisations(question, language)
    distinct = _distinct(tokenize(question, language), mentions)
    content = _content(distinct, mentions, language)
    return _read(question, language, content, content, mentions, table)


def read_search(text: str, language: str, table: WordTable) -> tuple[AskedWord, ...]:
    """What a search goes by: of a question its content words, of a statement every word.

    Who looks for a sentence ("It did not go well.") has little else that tells it from others.
    """
    tokens = tokenize(text, language)
    mentions = find_organisations(text, language)
    distinct = _distinct(tokens, mentions)
    content = _content(distinct, mentions, language)
    looked_for = content if asks(text, tokens, language) else distinct
    return _read(text, language, looked_for, content, mentions, table)


def is_sentence(text: str, language: str) -> bool:
    """Whether a text says something, rather than asks or names a topic: it has common words."""
    tokens = tokenize(text, language)
    has_common = any(is_common(token.form, language) for token in tokens)
    return has_common and not asks(text, tokens, language)


def _read(
    question: str,
    language: str,
    tokens: Sequence[Token],
    content: Sequence[Token],
    mentions: Sequence[Mention],
    table: WordTable,
) -> tuple[AskedWord, ...]:
    """The rarest `MAX_WORDS` of some words, in order."""
    keys = [table.key(token, language) for token in tokens]
    rarity = [_rarity(key, table) for key in keys]
    kept = sorted(np.argsort([-r for r in rarity], kind="stable")[:MAX_WORDS].tolist())
    total = sum(rarity[i] for i in kept) or 1.0
    words = [
        QuestionWord(
            form=tokens[i].form,
            weight=rarity[i] / total,
            is_name=not table.knows(keys[i]) or _is_capital(tokens[i], question, language),
            language=language,
            in_capitals=is_common(tokens[i].form, language) and _is_whole(tokens[i], mentions),
        )
        for i in kept
    ]
    spelled = [_spelled(word, tokens[i].stem, table) for i, word in zip(kept, words, strict=True)]
    return tuple(
        AskedWord(
            word=word,
            key=keys[i],
            stem=tokens[i].stem,
            form=bare_form(word.form, language),
            # As it is written: folding takes away what tells ş from s.
            names=name_keys(question[tokens[i].start : tokens[i].end], language),
            vector=word_vector(keys[i], table),
            translations=table.translated(keys[i]),
            spellings=_by_stem(forms),
            spelled_forms=forms,
            is_content=tokens[i] in content,
            called=_called(tokens[i], mentions),
        )
        for i, word, forms in zip(kept, words, spelled, strict=True)
    )


def vectors_of(words: Sequence[AskedWord], dimension: int) -> NDArray[np.float32]:
    """The words' vectors, shape (words, dimension)."""
    return np.array([word.vector for word in words], np.float32).reshape(-1, dimension)


def told_similarity(chance: float) -> float:
    """The cosine that a translation by aligned text counts as, where vectors say less."""
    return _SURE * math.sqrt(chance)


def _spelled(word: QuestionWord, own_stem: str, table: WordTable) -> dict[str, float]:
    """Forms that a name may be written in in another script, with their chances."""
    names = {word.form, own_stem} if word.language in _DECLINED else {word.form}
    chances: defaultdict[str, float] = defaultdict(float)
    for name in sorted(names) if word.is_name else ():
        for spelling, chance in table.transliteration.spellings(name).items():
            chances[bare_form(spelling)] += chance
    return dict(chances)


def _by_stem(forms: Mapping[str, float]) -> dict[str, float]:
    chances: defaultdict[str, float] = defaultdict(float)
    for form, chance in forms.items():
        chances[stem(form)] += chance
    return dict(chances)


def word_vector(key: str, table: WordTable) -> Vector:
    """The row of a key, or the mean of its pieces' rows; all zeros where it has none."""
    rows = table.vectors[table.ids_of_keys([key])]
    vector: Vector = unit_rows(rows.sum(axis=0, keepdims=True))[0]
    return vector


def _distinct(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Token]:
    """The first word of each stem, of organisations before others (who leads the WHO?)."""
    by_worth = sorted(tokens, key=lambda token: (_mention(token, mentions) is None, token.start))
    distinct = {token.stem: token for token in reversed(by_worth)}.values()
    return sorted(distinct, key=lambda token: token.start)


def _content(tokens: Sequence[Token], mentions: Sequence[Mention], language: str) -> list[Token]:
    """The content words; an abbreviation that names an organisation is one even as WHO is."""
    return content_words(tokens, language, [t for t in tokens if _is_whole(t, mentions)])


def _is_whole(token: Token, mentions: Sequence[Mention]) -> bool:
    """Whether a word is all of an organisation's name."""
    return any((m.start, m.end) == (token.start, token.end) for m in mentions)


def _called(token: Token, mentions: Sequence[Mention]) -> tuple[OrganisationName, ...]:
    mention = _mention(token, mentions)
    return mention.otherwise if mention else ()


def _mention(token: Token, mentions: Sequence[Mention]) -> Mention | None:
    """The organisation whose name a word is or is part of."""
    named = (m for m in mentions if m.start <= token.start and token.end <= m.end)
    return next(named, None)


def _rarity(key: str, table: WordTable) -> float:
    """The table's inverse-frequency weight; a word that is not in it is as rare as any."""
    row = table.row(key)
    return float(table.weights.max() if row is None else table.weights[row])


def _is_capital(token: Token, question: str, language: str) -> bool:
    """A capital that begins no sentence: a name, but in German."""
    first = not any(c.isalpha() for c in question[: token.start])
    capital = question[token.start].isupper() and not first and not question.isupper()
    return capital and language != "de"
