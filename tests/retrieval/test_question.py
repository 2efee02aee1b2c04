import numpy as np
import pytest

from qa.index.word_table import WordTable
from qa.retrieval.question import (
    MAX_WORDS,
    is_sentence,
    read_question,
    read_search,
    vectors_of,
)
from qa.text.names import name_key
from qa.text.tokens import stem


def forms(question: str, language: str, table: WordTable) -> list[str]:
    return [asked.word.form for asked in read_question(question, language, table)]


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("What did the president say about oil?", "en", ["president", "oil"]),
        ("ماذا قال ميدفيديف عن سوريا؟", "ar", ["ميدفيديف", "سوريا"]),
        ("oil, Oil and OIL prices", "en", ["oil", "prices"]),
        ("what is it?", "en", ["what", "is", "it"]),
        ("؟!", "ar", []),
    ],
)
def test_content_words_are_kept_once_and_in_order(
    question: str, language: str, expected: list[str], table: WordTable
) -> None:
    assert forms(question, language, table) == expected


def test_a_search_for_a_statement_goes_by_all_its_words(table: WordTable) -> None:
    words = read_search("The oil price rose, he said.", "en", table)
    assert [one.word.form for one in words] == ["the", "oil", "price", "rose", "he", "said"]
    assert [one.word.form for one in words if one.is_content] == ["oil", "price", "rose"]
    assert sum(one.word.weight for one in words) == pytest.approx(1)


def test_a_search_for_an_answer_goes_by_what_the_question_is_about(table: WordTable) -> None:
    question = "How did the oil price rise?"
    searched, read = (f(question, "en", table) for f in (read_search, read_question))
    assert [one.word for one in searched] == [one.word for one in read]
    assert all(one.is_content for one in searched)


def test_weights_add_up_to_one(table: WordTable) -> None:
    words = read_question("the legitimate government of Syria", "en", table)
    assert sum(asked.word.weight for asked in words) == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("President of Syria", {"syria"}),
        ("what did medvedev say about oil", {"medvedev"}),
        ("OIL PRICES ROSE", set()),
        ("سيادة ميدفيديف", {"ميدفيديف"}),
    ],
)
def test_names_are_capitals_within_a_question_and_words_unknown_to_the_table(
    question: str, names: set[str], table: WordTable
) -> None:
    language = "ar" if question[0] > "\u0600" else "en"
    words = [asked.word for asked in read_question(question, language, table)]
    assert {word.form for word in words if word.is_name} == names


def test_names_sound_as_they_are_written(table: WordTable) -> None:
    [word] = read_question("Şimşek?", "tr", table)
    assert word.word.form == "simsek"
    assert name_key("شيمشك") in word.names


def test_a_long_question_keeps_a_bounded_number_of_words(table: WordTable) -> None:
    question = " ".join(f"word{number}" for number in range(1000))
    assert len(read_question(question, "en", table)) == MAX_WORDS


def test_vectors_are_unit_rows_and_zeros_for_unknown_words(table: WordTable) -> None:
    vectors = vectors_of(read_question("oil medvedev", "en", table), table.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0])
    assert vectors_of([], table.dimension).shape == (0, table.dimension)


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [
        ("Medvedev", "en", "ميدفيديف"),
        ("Merkels", "de", "ميركل"),
        ("Медведеву", "ru", "ميدفيديف"),
    ],
)
def test_names_are_spelled_in_another_script_also_where_they_are_declined(
    name: str, language: str, written: str, spelling: WordTable
) -> None:
    [asked] = read_question(name, language, spelling)
    assert asked.spellings[stem(written)] > 0.3 * max(asked.spellings.values())
    assert asked.spelled_forms[written] > 0.3 * max(asked.spelled_forms.values())


def test_words_that_are_no_names_are_not_spelled(spelling: WordTable) -> None:
    assert [asked.spellings for asked in read_question("oil prices", "en", spelling)] == [{}, {}]


def test_the_words_of_an_organisation_know_its_other_names(table: WordTable) -> None:
    arab, league, oil = read_question("Did the Arab League buy oil?", "en", table)[:3]
    assert (arab.word.form, league.word.form) == ("arab", "league")
    assert arab.called == league.called
    assert "جامعة الدول العربية" in [name.text for name in arab.called]
    assert oil.called == ()


def test_an_abbreviation_counts_even_where_it_looks_like_a_common_word(table: WordTable) -> None:
    [who] = read_question("Who leads the WHO and what did it say?", "en", table)[1:2]
    assert who.word.form == "who"
    assert who.word.in_capitals
    assert not any(one.word.in_capitals for one in read_question("What did NATO do?", "en", table))
    assert "who" not in forms("who leads the government", "en", table)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The oil price rose, he said.", "en", True),
        ("ارتفعت أسعار النفط في الكويت.", "ar", True),
        ("What did he say about oil?", "en", False),
        ("ماذا قال عن النفط", "ar", False),
        ("oil prices Kuwait", "en", False),
        ("", "en", False),
    ],
)
def test_a_sentence_neither_asks_nor_names_a_topic(
    text: str, language: str, expected: bool
) -> None:
    assert is_sentence(text, language) == expected
