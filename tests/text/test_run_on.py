import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import fold
from qa.text.run_on import words_of_run
from qa.text.tokens import tokenize


def words(written: str) -> list[str]:
    return [written[a:b] for a, b in words_of_run(fold(written), written)]


@pytest.mark.parametrize(
    "spaced",
    [
        "العربية الحكومة",
        "الأمنية بعد",
        "جدة استقبل",
        "حفر الباطن",
        "وزير الخارجية",
        "المؤتمر الدولي",
        "والثقافة السياسة",
        "بعيد الفطر المبارك",
        "الجمهور والاستمتاع",
        "التابع للأمم المتحدة",
        "وقال وزير الخارجية الروسي",
    ],
)
def test_words_without_their_spaces_are_cut_where_these_were(spaced: str) -> None:
    assert words(spaced.replace(" ", "")) == spaced.split()


@pytest.mark.parametrize(
    "word",
    [
        *"والألمانية بالالتزام فالالتزام كالألمانية اتصالاتهم اتصالاتها للاستراتيجية".split(),
        *"البتروكيماويات والاستراتيجيات الإمبراطوريتين الكهرومغناطيسية بالتكفيرية".split(),
        *"والحكومتين المخالفين الكماليات مقالاتهم البرتغاليون كيلوغرامات فالمشكلة".split(),
        "internationalization",
        "достопримечательность",
        "خوشگذرانیهایشان",
    ],
)
def test_single_words_stay_whole(word: str) -> None:
    assert words(word) == [word]


def test_a_run_of_unknown_words_stays_whole() -> None:
    assert words("تتراهيدروكانابينول") == ["تتراهيدروكانابينول"]


@given(st.text("ابتةلمنويىأإق ", max_size=60))
def test_words_cover_a_run_and_do_not_overlap(written: str) -> None:
    parts = words_of_run(fold(written), written)
    ends = [0, *(end for _, end in parts)]
    assert [begin for begin, _ in parts] == ends[:-1]
    assert ends[-1] == len(written)


def test_each_word_of_a_run_has_its_place_in_the_text() -> None:
    text = "في العَرَبيّةالحكومة، وزيرالخارجية"
    found = [text[token.start : token.end] for token in tokenize(text)]
    assert found == ["في", "العَرَبيّة", "الحكومة", "وزير", "الخارجية"]


@pytest.mark.parametrize(
    ("language", "words"), [("ar", ["دائرة", "المعارف"]), ("fa", ["دائرةالمعارف"])]
)
def test_persian_words_of_arabic_phrases_stay_whole(language: str, words: list[str]) -> None:
    text = "دائرةالمعارف"
    assert [text[t.start : t.end] for t in tokenize(text, language)] == words
