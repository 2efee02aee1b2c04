from __future__ import annotations

import json
import string
from datetime import date
from importlib.resources import files

import pytest

from qa.answers.abstention import Reason
from qa.answers.frames import is_refusal, load_frames
from qa.model import Citation

TABLES = json.loads(files("qa.answers").joinpath("frames.json").read_text(encoding="utf-8"))


def citation(outlet: str | None = "الوسط", published: date | None = date(2015, 9, 16)) -> Citation:
    return Citation(1, "k", "v", "t", outlet, published, None, 0, 3, "نعم")


def test_a_right_to_left_quote_is_isolated_in_a_left_to_right_frame() -> None:
    text = load_frames("en").claim(citation(), "لافروف", "ar")
    assert text == "According to لافروف, \u2068الوسط\u2069, September 16, 2015: “\u2068نعم\u2069”"


def test_an_arabic_frame_around_an_arabic_quote_needs_no_isolates() -> None:
    text = load_frames("ar").claim(citation(), "لافروف", "ar")
    assert text == "بحسب لافروف، الوسط، 16 سبتمبر 2015: «نعم»"


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("de", "Laut لافروف, \u2068الوسط\u2069, 16. September 2015: „\u2068نعم\u2069“"),
        ("es", "Según لافروف, \u2068الوسط\u2069, 16 de septiembre de 2015: «\u2068نعم\u2069»"),
        ("fa", "به گفتهٔ لافروف، الوسط، ۱۶ سپتامبر ۲۰۱۵: «نعم»"),
    ],
)
def test_a_claim_is_framed_as_newspapers_of_the_language_do(language: str, claim: str) -> None:
    assert load_frames(language).claim(citation(), "لافروف", "ar") == claim


def test_counts_are_in_the_digits_of_the_language_and_names_in_their_own() -> None:
    assert load_frames("fa").notice("dropped", count=12).endswith("کنند: ۱۲.")
    assert "gpt-4" in load_frames("fa").notice("timeout", model="gpt-4")


def test_what_is_not_known_is_left_out() -> None:
    frames = load_frames("en")
    assert frames.claim(citation(None, None), "X", "en") == "According to X: “نعم”"
    assert frames.claim(citation(None, None), None, "en") == "From the archive: “نعم”"


def test_a_language_without_frames_falls_back_to_english() -> None:
    assert load_frames("it") == load_frames("en")


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_language_has_every_frame_with_its_fields(language: str) -> None:
    frames = load_frames(language)
    assert set(frames.reasons) == {str(reason) for reason in Reason}
    assert _fields(frames.attributed) == {"speaker", "source", "quote"}
    assert _fields(frames.unattributed) == {"source", "quote"}
    assert "Medvedev" in frames.reason(Reason.UNKNOWN_NAME, "Medvedev")


@pytest.mark.parametrize("name", ["verdicts", "kinds", "numbers", "pointing"])
def test_every_language_that_quotes_are_framed_in_has_the_other_tables(name: str) -> None:
    table = json.loads(files("qa.answers").joinpath(f"{name}.json").read_text(encoding="utf-8"))
    assert table.keys() == TABLES.keys()


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_language_has_every_notice_with_its_fields(language: str) -> None:
    own, english = load_frames(language).notices, load_frames("en").notices
    assert {name: _fields(text) for name, text in own.items()} == {
        name: _fields(text) for name, text in english.items()
    }


def test_a_failure_without_a_notice_of_its_own_is_told_in_general() -> None:
    assert load_frames("en").notice("unheard_of", model="m") == "The chat model m failed."


def _fields(frame: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(frame) if name}


@pytest.mark.parametrize("language", sorted(TABLES))
def test_a_refusal_is_known_by_its_words_in_every_language(language: str) -> None:
    frames = load_frames(language)
    for reason in Reason:
        told = frames.reason(reason, "Medvedev (2015)")
        assert is_refusal(told)
        assert is_refusal(f"{told} {frames.nearest}\n")
        assert not is_refusal(f"{told} {frames.claim(citation(), 'X', 'en')} [1]")
    assert not is_refusal(frames.claim(citation(), "X", "en"))


def test_nothing_is_no_refusal() -> None:
    assert not is_refusal("")
