from __future__ import annotations

import pytest

from qa.answers.statements import find_statements
from qa.model import Statement
from qa.text.sentences import sentence_spans


def statements_of(text: str, language: str) -> list[Statement]:
    return find_statements(text, sentence_spans(text), language)


def speakers_of(text: str, language: str = "ar") -> list[str | None]:
    return [statement.speaker for statement in statements_of(text, language)]


def test_a_title_is_resolved_to_the_name_it_was_given_with() -> None:
    text = (
        "من جهته، أعلن رئيس الوزراء الروسي دميتري مدفيديف أن القرار مشترك.\n"
        "وانتقد رئيس الوزراء الروسي الخطوات الأحادية في هذا المجال."
    )
    first, second = statements_of(text, "ar")
    assert first.speaker == "رئيس الوزراء الروسي دميتري مدفيديف"
    assert (second.cue, second.speaker) == ("وانتقد", "دميتري مدفيديف")
    assert second.known_as == "رئيس الوزراء الروسي دميتري مدفيديف"


def test_a_surname_in_another_spelling_is_the_same_speaker() -> None:
    text = "أعلن رئيس الوزراء الروسي دميتري مدفيديف أن القرار مشترك. وأكد ميدفيديف أن بلاده تدرك."
    last = statements_of(text, "ar")[-1]
    assert last.speaker == "ميدفيديف"
    assert last.known_as is not None
    assert "رئيس الوزراء" in last.known_as


def test_a_dropped_subject_is_who_spoke_before() -> None:
    text = (
        "قالت الخارجية السورية إن أنقرة تتدخل. وأضافت الوزارة في بيان أن لا. وأكدت أن الشعب يقرر."
    )
    assert speakers_of(text) == ["الخارجية السورية"] * 3


def test_a_president_is_not_a_prime_minister() -> None:
    text = (
        "أعلن الرئيس الروسي فلاديمير بوتين أن لا. وقال رئيس الوزراء الروسي دميتري مدفيديف إن نعم. "
        "وشدد الرئيس الروسي على أن الأهداف واضحة."
    )
    assert speakers_of(text)[-1] == "فلاديمير بوتين"


def test_ministers_of_two_countries_are_told_apart() -> None:
    text = (
        "قال وزير الخارجية الروسي سيرغي لافروف إن لا. وقال وزير الخارجية الأميركي جون كيري إن نعم. "
        "وأكد الوزير الروسي أن الأمر انتهى."
    )
    assert speakers_of(text)[-1] == "سيرغي لافروف"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "وكان الرئيس الروسي فلاديمير بوتين قد أكد أن بلاده ستواصل.",
            "الرئيس الروسي فلاديمير بوتين",
        ),
        ("ونقل الموقع الإلكتروني لقناة «روسيا اليوم» عن لافروف تأكيده، أن موسكو ترحب.", "لافروف"),
        ("خطب الرئيس فلاديمير بوتين في موسكو. وتوعد بوتين بتدمير كل من يهدده.", "بوتين"),
        ("حذّر وزير الخارجية الأميركي، جون كيري، من الخطر.", "وزير الخارجية الأميركي، جون كيري"),
        ("وبحسب مصادر دبلوماسية، فإن الوزير سيلتقي نظيره.", "مصادر دبلوماسية"),
        ("أفاد البيت الأبيض أمس أنه يرحب بأي دعم.", "البيت الأبيض"),
    ],
)
def test_forms_of_attribution(text: str, speaker: str) -> None:
    assert speakers_of(text)[0] == speaker


@pytest.mark.parametrize(
    "text", ["وقد تمكن من نقل كميات كبيرة.", "كان الطقس بارداً في موسكو.", "وأعلن أمس زيارة مرتقبة."]
)
def test_where_nobody_speaks_there_is_no_statement(text: str) -> None:
    assert statements_of(text, "ar") == []


def test_a_quotation_goes_on_over_sentences_of_a_paragraph() -> None:
    text = "وقال لافروف: «هذه جملة أولى. وهذه جملة ثانية».\nالطقس بارد."
    first, second = statements_of(text, "ar")
    assert (first.speaker, second.speaker, second.cue) == ("لافروف", "لافروف", None)


def test_two_speakers_in_one_sentence_share_it() -> None:
    text = "وأعربت الخارجية الروسية عن أملها، في حين ذكرت الخارجية الأميركية أن كيري سيسافر."
    first, second = statements_of(text, "ar")
    assert (first.speaker, second.speaker) == ("الخارجية الروسية", "الخارجية الأميركية")
    assert first.span.end == second.span.start
    assert text[second.span.start :].startswith("ذكرت")


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ('Prime Minister Dmitry Medvedev said no. "We are ready," he added.', 2 * ["Medvedev"]),
        (
            "President Barack Obama warned of delays. It will be long, said the president.",
            2 * ["Obama"],
        ),
        ("Lavrov, the foreign minister, told reporters so.", ["Lavrov"]),
        ("The foreign ministry accused Turkey. The ministry said it would act.", 2 * ["ministry"]),
        ('"No deal," Kerry has repeatedly insisted.', ["Kerry"]),
        ("According to Kerry, talks will go on.", ["Kerry"]),
        ("The weather was cold.", []),
    ],
)
def test_english(text: str, speakers: list[str]) -> None:
    found = [statement.speaker for statement in statements_of(text, "en")]
    assert len(found) == len(speakers)
    assert all(part in str(whole) for part, whole in zip(speakers, found, strict=True))


def test_a_language_without_a_table_has_no_statements() -> None:
    assert statements_of("Il a dit que non.", "fr") == []
