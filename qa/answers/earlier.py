"""What an earlier question and its answer offer to a follow-up: a person, a place, a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from qa.answers.frames import framed_languages, load_frames
from qa.answers.kinds import kind_of
from qa.answers.subjects import Question
from qa.model import Exchange
from qa.text.language import detect_language

_LONGEST_TOPIC = 14
"""Words that are carried over at most."""
_LONGEST_NAME = 80
"""Characters."""
_MOST = 6
"""Exchanges; what lies further back is not meant by a pronoun."""
_ISOLATES = re.compile("[\u2066-\u2069]")


class Earlier:
    """An exchange of the conversation, as far as a follow-up may refer to it."""

    def __init__(self, exchange: Exchange) -> None:
        self.question = Question(exchange.question, detect_language(exchange.question))
        self._answer = exchange.answer

    @property
    def person(self) -> str | None:
        """Whom a pronoun means: where the question asked for a person, the answer's speaker."""
        own = next((subject.text for subject in self.question.named), None)
        speaker = quoted_speaker(self._answer)
        return speaker or own if kind_of(self.question.text) == "who" else own or speaker

    @property
    def place(self) -> str | None:
        """The place that the question names last."""
        return next((s.text for s in reversed(self.question.subjects) if s.is_place), None)

    @property
    def topic(self) -> str | None:
        """All that the question is about; of a long one, whom and what it names."""
        topic = self.question.topic
        if len(topic.split()) <= _LONGEST_TOPIC:
            return topic or None
        return ", ".join(subject.text for subject in self.question.subjects) or None


def read_history(history: Sequence[Exchange]) -> list[Earlier]:
    """The latest exchanges whose questions are about anything, the latest first."""
    read = (Earlier(exchange) for exchange in reversed(history[-_MOST:]))
    return [one for one in read if one.question.topic]


def quoted_speaker(answer: str) -> str | None:
    """Who an answer made of quotes says is speaking first, without what stands in brackets."""
    plain = _ISOLATES.sub("", answer)
    for before, join in _attributions():
        if plain.startswith(before):
            name = re.split(rf"[:(«“]|{re.escape(join)}", plain[len(before) :], maxsplit=1)[0]
            return name.strip() if 0 < len(name.strip()) <= _LONGEST_NAME else None
    return None


@cache
def _attributions() -> tuple[tuple[str, str], ...]:
    """What stands before a speaker, and between the speaker and the source, by language."""
    frames = map(load_frames, framed_languages())
    pairs = [(f.attributed.partition("{speaker}")[0], f.join) for f in frames]
    return tuple((before, join) for before, join in pairs if before)
