import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import fold, fold_with_offsets

SCRIPTS = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFF),
        st.characters(min_codepoint=0x20, max_codepoint=0x24F),
        st.characters(min_codepoint=0x300, max_codepoint=0x370),
        st.characters(min_codepoint=0x400, max_codepoint=0x4FF),
        st.sampled_from("ﷺﻻ\u200f\u200c\u0640\u0654\u0306يويىиИ👩\u200d🚀👍🏽ßİıﬁ\x00\r\n"),
    )
)
TEXTS = st.one_of(SCRIPTS, st.text())


@pytest.mark.parametrize(
    ("variants", "folded"),
    [
        ("أحمد إحمد آحمد ٱحمد احمد", "احمد"),
        ("مَدْرَسَةٌ مدرسـة مدرسة مدرسه", "مدرسه"),
        ("مصطفى مصطفي مصطفی", "مصطفي"),
        ("مسؤول مسئول مسءول", "مسءول"),
        ("کتاب كتاب ڪتاب", "كتاب"),
        ("ﺳﻮﺭﻳﺎ سوريا سور\u200dيا \u202bسوريا\u202c", "سوريا"),
        ("٢٠١٥ ۲۰۱۵ 2015 ２０１５", "2015"),
        ("Çavuşoğlu ÇAVUŞOĞLU cavusoglu", "cavusoglu"),
        ("İSTANBUL Istanbul ıstanbul istanbul", "istanbul"),
        ("Straße STRASSE strasse", "strasse"),
        ("Ёлка ёлка елка", "елка"),
        ("Łódź Lodz", "lodz"),
        ("Œuvre œuvre oeuvre", "oeuvre"),
    ],
)
def test_variants_of_a_word_fold_alike(variants: str, folded: str) -> None:
    assert {fold(variant) for variant in variants.split()} == {folded}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“a” «b» ‘c’ d’e", '"a" "b" \'c\' d\'e'),
        ("٣٫٥ و ١٬٠٠٠، نعم؟", "3.5 و 1,000, نعم?"),
        ("ﷺ", "صلي الله عليه وسلم"),
        ("Йод й", "йод й"),
        ("X™ y", "x  y"),
        ("کتاب\u200cها", "كتابها"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_letters_that_differ_in_meaning_stay_apart() -> None:
    assert fold("й") != fold("и")
    assert len({fold(letter) for letter in "كگجچبپزژ"}) == 8


@given(TEXTS)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_character_folds_to_itself_the_second_time() -> None:
    characters = [chr(code) for code in range(0x3100) if not 0xD800 <= code < 0xE000]
    characters += [chr(code) for code in (*range(0xA000, 0xD7A4), *range(0xF900, 0x10000))]
    assert [c for c in characters if fold(fold(c)) != fold(c)] == []


@given(TEXTS)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(TEXTS)
def test_the_map_belongs_to_the_folded_text(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert folded.offsets[-1] == len(text)


@given(TEXTS)
def test_the_map_never_falls(text: str) -> None:
    offsets = fold_with_offsets(text).offsets
    assert list(offsets) == sorted(offsets)


@given(TEXTS, st.data())
def test_a_span_maps_to_the_characters_it_was_folded_from(text: str, data: st.DataObject) -> None:
    folded = fold_with_offsets(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    span = folded.original(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    assert folded.text[start:end] in fold(text[span.start : span.end])


@given(st.text(alphabet="abcاﻷﻻبتﷺ é\u064b\u0640\u200f"), st.data())
def test_spans_of_whole_characters_map_exactly(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(place, len(text)))
    before, within = len(fold(text[:place])), len(fold(text[place:end]))
    span = fold_with_offsets(text).original(before, before + within)
    assert fold(text[span.start : span.end]) == fold(text[place:end])


def test_a_span_takes_in_the_marks_of_its_last_letter() -> None:
    folded = fold_with_offsets("قالَ الوزير")
    span = folded.original(0, 3)
    assert (span.start, span.end) == (0, 4)


def test_an_empty_span_maps_to_an_empty_span() -> None:
    span = fold_with_offsets("ab").original(1, 1)
    assert (span.start, span.end) == (1, 1)


@pytest.mark.parametrize("piece", ["سُورِيَا ", "ي\u0654", "\u0306", "ﷺ", "aé"])
def test_long_texts_fold_in_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    fold(text)
    assert time.process_time() - began < 4
