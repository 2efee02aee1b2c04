"""From a question to its trace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

import qa
from qa.answering import GENERATIVE
from qa.answers.abstention import Calibration, load_calibration
from qa.answers.asking import PROMPTS as ANSWER_PROMPTS
from qa.answers.conversation import PROMPT as STANDALONE_PROMPT
from qa.answers.conversation import Standalone
from qa.answers.judge import PROMPT as JUDGE_PROMPT
from qa.answers.meaning import load_meaning
from qa.answers.tape import Call, Checked, Playback, Purpose, Tape
from qa.assistant import Assistant
from qa.model import Answer
from qa.prompts import load_prompt
from qa.tracing.trace import Found, Request, Setting, Trace, Understood

_PROMPTS: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.ANSWER: ANSWER_PROMPTS,
    Purpose.STANDALONE: (STANDALONE_PROMPT,),
    Purpose.JUDGE: (JUDGE_PROMPT,),
}


def record(assistant: Assistant, request: Request, playback: Playback | None = None) -> Trace:
    """Asks a question; the trace holds its answer."""
    tape = Tape(playback)
    answer = assistant.ask(
        request.question,
        request.filters,
        request.language,
        history=request.history,
        mode=request.mode,
        tape=tape,
    )
    return trace_of(assistant, request, tape, answer)


def trace_of(assistant: Assistant, request: Request, tape: Tape, answer: Answer) -> Trace:
    """What a tape took down while the assistant answered the request."""
    standalone = tape.standalone or Standalone(request.question)
    return Trace(
        qa_version=qa.__version__,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        request=request,
        understood=Understood(standalone.question, standalone.by, tape.language, tape.mode),
        retrieved=tuple(Found.of(hit) for hit in tape.hits),
        prompts=_prompts(tape.calls),
        model=_model(assistant, tape),
        calls=tape.calls,
        verdicts=tuple(tape.checks) or _quoted(answer),
        answer=answer,
        settings=_settings(assistant),
    )


def _model(assistant: Assistant, tape: Tape) -> str | None:
    if tape.mode != GENERATIVE:
        return None
    return tape.playback.model if tape.playback else assistant.model


def _quoted(answer: Answer) -> tuple[Checked, ...]:
    """The claims of an answer that is made of quotes, which need no check."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return tuple(
        Checked(c.text, tuple(quotes[number] for number in c.citations), c.support, c.reason)
        for c in answer.claims
    )


def _prompts(calls: Iterable[Call]) -> dict[str, str]:
    names = (name for call in calls for name in _PROMPTS[call.purpose])
    return {f"{name}.md": load_prompt(name).digest for name in sorted({*names})}


def _settings(assistant: Assistant) -> dict[str, Setting]:
    abstention, meaning = load_calibration(), load_meaning()
    support = meaning.calibration
    return {
        "index": assistant.fingerprint,
        "revision": assistant.revision,
        **assistant.answer_settings,
        **assistant.reach_settings,
        "abstention": _digest(*_fitted(abstention)),
        "abstention_threshold": abstention.threshold,
        "support": _digest(*_fitted(support), meaning.close),
        "support_threshold": support.threshold,
    }


def _fitted(calibration: Calibration) -> tuple[object, ...]:
    return dict(calibration.coefficients), calibration.intercept, calibration.threshold


def _digest(*fitted: object) -> str:
    return sha256(json.dumps(fitted, sort_keys=True).encode()).hexdigest()[:16]
