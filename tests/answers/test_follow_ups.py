from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.conversation import By, carry_over
from qa.answers.earlier import Earlier, quoted_speaker
from qa.answers.frames import load_frames
from qa.model import Citation, Exchange

QUESTIONS = Path(__file__).parents[2] / "eval" / "questions" / "seeds.jsonl"
ENGLISH = Exchange("What did Putin say about Russian troops in Syria?", "According to Putin: “…”")
ARABIC = Exchange("ماذا قال بوتين عن سوريا؟", "بحسب بوتين، الحياة: «…» [1]")
FRENCH = Exchange("Qu'a dit Poutine sur la Syrie ?", "")
RUSSIAN = Exchange("Что сказал Путин о Сирии?", "")
TURKISH = Exchange("Lavrov Suriye hakkında ne dedi?", "")
GERMAN = Exchange("Was sagte Putin über russische Truppen in Syrien?", "")
SPANISH = Exchange("¿Qué dijo Putin sobre las tropas rusas en Siria?", "")
PERSIAN = Exchange("پوتین دربارهٔ سوریه چه گفت؟", "")


def alone(language: str) -> list[str]:
    rows = map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
    return [
        row["question"] for row in rows if row["split"] == "development" and row["lang"] == language
    ]


@pytest.mark.parametrize("language", ["ar", "en", "fr", "ru", "tr"])
@pytest.mark.parametrize("earlier", [ENGLISH, ARABIC], ids=["en", "ar"])
def test_questions_that_stand_alone_stay_as_they_are(language: str, earlier: Exchange) -> None:
    changed = [q for q in alone(language) if carry_over(q, [earlier]).question != q]
    assert changed == []


@pytest.mark.parametrize(
    "question",
    [
        "what did Obama say about his army?",
        "In his speech, what did Obama promise?",
        "and what did Obama say about Iraq?",
        "Did Turkey say that it would leave?",
        "Which minister said he would resign?",
        "Is it true that Russia left Iraq?",
        "How long does it take to fly to Moscow?",
        "How many planets are there?",
        "What about Turkey's violation of Security Council resolutions since the war?",
        "Who are you?",
        "Lavrov",
        "thanks",
        "🚀",
        "?!؟",
        "ما عاصمة تركيا وما عدد سكانها؟",
        "من هو رئيس تركيا؟",
        "هل هناك إرهابيون في العراق؟",
        "من أوضح أن روسيا لا تسلح الجيش الحر؟",
        "وماذا قال عن العراق لافروف؟",
        "ماذا قيل عن القاهرة الجديدة؟",
        "Y a-t-il des terroristes en Irak ?",
        "Quand Angela Merkel se rendra-t-elle à Moscou ?",
        "Что сказал Лавров о его позиции?",
        "乌克兰的领土",
        "Was sagte Obama über seine Armee?",
        "Welcher Minister sagte, dass er zurücktritt?",
        "Gibt es Terroristen im Irak?",
        "Wer sind Sie?",
        "¿Qué dijo Obama sobre su ejército?",
        "¿Qué dijo el ministro sobre su país?",
        "¿Qué dijo Turquía?",
        "¿Qué se dijo de Turquía?",
        "¿Hay terroristas en Irak?",
        "اوباما دربارهٔ ارتش خود چه گفت؟",
        "نظر اوباما دربارهٔ او چیست؟",
        "ترکیه چه گفت؟",
        "شما کی هستید؟",
    ],
)
def test_what_is_said_in_a_question_itself_is_not_looked_for_before_it(question: str) -> None:
    for earlier in (ENGLISH, ARABIC):
        standalone = carry_over(question, [earlier])
        assert (standalone.question, standalone.by) == (question, None)


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        (ENGLISH, "and what did his foreign minister say?", "(Putin)?"),
        (ENGLISH, "What did he say about Turkey?", "(Putin)?"),
        (ENGLISH, "Who is he?", "(Putin)?"),
        (ENGLISH, "tell me more about him", "(Putin)"),
        (ENGLISH, "What happened there?", "(Syria)?"),
        (ENGLISH, "what about the Turkish border?", "(Putin)?"),
        (ENGLISH, "Why?", "Why (Putin say about Russian troops in Syria)?"),
        (ENGLISH, "When was this?", "(Putin say about Russian troops in Syria)?"),
        (ENGLISH, "وماذا قال وزير خارجيته؟", "وماذا قال وزير خارجيته (Putin)؟"),
        (ARABIC, "وماذا قال وزير خارجيته؟", "وماذا قال وزير خارجيته (بوتين)؟"),
        (ARABIC, "ماذا قال عن تركيا؟", "(بوتين)؟"),
        (ARABIC, "وماذا قال أيضاً؟", "(بوتين)؟"),
        (ARABIC, "من هو؟", "(بوتين)؟"),
        (ARABIC, "كم عدد سكانها؟", "(سوريا)؟"),
        (ARABIC, "ماذا يحدث هناك؟", "(سوريا)؟"),
        (ARABIC, "لماذا؟", "لماذا (بوتين عن سوريا)؟"),
        (ARABIC, "and what about Turkey?", "and what about Turkey (بوتين)?"),
        (FRENCH, "Et qu'a dit son ministre ?", "(Poutine) ?"),
        (FRENCH, "Quelle est sa position sur l'Irak ?", "(Poutine) ?"),
        (RUSSIAN, "А что сказал его министр?", "(Путин)?"),
        (RUSSIAN, "Почему?", "Почему (Путин о Сирии)?"),
        (TURKISH, "Peki o Türkiye hakkında ne dedi?", "(Lavrov)?"),
        (TURKISH, "Orada kaç terörist var?", "(Suriye)?"),
        (GERMAN, "Und was sagte sein Außenminister?", "(Putin)?"),
        (GERMAN, "Wer ist sie?", "(Putin)?"),
        (GERMAN, "Was geschah dort?", "(Syrien)?"),
        (GERMAN, "Wann war das?", "(Putin über russische Truppen in Syrien)?"),
        (SPANISH, "¿Y qué dijo su ministro?", "(Putin)?"),
        (SPANISH, "¿Qué dijo él sobre Turquía?", "(Putin)?"),
        (SPANISH, "¿Y qué dijo del Líbano?", "(Putin)?"),
        (SPANISH, "¿Qué pasó allí?", "(Siria)?"),
        (SPANISH, "¿Por qué?", "(Putin sobre las tropas rusas en Siria)?"),
        (PERSIAN, "وزیر خارجهٔ او چه گفت؟", "(پوتین)؟"),
        (PERSIAN, "او دربارهٔ ترکیه چه گفت؟", "(پوتین)؟"),
        (PERSIAN, "دربارهٔ ترکیه چه گفت؟", "(پوتین)؟"),
        (PERSIAN, "آنجا چه اتفاقی افتاد؟", "(سوریه)؟"),
        (PERSIAN, "چرا؟", "(پوتین دربارهٔ سوریه)؟"),
    ],
)
def test_what_a_pronoun_means_is_carried_over(
    earlier: Exchange, question: str, expected: str
) -> None:
    standalone = carry_over(question, [earlier])
    assert standalone.by is By.RULE
    assert standalone.question.endswith(expected)


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        (ENGLISH, "And in Iraq?", "What did Putin say about Russian troops in Iraq?"),
        (ENGLISH, "what about Obama?", "What did Obama say about Russian troops in Syria?"),
        (ARABIC, "وماذا عن تركيا؟", "ماذا قال بوتين عن تركيا؟"),
        (ARABIC, "وتركيا؟", "ماذا قال بوتين عن تركيا؟"),
        (ARABIC, "و ماذا عن تركيا؟", "ماذا قال بوتين عن تركيا؟"),
        (ARABIC, "وماذا عن أوباما؟", "ماذا قال أوباما عن سوريا؟"),
        (FRENCH, "et la Turquie ?", "Qu'a dit Poutine sur la Turquie ?"),
        (FRENCH, "Et Obama ?", "Qu'a dit Obama sur la Syrie ?"),
        (RUSSIAN, "А о Турции?", "Что сказал Путин о Турции?"),
        (TURKISH, "Peki ya Türkiye?", "Lavrov Türkiye hakkında ne dedi?"),
        (GERMAN, "Und im Irak?", "Was sagte Putin über russische Truppen in Irak?"),
        (GERMAN, "Was ist mit Obama?", "Was sagte Obama über russische Truppen in Syrien?"),
        (SPANISH, "¿Y Turquía?", "¿Qué dijo Putin sobre las tropas rusas en Turquía?"),
        (SPANISH, "¿Y Obama?", "¿Qué dijo Obama sobre las tropas rusas en Siria?"),
        (PERSIAN, "و ترکیه؟", "پوتین دربارهٔ ترکیه چه گفت؟"),
    ],
)
def test_what_only_names_another_takes_its_place(
    earlier: Exchange, question: str, expected: str
) -> None:
    assert carry_over(question, [earlier]).question == expected


def test_who_was_asked_for_stands_in_the_answer() -> None:
    asked = Exchange("Who said that ISIS is the greatest threat?", "According to Lavrov, X: “…”")
    assert carry_over("When did he say it?", [asked]).question == "When did he say it (Lavrov)?"
    arabic = Exchange("من قال إن داعش أكبر خطر؟", "بحسب لافروف، الحياة: «…»")
    assert carry_over("متى قال ذلك؟", [arabic]).question == "متى قال ذلك (لافروف)؟"


def test_a_german_noun_with_an_article_or_number_is_no_name_where_there_is_another() -> None:
    asked = Exchange("Wie viele Soldaten hat Putin nach Syrien geschickt?", "")
    follow_up = carry_over("Und was sagte er über die Türkei?", [asked])
    assert follow_up.question == "Und was sagte er über die Türkei (Putin)?"


def test_the_latest_who_fits_is_meant() -> None:
    later = Exchange("How many terrorists are there in Iraq?", "From X: “…”")
    assert "(Putin)" in carry_over("and what did he say?", [ENGLISH, later]).question
    assert "(Iraq)" in carry_over("What happened there?", [ENGLISH, later]).question


@pytest.mark.parametrize("language", ["en", "ar", "fr", "de", "es", "fa"])
def test_the_speaker_is_read_out_of_an_answer_of_quotes(language: str) -> None:
    citation = Citation(1, "k", "v", "t", "الحياة", None, None, 0, 3, "نعم")
    claim = load_frames(language).claim(citation, "Lavrov (“\u2068لافروف\u2069”)", "ar")
    assert quoted_speaker(f"{claim} [1]") == "Lavrov"


def test_an_earlier_question_without_content_offers_nothing() -> None:
    assert Earlier(Exchange("?!", "")).topic is None
    assert carry_over("and what did he say?", [Exchange("?!", "")]).by is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_completed_or_left_alone(question: str, asked: str, answer: str) -> None:
    standalone = carry_over(question, [Exchange(asked, answer)])
    assert standalone.by is not None or standalone.question == question
