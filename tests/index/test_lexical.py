from collections.abc import Callable, Iterator
from datetime import date
from math import log
from pathlib import Path

import pytest

from qa.errors import IndexStateError, StorageBusyError, StorageError
from qa.index.lexical import Field, LexicalIndex, PassageTerms, WeightedTerm
from qa.model import Filters, StoredPassage

MakePassage = Callable[..., StoredPassage]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex(tmp_path, create=True, write=True)
    yield index
    index.close()


def text(words: str) -> PassageTerms:
    return PassageTerms(text=words, context="", forms="", names="")


def word(*terms: str) -> list[WeightedTerm]:
    return [WeightedTerm("text", term) for term in terms]


def bm25(passages: int, holding: int, times: int, length: int, mean_length: float) -> float:
    """BM25 as tantivy has it: k1 = 1.2, b = 0.75."""
    rarity = log(1 + (passages - holding + 0.5) / (holding + 0.5))
    return rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / mean_length))


def test_a_word_scores_by_bm25(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1), passage(2)], [text("oil price oil"), text("border")])
    index.commit()
    [(found, score)] = index.search([word("oil")], k=5)
    assert found == 1
    assert score == pytest.approx(bm25(2, holding=1, times=2, length=3, mean_length=2))


def test_words_add_up_and_alternatives_do_not(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1), passage(2)], [text("oil crude price"), text("border city")])
    index.commit()
    one = bm25(2, holding=1, times=1, length=3, mean_length=2.5)
    [(_, best)] = index.search([word("oil", "crude")], 5)
    [(_, total)] = index.search([word("oil", "crude"), word("price")], 5)
    assert [best, total] == pytest.approx([one, 2 * one])


def test_languages_are_those_of_passages(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1, language="fr")], [text("oil")])
    index.commit()
    assert index.languages(["de", "fr"]) == {"fr"}


def test_a_weight_multiplies(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1), passage(2)], [text("oil"), text("border")])
    index.commit()
    [(_, full)] = index.search([word("oil")], 5)
    [(_, half)] = index.search([[WeightedTerm("text", "oil", 0.5)]], 5)
    assert half == pytest.approx(full / 2)


def test_fields_are_apart(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1)], [PassageTerms("oil", context="report", forms="oils", names="mdfdf")])
    index.commit()
    fields: tuple[Field, ...] = ("text", "context", "forms", "names")
    assert [index.doc_freq(field, "mdfdf") for field in fields] == [0, 0, 0, 1]
    assert [index.doc_freq(field, "oils") for field in fields] == [0, 0, 1, 0]
    assert index.search([[WeightedTerm("context", "oil")]], 5) == []
    assert index.search([[WeightedTerm("names", "mdfdf")]], 5)[0][0] == 1


def test_terms_are_taken_as_they_are(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1)], [text("U.S. سياده o'neill 3.5")])
    index.commit()
    assert [index.doc_freq("text", term) for term in ("U.S.", "سياده", "o'neill", "3.5")] == [1] * 4
    assert index.doc_freq("text", "u") == 0


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), {1, 2, 3, 4}),
        (Filters(language="ar"), {2}),
        (Filters(outlet="The Herald, London"), {3}),
        (Filters(since=date(2015, 9, 16)), {1, 2, 3}),
        (Filters(until=date(2015, 9, 15)), set()),
        (Filters(since=date(2015, 9, 16), until=date(2015, 9, 16)), {1, 2}),
        (Filters(language="en", outlet="The Herald, London", since=date(2016, 1, 1)), {3}),
        (Filters(outlet="herald"), set()),
    ],
)
def test_filters_restrict_and_do_not_score(
    index: LexicalIndex, passage: MakePassage, filters: Filters, found: set[int]
) -> None:
    held = [
        passage(1),
        passage(2, language="ar"),
        passage(3, outlet="The Herald, London", published=date(2016, 2, 1)),
        passage(4, outlet=None, published=None),
    ]
    index.add(held, [text("oil")] * 4)
    index.commit()
    free = dict(index.search([word("oil")], 10))
    assert dict(index.search([word("oil")], 10, filters)) == {i: free[i] for i in found}


def test_nothing_is_seen_before_the_commit(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1)], [text("oil")])
    assert index.search([word("oil")], 5) == []
    index.commit()
    assert index.count() == 1


def test_adding_again_replaces(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1), passage(2)], [text("oil"), text("oil")])
    index.add([passage(1)], [text("border")])
    index.commit()
    index.add([passage(2)], [text("city")])
    index.commit()
    assert sorted(index.ids()) == [1, 2]
    assert index.search([word("oil")], 5) == []


def test_deleted_passages_are_gone(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(n) for n in range(1, 6)], [text("oil")] * 5)
    index.commit()
    index.delete([2, 3, 99])
    index.commit()
    assert sorted(i for i, _ in index.search([word("oil")], 10)) == [1, 4, 5]
    index.clear()
    assert index.count() == 0


def test_a_search_for_nothing_finds_nothing(index: LexicalIndex, passage: MakePassage) -> None:
    index.add([passage(1)], [text("oil")])
    index.commit()
    assert index.search([], 5) == index.search([[]], 5) == index.search([word("oil")], 0) == []


def test_a_reader_sees_what_was_committed(
    index: LexicalIndex, passage: MakePassage, tmp_path: Path
) -> None:
    index.add([passage(1)], [text("oil")])
    index.commit()
    index.add([passage(2)], [text("oil")])
    assert LexicalIndex(tmp_path).count() == 1


def test_only_one_may_write(index: LexicalIndex, tmp_path: Path) -> None:
    with pytest.raises(StorageBusyError, match="another process"):
        LexicalIndex(tmp_path, write=True)
    index.close()
    LexicalIndex(tmp_path, write=True).close()


def test_a_reader_cannot_write(index: LexicalIndex, passage: MakePassage, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="reading only"):
        LexicalIndex(tmp_path).add([passage(1)], [text("oil")])


def test_a_missing_index_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="qa rebuild"):
        LexicalIndex(tmp_path / "lexical")


def test_a_damaged_index_names_the_remedy(index: LexicalIndex, tmp_path: Path) -> None:
    index.close()
    (tmp_path / "meta.json").write_text("{broken")
    with pytest.raises(IndexStateError, match="qa rebuild"):
        LexicalIndex(tmp_path)
