import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from qa.index.keys import model_keys
from qa.index.translations import Translations
from qa.index.word_table import WordTable


def words_of(table: WordTable, text: str) -> list[str]:
    return [table.words[row] for row in table.ids(text)]


def test_known_words_keep_their_order_and_number(table: WordTable) -> None:
    assert words_of(table, "Oil price, oil border") == ["oil", "price", "oil", "border"]
    assert words_of(table, "سيادة oil") == [model_keys("سيادة")[0], "oil"]


def test_unknown_words_fall_into_the_longest_pieces(table: WordTable) -> None:
    assert words_of(table, "unknowner oiler") == ["un", "##known", "##er", "oil", "##er"]


def test_an_english_word_without_a_row_goes_by_another_form(table: WordTable) -> None:
    assert words_of(table, "Markets, marketing: oils") == ["market", "market", "oil"]
    assert [table.words[row] for row in table.ids("markets", "fr")] == ["market", "##s"]


def test_an_arabic_word_without_a_row_goes_by_itself_less_a_particle(table: WordTable) -> None:
    [sovereignty] = words_of(table, "سيادة")
    assert words_of(table, "كسيادة فسيادة") == [sovereignty, sovereignty]
    assert words_of(table, "نسيادة") != [sovereignty]


def test_words_of_no_known_piece_are_left_out(table: WordTable) -> None:
    assert words_of(table, "zzz oil [UNK] 漢字") == ["oil"]
    assert table.ids("").dtype == np.int32


def test_rows_are_unit_and_weights_are_read(table: WordTable) -> None:
    assert np.linalg.norm(table.vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert table.vectors.dtype == table.weights.dtype == np.float32
    assert table.weights[[0, -1]] == pytest.approx([0.1, 1.0])
    assert table.row("oil") == table.ids("oil")[0]
    assert table.row("[UNK]") is None


def test_a_word_of_a_language_that_joined_is_translated_by_way_of_english() -> None:
    words = ["[UNK]", "oil", "نفط", "petrol@fr"]
    chances = Translations.of(4, np.array([3, 1]), np.array([1, 2]), np.array([0.8, 0.5]))
    rows = np.eye(4, dtype=np.float32)
    other = WordTable("tiny", words, *_rest(rows), translations=chances)
    assert other.translated("petrol@fr") == pytest.approx({1: 0.8, 2: 0.4}, abs=0.01)
    assert other.translated("oil") == pytest.approx({2: 0.5}, abs=0.01)
    assert other.translated("nobody") == {}


def test_a_compound_is_known_by_its_halves() -> None:
    words = ["[UNK]", "luft@de", "qualitat@de", "oil"]
    rows = np.eye(4, dtype=np.float32)
    tokenizer = Tokenizer(
        WordPiece({word: row for row, word in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = WhitespaceSplit()
    german = WordTable("tiny", words, tokenizer, rows, np.ones(4, np.float32), rows[:0])
    [key] = german.keys("Luftqualität", "de")
    assert german.ids("Luftqualität", "de").tolist() == [1, 2]
    assert german.knows(key)
    assert german.row(key) is None
    assert german.knows("oil")
    assert not german.knows("luft@de stoff@de")
    assert german.translated(key) == {}


def test_words_of_languages_that_no_article_is_in_are_passed_over() -> None:
    rows = np.eye(4, dtype=np.float32)
    other = WordTable("tiny", ["[UNK]", "oil", "petrol@fr", "##s"], *_rest(rows))
    assert other.languages == {"fr"}
    assert other.similarity(rows, {"fr"}).tolist() == rows.tolist()
    assert other.similarity(rows, ()).diagonal().tolist() == [1, 1, 0, 1]


def _rest(
    rows: NDArray[np.float32],
) -> tuple[Tokenizer, NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What a table of four rows needs besides its words."""
    tokenizer = Tokenizer(WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    return tokenizer, rows, np.ones(4, dtype=np.float32), rows[:0]
