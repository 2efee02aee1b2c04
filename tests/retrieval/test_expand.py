from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece

from qa.index.keys import model_keys
from qa.index.lexical import Alternative, Field, WeightedTerm
from qa.index.word_table import WordTable
from qa.retrieval.expand import NO_EXPANSION, Expander, ExpansionSettings
from qa.retrieval.question import read_question, vectors_of
from qa.text.names import name_key


def stem(word: str) -> str:
    return model_keys(word)[0]


@dataclass
class Counts:
    """An index of 100 passages, as far as the expansion looks at it."""

    passages: Mapping[tuple[Field, str], int]

    def doc_freq(self, field: Field, term: str) -> int:
        return self.passages.get((field, term), 0)

    def count(self) -> int:
        return 100


def idf(passages: float) -> float:
    return log(1 + (100 - passages + 0.5) / (passages + 0.5))


def expand(
    question: str,
    table: WordTable,
    counts: Mapping[tuple[Field, str], int],
    settings: ExpansionSettings | None = None,
    language: str | None = None,
) -> list[dict[tuple[str, str], float]]:
    """Weights by field and term, for each word of the question, then for each organisation."""
    expander = Expander(table, Counts(counts), settings)
    language = language or ("ar" if question[0] > "\u0600" else "en")
    words = expander.found(read_question(question, language, table))
    similarity = table.vectors @ vectors_of(words, table.dimension).T
    return [
        {(t.field, t.term): t.weight for way in ways for t in _terms(way)}
        for ways in expander.alternatives(words, similarity)
    ]


def _terms(way: Alternative) -> Sequence[WeightedTerm]:
    return (way,) if isinstance(way, WeightedTerm) else way


def test_a_word_is_looked_for_as_it_is_and_in_translation(table: WordTable) -> None:
    counts: dict[tuple[Field, str], int] = {("text", "oil"): 3, ("text", stem("نفط")): 5}
    [terms] = expand("oil", table, counts)
    assert set(terms) == {("text", "oil"), ("text", stem("نفط"))}


def test_alternatives_are_weighed_as_one_word_as_frequent_as_they_are(table: WordTable) -> None:
    counts: dict[tuple[Field, str], int] = {("text", "oil"): 3, ("text", stem("نفط")): 5}
    [terms] = expand("oil", table, counts)
    oil, arabic = table.row("oil"), table.row(stem("نفط"))
    chance = float(table.vectors[oil] @ table.vectors[arabic]) ** 2
    merged = idf(1 * 3 + chance * 5)
    assert terms["text", "oil"] == pytest.approx(1 * merged / idf(3))
    assert terms["text", stem("نفط")] == pytest.approx(chance * merged / idf(5), rel=1e-4)


def test_what_the_index_does_not_hold_is_not_looked_for(table: WordTable) -> None:
    assert expand("oil prices", table, {("text", stem("نفط")): 5})[1] == {}


def test_a_translation_that_aligned_text_knows_needs_no_nearness(
    table: WordTable, taught: WordTable
) -> None:
    counts: dict[tuple[Field, str], int] = {("text", "oil"): 3, ("text", stem("حرب")): 3}
    assert set(expand("oil", table, counts)[0]) == {("text", "oil")}
    [terms] = expand("oil", taught, counts)
    assert terms["text", stem("حرب")] == pytest.approx(0.5 * terms["text", "oil"], abs=0.01)


def test_near_words_of_the_same_script_do_not_stand_in_for_a_word_that_occurs(
    table: WordTable,
) -> None:
    near, own = stem("شرعية"), stem("سيادة")
    [terms] = expand("سيادة", table, {("text", own): 2, ("text", near): 2})
    assert set(terms) == {("text", own)}


def test_forms_that_stemming_leaves_apart_are_looked_for_too() -> None:
    missile, missiles, grenade, scream = map(stem, ("صاروخ", "صواريخ", "قذيفة", "صراخ"))
    near: list[list[float]] = [[1, 0], [0.8, 0.6], [0.8, 0.6], [0, 1]]
    arabic = _of_vectors({missile: near[0], missiles: near[1], grenade: near[2], scream: near[3]})
    held: dict[tuple[Field, str], int] = {("text", term): 2 for term in arabic.words}
    [terms] = expand("صاروخ", arabic, held)
    assert set(terms) == {("text", missile), ("text", missiles)}
    assert terms["text", missiles] == pytest.approx(0.64 * terms["text", missile], rel=1e-4)


def test_so_are_those_of_a_language_with_entries_of_its_own() -> None:
    near: list[list[float]] = [[1, 0], [0.8, 0.6], [0.8, 0.6]]
    french = _of_vectors(dict(zip(("elect@fr", "elekt@fr", "vot@fr"), near, strict=True)))
    counts: dict[tuple[Field, str], int] = {("text", t): 2 for t in ("elect", "elekt", "vot")}
    [terms] = expand("élections", french, counts, language="fr")
    assert set(terms) == {("text", "elect"), ("text", "elekt")}


def test_what_stands_in_for_a_word_is_looked_for_as_the_word_is() -> None:
    french = _of_vectors({"refus@fr": [1, 0]})
    held: dict[tuple[Field, str], int] = {("text", "refusent"): 2, ("text", "refus"): 2}
    [terms] = expand("refusent", french, held, language="fr")
    assert terms["text", "refus"] == terms["text", "refusent"]


def _of_vectors(vectors: Mapping[str, Sequence[float]]) -> WordTable:
    rows = np.array([(0, 0), *vectors.values()], dtype=np.float32)
    words = ["[UNK]", *vectors]
    model = WordPiece({word: row for row, word in enumerate(words)}, unk_token="[UNK]")
    return WordTable(
        "tiny", words, Tokenizer(model), rows, np.ones(len(rows), np.float32), rows[:0]
    )


def test_the_title_counts_less_than_the_text(table: WordTable) -> None:
    [terms] = expand("oil", table, {("text", "oil"): 1, ("context", "oil"): 1})
    assert 0 < terms["context", "oil"] < terms["text", "oil"]


def test_a_name_is_looked_for_by_its_key_and_other_words_are_not(table: WordTable) -> None:
    key = name_key("Medvedev")
    counts: dict[tuple[Field, str], int] = {("names", key): 1, ("names", name_key("prices")): 1}
    name, word = expand("did Medvedev raise prices", table, counts)[::2]
    assert set(name) == {("names", key)}
    assert word == {}


def test_a_name_is_looked_for_as_it_is_likeliest_spelled_in_the_articles(
    table: WordTable, spelling: WordTable
) -> None:
    usual, rare = stem("لافروف"), stem("لفروف")
    question = "did Lavrov speak"
    one = expand(question, spelling, {("text", rare): 3})[0]
    two = expand(question, spelling, {("text", usual): 3, ("text", rare): 3})[0]
    assert 0 < two["text", rare] < two["text", usual]
    assert two["text", rare] < one["text", rare] < 1
    assert expand(question, spelling, {("text", usual): 3})[0]["text", usual] == pytest.approx(1)
    assert expand(question, table, {("text", usual): 3})[0] == {}


def test_a_word_is_looked_for_with_its_endings_too(table: WordTable) -> None:
    counts: dict[tuple[Field, str], int] = {("text", stem("السيسي")): 30, ("forms", "سيسي"): 5}
    [terms] = expand("السيسي", table, counts)
    assert terms == {("text", stem("السيستاني")): pytest.approx(1), ("forms", "سيسي"): 1}
    [unmet] = expand("السيستاني", table, counts)
    assert set(unmet) == {("text", stem("السيسي"))}


def test_a_rare_word_is_no_rarer_with_its_endings_than_its_translation_lets_it_be(
    table: WordTable,
) -> None:
    counts: dict[tuple[Field, str], int] = {("text", "oil"): 1, ("forms", "oil"): 1}
    [alone] = expand("oil", table, counts)
    [beside] = expand("oil", table, counts | {("text", stem("نفط")): 50})
    assert beside["forms", "oil"] == pytest.approx(beside["text", "oil"])
    assert beside["forms", "oil"] < 0.5 * alone["forms", "oil"]


def test_a_name_is_looked_for_as_it_is_spelled_with_its_endings(spelling: WordTable) -> None:
    counts: dict[tuple[Field, str], int] = {
        ("text", stem("مغيريني")): 40,
        ("forms", "موغيريني"): 5,
    }
    [terms] = expand("Mogherini", spelling, counts)
    assert ("forms", "موغيريني") in terms


def test_without_expansion_words_are_looked_for_as_they_are(
    taught: WordTable, spelling: WordTable
) -> None:
    counts: dict[tuple[Field, str], int] = {
        ("text", "oil"): 3,
        ("context", "oil"): 1,
        ("text", stem("نفط")): 5,
        ("text", stem("حرب")): 5,
        ("names", name_key("Medvedev")): 1,
    }
    oil, name = expand("oil Medvedev", taught, counts, NO_EXPANSION)
    assert set(oil) == {("text", "oil"), ("context", "oil")}
    assert oil["text", "oil"] == pytest.approx(1)
    assert name == {}
    named: dict[tuple[Field, str], int] = {("text", stem("ميدفيديف")): 1}
    assert expand("oil Medvedev", spelling, named, NO_EXPANSION)[1] == {}


def test_an_organisation_is_looked_for_by_those_of_its_names_that_occur(table: WordTable) -> None:
    council, security, league = map(stem, ("مجلس", "الأمن", "الجامعة"))
    counts: dict[tuple[Field, str], int] = {("text", t): 5 for t in (council, security, league)}
    question = "the Arab League and the Security Council"
    words = 4
    [names] = expand(question, table, counts)[words:]
    assert {("text", council), ("text", security), ("context", council)} <= set(names)
    assert ("text", league) not in names
    assert len(expand(question, table, counts, NO_EXPANSION)) == words


def test_a_name_of_one_arabic_word_is_looked_for_with_its_endings(table: WordTable) -> None:
    counts: dict[tuple[Field, str], int] = {("text", stem("طالب")): 9}
    assert len(expand("the Taliban", table, counts)) == 1
    [_, names] = expand("the Taliban", table, counts | {("forms", "طالبان"): 2})
    assert ("forms", "طالبان") in names
