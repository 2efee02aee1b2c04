"""Claims that are right and claims that are wrong, made from a question set and its articles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from qa.answers.cited import CitedSentence, from_sentence
from qa.answers.named import find_names
from qa.answers.numbers import find_numbers
from qa.answers.reading import Sentence, read_hits
from qa.evaluation.gold import occurrences
from qa.evaluation.questions import Question
from qa.model import Article, Hit, Passage, Span
from qa.roles import Matcher

RIGHT, ELSEWHERE = "right", "elsewhere"
NUMBER, COUNT, NAME, SPEAKER = "number", "count", "name", "speaker"
_OTHERS = 4
"""Sentences of the same article that a claim is held against, besides those that bear it out."""
_NAMES = {
    "en": ("Merkel", "Canada", "Sarkozy", "Tokyo"),
    "ar": ("ميركل", "كندا", "ساركوزي", "طوكيو"),
    "fr": ("Merkel", "Canada", "Sarkozy", "Tokyo"),
    "ru": ("Меркель", "Канада", "Саркози", "Токио"),
    "tr": ("Merkel", "Kanada", "Sarkozy", "Tokyo"),
}
_SAID = {
    "en": ("{name} said: {answer}", ("Lavrov", "Kerry", "Putin", "Obama", "Medvedev")),
    "ar": ("قال {name}: {answer}", ("لافروف", "كيري", "بوتين", "أوباما", "مدفيديف")),
}
_TWO = {"en": "two", "fr": "deux", "ru": "два", "tr": "iki"}
"""Not in Arabic, which says it by the noun that it counts."""
_HOW_MANY = "number"
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Case:
    """A claim with the sentences that it cites, and whether they bear it out."""

    claim: str
    cited: tuple[CitedSentence, ...]
    kind: str
    """right, or what is wrong with it: elsewhere, number, count, name, speaker."""
    language: str
    split: str

    @property
    def is_right(self) -> bool:
        """Whether the sentences bear the claim out."""
        return self.kind == RIGHT


class Claims:
    """Makes the cases of a question set; the same ones for the same seed."""

    def __init__(self, articles: Sequence[Article], matcher: Matcher, seed: int = 0) -> None:
        self._articles = articles
        self._matcher = matcher
        self._random = Random(seed)

    def cases(self, questions: Iterable[Question]) -> Iterator[Case]:
        """For each answer: with its evidence, with other sentences, and with facts exchanged."""
        for question in questions:
            cited, others = self._sentences(question)
            if not (question.answer and cited):
                continue
            for claim in (question.answer, _whole(question)):
                yield _case(question, claim, cited, RIGHT)
                for other in self._random.sample(others, min(_OTHERS, len(others))):
                    yield _case(question, claim, (other,), ELSEWHERE)
            yield from self._exchanged(question, cited)

    def _sentences(
        self, question: Question
    ) -> tuple[tuple[CitedSentence, ...], list[CitedSentence]]:
        """Those that hold the evidence, and the others of the same articles."""
        cited: list[CitedSentence] = []
        others: list[CitedSentence] = []
        for article in self._articles:
            if article.key.startswith(question.articles):
                evidence = [s for e in question.evidence for s in occurrences(e, article.text)]
                for sentence in read_article(article):
                    held = any(_overlap(sentence.span, span) for span in evidence)
                    (cited if held else others).append(from_sentence(sentence))
        return tuple(cited), others

    def _exchanged(self, question: Question, cited: tuple[CitedSentence, ...]) -> Iterator[Case]:
        exchanges: dict[str, Callable[[Question, Sequence[CitedSentence]], str | None]] = {
            NUMBER: self._with_another_number,
            COUNT: self._with_two,
            NAME: self._with_another_name,
            SPEAKER: self._with_another_speaker,
        }
        for kind, exchange in exchanges.items():
            wrong = exchange(question, cited)
            if wrong is not None:
                yield _case(question, wrong, cited, kind)

    def _with_another_number(
        self, question: Question, cited: Sequence[CitedSentence]
    ) -> str | None:
        found = _DIGITS.search(question.answer)
        if not found:
            return None
        other = str(int(found[0]) + self._random.randint(2, 9))
        return _whole(question).replace(found[0], other)

    def _with_two(self, question: Question, cited: Sequence[CitedSentence]) -> str | None:
        """Two in words, in the place of the answer's first number in digits."""
        numbers = find_numbers(question.answer, question.lang)
        found = next((n.written for n in numbers if n.written[0].isdigit()), None)
        if question.kind != _HOW_MANY or found is None or question.lang not in _TWO:
            return None
        return _whole(question).replace(found, _TWO[question.lang])

    def _with_another_name(self, question: Question, cited: Sequence[CitedSentence]) -> str | None:
        claim = _whole(question)
        words = self._matcher.question_words(claim, question.lang)
        names = find_names(claim, question.lang, words, ())
        held = [name.written for name in names if name.start > 0 and len(name.written) > 2]
        if not held:
            return None
        return claim.replace(self._random.choice(held), self._random.choice(_NAMES[question.lang]))

    def _with_another_speaker(
        self, question: Question, cited: Sequence[CitedSentence]
    ) -> str | None:
        if question.lang not in _SAID or not any(s.speakers for s in cited):
            return None
        frame, names = _SAID[question.lang]
        known = " ".join(s.speaker + s.text for s in cited)
        arabic = dict(zip(_SAID["en"][1], _SAID["ar"][1], strict=True))
        strangers = [n for n in names if arabic.get(n, n) not in known]
        return frame.format(name=self._random.choice(strangers), answer=question.answer)


def read_article(article: Article) -> list[Sentence]:
    """All sentences of an article, with who speaks in them."""
    passage = Passage(0, article.key, article.version, 0, len(article.text), article.text)
    return read_hits([Hit(passage, article, 0.0)])


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _case(question: Question, claim: str, cited: tuple[CitedSentence, ...], kind: str) -> Case:
    return Case(claim, cited, kind, question.lang, str(question.other.get("split", "development")))


def _whole(question: Question) -> str:
    """The answer with what it is an answer to, for answers are shorter than claims."""
    return f"{question.question.rstrip(' ?؟')}: {question.answer}"
