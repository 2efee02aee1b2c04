import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.index.translations import Translations
from qa.index.word_table import WordTable, load_word_table
from qa.retrieval.matching import WordMatcher
from qa.text.language import detect_language

EVAL = Path(__file__).parents[2] / "eval"


KEYWORDS = {
    "en": ["Putin Syria", "Syria ceasefire talks", "oil prices", "Iran nuclear deal"],
    "fr": ["élections Tunisie", "prix du pétrole", "accord nucléaire", "Poutine Syrie"],
    "tr": ["seçim sonuçları", "petrol fiyatları", "mülteciler sınır", "öğretmen grevi"],
    "es": ["guerra Siria", "precio del petróleo", "huelga maestros", "desempleo juvenil"],
    "de": ["Krieg Syrien", "Sanktionen Russland", "Wahlergebnisse", "Lehrerstreik", "Ölpreis"],
    "ru": ["Путин Сирия", "цены на нефть"],
    "fa": ["پوتین سوریه", "قیمت نفت"],
    "ar": ["بوتين سوريا", "أسعار النفط"],
}
NONSENSE = "qwxz blorp?|asdfgh|jkl fdsa|zxcvb|ghjk|dsfsdf sdfsd|gjhgjh?|frgdfgdf|fnord wibble|poiuy"


@pytest.fixture(scope="module")
def matcher(table: WordTable) -> WordMatcher:
    return WordMatcher(table)


@pytest.fixture(scope="module")
def shipped() -> WordMatcher:
    return WordMatcher(load_word_table())


def match(
    matcher: WordMatcher, question: str, *texts: str, language: str = ""
) -> list[list[float]]:
    words = matcher.question_words(question)
    found: list[list[float]] = matcher.match(words, texts, [language] * len(texts)).tolist()
    return found


def test_an_equal_word_matches_fully_and_a_translation_nearly(matcher: WordMatcher) -> None:
    [[equal], [translated], [other]] = match(
        matcher, "oil", "Oil rose", "ارتفعت أسعار النفط", "أغلق الحدود"
    )
    assert equal == 1
    assert 0.7 < translated < 1
    assert other < 0.5


def test_an_unknown_name_matches_across_scripts(matcher: WordMatcher) -> None:
    [[name], [nobody]] = match(matcher, "Medvedev", "قال ميدفيديف أمس", "قال الرئيس أمس")
    assert name > 0.8
    assert nobody == 0


@pytest.mark.parametrize(("language", "queries"), KEYWORDS.items())
def test_real_keywords_tell_their_language(
    shipped: WordMatcher, language: str, queries: list[str]
) -> None:
    assert [shipped.language(query, "xx") for query in queries] == [language] * len(queries)


@pytest.mark.parametrize("text", NONSENSE.split("|"))
def test_nonsense_is_in_no_language(shipped: WordMatcher, text: str) -> None:
    assert shipped.language(text, "xx") == "xx"


def test_every_question_of_the_sets_keeps_its_language(shipped: WordMatcher) -> None:
    lines = [
        *(EVAL / "questions/seeds.jsonl").read_text("utf-8").splitlines(),
        *(EVAL / "benches/newsroom/queries.jsonl").read_text("utf-8").splitlines(),
    ]
    read = [json.loads(line) for line in lines]
    questions = [one.get("question") or one["text"] for one in read]
    assert len(questions) > 600
    assert [q for q in questions if shipped.language(q) != detect_language(q)] == []


def test_inflected_forms_match_by_their_stem(matcher: WordMatcher) -> None:
    assert match(matcher, "factories", "one factory closed") == [[1]]


def test_shapes_without_texts_without_words_and_of_empty_texts(matcher: WordMatcher) -> None:
    words = matcher.question_words("oil prices")
    assert matcher.match(words, [], []).shape == (0, 2)
    assert matcher.match([], ["oil"], ["en"]).shape == (1, 0)
    assert matcher.match(words, ["", "?"], ["en", "fr"]).tolist() == [[0, 0], [0, 0]]
    assert matcher.match_pairs(words, [], []).shape == (0, 1)
    assert matcher.match_pairs(words[:1], ["oil"], ["en"]).shape == (1, 0)
    assert matcher.match_pairs([], ["oil"], ["en"]).shape == (1, 0)
    assert matcher.match_pairs(words, ["", "?"], ["en", "fr"]).tolist() == [[0], [0]]


def test_words_are_a_pair_near_each_other_in_either_order_and_language(
    matcher: WordMatcher,
) -> None:
    words = matcher.question_words("oil prices")
    texts = ["prices of oil", "oil, and gas, and the border, and prices", "ارتفعت أسعار النفط"]
    [[near], [far], [arabic]] = matcher.match_pairs(words, texts, ["en", "en", "ar"]).tolist()
    assert near == 1
    assert far < arabic < 1


@pytest.mark.parametrize(
    ("asked", "question", "language", "text"),
    [
        ("fr", "nations", "fr", "les pays"),
        ("en", "country", "fr", "les pays"),
        ("fr", "élections", "fr", "le candidat élu"),
        ("tr", "öğretmenler", "tr", "bir öğretmenin sözü"),
        ("tr", "seçim", "tr", "seçimlerde oy"),
        ("fa", "قیمت", "fa", "بهای نان"),
        ("es", "huelga", "es", "huelgas largas"),
        ("de", "Schule", "de", "alle Schulen"),
    ],
)
def test_a_word_of_a_text_is_understood_in_its_language(
    shipped: WordMatcher, asked: str, question: str, language: str, text: str
) -> None:
    words = shipped.question_words(question, asked)
    told, untold = shipped.match(words, [text, text], [language, ""])[:, 0]
    assert told > 0.6
    assert untold < told - 0.4


@pytest.mark.parametrize(("asked", "question"), [("fr", "payer"), ("en", "salary")])
def test_les_pays_are_no_payments(shipped: WordMatcher, asked: str, question: str) -> None:
    words = shipped.question_words(question, asked)
    told, untold = shipped.match(words, ["les pays", "les pays"], ["fr", ""])[:, 0]
    assert told < 0.2
    assert untold > 0.5


def test_texts_of_several_languages_are_each_read_in_theirs(shipped: WordMatcher) -> None:
    words = shipped.question_words("Quelles nations ont voté ?", "fr")
    texts = ["les pays", "les pays", "seçimde oy verildi", "", "les nations", "صوتت البلدان"]
    languages = ["fr", "", "tr", "es", "fr", "ar"]
    together = shipped.match(words, texts, languages)
    alone = [
        shipped.match(words, [text], [language])[0]
        for text, language in zip(texts, languages, strict=True)
    ]
    assert together == pytest.approx(np.array(alone), abs=1e-6)
    assert together[1, 0] < 0.2 < 0.6 < together[0, 0] < together[4, 0]


def test_each_text_needs_a_language(matcher: WordMatcher) -> None:
    with pytest.raises(ValueError, match="shorter"):
        matcher.match(matcher.question_words("oil"), ["oil", "prices"], ["en"])


@pytest.mark.parametrize("language", ["ar", "en", "ru"])
def test_a_language_that_the_script_tells_need_not_be_told(
    shipped: WordMatcher, language: str
) -> None:
    lines = (EVAL / "benches/newsroom/corpus.jsonl").read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    texts = [one["text"] for one in read if one["_id"].startswith(language)]
    # What Latin words there are in Russian is stemmed as English without it.
    texts.append("The drones struck factories, «دعا الوزراء», дроны ударили")
    assert len(texts) > 4
    for question in ("drone strike on a factory", "ضربة على المصانع", "les élections", "удар"):
        words = shipped.question_words(question)
        told = shipped.match(words, texts, [language] * len(texts))
        assert np.array_equal(told, shipped.match(words, texts, [""] * len(texts)))


TEXTS = st.lists(
    st.tuples(
        st.text("abcdefg نفطسوريا .،؟", max_size=30),
        st.sampled_from(["", "ar", "en", "fr", "tr", "xx"]),
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.text(max_size=30), texts=TEXTS)
def test_matches_lie_between_0_and_1(
    matcher: WordMatcher, question: str, texts: list[tuple[str, str]]
) -> None:
    words = matcher.question_words(question)
    found = matcher.match(words, [text for text, _ in texts], [own for _, own in texts])
    assert found.shape == (len(texts), len(words))
    assert ((found >= 0) & (found <= 1)).all()


def test_each_text_is_matched_by_itself(matcher: WordMatcher) -> None:
    texts = ["oil prices", "النفط", "", "Medvedev and Syria"]
    together = match(matcher, "Medvedev on oil", *texts)
    alone = [match(matcher, "Medvedev on oil", text)[0] for text in texts]
    assert np.array(together) == pytest.approx(np.array(alone), abs=1e-6)


def test_a_translation_by_aligned_text_counts_as_less_than_an_equal_word(
    taught: WordTable, matcher: WordMatcher
) -> None:
    [[told]] = match(WordMatcher(taught), "oil", "الحرب")
    assert match(matcher, "oil", "الحرب")[0][0] < told
    assert told == pytest.approx(0.8 * 0.5**0.5, abs=0.002)


def test_a_word_that_is_translated_by_what_it_sounds_like_is_told(table: WordTable) -> None:
    aligned: WordTable = pickle.loads(pickle.dumps(table))
    arabic, english = table.ids("سوريا حكومة"), table.ids("syria government")
    aligned.translations = Translations.of(len(table.words), arabic, english, np.array([0.9, 0.9]))
    words = WordMatcher(aligned).question_words("حكومة سوريا")
    assert [word.form for word in words if word.is_borrowed] == ["سوريا"]
    assert not any(word.is_borrowed for word in WordMatcher(table).question_words("حكومة سوريا"))
