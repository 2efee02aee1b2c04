"""Two traces of one question, part by part: what is gone (-), new (+) or moved (~), and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from qa.answers.tape import UNRECORDED, Call, Purpose
from qa.model import Answer
from qa.text.sentences import sentence_spans
from qa.tracing.trace import Found, Setting, Trace

_RELATIVE = 1e-3
"""Scores are sums of 32-bit numbers, and each processor adds them up in its own order."""
_OF_MODEL = "chat_"
_VERSION = 8
"""Characters of an article's version that are shown."""


class Part(StrEnum):
    """What may differ."""

    QUESTION = "question"
    RETRIEVED = "retrieved"
    PROMPTS = "prompts"
    REPLY = "reply"
    VERDICTS = "verdicts"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise in one part, a line each, beginning with -, + or ~."""

    part: Part
    lines: tuple[str, ...]


def differences(before: Trace, after: Trace) -> tuple[Difference, ...]:
    """The parts that differ; times, tokens and how a reply was cut to pieces do not count."""
    lines = {
        Part.QUESTION: _changed([*_question(before)], [*_question(after)]),
        Part.RETRIEVED: _moved(before.retrieved, after.retrieved),
        Part.PROMPTS: _changed([*_prompts(before)], [*_prompts(after)]),
        Part.REPLY: _changed([*_replies(before)], [*_replies(after)]),
        Part.VERDICTS: _changed([*_verdicts(before)], [*_verdicts(after)]),
        Part.ANSWER: _changed([*_answer(before.answer)], [*_answer(after.answer)]),
    }
    found = ((part, tuple(changes)) for part, changes in lines.items())
    return tuple(Difference(part, changes) for part, changes in found if changes)


def cautions(before: Trace, after: Trace) -> tuple[str, ...]:
    """Why the two may differ: another program, model, index, setting or wording."""
    told = [_other("qa", before.qa_version, after.qa_version)]
    told.append(_other("the chat model", before.model, after.model))
    told += [_other(name, old, new) for name, old, new in _settings(before, after)]
    if dict(before.prompts) != dict(after.prompts):
        told.append("the prompts are worded otherwise than those of the trace")
    return tuple(caution for caution in told if caution)


def cautions_on_reply(before: Trace, after: Trace) -> tuple[str, ...]:
    """What to know of a recorded reply: whether it would have been asked for in these words."""
    told = []
    if _sent(before) != _sent(after):
        told.append("the chat model would be told something else now: it might reply otherwise")
    if any(call.failure == UNRECORDED for call in after.calls):
        told.append(
            "the judge would be asked what it was not asked for the trace: "
            "such sentences are checked without it"
        )
    return tuple(told)


# ------------------------------------------------------------------------------ a part as lines


def _question(trace: Trace) -> Iterator[str]:
    understood = trace.understood
    yield f"asked as: {understood.question}"
    yield f"completed by: {understood.by or 'nothing'}"
    yield f"mode: {understood.mode}"
    yield f"language of the answer: {understood.language or trace.answer.language}"


def _prompts(trace: Trace) -> Iterator[str]:
    return (f"{name} {digest}" for name, digest in sorted(trace.prompts.items()))


def _replies(trace: Trace) -> Iterator[str]:
    for call in trace.calls:
        yield from (f"{call.purpose}: {sentence}" for sentence in _sentences(call.reply))
        if call.failure:
            yield f"{call.purpose}: failed ({call.failure})"


def _verdicts(trace: Trace) -> Iterator[str]:
    for checked in trace.verdicts:
        reason = f" ({checked.reason})" if checked.reason else ""
        yield f"{checked.support}: {checked.claim}{reason}"


def _answer(answer: Answer) -> Iterator[str]:
    yield f"by: {answer.model or 'quotes'}, in {answer.language}"
    if answer.abstained:
        yield f"abstains: {answer.reason}"
    yield from _sentences(answer.answer)
    for c in answer.citations:
        place = f"{c.article}@{c.version[:_VERSION]} {c.start}-{c.end}"
        yield f"[{c.number}] {place} {c.quote}"
    if answer.notice:
        yield f"note: {answer.notice}"
    if answer.dropped_marks:
        yield f"marks that point nowhere: {answer.dropped_marks}"


def _sentences(text: str) -> list[str]:
    return [" ".join(text[span.start : span.end].split()) for span in sentence_spans(text)]


def _sent(trace: Trace) -> list[Call]:
    return [
        Call(call.purpose, call.messages, "")
        for call in trace.calls
        if call.purpose is not Purpose.JUDGE
    ]


# ------------------------------------------------------------------------------------ comparing


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in before[i:j])
            yield from (f"+ {line}" for line in after[k:m])


def _moved(before: Sequence[Found], after: Sequence[Found]) -> Iterator[str]:
    old = {_place(found): (rank, found) for rank, found in enumerate(before, start=1)}
    new = {_place(found): (rank, found) for rank, found in enumerate(after, start=1)}
    yield from (f"- {_ranked(*old[place])}" for place in old if place not in new)
    yield from (f"+ {_ranked(*new[place])}" for place in new if place not in old)
    for place in old:
        if place in new and not _is_like(*old[place], *new[place]):
            (rank, found), (rank_now, found_now) = old[place], new[place]
            yield f"~ {_ranked(rank, found)} is now {rank_now}. ({found_now.score:.4f})"


def _place(found: Found) -> tuple[str, str, int, int]:
    return found.article, found.version, found.start, found.end


def _ranked(rank: int, found: Found) -> str:
    place = f"{found.article}@{found.version[:_VERSION]} {found.start}-{found.end}"
    return f"{rank}. {place} ({found.score:.4f}) {found.title}"


def _is_like(rank: int, found: Found, rank_now: int, found_now: Found) -> bool:
    return rank == rank_now and math.isclose(
        found.score, found_now.score, rel_tol=_RELATIVE, abs_tol=_RELATIVE
    )


def _settings(before: Trace, after: Trace) -> Iterator[tuple[str, Setting, Setting]]:
    # The chat model is told of by the trace itself, which knows of a recorded one too.
    for name in sorted({*before.settings, *after.settings} - {"chat_model"}):
        old, new = before.settings.get(name), after.settings.get(name)
        if not name.startswith(_OF_MODEL) or _both(old, new):
            yield name, old, new


def _both(before: Setting, after: Setting) -> bool:
    """Whether there is a chat model on both sides; what it is set to says nothing without one."""
    return before is not None and after is not None


def _other(name: str, before: Setting, after: Setting) -> str | None:
    if before == after:
        return None
    if name == "revision":
        return "articles may have come, changed or gone since the trace was made"
    if name == "chat_server":
        return "the chat model is asked at another address than for the trace"
    told = [value if value is not None else "none" for value in (before, after)]
    return f"{name} was {told[0]} in the trace and is {told[1]} now"
