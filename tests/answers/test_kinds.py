from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from qa.answers.kinds import asks_for_words, forms_of_speaker, holds_kind, kind_of
from qa.text.folding import fold
from qa.text.language import detect_language
from qa.text.stopwords import QUESTION_WORDS, STOP_WORDS

TABLES = json.loads(files("qa.answers").joinpath("kinds.json").read_text(encoding="utf-8"))
KINDS = ["lasting", "number", "when", "where", "why", "who", "said"]
QUESTIONS = Path(__file__).parents[2] / "eval" / "questions" / "seeds.jsonl"


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_language_asks_for_every_kind(language: str) -> None:
    assert list(TABLES[language]["asked"]) == KINDS
    assert TABLES[language].keys() == {"asked", "answered", "credited"}


@pytest.mark.parametrize("language", ["de", "es"])
def test_no_word_that_asks_is_a_common_word_of_another_language(language: str) -> None:
    others = [STOP_WORDS[one] | QUESTION_WORDS[one] for one in ("ar", "en", "fr", "ru", "tr")]
    assert _asking_words(language).isdisjoint(frozenset().union(*others))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many strikes were there?", "number"),
        ("كم عدد الضربات؟", "number"),
        ("متى يزور كيري موسكو؟", "when"),
        ("How long will the campaign last?", "lasting"),
        ("كم ستستمر الحملة؟", "lasting"),
        ("Combien de temps durera la campagne ?", "lasting"),
        ("Wie lange dauert der Einsatz?", "lasting"),
        ("When will he come?", "when"),
        ("Почему он отказался?", "why"),
        ("Kerry Moskova'yı ne zaman ziyaret edecek?", "when"),
        ("Who met Lavrov?", "who"),
        ("Obama on the long campaign", None),
        ("Wie viele Soldaten wurden getötet?", "number"),
        ("Wann reist Kerry nach Moskau?", "when"),
        ("Wo trafen sich die Minister?", "where"),
        ("Warum lehnte er ab?", "why"),
        ("Wer traf Lawrow?", "who"),
        ("Was sagte Medwedew über die syrische Souveränität?", "said"),
        ("¿Cuántos soldados murieron?", "number"),
        ("¿Cuánto petróleo exporta Irak?", "number"),
        ("¿Cuándo viaja Kerry a Moscú?", "when"),
        ("¿Dónde se reunieron los ministros?", "where"),
        ("¿Por qué se negó?", "why"),
        ("¿Quién se reunió con Lavrov?", "who"),
        ("¿Qué dijo Medvédev en cuanto a Siria?", "said"),
        ("چند سرباز کشته شدند؟", "number"),
        ("کری چه زمانی به مسکو می‌رود؟", "when"),
        ("وزیران کجا دیدار کردند؟", "where"),
        ("چرا این پیشنهاد رد شد؟", "why"),
        ("چه کسی با لاوروف دیدار کرد؟", "who"),
        ("مدودف دربارهٔ این موضوع چه گفت؟", "said"),
        ("Wen Jiabao on the long campaign", None),
        ("They roll the dice for miles", None),
        ("Erklärung der Minister", None),
    ],
)
def test_the_asking_word_tells_the_kind(question: str, kind: str | None) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "holds"),
    [
        ("number", "نفذ ١٨ ضربة", True),
        ("number", "نحو عشرة آلاف", True),
        ("number", "لا شيء", False),
        ("number", "في 29 كانون الأول الماضي", False),
        ("number", "في 29 كانون الأول الماضي قتل 3", True),
        ("number", "On 16 September 2015 he left", False),
        ("when", "في 29 كانون الأول الماضي", True),
        ("lasting", "ستكون طويلة الأمد", True),
        ("lasting", "منذ أكثر من 6 سنوات", True),
        ("lasting", "قال إن الحملة مستمرة", False),
        ("why", "رفض لأنها الجهة الوحيدة", True),
        ("why", "ولأنه رفض", True),
        ("number", "Tausende flohen", True),
        ("when", "Das Treffen ist am Montag", True),
        ("why", "Er lehnte ab, weil es zu spät war", True),
        ("number", "murieron cientos de personas", True),
        ("when", "llega el próximo jueves", True),
        ("why", "se negó porque era tarde", True),
        ("number", "ده‌ها هزار نفر", True),
        ("when", "سه‌شنبهٔ گذشته", True),
        ("when", "روز سه‌شنبه", True),
        ("why", "زیرا دیر بود", True),
        ("when", "أبان الحرب", False),
        ("where", "شهر واحد", False),
        ("number", "they drove for miles", False),
        ("said", "قال لا", False),
        (None, "18", False),
    ],
)
def test_sentences_that_hold_what_is_asked(kind: str | None, sentence: str, holds: bool) -> None:
    assert holds_kind(kind, sentence, detect_language(sentence)) is holds


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What did Medvedev say?", True),
        ("How many are there according to Shoigu?", True),
        ("ما رأي لافروف في الاتفاق؟", True),
        ("Medvedev bu konuda ne dedi?", True),
        ("When did Kerry come?", False),
        ("Wie viele sind es laut Schoigu?", True),
        ("¿Qué opina Lavrov del acuerdo?", True),
        ("نظر لاوروف دربارهٔ توافق چیست؟", True),
        ("Wann kam Kerry?", False),
        ("¿Cuándo llegó Kerry?", False),
        ("کری چه زمانی آمد؟", False),
    ],
)
def test_questions_for_somebodys_words(question: str, asks: bool) -> None:
    assert asks_for_words(question) is asks


def test_the_speaker_is_looked_for_after_who_is_credited() -> None:
    assert forms_of_speaker("How many, according to Shoigu?") == ["shoigu"]
    assert forms_of_speaker("Medvedev ne dedi?")[0] == "medvedev"


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Wie viele sind es laut Schoigu?", "schoigu"),
        ("¿Cuántos son, según Shoigú?", "shoigu"),
        ("به گفتهٔ شویگو چند نفر کشته شدند؟", fold("شویگو")),
    ],
)
def test_who_is_credited_in_other_languages(question: str, speaker: str) -> None:
    assert forms_of_speaker(question)[0] == speaker


def test_no_question_of_the_set_is_asked_with_words_of_a_language_that_it_is_not_in() -> None:
    known = {w for t in ("en", "fr", "tr") for w in _asking_words(t)}
    added = {w for t in ("de", "es") for w in _asking_words(t)} - known
    rows = map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
    asked = [f" {fold(row['question']).strip(' ?')} " for row in rows]
    assert [question for question in asked if any(f" {word} " in question for word in added)] == []


def _asking_words(language: str) -> set[str]:
    return {fold(word) for words in TABLES[language]["asked"].values() for word in words}
