from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.errors import UsageError
from qa.model import Article, Exchange
from qa.settings import Settings
from qa.tracing import Found, Part, Replayed, Request, Trace, read_trace, record, replay
from qa.tracing import write_trace as write
from qa.tracing.comparison import _moved
from tests.answers.chat_server import ScriptedServer, cut_after, reply
from tests.answers.chat_wires import Received, Step
from tests.scripted_model import LIE, MEDVEDEV, SOVEREIGNTY, TRUTH, true_number, truth
from tests.tracing.conftest import Open, truth_and_lies

KEY = "000_8c1c864d118376be"


def changes(replayed: Replayed, part: Part) -> Sequence[str]:
    return next((found.lines for found in replayed.differences if found.part is part), ())


def parts(replayed: Replayed) -> list[Part]:
    return [difference.part for difference in replayed.differences]


def change(folder: Path, old: str, new: str) -> None:
    """Another version of the article on sovereignty."""
    with Assistant.open(Settings(data_dir=folder), write=True) as assistant:
        article = assistant.article(KEY)
        assert old in article.text
        text = article.text.replace(old, new)
        assistant.ingest_articles([replace(article, version="changed", text=text)])


@pytest.fixture
def traced(written: Open, server: ScriptedServer) -> Trace:
    server.script(truth_and_lies)
    with written() as assistant:
        return record(assistant, Request(MEDVEDEV))


# ------------------------------------------------------------------------------------ asked again


@pytest.mark.parametrize("mode", ["extractive", "generative"])
def test_the_same_trace_replays_equal(written: Open, tmp_path: Path, mode: str) -> None:
    with written() as assistant:
        write(record(assistant, Request(MEDVEDEV, mode=mode)), tmp_path / "trace.json")
    trace = read_trace(tmp_path / "trace.json")
    with written() as assistant:
        replayed = replay(assistant, trace)
    assert (replayed.is_same, replayed.differences, replayed.warnings) == (True, (), ())
    assert replayed.as_json()["same"] is True


def test_a_conversation_replays_equal(written: Open, server: ScriptedServer) -> None:
    def play(received: Received) -> Step:
        rewriting = "<sources>" not in received.prompt
        return (
            reply("What did Medvedev say about Syrian sovereignty?")
            if rewriting
            else truth(received)
        )

    server.script(play)
    history = (Exchange("ماذا قال مدفيديف؟", "بحسب مدفيديف: «…»"),)
    with written() as assistant:
        trace = record(assistant, Request("and what about Syrian sovereignty?", history=history))
        assert replay(assistant, trace).is_same
        assert replay(assistant, trace, recorded_reply=True).is_same
    assert trace.understood.question == "What did Medvedev say about Syrian sovereignty?"


def test_a_model_that_lies_now_is_shown(
    traced: Trace, written: Open, server: ScriptedServer
) -> None:
    server.script(lambda received: reply(f"{LIE} [{true_number(received)}]."))
    with written() as assistant:
        replayed = replay(assistant, traced)
    assert parts(replayed) == [Part.REPLY, Part.VERDICTS, Part.ANSWER]
    assert any(line.startswith(f"- answer: {TRUTH}") for line in changes(replayed, Part.REPLY))
    # The lie was there before: only the truth is gone, and the mark that pointed nowhere.
    assert not any(LIE in line for line in changes(replayed, Part.VERDICTS))
    assert "- marks that point nowhere: 1" in changes(replayed, Part.ANSWER)


def test_a_changed_article_is_shown(folder: Path, quoting: Open) -> None:
    with quoting() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    change(folder, "الحكومة الشرعية", "الحكومة الانتقالية")
    with quoting() as assistant:
        replayed = replay(assistant, trace)
    assert not replayed.is_same
    gone = [line for line in changes(replayed, Part.RETRIEVED) if line.startswith("- ")]
    new = [line for line in changes(replayed, Part.RETRIEVED) if line.startswith("+ ")]
    assert any(f"{KEY}@{trace.retrieved[0].version[:8]}" in line for line in gone)
    assert any(f"{KEY}@changed" in line for line in new)
    answer = "\n".join(changes(replayed, Part.ANSWER))
    assert "الشرعية" in answer
    assert "الانتقالية" in answer
    assert any("articles may have come" in warning for warning in replayed.warnings)


def test_other_articles_move_what_was_found(folder: Path, quoting: Open) -> None:
    with quoting() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    copy = Article(
        "copy", "1", "On Syrian sovereignty", "Medvedev spoke of Syrian sovereignty.", "en"
    )
    with Assistant.open(Settings(data_dir=folder), write=True) as assistant:
        assistant.ingest_articles([copy])
        replayed = replay(assistant, trace)
    lines = changes(replayed, Part.RETRIEVED)
    assert any(line.startswith("+ ") and " copy@1 " in line for line in lines)
    assert any(line.startswith("~ ") and " is now " in line for line in lines)


def test_what_explains_a_difference_is_told(traced: Trace, written: Open) -> None:
    odd = replace(
        traced,
        qa_version="0.0.1",
        model="openai:older",
        prompts={**traced.prompts, "answer_system.md": "0" * 16},
        settings={**traced.settings, "index": "other", "judge": "chat"},
    )
    with written() as assistant:
        replayed = replay(assistant, odd)
    assert set(replayed.warnings) == {
        f"qa was 0.0.1 in the trace and is {traced.qa_version} now",
        "the chat model was openai:older in the trace and is openai:scripted now",
        f"index was other in the trace and is {traced.settings['index']} now",
        "judge was chat in the trace and is none now",
        "the prompts are worded otherwise than those of the trace",
    }
    assert any("answer_system.md" in line for line in changes(replayed, Part.PROMPTS))


def test_every_setting_of_the_chat_model_that_is_otherwise_is_told(
    written: Open, server: ScriptedServer
) -> None:
    with written() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    changed = {
        "chat_context_tokens": 2048,
        "chat_timeout": 7.5,
        "chat_retries": 1,
        "chat_base_url": f"{server.base_url}/",
        "judge": "chat",
        "strict": True,
    }
    with written(**changed) as assistant:
        replayed = replay(assistant, trace)
    assert set(replayed.warnings) == {
        "chat_context_tokens was 16384 in the trace and is 2048 now",
        "chat_timeout was 10.0 in the trace and is 7.5 now",
        "chat_retries was 0 in the trace and is 1 now",
        "the chat model is asked at another address than for the trace",
        "judge was none in the trace and is chat now",
        "strict was False in the trace and is True now",
    }
    assert "127.0.0.1" not in str(trace.as_json()["settings"])


def test_the_password_of_an_address_decides_nothing(written: Open, server: ScriptedServer) -> None:
    named = [server.base_url.replace("//", f"//me:{word}@") for word in ("one", "two")]
    with written(chat_base_url=named[0]) as one, written(chat_base_url=named[1]) as other:
        assert one.reach_settings == other.reach_settings


def test_a_recorded_reply_needs_no_settings_of_a_chat_model(traced: Trace, quoting: Open) -> None:
    with quoting() as assistant:
        replayed = replay(assistant, traced, recorded_reply=True)
    assert not [warning for warning in replayed.warnings if "chat" in warning]


def test_a_strict_replay_shows_what_it_leaves_out(traced: Trace, written: Open) -> None:
    with written(strict=True) as assistant:
        replayed = replay(assistant, traced, recorded_reply=True)
    assert parts(replayed) == [Part.ANSWER]
    assert any(line.startswith("- ") and LIE in line for line in changes(replayed, Part.ANSWER))
    assert "strict was False in the trace and is True now" in replayed.warnings


def test_without_a_chat_model_the_recorded_reply_is_offered(traced: Trace, quoting: Open) -> None:
    with quoting() as assistant, pytest.raises(UsageError, match="--recorded-reply"):
        replay(assistant, traced)


# ------------------------------------------------------------------------------- recorded replies


def test_a_recorded_reply_needs_no_model_and_no_key(
    traced: Trace, quoting: Open, server: ScriptedServer
) -> None:
    server.script(truth)
    with quoting() as assistant:
        replayed = replay(assistant, traced, recorded_reply=True)
    assert server.requests == []
    assert replayed.differences == ()
    assert replayed.after.answer.model == "openai:scripted"
    assert [v.support for v in replayed.after.verdicts] == [v.support for v in traced.verdicts]


def test_the_checks_are_made_anew(traced: Trace, quoting: Open) -> None:
    (call,) = traced.calls
    forged = replace(traced, calls=(replace(call, reply=call.reply.replace("9,450", "9,451")),))
    lenient = replace(forged.verdicts[1], support="supported", reason=None)
    forged = replace(forged, verdicts=(forged.verdicts[0], lenient, *forged.verdicts[2:]))
    with quoting() as assistant:
        replayed = replay(assistant, forged, recorded_reply=True)
    verdicts = changes(replayed, Part.VERDICTS)
    assert any(line.startswith("- supported: ") for line in verdicts)
    assert any(line.startswith("+ unsupported: ") and "9,451" in line for line in verdicts)


def test_a_recorded_reply_is_read_with_the_passages_it_was_written_from(
    traced: Trace, folder: Path, quoting: Open
) -> None:
    copy = Article(
        "copy", "1", "On Syrian sovereignty", "Medvedev spoke of Syrian sovereignty.", "en"
    )
    with Assistant.open(Settings(data_dir=folder), write=True) as assistant:
        assistant.ingest_articles([copy])
    with quoting() as assistant:
        replayed = replay(assistant, traced, recorded_reply=True)
    assert parts(replayed) == [Part.RETRIEVED]
    assert SOVEREIGNTY in replayed.after.answer.citations[0].quote


def test_a_reply_on_an_article_that_has_changed_cannot_be_read_again(
    traced: Trace, folder: Path, quoting: Open
) -> None:
    change(folder, "الحكومة الشرعية", "الحكومة الانتقالية")
    with quoting() as assistant, pytest.raises(UsageError, match=KEY):
        replay(assistant, traced, recorded_reply=True)


def test_places_that_are_none_are_damage(traced: Trace, quoting: Open) -> None:
    odd = replace(traced.retrieved[0], end=10**9)
    with quoting() as assistant, pytest.raises(UsageError, match="damaged"):
        replay(
            assistant,
            replace(traced, retrieved=(odd, *traced.retrieved[1:])),
            recorded_reply=True,
        )


def test_more_requests_than_recorded_are_told(traced: Trace, quoting: Open) -> None:
    foreign = "Medvedev a dit que seul le gouvernement représente la souveraineté de la Syrie [1]."
    (call,) = traced.calls
    odd = replace(traced, calls=(replace(call, reply=foreign),))
    with quoting() as assistant, pytest.raises(UsageError, match="holds replies for"):
        replay(assistant, odd, recorded_reply=True)


def test_a_broken_reply_breaks_again(written: Open, quoting: Open, server: ScriptedServer) -> None:
    def broken(received: Received) -> Step:
        return cut_after(f"{TRUTH} [{true_number(received)}]. And then he")

    server.script(broken)
    with written() as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    assert trace.calls[0].failure == "broken"
    with quoting() as assistant:
        replayed = replay(assistant, trace, recorded_reply=True)
    assert replayed.differences == ()
    assert replayed.after.answer.notice == trace.answer.notice


def test_a_judges_recorded_verdicts_are_found_by_what_was_asked(
    written: Open, quoting: Open, server: ScriptedServer
) -> None:
    def play(received: Received) -> Step:
        return reply("no") if "<claim>" in received.prompt else truth(received)

    server.script(play)
    with written(judge="chat") as assistant:
        trace = record(assistant, Request(MEDVEDEV))
    with quoting(judge="chat") as assistant:
        assert replay(assistant, trace, recorded_reply=True).differences == ()
        unjudged = replace(trace, calls=trace.calls[:1])
        replayed = replay(assistant, unjudged, recorded_reply=True)
    assert any("checked without it" in warning for warning in replayed.warnings)
    assert any(line.startswith("- unsupported: ") for line in changes(replayed, Part.VERDICTS))


def test_other_words_to_the_model_are_told(traced: Trace, quoting: Open) -> None:
    with quoting(chat_context_tokens=2048) as assistant:
        replayed = replay(assistant, traced, recorded_reply=True)
    assert any("told something else" in warning for warning in replayed.warnings)


# -------------------------------------------------------------------------------------- comparing

FOUND = st.builds(
    Found,
    passage=st.integers(1, 3),
    article=st.sampled_from("abc"),
    version=st.sampled_from(["v1", "v2"]),
    title=st.just("t"),
    start=st.integers(0, 2),
    end=st.integers(3, 4),
    score=st.floats(0, 5),
    legs=st.just({}),
)


@given(st.lists(FOUND, max_size=6, unique_by=lambda f: (f.article, f.version, f.start, f.end)))
def test_ids_and_rounding_do_not_count(found: list[Found]) -> None:
    other = [replace(f, passage=f.passage + 7, score=f.score * (1 + 1e-6)) for f in found]
    assert [*_moved(found, other)] == []


@given(
    st.lists(FOUND, max_size=6, unique_by=lambda f: (f.article, f.version, f.start, f.end)),
    st.lists(FOUND, max_size=6, unique_by=lambda f: (f.article, f.version, f.start, f.end)),
)
def test_every_passage_that_came_or_went_has_its_line(old: list[Found], new: list[Found]) -> None:
    def places(found: list[Found]) -> set[tuple[str, str, int, int]]:
        return {(f.article, f.version, f.start, f.end) for f in found}

    lines = [*_moved(old, new)]
    assert sum(line.startswith("- ") for line in lines) == len(places(old) - places(new))
    assert sum(line.startswith("+ ") for line in lines) == len(places(new) - places(old))
    if [*places(old)] and not lines:
        assert [f.article for f in old] == [f.article for f in new]
