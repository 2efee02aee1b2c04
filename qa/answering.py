"""Quotes or a chat model: what answers a question, and what a question asks in its conversation."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from qa.answers.conversation import By, Standalone, as_asked, carry_over, language_in, rewrite
from qa.answers.extractive import MODE as EXTRACTIVE
from qa.answers.extractive import ExtractiveAnswerer
from qa.answers.frames import load_frames
from qa.answers.tally import Tally
from qa.answers.tape import Purpose, Tape
from qa.errors import UsageError
from qa.model import Done, Event, Exchange, Hit
from qa.roles import Answerer, Matcher
from qa.settings import Settings
from qa.text.language import detect_language

if TYPE_CHECKING:
    from qa.answers.chat_model import Chat, ChatModel
    from qa.answers.generative import GenerativeAnswerer
    from qa.answers.nli import NliJudge
    from qa.answers.support import SupportJudge

GENERATIVE = "generative"
MODES = (EXTRACTIVE, GENERATIVE)
CHAT_JUDGE = "chat"
"""What QA_JUDGE is set to where the chat model judges."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what is looked for and answered in its place."""

    question: str
    standalone: Standalone
    language: str
    """Of the answer."""
    mode: str
    timings: Mapping[str, float]
    """Milliseconds taken to find out what it asks in its conversation, where there is one."""
    tally: Tally
    """What the chat model reads and writes for it."""
    tape: Tape | None = None
    """What takes down how it is answered."""


class Answering:
    """Both ways to answer; the chat model is made when it is first needed; safe for threads."""

    def __init__(self, settings: Settings, matcher: Matcher, index: str) -> None:
        self._settings = settings
        self._matcher = matcher
        self._quotes = ExtractiveAnswerer(matcher, index)
        self._model: ChatModel | None = None
        self._nli: NliJudge | None = None
        self._lock = Lock()

    def prepare(self) -> None:
        """Make the chat model and its judge now, where they are set.

        Raises SettingsError or JudgeError where they are wrong.
        """
        if self._mode(None) == GENERATIVE:
            self._generative(Tally(), None)

    def ask(
        self,
        question: str,
        language: str | None,
        history: Sequence[Exchange],
        mode: str | None,
        tape: Tape | None = None,
        reader: str = "en",
    ) -> Asked:
        """What a question asks; raises UsageError for a mode that there is not.

        `reader`: the language of the answer where nothing says which the question is in.
        """
        started, tally = perf_counter(), Tally()
        chosen, history = self._mode(mode, tape), as_asked(history)
        standalone = self._standalone(question, history, chosen, tally, tape)
        # What is carried over may be in another language, and decides nothing.
        wanted = language or language_in(question, history, self._matcher.language, reader)
        timings = {"standalone_ms": 1000 * (perf_counter() - started)} if history else {}
        if tape:
            tape.standalone, tape.language, tape.mode = standalone, wanted, chosen
        return Asked(question, standalone, wanted, chosen, timings, tally, tape)

    def answer(
        self, asked: Asked, hits: Sequence[Hit] | None, retrieve_ms: float
    ) -> Iterator[Event]:
        """The events of the answer; `hits` are None where nothing has been indexed at all."""
        is_written = asked.mode == GENERATIVE
        answerer: Answerer = self._quotes
        if is_written:
            answerer = self._generative(asked.tally, asked.tape)
        question = asked.standalone.question
        if hits is None:
            events = answerer.empty_index(question, retrieve_ms, asked.language)
        else:
            events = answerer.answer(question, hits, retrieve_ms, asked.language)
        try:
            for event in events:
                yield _in_conversation(event, asked) if isinstance(event, Done) else event
        finally:
            if isinstance(events, Generator):
                events.close()

    def _mode(self, wanted: str | None, tape: Tape | None = None) -> str:
        if wanted is None:
            return GENERATIVE if self._settings.chat_model else EXTRACTIVE
        if wanted not in MODES:
            raise UsageError(f"there is no mode {wanted!r}: ask for {' or '.join(MODES)}")
        is_played = tape is not None and tape.playback is not None
        if wanted == GENERATIVE and not self._settings.chat_model and not is_played:
            raise UsageError(
                "a generative answer needs a chat model: set QA_CHAT_MODEL to provider:model"
            )
        return wanted

    def _standalone(
        self,
        question: str,
        history: Sequence[Exchange],
        mode: str,
        tally: Tally,
        tape: Tape | None,
    ) -> Standalone:
        """Nothing is sent to a chat model where a reader asks for quotes."""
        if not history:
            return Standalone(question)
        if mode == EXTRACTIVE:
            return carry_over(question, history)
        model = self._chat(Purpose.STANDALONE, tally, tape)
        return rewrite(question, history, model, self._settings.chat_context_tokens)

    def _generative(self, tally: Tally, tape: Tape | None) -> GenerativeAnswerer:
        """The one for one question: around its tally, and its tape where it has one."""
        from qa.answers.generative import GenerativeAnswerer
        from qa.answers.support import SupportChecker

        settings, witness = self._settings, tape.check if tape else None
        return GenerativeAnswerer(
            self._chat(Purpose.ANSWER, tally, tape),
            self._quotes,
            SupportChecker(self._matcher, judge=self._judge(tally, tape), witness=witness),
            context_tokens=settings.chat_context_tokens,
            strict=settings.strict,
        )

    def _judge(self, tally: Tally, tape: Tape | None) -> SupportJudge | None:
        name = self._settings.judge
        if not name:
            return None
        if name == CHAT_JUDGE:
            from qa.answers.judge import ChatJudge

            return ChatJudge(self._chat(Purpose.JUDGE, tally, tape))
        from qa.answers.nli import NliJudge

        with self._lock:
            nli = self._nli = self._nli or NliJudge(name, self._settings.device)
        # Before the chat model is asked: what it writes could not be judged, but would be paid.
        nli.load()
        return nli

    def _chat(self, purpose: Purpose, tally: Tally, tape: Tape | None) -> Chat:
        chat = tape.listen(purpose, self._chat_model) if tape else self._chat_model()
        return tally.count(chat)

    def _chat_model(self) -> ChatModel:
        with self._lock:
            if self._model is None:
                self._model = _load_model(self._settings)
            return self._model


def _load_model(settings: Settings) -> ChatModel:
    from qa.answers.chat_model import load_chat_model

    return load_chat_model(
        settings.chat_model,
        settings.chat_base_url,
        settings.chat_api_key.get_secret_value(),
        settings.chat_timeout,
        settings.chat_retries,
        settings.chat_context_tokens,
    )


def _in_conversation(done: Done, asked: Asked) -> Done:
    """The answer to the reader's own question, telling what was asked in its place."""
    standalone = asked.standalone
    timings = {**asked.timings, **done.answer.timings}
    answer = replace(done.answer, timings=timings, usage=asked.tally.usage)
    if standalone.by is None:
        return Done(answer)
    notices = [answer.notice]
    if standalone.by is By.RULE:
        frames = load_frames(answer.language)
        own = frames.isolated(standalone.question, detect_language(standalone.question))
        notices.insert(0, frames.notice("carried", question=own))
    return Done(
        replace(
            answer,
            question=asked.question,
            standalone=standalone.question,
            notice=" ".join(filter(None, notices)) or None,
        )
    )
