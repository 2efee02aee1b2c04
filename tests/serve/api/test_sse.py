import json
from collections.abc import Iterable

from fastapi.sse import format_sse_event
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Done, Retrieved, Token
from qa.serve.api.sse import Received, as_sent, received
from tests.serve.scripted import ANSWERED

# A stream's lines end at \r, \n or both: texts with those are sent as JSON, which escapes them.
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1)
DATA = st.text(st.characters(codec="utf-8", exclude_characters="\r"))


@given(st.lists(st.tuples(NAMES, DATA)), st.lists(st.text(st.characters(codec="utf-8"))))
def test_what_is_sent_is_what_is_received(
    events: list[tuple[str, str]], comments: list[str]
) -> None:
    wire = b"".join(
        [format_sse_event(comment=comment) for comment in comments]
        + [format_sse_event(event=name, data_str=data) for name, data in events]
    )
    assert list(received(lines_of(wire))) == [Received(name, data) for name, data in events]


def lines_of(wire: bytes) -> Iterable[str]:
    return wire.decode().split("\n")


@given(st.text(st.characters(codec="utf-8")))
def test_any_word_survives_the_wire(word: str) -> None:

    (event,) = as_sent([Token(word)], lambda _: {})
    wire = format_sse_event(event=event.event, data_str=event.raw_data)
    (read,) = received(lines_of(wire))
    assert json.loads(read.data) == {"text": word}


def test_an_event_that_was_cut_off_is_none() -> None:
    assert list(received(["event: done", "data: {"])) == []
    assert list(received(["data: a", "", "data: b"])) == [Received("message", "a")]


def test_events_keep_their_order_and_arabic_stays_legible() -> None:
    sent = list(as_sent(ANSWERED_EVENTS, lambda answer: answer.as_json()))
    assert [one.event for one in sent][:2] == ["retrieved", "token"]
    assert sent[-1].event == "done"
    assert "لافروف" in str(sent[-1].raw_data)


ANSWERED_EVENTS = [one for one in ANSWERED if isinstance(one, Retrieved | Token | Done)]
