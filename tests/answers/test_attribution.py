from __future__ import annotations

import pytest

from qa.answers.attribution import as_asked, speaker_of
from qa.answers.frames import load_frames
from qa.answers.reading import Sentence, read_hits
from qa.model import Article, Hit, Passage, QuestionWord
from qa.roles import Matcher


def last_sentence(text: str, language: str) -> Sentence:
    article = Article("k", "v", "", text, language)
    return read_hits([Hit(Passage(1, "k", "v", 0, len(text), text), article, 1.0)])[-1]


def attributed(matcher: Matcher, question: str, text: str, language: str = "ar") -> str | None:
    """Who says the last sentence of the text."""
    words = matcher.question_words(question)
    return speaker_of(last_sentence(text, language), question, words, load_frames("en"))


def test_the_readers_spelling_stands_in_front(matcher: Matcher) -> None:
    speaker = attributed(matcher, "what did Medvedev say?", "وأكد ميدفيديف أن بلاده تدرك.")
    assert speaker == "Medvedev (“\u2068ميدفيديف\u2069”)"


@pytest.mark.parametrize(
    ("question", "form", "written"),
    [
        ("What did Çavuşoğlu say?", "cavus", "Çavuşoğlu"),
        ("What did Çavuşoğlu say?", "oglu", "Çavuşoğlu"),
        ("ماذا قال عبدالعزيز؟", "العزيز", "عبدالعزيز"),
        ("What is Assad's plan?", "assad", "Assad"),
        ("What did Ban Ki-moon say?", "moon", "moon"),
        ("What did he say?", "lavrov", "lavrov"),
    ],
)
def test_a_word_is_shown_whole_and_as_it_was_written(
    question: str, form: str, written: str
) -> None:
    assert as_asked(question, form) == written


def test_a_persian_reader_writes_v_as_waw() -> None:
    sentence = last_sentence("وأكد لافروف أن بلاده تدرك.", "ar")
    words = [QuestionWord("لاوروف", 1.0, True, "fa")]
    speaker = speaker_of(sentence, "لاوروف چه گفت؟", words, load_frames("en"))
    assert speaker == "لاوروف (“\u2068لافروف\u2069”)"


def test_a_speaker_that_was_not_asked_for_is_as_the_article_writes_it(matcher: Matcher) -> None:
    speaker = attributed(matcher, "what was said about Syria?", "وأكد ميدفيديف أن بلاده تدرك.")
    assert speaker == "\u2068ميدفيديف\u2069"


def test_the_same_spelling_is_not_given_twice(matcher: Matcher) -> None:
    assert attributed(matcher, "what did Lavrov say?", "Lavrov said no.", "en") == "Lavrov"


def test_of_two_speakers_the_one_asked_for_is_named(matcher: Matcher) -> None:
    text = "وقال كيري إن نعم، بينما أكد لافروف أن لا."
    assert attributed(matcher, "what did Lavrov say?", text) == "Lavrov (“\u2068لافروف\u2069”)"
    assert attributed(matcher, "what was said?", text) is None


def test_where_nobody_speaks_nobody_is_named(matcher: Matcher) -> None:
    assert attributed(matcher, "what did Lavrov say?", "الطقس بارد.") is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many fighters are in Syria?", "وأضافت الخارجية السورية أن لا."),
        ("What did John Kirby say?", "وأكد وزير الخارجية الأميركي جون كيري أن لا."),
    ],
)
def test_a_country_or_a_first_name_is_not_the_speaker(
    matcher: Matcher, question: str, text: str
) -> None:
    assert str(attributed(matcher, question, text)).startswith("\u2068")
