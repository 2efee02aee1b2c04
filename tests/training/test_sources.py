from pathlib import Path

import pytest

from qa.training.errors import TrainingError
from qa.training.sources import (
    LANGUAGES,
    SOURCES,
    Kind,
    Language,
    Pair,
    Source,
    read_counts,
    read_pairs,
)

WORDS = Source("words.tsv", Kind.WORDS, "someone", "CC0 1.0", first=2, without="skin tone")


def test_rows_are_filtered_then_cut(tmp_path: Path) -> None:
    rows = "dog\tكلب\nhand: dark skin tone\tيد\ncat\tقط\textra column\nfox\tثعلب\n"
    (tmp_path / "words.tsv").write_text(rows, "utf-8")
    assert read_pairs(tmp_path, WORDS) == [Pair("dog", "كلب"), Pair("cat", "قط")]


def test_prose_is_the_english_rows(tmp_path: Path) -> None:
    rows = (
        '{"q": "Who?", "passage": "He.", "lang_q": "en", "lang_p": "en"}\n'
        '{"q": "من؟", "passage": "هو.", "lang_q": "ar", "lang_p": "ar"}\n'
    )
    (tmp_path / "some.jsonl").write_text(rows, "utf-8")
    source = Source("some.jsonl", Kind.PROSE, "someone", "CC0 1.0", language="en")
    assert read_pairs(tmp_path, source) == [Pair("Who?", "He.")]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"words\.tsv is missing"):
        read_pairs(tmp_path, WORDS)


def test_a_row_without_tab_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("dog\tكلب\ncat\n", "utf-8")
    with pytest.raises(TrainingError, match="line 2: no tab in 'cat'"):
        read_pairs(tmp_path, WORDS)


def test_counts_are_numbers_by_word(tmp_path: Path) -> None:
    (tmp_path / "list.tsv").write_text("de\t12\nla\t7\n", "utf-8")
    source = Source("list.tsv", Kind.COUNTS, "someone", "CC0 1.0", language="fr")
    assert read_counts(tmp_path, source) == {"de": 12, "la": 7}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_further_language_has_sentences_words_and_counts(language: Language) -> None:
    kinds = {source.kind for source in SOURCES if source.language == language.code}
    assert kinds >= {Kind.SENTENCES, Kind.WORDS, Kind.COUNTS}


def test_every_source_has_an_origin_and_a_licence_and_comes_once() -> None:
    assert all(source.origin and source.licence for source in SOURCES)
    assert len({source.path for source in SOURCES}) == len(SOURCES)


def test_nothing_that_may_not_be_redistributed_is_a_source() -> None:
    assert not any(source.path.startswith("corpus/") for source in SOURCES)
    assert not any("NC" in source.licence for source in SOURCES)
