from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answers.marks import MarkParser, Piece, merged

KNOWN = range(1, 9)
WELL_FORMED = re.compile(r"[\[【［〖⟦]\s*\d+\s*[\]】］〗⟧]")


def parsed(*chunks: str) -> tuple[list[Piece], int]:
    parser = MarkParser(KNOWN)
    pieces = [piece for chunk in chunks for piece in parser.feed(chunk)]
    return list(merged([*pieces, *parser.close()])), parser.dropped


def shown(*chunks: str) -> str:
    """The pieces written out, marks as {3}."""
    return "".join(
        piece.text or "{" + ",".join(map(str, piece.numbers)) + "}" for piece in parsed(*chunks)[0]
    )


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("It rose [3].", "It rose {3}."),
        ("It rose. [3] Then", "It rose. {3} Then"),
        ("It rose [3][4].", "It rose {3}{4}."),
        ("It rose [3, 4] and", "It rose {3,4} and"),
        ("ارتفع [3،4].", "ارتفع {3,4}."),
        ("It rose [3; 4, 3].", "It rose {3,4}."),
        ("It rose [3-5].", "It rose {3,4,5}."),
        ("It rose [3 – 4, 7].", "It rose {3,4,7}."),
        ("It rose【3】.", "It rose{3}."),
        ("It rose 【3†source】.", "It rose {3}."),
        ("It rose［3］.", "It rose{3}."),
        ("It rose [[3]].", "It rose {3}."),
        ("It rose [^3].", "It rose {3}."),
        ("ارتفع [٣].", "ارتفع {3}."),
        ("ارتفع [۳–۵].", "ارتفع {3,4,5}."),
        ("ارتفع [\u200f٣\u200f].", "ارتفع {3}."),
        ("It [sic] rose [to 3].", "It [sic] rose [to 3]."),
        ("On [2015-09-16] it rose.", "On [2015-09-16] it rose."),
        ("It rose (3).", "It rose (3)."),
        ("It rose [].", "It rose []."),
    ],
)
def test_every_form_of_a_mark_is_read(reply: str, expected: str) -> None:
    assert shown(reply) == expected
    assert parsed(reply)[1] == 0


@pytest.mark.parametrize(
    ("reply", "expected", "dropped"),
    [
        ("It rose [99].", "It rose.", 1),
        ("It rose [0].", "It rose.", 1),
        ("It rose [3, 99].", "It rose {3}.", 1),
        ("It rose [7-10].", "It rose {7,8}.", 2),
        ("It rose [5-3].", "It rose.", 1),
        ("It rose [3-900].", "It rose.", 1),
        ("It rose [99] [3] and", "It rose {3} and", 1),
        ("It rose [99] and", "It rose and", 1),
        ("It rose.\n[99]\nIt fell", "It rose.\nIt fell", 1),
        ("It rose [" + "9" * 5000 + "].", "It rose.", 1),
        ("It rose [99]", "It rose", 1),
    ],
)
def test_what_points_nowhere_is_dropped_and_counted(
    reply: str, expected: str, dropped: int
) -> None:
    assert shown(reply) == expected
    assert parsed(reply)[1] == dropped


@pytest.mark.parametrize("reply", ["It rose [", "It rose [3", "It rose [3, ", "It rose [[3"])
def test_a_mark_that_never_ends_is_left_out(reply: str) -> None:
    assert shown(reply) == "It rose"


def test_a_half_mark_is_held_back() -> None:
    parser = MarkParser(KNOWN)
    assert parser.feed("It rose [") == [Piece("It rose")]
    assert parser.feed("3") == []
    assert parser.feed("]") == [Piece(" "), Piece(numbers=(3,))]


@pytest.mark.parametrize("reply", ["[1[99]]", "[[[99]]3]", "[1 [99] ]", "[[99]3]", "[3†[99]]"])
def test_what_is_left_around_a_dropped_mark_is_no_mark(reply: str) -> None:
    pieces, dropped = parsed(reply)
    assert dropped == 1
    assert not any(WELL_FORMED.search(piece.text) for piece in pieces)


REPLIES = st.text(st.sampled_from("ab .\n[]【】［］[]123٣9,،-–†^ \u200f")) | st.lists(
    st.sampled_from(
        ["[3]", " [3, 4]", "[99]", "[[3]", "[", "]]", "He said.", "قال ", "\n", " ", "3"]
    )
).map("".join)


@given(REPLIES, st.data())
def test_any_chunking_gives_the_same_pieces(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(reply)))))
    bounds = [0, *cuts, len(reply)]
    chunks = [reply[start:end] for start, end in pairwise(bounds)]
    assert parsed(*chunks) == parsed(reply)
    assert parsed(*reply) == parsed(reply)


@given(REPLIES)
@example("【1\n]")
def test_text_never_holds_a_mark(reply: str) -> None:
    pieces, _ = parsed(reply)
    assert not WELL_FORMED.search("".join(piece.text or "|" for piece in pieces))
    assert not any(WELL_FORMED.search(piece.text) for piece in pieces)


@given(REPLIES)
def test_only_known_numbers_come_out(reply: str) -> None:
    assert {n for piece in parsed(reply)[0] for n in piece.numbers} <= set(KNOWN)


def steps(chunks: Sequence[str]) -> int:
    """Lines of Python run by the parser, which no busy machine slows down."""
    count = 0

    def trace(*_: object) -> object:
        nonlocal count
        count += 1
        return trace

    parser = MarkParser(KNOWN)
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        for chunk in chunks:
            parser.feed(chunk)
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("run", ["1", "[", "]", "[1", "[†", " ", "[9] ", "[1-2,", "([3"])
def test_time_is_linear_on_hostile_runs(run: str) -> None:
    short, long = steps([*(run * 200)]), steps([*(run * 1600)])
    assert long < 8 * short * 1.2


@pytest.mark.parametrize("run", ["[1", "[[", "]", "[†", "[9] ", "[1-2,", " ", "[1 "])
def test_a_long_run_in_one_piece_comes_to_an_end(run: str) -> None:
    assert not any(piece.numbers == (3,) for piece in parsed(run * (200_000 // len(run)))[0])
