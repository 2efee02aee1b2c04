from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.chat_model import ModelChunk
from qa.answers.drafting import Drafted, Reply
from qa.errors import ChatModelError

KNOWN = range(1, 9)


def chunked(*chunks: str, breaks: bool = False) -> Iterator[ModelChunk]:
    yield from (ModelChunk(chunk) for chunk in chunks)
    if breaks:
        raise ChatModelError("broken", "the line went dead")


def drafted(*chunks: str, breaks: bool = False) -> list[Drafted]:
    return [*Reply(KNOWN).read(chunked(*chunks, breaks=breaks))]


def claims(*chunks: str, breaks: bool = False) -> list[tuple[str, tuple[int, ...]]]:
    return [(s.text, s.numbers) for s in drafted(*chunks, breaks=breaks)]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Oil rose [1]. Gas fell [2].", [("Oil rose.", (1,)), ("Gas fell.", (2,))]),
        ("Oil rose. [1] Gas fell. [2]", [("Oil rose.", (1,)), ("Gas fell.", (2,))]),
        ("Oil rose.[1][3] Gas fell.", [("Oil rose.", (1, 3)), ("Gas fell.", ())]),
        ("Oil [1] and gas [2, 1] rose.", [("Oil and gas rose.", (1, 2))]),
        ("Oil rose.\n\n[1] Gas fell.", [("Oil rose.", ()), ("Gas fell.", (1,))]),
        ("Oil rose. [1]\nGas fell.", [("Oil rose.", (1,)), ("Gas fell.", ())]),
        ("Oil rose.\n[1]\nGas fell.", [("Oil rose.", (1,)), ("Gas fell.", ())]),
        ("- Oil rose [1]\n- Gas fell [2]", [("- Oil rose", (1,)), ("- Gas fell", (2,))]),
        ("Mr. Kerry met Dr. Zarif [1]. OK.", [("Mr. Kerry met Dr. Zarif.", (1,)), ("OK.", ())]),
        ("ارتفع النفط [١]. وهبط الغاز [٢].", [("ارتفع النفط.", (1,)), ("وهبط الغاز.", (2,))]),
        ("ارتفع النفط. [١] وهبط الغاز. [٢]", [("ارتفع النفط.", (1,)), ("وهبط الغاز.", (2,))]),
        ("ارتفع النفط.[١][٣] وهبط الغاز.", [("ارتفع النفط.", (1, 3)), ("وهبط الغاز.", ())]),
        ("هل ارتفع النفط؟ [١،٢] نعم. ［٣］", [("هل ارتفع النفط؟", (1, 2)), ("نعم.", (3,))]),
        ("هل ارتفع النفط [١-٣]؟ نعم 【٤】.", [("هل ارتفع النفط؟", (1, 2, 3)), ("نعم.", (4,))]),
        ("قال: «ارتفع النفط». [١] وهبط.", [("قال: «ارتفع النفط».", (1,)), ("وهبط.", ())]),
        ("قیمت نفت بالا رفت۔ [۱] بله. [۲]", [("قیمت نفت بالا رفت۔", (1,)), ("بله.", (2,))]),
        ("Oil rose 3.5 per cent [1]", [("Oil rose 3.5 per cent", (1,))]),
        ("Oil rose [1].\n---\nGas fell [2].", [("Oil rose.", (1,)), ("---\nGas fell.", (2,))]),
        (" \n ", []),
        ("[1]", []),
    ],
)
def test_a_sentence_has_the_marks_that_stand_in_it_and_after_it(
    reply: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert claims(reply) == expected
    assert claims(*reply) == expected


PARTS = ["Oil rose", " [1]", ".", " ", "\n", "[2]", "Mr.", " Kerry", "«قال»", "؟", "[9]", '"']
PARTS += ["3.5", "- ", "Yes", "!"]
REPLIES = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


@given(REPLIES, st.data())
def test_any_chunking_gives_the_same_sentences(reply: str, data: st.DataObject) -> None:
    bounds = [0, *sorted(data.draw(st.sets(st.integers(0, len(reply))))), len(reply)]
    chunks = [reply[start:end] for start, end in pairwise(bounds)]
    assert claims(*chunks) == claims(*reply) == claims(reply)


@given(REPLIES)
def test_the_sentences_hold_every_word_of_the_reply(reply: str) -> None:
    written = "".join(piece.text for sentence in drafted(reply) for piece in sentence.pieces)
    assert written.count("Oil rose") == reply.count("Oil rose")
    assert written.count("قال") == reply.count("قال")


def test_a_sentence_is_given_out_before_the_reply_ends() -> None:
    sentences = Reply(KNOWN).read(
        chunked("Oil rose [1]. Gas fell after the news from Vienna.", "…")
    )
    assert next(sentences).text == "Oil rose."


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("Oil rose [1]. Gas fe", ["Oil rose."]),
        ("Oil rose [1].", ["Oil rose."]),
        ("Oil rose [1]. Gas fell to 3.", ["Oil rose."]),
        ("Oil rose", []),
        ("Oil rose [1", []),
    ],
)
def test_of_a_reply_that_breaks_off_the_whole_sentences_are_kept(
    reply: str, kept: list[str]
) -> None:
    read = Reply(KNOWN)
    assert [s.text for s in read.read(chunked(reply, breaks=True))] == kept
    assert read.error is not None
    assert read.error.kind == "broken"


def test_a_failure_before_the_first_word_is_raised() -> None:
    with pytest.raises(ChatModelError):
        drafted(" ", breaks=True)


def test_a_reply_without_end_is_cut_off() -> None:
    read = Reply(KNOWN)
    endless = (ModelChunk("Oil rose again [1]. ") for _ in iter(int, 1))
    assert len(list(read.read(endless))) < 2000
    assert read.error is not None


def test_controls_that_turn_or_hide_text_are_left_out() -> None:
    assert claims("Oil \u202erose\u202c [\u200b1]\x1b. \U000e0041") == [("Oil rose.", (1,))]


def test_dropped_marks_are_counted() -> None:
    read = Reply(KNOWN)
    chunks = iter([ModelChunk("Oil rose [99]."), ModelChunk("", {"input_tokens": 7})])
    assert [s.text for s in read.read(chunks)] == ["Oil rose."]
    assert read.dropped_marks == 1
