import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.passages import GIANT_WORDS, TARGET_WORDS, context_of, split_passages
from qa.articles.readers import ReadArticle, read_paths
from qa.model import Article, Span

SENTENCE = "قال الوزير إن المحادثات مستمرة في باريس وأضاف أن القرار لم يتخذ."
SENTENCE_WORDS = 12


def slices(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_passages(text)]


def test_a_short_text_is_one_passage() -> None:
    assert split_passages(f"  {SENTENCE}\n") == [Span(2, 2 + len(SENTENCE))]


@pytest.mark.parametrize("text", ["", " \n\u00a0\t"])
def test_no_text_no_passage(text: str) -> None:
    assert split_passages(text) == []


def test_passages_hold_whole_sentences() -> None:
    for passage in slices(" ".join([SENTENCE] * 100)):
        assert set(passage.replace(". ", ".\n").split("\n")) == {SENTENCE}
        assert len(passage.split()) <= TARGET_WORDS


def test_a_text_is_shared_out_evenly() -> None:
    sentences = TARGET_WORDS // SENTENCE_WORDS + 2
    text = "\n".join([SENTENCE] * sentences)
    first, second = (len(passage.split()) for passage in slices(text))
    assert abs(first - second) <= TARGET_WORDS // 4


def test_a_break_between_paragraphs_is_preferred() -> None:
    first, second = " ".join([SENTENCE] * 11), " ".join([SENTENCE] * 12)
    assert slices(f"{first}\n\n{second}") == [first, second]


def test_a_long_sentence_stands_alone_and_whole() -> None:
    long = " ".join(["كلمة"] * (TARGET_WORDS + 50)) + "."
    assert slices(f"{SENTENCE} {long} {SENTENCE}") == [SENTENCE, long, SENTENCE]


def test_a_giant_sentence_is_cut_between_words() -> None:
    words = [f"كلمة{i}" for i in range(2 * GIANT_WORDS + 1)]
    passages = slices(" ".join(words))
    assert " ".join(passages).split() == words
    assert all(len(passage.split()) <= TARGET_WORDS for passage in passages)


def test_scripts_without_spaces_are_measured_by_characters() -> None:
    passages = slices("莫斯科说叙利亚政府是唯一的合法代表。" * 500)
    assert "".join(passages) == "莫斯科说叙利亚政府是唯一的合法代表。" * 500
    assert all(len(passage) <= 10 * TARGET_WORDS for passage in passages)


@pytest.mark.parametrize("unit", ["كلمة ", "x", f"{SENTENCE} ", f"{SENTENCE}\n\n"])
def test_megabytes_take_seconds(unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    began = time.process_time()
    passages = split_passages(text)
    assert time.process_time() - began < 10
    assert len(passages) > 1000


PIECES = st.lists(
    st.sampled_from(
        (
            SENTENCE,
            *("نعم؟", "«لا».", "Mr. Smith said 3.5 percent.", "a.b", "🇸🇾", "…"),
            *(" ", "\n", "\n\n", "\u00a0", "\u200f"),
            *("كلمة " * 130, "word " * 450, "x" * 2500),
        )
    ),
    max_size=25,
)


@given(st.one_of(PIECES.map(" ".join), PIECES.map("".join), st.text()))
def test_passages_are_in_order_and_hold_every_character(text: str) -> None:
    spans = split_passages(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    covered = "".join(text[span.start : span.end] for span in spans)
    assert visible(covered) == visible(text)
    assert not any(text[s.start].isspace() or text[s.end - 1].isspace() for s in spans)


def visible(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and not c.isspace())


@given(PIECES)
def test_no_word_is_cut(pieces: list[str]) -> None:
    text = " ".join(piece for piece in pieces if len(piece.split()) != 1 or len(piece) < 2000)
    for span in split_passages(text):
        inside = text[max(span.start - 1, 0)], text[span.start]
        assert span.start == 0 or not all(map(str.isalnum, inside))


def test_seeds_have_several_passages_each(seeds: Path) -> None:
    for found in read_paths([seeds]):
        assert isinstance(found, ReadArticle)
        words = len(found.article.text.split())
        passages = slices(found.article.text)
        assert len(passages) <= words / TARGET_WORDS + 2
        assert all(len(passage.split()) <= TARGET_WORDS for passage in passages)


def test_context_is_title_date_and_outlet() -> None:
    article = Article("k", "v", "عنوان", "نص", "ar")
    assert context_of(article) == "عنوان"
    dated = Article("k", "v", "عنوان", "نص", "ar", outlet="الوطن", published=date(2015, 9, 16))
    assert context_of(dated) == "عنوان\n2015-09-16 · الوطن"
