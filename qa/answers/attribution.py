"""Who says a quoted sentence, in the article's spelling and, where it was asked, the reader's."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answers.frames import Frames
from qa.answers.namesakes import capitalised, same_name
from qa.answers.reading import Sentence
from qa.model import QuestionWord
from qa.text.names import name_keys
from qa.text.tokens import tokenize

_SURELY = 0.7
_ADJECTIVE_ENDINGS = ("ي", "يه")


def speaker_of(
    sentence: Sentence, question: str, words: Sequence[QuestionWord], frames: Frames
) -> str | None:
    """«Medvedev («ميدفيديف»)»; None where nobody, or more than one and none asked for, speaks."""
    capitals = capitalised(question, words)
    asked = [word for word in words if word.is_name or word.form in capitals]
    speakers = [s.speaker for s in sentence.statements if s.speaker]
    named = [(s, form) for s in speakers if (form := _asked_name(s, asked)) is not None]
    if not named and len(speakers) != 1:
        return None
    speaker, form = named[0] if named else (speakers[0], None)
    isolated = frames.isolated(speaker, sentence.article.language)
    if form is None or form in (token.form for token in tokenize(speaker)):
        return isolated
    return f"{as_asked(question, form)} ({frames.open}{isolated}{frames.close})"


def as_asked(question: str, form: str) -> str:
    """The word as the reader wrote it; of a name that is read as two (Davutoğlu) all of it."""
    asked = next((token for token in tokenize(question) if token.form == form), None)
    if asked is None:
        return form
    start, end = asked.start, asked.end
    while start and question[start - 1].isalnum():
        start -= 1
    while end < len(question) and question[end].isalnum():
        end += 1
    return question[start:end]


def _asked_name(speaker: str, asked: Sequence[QuestionWord]) -> str | None:
    """The question's word that is the speaker's last name, in whatever script."""
    surname = tokenize(speaker)[-1].form
    # «الخارجية السورية» is not somebody called Syria.
    if surname.startswith("ال") and surname.endswith(_ADJECTIVE_ENDINGS):
        return None
    return next((word.form for word in asked if _is_same(word, surname)), None)


def _is_same(asked: QuestionWord, surname: str) -> bool:
    shared = {*name_keys(asked.form, asked.language)} & {*name_keys(surname)}
    return any(same_name(asked.form, surname, key) > _SURELY for key in shared)
