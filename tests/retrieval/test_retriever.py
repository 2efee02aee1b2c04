from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.articles.archive import Archive
from qa.articles.drafts import Draft
from qa.index.embedding import StaticEmbedder
from qa.index.indexer import Indexer
from qa.index.stores import Fingerprint, Index
from qa.index.word_table import WordTable, load_word_table
from qa.model import Filters, Hit
from qa.retrieval.retriever import STATIC_WEIGHTS, Parts, Retriever


def keys(hits: list[Hit]) -> list[str]:
    return [hit.article.key for hit in hits]


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Who represents the sovereignty of Syria?", "syria"),
        ("من يمثل سيادة سوريا؟", "syria"),
        ("What did Medvedev say?", "syria"),
        ("Что сказал Медведев?", "syria"),
        ("Medvedev ne dedi?", "syria"),
        ("the border after the war", "border"),
    ],
)
def test_the_right_article_comes_first_in_any_language(
    retriever: Retriever, question: str, key: str
) -> None:
    assert keys(retriever.search(question))[0] == key


def test_both_language_versions_of_a_story_come_before_the_others(retriever: Retriever) -> None:
    assert set(keys(retriever.search("why did oil prices rise?"))[:2]) == {"oil", "oil-en"}


def test_a_translation_that_only_aligned_text_knows_counts(
    index: Index, archive: Archive, table: WordTable, taught: WordTable
) -> None:
    found = [
        {hit.article.key: hit for hit in Retriever(*parts).search("oil")}["border"].legs
        for parts in ((index, archive, StaticEmbedder(table), one) for one in (table, taught))
    ]
    assert "lexical" not in found[0]
    assert "lexical" in found[1]
    assert found[1]["late"].score > found[0]["late"].score


def test_a_hit_carries_its_passage_its_article_and_its_place_in_each_leg(
    retriever: Retriever,
) -> None:
    hit = retriever.search("Who represents the sovereignty of Syria?", k=1)[0]
    assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
    assert {name: leg.rank for name, leg in hit.legs.items()} == {
        "dense": 1,
        "lexical": 1,
        "late": 1,
    }


def test_hits_are_in_the_order_of_their_scores_and_at_most_k(retriever: Retriever) -> None:
    scores = [hit.score for hit in retriever.search("oil prices", k=3)]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(language="en"), {"oil-en"}),
        (Filters(outlet="النهار"), {"syria", "border"}),
        (Filters(since=date(2016, 1, 2)), {"oil", "oil-en"}),
        (Filters(until=date(2016, 1, 2)), {"syria", "oil"}),
        (Filters(language="ar", since=date(2016, 1, 1), until=date(2016, 12, 31)), {"oil"}),
        (Filters(language="fr"), set()),
    ],
)
def test_filters_leave_only_what_passes_them(
    retriever: Retriever, filters: Filters, expected: set[str]
) -> None:
    assert set(keys(retriever.search("oil prices and the war", filters=filters))) == expected


@pytest.mark.parametrize("question", ["石油价格为什么上涨", "?!", "😀", "\u200f"])
def test_what_cannot_be_understood_finds_nothing(retriever: Retriever, question: str) -> None:
    assert retriever.search(question) == []


def test_a_question_of_thousands_of_words_is_answered(retriever: Retriever) -> None:
    question = " ".join(f"word{number}" for number in range(3000)) + " Medvedev"
    assert len(retriever.search(question)) <= 10


def test_an_empty_index_has_no_hits(
    tmp_path: Path, table: WordTable, new_index: Callable[[Path], Index]
) -> None:
    with (
        Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}") as archive,
        new_index(tmp_path / "index") as index,
    ):
        assert Retriever(index, archive, StaticEmbedder(table), table).search("oil") == []


def test_a_leg_without_a_weight_has_no_say(
    index: Index, archive: Archive, table: WordTable
) -> None:
    alone = Retriever(index, archive, StaticEmbedder(table), table, {"lexical": 1.0})
    hits = alone.search("Who represents the sovereignty of Syria?")
    by_lexical = [hit.legs["lexical"].rank for hit in hits if "lexical" in hit.legs]
    assert by_lexical == sorted(by_lexical)


def test_passages_of_articles_that_readers_do_not_see_are_no_hits(
    tmp_path: Path, index: Index, table: WordTable
) -> None:
    with Archive(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        assert Retriever(index, other, StaticEmbedder(table), table).search("oil") == []


def test_scores_do_not_depend_on_how_many_are_asked_for(retriever: Retriever) -> None:
    few, many = (retriever.search("oil prices", k=k) for k in (1, 4))
    assert few[0] == many[0]
    assert np.isfinite([hit.score for hit in many]).all()


def test_a_leg_that_knows_no_word_of_the_question_places_no_passage(retriever: Retriever) -> None:
    [hit, *_] = retriever.search("Медведев")
    assert set(hit.legs) == {"lexical"}


SYRIA = "Who represents the sovereignty of Syria?"


@pytest.fixture
def partial(index: Index, archive: Archive, table: WordTable) -> Callable[[Parts], Retriever]:
    """Makes a retriever of which only some parts work."""
    return lambda parts: Retriever(index, archive, StaticEmbedder(table), table, parts=parts)


@pytest.mark.parametrize("leg", ["dense", "lexical"])
def test_a_leg_alone_names_the_candidates_and_their_order(
    partial: Callable[[Parts], Retriever], leg: str
) -> None:
    hits = partial(Parts(legs=frozenset({leg}))).search(SYRIA)
    assert keys(hits)[0] == "syria"
    assert [hit.legs[leg].rank for hit in hits] == list(range(1, len(hits) + 1))
    assert not {"dense", "lexical"} - {leg} & {name for hit in hits for name in hit.legs}


def test_late_interaction_left_out_has_no_say(
    partial: Callable[[Parts], Retriever], index: Index, archive: Archive, table: WordTable
) -> None:
    weights = {leg: STATIC_WEIGHTS[leg] for leg in ("lexical", "dense")}
    weighed = Retriever(index, archive, StaticEmbedder(table), table, weights).search(SYRIA)
    assert partial(Parts(legs=frozenset(weights))).search(SYRIA) == weighed
    assert [hit.score for hit in weighed] != [hit.score for hit in partial(Parts()).search(SYRIA)]


def test_without_expansion_words_are_looked_for_as_they_are(
    partial: Callable[[Parts], Retriever],
) -> None:
    lexical = frozenset({"lexical"})
    assert {"oil", "oil-en"} <= set(keys(partial(Parts(lexical)).search("oil prices")))
    assert keys(partial(Parts(lexical, expansion=False)).search("oil prices")) == ["oil-en"]


def test_without_expansion_names_are_found_in_their_own_script_only(
    partial: Callable[[Parts], Retriever],
) -> None:
    plain = partial(Parts(expansion=False))
    assert keys(plain.search("ميدفيديف"))[0] == "syria"
    assert plain.search("Медведев") == []


def test_all_parts_are_what_readers_get(
    partial: Callable[[Parts], Retriever], retriever: Retriever
) -> None:
    assert partial(Parts()).search(SYRIA) == retriever.search(SYRIA)


def test_what_a_statement_says_beside_its_topic_tells_passages_apart(retriever: Retriever) -> None:
    asked, stated = (
        {hit.article.key: hit.legs["late"].score for hit in retriever.search(text)}
        for text in ("Who said: war?", "He said war.")
    )
    # Only the first of the two says "said".
    assert stated["syria"] / stated["border"] > 1.2 * asked["syria"] / asked["border"]


def test_a_name_that_no_list_holds_is_found_by_how_it_is_spelled(tmp_path: Path) -> None:
    """The keys of Yosemite and Smith are the same, and the table has neither Arabic spelling."""
    texts = {"park": "يقع يوسيميتي بين الجبال.", "smith": "يقع سميث بين الجبال."}
    assert load_word_table().row("يوسيميتي") is None
    with _indexed(texts, tmp_path) as retriever:
        first, second = retriever.search("Yosemite")
    assert (first.article.key, second.article.key) == ("park", "smith")
    for leg in ("lexical", "late"):
        assert first.legs[leg].score > 1.5 * second.legs[leg].score


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("What did the Security Council decide?", "council"),
        ("Что решил Совбез?", "council"),
        ("What did the WHO announce?", "health"),
        ("ماذا أعلنت OMS؟", "health"),
        ("What did the PKK announce?", "party"),
    ],
)
def test_an_organisation_is_found_by_its_name_in_another_language(
    organised: Retriever, question: str, key: str
) -> None:
    first, second = organised.search(question, k=2)
    assert first.article.key == key
    assert first.legs["lexical"].rank == 1
    assert "late" not in second.legs or first.legs["late"].score > 1.2 * second.legs["late"].score


@pytest.fixture(scope="session")
def organised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    """Articles in which the words of the names stand apart from one another too."""
    texts = {
        "council": "عقد مجلس الأمن جلسة في نيويورك.",
        "safety": "قال المجلس إن الأمن مستتب في المدينة.",
        "health": "وجهت منظمة الصحة العالمية نداء أمس.",
        "hospital": "تعاني المنظمة من نقص، والصحة في المدن العالمية أفضل، says Who's Who.",
        "party": "رد حزب العمال الكردستاني على القصف.",
        "workers": "خرج العمال من الحزب في إقليم كردستاني.",
    }
    with _indexed(texts, tmp_path_factory.mktemp("organised")) as retriever:
        yield retriever


@contextmanager
def _indexed(texts: Mapping[str, str], folder: Path) -> Iterator[Retriever]:
    """Arabic articles by key, and the shipped model."""
    table = load_word_table()
    fingerprint = Fingerprint("", table.dimension, "", "", table.name, "1", 1)
    with (
        Archive(f"sqlite:///{folder / 'archive.sqlite'}") as archive,
        Index.create(folder / "index", fingerprint) as index,
    ):
        drafts = [Draft(key=key, title="", text=text) for key, text in texts.items()]
        archive.put([draft.as_article("ar") for draft in drafts])
        Indexer(archive, index, StaticEmbedder(table), table).index_pending()
        yield Retriever(index, archive, StaticEmbedder(table), table)
