"""Answers from articles in languages that share a script with others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa.assistant import Assistant
from qa.model import Article
from qa.settings import Settings

NATIONS = "La Norvège et l'Islande sont les seules nations qui refusent le texte."
STRIKE = "Grevdeki işçiler, ücretlerinin iki aydır ödenmediğini söylüyor."
NIGHTS = "Les heures de nuit des interprètes seront payées plus tard, selon l'accord."
FRENCH = (
    "Genève – La réunion sur la pêche s'est achevée lundi soir.",
    NIGHTS,
    NATIONS,
    "La prochaine rencontre aura lieu en mai.",
)
TURKISH = (
    "İzmir – Liman pazartesi günü sessizdi.",
    STRIKE,
    "Belediye başkanı, yolların cumaya kadar kapalı kalacağını duyurdu.",
    "Gemiler açıkta bekliyor.",
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("languages") / "data")
    with Assistant.open(settings, write=True) as assistant:
        articles = (("Pêche", "fr", FRENCH), ("Liman", "tr", TURKISH))
        assistant.ingest_articles(
            Article(language, "", title, " ".join(sentences), language)
            for title, language, sentences in articles
        )
        yield assistant


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Quels pays refusent le texte ?", NATIONS),
        ("Pourquoi les ouvriers du port sont-ils en grève ?", STRIKE),
        ("İzmir'de işçi grevi neden?", STRIKE),
        ("Who is to be paid later for the night hours?", NIGHTS),
    ],
)
def test_the_sentence_is_found_by_what_its_words_mean_in_its_language(
    assistant: Assistant, question: str, sentence: str
) -> None:
    answer = assistant.ask(question)
    assert not answer.abstained
    assert answer.citations[0].quote == sentence


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("ماذا قال السيسي؟", "sisi"),
        ("ماذا قال السيستاني؟", "sistani"),
        ("What did Sistani say?", "sistani"),
        ("What did Çavuşoğlu say?", "cavusoglu"),
    ],
)
def test_names_with_one_stem_are_not_taken_for_one_another(
    statesmen: Assistant, question: str, key: str
) -> None:
    assert statesmen.search(question)[0].article.key == key


@pytest.fixture(scope="module")
def statesmen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("statesmen") / "data")
    names = {
        "sisi": "السيسي",
        "sistani": "السيستاني",
        "cavusoglu": "تشاووش أوغلو",
    }
    with Assistant.open(settings, write=True) as assistant:
        assistant.ingest_articles(
            Article(key, "", "تصريح", f"قال {name} إن الاجتماع سيعقد قريبا.", "ar")
            for key, name in names.items()
        )
        yield assistant
