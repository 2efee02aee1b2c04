from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.errors import UsageError
from qa.evaluation.wording import exact_match, normalise, official_normalise, token_f1

ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىـَُِّْ ،٣", max_size=30)
TEXTS = st.one_of(st.text(max_size=30), ARABIC, st.text("theanU.S,'-12 [](3)٫٬", max_size=20))
WORDS = st.text("ابتدرسعفقكلمنهوي", min_size=2, max_size=8).filter(lambda word: word != "له")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S.-led  raid, on «Raqqa»!", "us led raid on raqqa"),
        ("Syria's aid [1][2, 3] [٤]", "syrias aid"),
        ("He won 2-1 in a day", "he won 2 1 in day"),
        ("$3.5 million, 1,000 men, 0.125%", "3.5 million 1000 men 0.125"),
        ("3,5 Mio., 1.000 Mann, ١٬٢٣٤ و٣٫٥", "3.5 mio 1000 mann 1234 و3.5"),
        ("12.5.2015", "12.5.2015"),
        ("۱۲ ٣ १४ 七", "12 3 14 七"),
        ("Erdoğan, Çağrı", "erdogan cagri"),
        ("", ""),
        ("؟ …", ""),
    ],
)
def test_words_that_are_compared(text: str, words: str) -> None:
    assert normalise(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # The rules of Lucene's ArabicNormalizer.
        ("أحمد إلى آخر", "احمد الى اخر"),
        ("حكومة", "حكومه"),
        ("مستشفى", "مستشفي"),
        ("مُحَمَّدٌ", "محمد"),
        ("الريـــاض", "الرياض"),
        # Beyond them.
        ("مسؤول", "مسئول"),
        ("کی", "كي"),
    ],
)
def test_arabic_spellings_of_a_word_are_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("القاهرة", "قاهره"),
        ("والقاهرة", "قاهره"),
        ("بالقاهرة", "قاهره"),
        ("وبالقاهرة", "قاهره"),
        ("كالقاهرة", "قاهره"),
        ("فالقاهرة", "قاهره"),
        ("للرئيس", "رءيس"),
        ("وللرئيس", "رءيس"),
        # A particle without an article may be a letter of the word.
        ("وقاهرة", "وقاهره"),
        ("وكالة", "وكاله"),
        # Within a word, or with too little left.
        ("قال", "قال"),
        ("خالد", "خالد"),
        ("ألف", "الف"),
        ("إلى", "الي"),
        ("والد", "والد"),
        ("ال", "ال"),
        ("الله", "الله"),
        ("والله", "والله"),
        ("لله", "لله"),
    ],
)
def test_the_arabic_article_goes_at_the_beginning_of_a_word(word: str, bare: str) -> None:
    assert normalise(word) == bare


@given(WORDS)
@example("التزام")
@example("بالون")
def test_a_word_is_the_same_with_and_without_the_article(word: str) -> None:
    assert normalise("ال" + word) == normalise(word)


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "The U.S., a state", "us state"),
        ("de", "Das Ende der Welt", "ende welt"),
        ("es", "El fin del mundo", "fin del mundo"),
        ("hi", "भारत।", "भारत"),
        ("vi", "những ngày", "ngày"),
        ("zh", "北京2008年", "北 京 2008 年"),
        ("ar", "الرئيس، باراك", "رئيس باراك"),
    ],
)
def test_the_official_words(language: str, text: str, words: str) -> None:
    assert official_normalise(text, language) == words


def test_the_official_rule_damages_arabic_and_ours_does_not() -> None:
    assert official_normalise("قال خالد", "ar") == "ق خ د"
    assert official_normalise("الرجال", "ar") == "رج"
    assert official_normalise("أحمد", "ar") != official_normalise("احمد", "ar")
    assert normalise("قال خالد، الرجال") == "قال خالد رجال"
    official = partial(official_normalise, language="ar")
    # Khaled (خ د) against "empty" (خ ي): one word of two and two is common.
    assert token_f1("خالد", ["خالي"], official) == 2 * 1 / (2 + 2)
    assert token_f1("خالد", ["خالي"]) == 0


def test_a_language_without_an_official_rule_is_refused() -> None:
    with pytest.raises(UsageError, match="no rule for the language 'fr': use one of en, es"):
        official_normalise("le monde", "fr")


def test_exact_match_is_with_any_reference() -> None:
    references = ["Sergey Lavrov", "the Foreign Minister"]
    assert exact_match("foreign minister. [1]", references) == 1
    assert exact_match("minister", references) == 0


def test_token_f1_counts_words_as_often_as_they_stand() -> None:
    # Common: rain once, fell once, so 2; precision 2/4, recall 2/3.
    precision, recall = 2 / 4, 2 / 3
    expected = 2 * precision * recall / (precision + recall)
    assert token_f1("Rain rain fell hard", ["the rain fell today"]) == pytest.approx(expected)


def test_token_f1_is_that_of_the_best_reference() -> None:
    # Against "in Cairo" precision 1/1, recall 1/2: 2/3; against "Cairo, Egypt now" 2/4.
    assert token_f1("Cairo", ["Cairo, Egypt now", "in Cairo"]) == pytest.approx(2 / 3)


def test_token_f1_of_arabic_is_not_lost_to_particles_and_spelling() -> None:
    assert token_f1("بالقاهرةِ", ["القاهره"]) == 1
    assert token_f1("Cairo", ["القاهرة"]) == 0


@pytest.mark.parametrize("score", [exact_match, token_f1])
def test_of_empty_texts(score: object) -> None:
    assert callable(score)
    assert (score("", [""]), score("…", ["the"]), score("", [])) == (1, 1, 1)
    assert (score("", ["rain"]), score("rain", [""]), score("rain", [])) == (0, 0, 0)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_scores_lie_between_0_and_1_and_a_match_has_f1_1(
    answer: str, references: list[str]
) -> None:
    exact, f1 = exact_match(answer, references), token_f1(answer, references)
    assert 0 <= exact <= f1 <= 1
    assert exact_match(answer, [*references, answer]) == 1


@given(TEXTS, TEXTS)
def test_token_f1_is_symmetric(one: str, other: str) -> None:
    assert token_f1(one, [other]) == token_f1(other, [one])
