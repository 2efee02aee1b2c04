"""A matcher small enough to reason about: words match by stem, or by a dictionary of pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.model import Article, Hit, Passage, QuestionWord
from qa.roles import Matcher
from qa.text.language import detect_language
from qa.text.names import name_keys
from qa.text.tokens import QUESTION_WORDS, STOP_WORDS, tokenize

DICTIONARY = {
    "syrian": {"سوري", "سوريه"},
    "sovereignty": {"سياد", "سياده"},
    "terrorism": {"ارهاب"},
    "strikes": {"ضرب", "ضربه"},
}


class DictionaryMatcher:
    """A `Matcher` whose every match can be told from the texts of the test."""

    def __init__(self, pairs: Mapping[str, set[str]] = DICTIONARY) -> None:
        self._pairs = pairs

    def language(self, question: str, default: str = "en") -> str:
        return detect_language(question, default)

    def question_words(
        self, question: str, language: str | None = None
    ) -> tuple[QuestionWord, ...]:
        stops = STOP_WORDS["en"] | STOP_WORDS["ar"] | QUESTION_WORDS["en"] | QUESTION_WORDS["ar"]
        tokens = [t for t in tokenize(question) if t.form not in stops]
        return tuple(
            QuestionWord(t.form, 1 / len(tokens), question[t.start].isupper()) for t in tokens
        )

    def match(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        found = [[self._best(word, text) for word in words] for text in texts]
        return np.array(found, np.float32).reshape(len(texts), len(words))

    def match_pairs(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        found = self.match(words, texts, languages)
        return np.minimum(found[:, :-1], found[:, 1:])

    def _best(self, word: QuestionWord, text: str) -> float:
        stems = {token.stem for token in tokenize(word.form)}
        return float(
            any(
                token.stem in stems
                or bool({token.form, token.stem} & self._pairs.get(word.form, set()))
                or (word.is_name and bool({*name_keys(token.form)} & {*name_keys(word.form)}))
                for token in tokenize(text)
            )
        )


SOVEREIGNTY = (
    "وانتقد رئيس الوزراء الروسي الخطوات الأحادية في هذا المجال، مؤكداً أن مكافحة الإرهاب في "
    "سورية تتطلب موافقة الحكومة الشرعية لأنها الجهة الوحيدة التي تمثل سيادة سورية."
)
ARABIC_TEXT = "\n\n".join(
    [
        "قال لافروف إن باستطاعتنا التعاون بشكل أفضل في مجال واسع من القضايا.",
        "من جهته، أعلن رئيس الوزراء الروسي دميتري مدفيديف أن القرار يجب أن يقوم على توافق دولي.",
        SOVEREIGNTY,
        "وأعلنت القيادة المركزية للجيش الأميركي أن طيران التحالف نفذ 18 ضربة قرب كوباني.",
    ]
)


@pytest.fixture
def matcher() -> Matcher:
    return DictionaryMatcher()


@pytest.fixture
def article() -> Article:
    return Article(
        key="000",
        version="v1",
        title="موسكو وواشنطن نحو تعاون استخباري",
        text=ARABIC_TEXT,
        language="ar",
        outlet="الوسط",
        published=date(2014, 10, 16),
    )


@pytest.fixture
def sovereignty() -> str:
    """The sentence of the article whose speaker only an earlier one names."""
    return SOVEREIGNTY


HitsOf: TypeAlias = Callable[[Article], list[Hit]]


@pytest.fixture
def hits_of() -> HitsOf:
    """Makes a whole article one passage and that passage a hit."""

    def whole(article: Article) -> list[Hit]:
        passage = Passage(1, article.key, article.version, 0, len(article.text), article.text)
        return [Hit(passage, article, 1.0)]

    return whole


@pytest.fixture
def hits(article: Article, hits_of: HitsOf) -> list[Hit]:
    return hits_of(article)
