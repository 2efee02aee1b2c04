"""Claims against sentences in Arabic and other languages, with the shipped word table."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answers.numbers import find_numbers
from qa.answers.support import CitedSentence, SupportChecker, cite_sentences
from qa.index.word_table import load_word_table
from qa.model import Article, Span
from qa.retrieval.matching import WordMatcher

PUTIN = CitedSentence(
    "وتوعد بوتين بتدمير كل من يهدد القوات الروسية في سورية، مؤكداً أن أي هدف يهدد القوات الروسية "
    "في سورية «يجب تدميره فوراً»",
    "ar",
    ("الرئيس الروسي فلاديمير بوتين",),
)
STRIKES = CitedSentence(
    "وأعلنت القيادة المركزية للجيش الأميركي أن طيران التحالف نفذ 18 ضربة قرب كوباني.",
    "ar",
    ("القيادة المركزية للجيش الأميركي",),
)
VISIT = CitedSentence(
    "وأعلن أمس زيارة مرتقبة لوزير الخارجية الأميركي جون كيري الى العاصمة الروسية الثلاثاء المقبل "
    "15 كانون الأول",
    "ar",
    published=date(2015, 12, 11),
)
COORDINATION = CitedSentence(
    "الحديث يدور ليس عن الانضمام، بل عن التنسيق بين الطرفين على أساس متكافئ",
    "ar",
    ("وزير الخارجية الروسي سيرغي لافروف",),
)
INSPECTORS = CitedSentence(
    "أعلنت الوكالة الدولية للطاقة الذرية أن مفتشيها زاروا موقع بارتشين في إيران.",
    "ar",
    ("الوكالة الدولية للطاقة الذرية",),
)
ENGLISH = CitedSentence(
    "The coalition carried out 18 strikes near Kobani, the US army said.", "en", ("the US army",)
)


class FixedJudge:
    """A judge with one opinion, which keeps what it was asked."""

    def __init__(self, opinion: bool | None) -> None:
        self.opinion = opinion
        self.asked: list[tuple[str, str]] = []

    def supports(self, claim: str, premise: str) -> bool | None:
        self.asked.append((claim, premise))
        return self.opinion


@pytest.fixture(scope="module")
def matcher() -> WordMatcher:
    return WordMatcher(load_word_table())


@pytest.fixture(scope="module")
def checker(matcher: WordMatcher) -> SupportChecker:
    return SupportChecker(matcher)


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Putin said any target that threatens Russian forces must be destroyed.", PUTIN),
        ("توعد بوتين بتدمير كل من يهدد القوات الروسية.", PUTIN),
        ("The coalition carried out 18 strikes near Kobani.", STRIKES),
        ("The coalition carried out eighteen strikes near Kobani.", STRIKES),
        ("نفذ طيران التحالف ١٨ ضربة قرب كوباني.", STRIKES),
        ("نفذ التحالف ثماني عشرة ضربة قرب كوباني", ENGLISH),
        ("John Kerry will visit the Russian capital on Tuesday, 15 December 2015.", VISIT),
        ("Lavrov speaks of coordination, not of joining.", COORDINATION),
        ("The IAEA said its inspectors visited Iran's Parchin site.", INSPECTORS),
    ],
)
def test_what_the_sentence_says_is_supported(
    checker: SupportChecker, claim: str, cited: CitedSentence
) -> None:
    verdict = checker.check(claim, [cited])
    assert (verdict.support, verdict.reason) == ("supported", None)


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        (
            "Lavrov said any target that threatens Russian forces must be destroyed.",
            PUTIN,
            "the source does not say that Lavrov said this",
        ),
        (
            "Putin said that talk is of coordination, not of joining.",
            COORDINATION,
            "the source does not say that Putin said this",
        ),
        (
            "قال لافروف إن أي هدف يهدد القوات الروسية يجب تدميره.",
            PUTIN,
            "لا ينسب المصدر هذا القول إلى لافروف",
        ),
        (
            "The coalition carried out 20 strikes near Kobani.",
            STRIKES,
            "the number 20 is not in the source",
        ),
        ("نفذ التحالف ٢٠ ضربة قرب كوباني.", STRIKES, "لا يرد العدد ٢٠ في المصدر"),
        (
            "John Kerry will visit the Russian capital on 16 December.",
            VISIT,
            "the date 16 December is not in the source",
        ),
        ("يزور كيري العاصمة الروسية الأربعاء.", VISIT, "لا يرد التاريخ الأربعاء في المصدر"),
        (
            "Lavrov said Russia will join.",
            COORDINATION,
            "the source says the opposite about “join”",
        ),
        (
            "قال لافروف إن الحديث يدور عن الانضمام.",
            COORDINATION,
            "يقول المصدر عكس ذلك بشأن «الانضمام»",
        ),
    ],
)
def test_what_the_sentence_contradicts_is_unsupported(
    checker: SupportChecker, claim: str, cited: CitedSentence, reason: str
) -> None:
    verdict = checker.check(claim, [cited])
    assert (verdict.support, verdict.reason) == ("unsupported", reason)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (
            "The coalition carried out 18 strikes near Mosul.",
            "the name Mosul is not in the source",
        ),
        ("نفذ طيران التحالف 18 ضربة قرب كوباني في العراق.", "لا يرد الاسم العراق في المصدر"),
        (
            "Sarkozy: the coalition carried out 18 strikes near Kobani.",
            "the name Sarkozy is not in the source",
        ),
        # Well known, so that only its translation tells that it is a name.
        ("نفذ طيران ساركوزي 18 ضربة قرب كوباني.", "لا يرد الاسم ساركوزي في المصدر"),
        # Unknown, and read in pieces like those of the words around.
        ("نفذ طيران ميركل 18 ضربة قرب كوباني.", "لا يرد الاسم ميركل في المصدر"),
    ],
)
def test_a_name_that_is_not_there_makes_it_partial(
    checker: SupportChecker, claim: str, reason: str
) -> None:
    verdict = checker.check(claim, [STRIKES])
    assert (verdict.support, verdict.reason) == ("partial", reason)


FIVE = {
    "ar": CitedSentence("قتل خمسة جنود في الهجوم على المعسكر.", "ar"),
    "en": CitedSentence("Five soldiers were killed in the attack on the camp.", "en"),
    "fr": CitedSentence("Cinq soldats ont été tués dans l'attaque du camp.", "fr"),
    "ru": CitedSentence("Пять солдат были убиты при нападении на лагерь.", "ru"),
}


@pytest.mark.parametrize(
    ("claim", "language", "source"),
    [
        ("Two soldiers were killed in the attack on the camp.", "en", "en"),
        ("Two soldiers were killed in the attack on the camp.", "en", "ar"),
        ("The two soldiers were killed in the attack on the camp.", "en", "en"),
        ("One soldier was killed in the attack on the camp.", "en", "en"),
        ("One soldier was killed in the attack on the camp.", "en", "ar"),
        ("Deux soldats ont été tués dans l'attaque du camp.", "fr", "fr"),
        ("Un soldat a été tué dans l'attaque du camp.", "fr", "ar"),
        ("Два солдата были убиты при нападении на лагерь.", "ru", "ru"),
        ("Kampa yapılan saldırıda iki asker öldürüldü.", "tr", "ar"),
        ("قتل جندي واحد في الهجوم على المعسكر.", "ar", "ar"),
    ],
)
def test_a_small_number_that_the_source_counts_otherwise_is_told(
    checker: SupportChecker, claim: str, language: str, source: str
) -> None:
    verdict = checker.check(claim, [FIVE[source]], language)
    assert verdict.support == "partial"
    assert verdict.reason is not None
    assert any(number.written in verdict.reason for number in find_numbers(claim, language))


@pytest.mark.parametrize(
    "claim",
    [
        "One of the soldiers was killed in the attack on the camp.",
        "Five soldiers were killed in one attack on the camp.",
    ],
)
def test_one_that_counts_nothing_else_is_no_number(checker: SupportChecker, claim: str) -> None:
    assert checker.check(claim, [FIVE["ar"]]).support == "supported"


def test_two_may_be_an_arabic_dual(checker: SupportChecker) -> None:
    dual = CitedSentence("قتل جنديان وأصيب خمسة مدنيين في الهجوم على المعسكر.", "ar")
    claim = "Two soldiers were killed in the attack on the camp."
    assert checker.check(claim, [dual]).support == "supported"


@pytest.mark.parametrize(
    ("claim", "source", "support"),
    [
        ("Merkel visited Moscow on Monday.", "Hollande visited Moscow on Monday.", "partial"),
        ("Hollande visited Moscow on Monday.", "Merkel visited Moscow on Monday.", "partial"),
        ("Merkel visited Moscow on Monday.", "زار هولاند موسكو الاثنين.", "partial"),
        ("Merkel visited Moscow on Monday.", "زارت ميركل موسكو الاثنين.", "supported"),
        ("Gunmen killed five soldiers on Monday.", "قتل مسلحون خمسة جنود الاثنين.", "supported"),
    ],
)
def test_a_name_at_the_beginning_is_looked_for(
    checker: SupportChecker, claim: str, source: str, support: str
) -> None:
    cited = CitedSentence(source, "en" if source.isascii() else "ar")
    assert checker.check(claim, [cited], "en").support == support


@pytest.mark.parametrize(
    ("claim", "language"),
    [
        ("Du côté de Kobani, 18 frappes ont été menées par la coalition.", "fr"),
        ("Environ 18 frappes de la coalition ont été menées près de Kobani.", "fr"),
    ],
)
def test_a_word_is_no_name_for_the_capital_at_its_beginning(
    checker: SupportChecker, claim: str, language: str
) -> None:
    reason = checker.check(claim, [STRIKES], language).reason
    assert "Du" not in (reason or "")
    assert "Environ" not in (reason or "")


@pytest.mark.parametrize(
    ("claim", "language", "cited"),
    [
        (
            "İşçiler greve çıktı.",
            "tr",
            CitedSentence("Fabrikanın işçileri pazartesi günü grevde.", "tr"),
        ),
        (
            "The workers want higher wages.",
            "en",
            CitedSentence("Les ouvriers demandent des salaires plus élevés.", "fr"),
        ),
        (
            "The central bank said prices fell.",
            "en",
            CitedSentence("Fiyatlar düştü.", "tr", ("Merkez Bankası",)),
        ),
        (
            "The education minister said prices fell.",
            "en",
            CitedSentence("Les prix ont baissé.", "fr", ("le ministre de l'Enseignement",)),
        ),
        (
            "Workers in the Black Forest went home.",
            "en",
            CitedSentence("Les ouvriers de la Forêt-Noire sont rentrés chez eux.", "fr"),
        ),
    ],
)
def test_what_a_sentence_says_in_its_language_is_supported(
    checker: SupportChecker, claim: str, language: str, cited: CitedSentence
) -> None:
    verdict = checker.check(claim, [cited], language)
    assert (verdict.support, verdict.reason) == ("supported", None)


@pytest.mark.parametrize(
    ("claim", "cited", "support", "reason"),
    [
        (
            "The deputies approve the law.",
            CitedSentence("Les députés n'ont pas approuvé la loi.", "fr"),
            "unsupported",
            "the source says the opposite about “law”",
        ),
        (
            "One worker died.",
            CitedSentence("Üç işçi öldü.", "tr"),
            "partial",
            "the number One is not in the source",
        ),
        (
            "The foreign minister said prices fell.",
            CitedSentence("Les prix ont baissé.", "fr", ("le ministre de l'Intérieur",)),
            "unsupported",
            "the source does not say that foreign minister said this",
        ),
    ],
)
def test_what_a_sentence_says_otherwise_in_its_language_is_told(
    checker: SupportChecker, claim: str, cited: CitedSentence, support: str, reason: str
) -> None:
    verdict = checker.check(claim, [cited], "en")
    assert (verdict.support, verdict.reason) == (support, reason)


def test_a_name_written_in_two_words_is_found_by_its_sound(checker: SupportChecker) -> None:
    cited = CitedSentence("وصل الوزير عبد الرحمن إلى باريس أمس.", "ar")
    claim = "The minister Abdulrahman arrived in Paris yesterday."
    assert checker.check(claim, [cited]).support == "supported"


@pytest.mark.parametrize(
    "claim",
    [
        "أي هدف يهدد القوات الروسية في سورية",
        "قال بوتين: «أي هدف يهدد القوات الروسية في سورية».",
    ],
)
def test_words_that_stand_there_are_quoted(checker: SupportChecker, claim: str) -> None:
    assert checker.check(claim, [PUTIN]).support == "quoted"


def test_what_cannot_be_read_is_unsupported(checker: SupportChecker) -> None:
    verdict = checker.check("أي هدف يهدد القوات \ufffd الروسية في سورية", [PUTIN])
    assert (verdict.support, verdict.reason) == ("unsupported", "بعضه غير مقروء")


def test_a_capital_speaks_for_its_ministry(checker: SupportChecker) -> None:
    said = "وقالت إن إقامة منطقة عازلة على الأراضي السورية انتهاك للقانون الدولي."
    cited = CitedSentence(said, "ar", ("وزارة الخارجية السورية",))
    claim = "Damascus said that a buffer zone on Syrian territory violates international law."
    assert checker.check(claim, [cited]).support == "supported"


def test_an_organisation_does_not_speak_for_its_members(checker: SupportChecker) -> None:
    said = "وقال رئيس المكتب السياسي لحركة حماس خالد مشعل إن المفاوضات متوقفة."
    cited = CitedSentence(said, "ar", ("رئيس المكتب السياسي لحركة حماس خالد مشعل",))
    claims = ("Hamas leader Ismail Haniyeh said negotiations have stopped.", "Hamas said so.")
    leader, itself = (checker.check(claim, [cited]).reason or "" for claim in claims)
    assert "does not say that Hamas leader Ismail Haniyeh said this" in leader
    assert "does not say" not in itself


def test_another_organisation_is_not_in_the_source(checker: SupportChecker) -> None:
    claim = "The WHO said its inspectors visited Iran's Parchin site."
    verdict = checker.check(claim, [INSPECTORS])
    assert (verdict.support, verdict.reason) == ("partial", "the name WHO is not in the source")


def test_the_quotation_of_another_is_not_quoted(checker: SupportChecker) -> None:
    claim = "قال لافروف: «أي هدف يهدد القوات الروسية في سورية»."
    assert checker.check(claim, [PUTIN]).support == "unsupported"


def test_words_in_quotation_marks_that_nobody_said_are_told(checker: SupportChecker) -> None:
    claim = "قال بوتين إن أي هدف يهدد القوات الروسية في سورية «سيتم تدميره بلا رحمة»."
    verdict = checker.check(claim, [PUTIN])
    assert verdict.support != "supported"
    assert verdict.reason == "لا يقول المصدر «سيتم تدميره بلا رحمة» بهذا النص"


def test_another_sentence_does_not_bear_a_claim_out(checker: SupportChecker) -> None:
    verdict = checker.check("Oil prices fell after the summit of exporters.", [PUTIN])
    assert (verdict.support, verdict.reason) == ("unsupported", "the source does not say this")


def test_a_claim_without_citation_is_never_supported(checker: SupportChecker) -> None:
    assert checker.check("نفذ التحالف 18 ضربة.", []).support == "unsupported"
    assert checker.check("18 strikes.", []).reason == "cites no source"


def test_facts_may_be_spread_over_the_sentences_cited(checker: SupportChecker) -> None:
    claim = "The coalition carried out 18 strikes near Kobani, and Kerry is due on 15 December."
    assert checker.check(claim, [STRIKES, VISIT]).support == "supported"


def test_the_reason_is_in_the_language_asked_for(checker: SupportChecker) -> None:
    assert (
        checker.check("20 ضربة", [STRIKES], "fr").reason == "le nombre 20 n’est pas dans la source"
    )


def test_a_language_the_matcher_does_not_know_is_told(checker: SupportChecker) -> None:
    verdict = checker.check("小镇附近发生了18次袭击", [STRIKES], "zh")
    assert verdict.support == "partial"
    assert verdict.reason == "the wording could not be compared across these languages"


@pytest.mark.parametrize(("opinion", "support"), [(True, "supported"), (False, "unsupported")])
def test_a_judge_decides_on_the_meaning(matcher: WordMatcher, opinion: bool, support: str) -> None:
    judge = FixedJudge(opinion)
    claim = "Возле Кобани нанесено 18 ударов"
    assert SupportChecker(matcher, judge=judge).check(claim, [STRIKES], "ru").support == support
    assert judge.asked == [(claim, STRIKES.text)]


def test_a_judge_does_not_overrule_the_facts(matcher: WordMatcher) -> None:
    checker = SupportChecker(matcher, judge=FixedJudge(True))
    verdict = checker.check("The coalition carried out 20 strikes near Kobani.", [STRIKES])
    assert verdict.support == "unsupported"


def test_a_judge_who_cannot_tell_leaves_it_to_the_score(matcher: WordMatcher) -> None:
    checker = SupportChecker(matcher, judge=FixedJudge(None))
    claim = "The coalition carried out 18 strikes near Kobani."
    assert checker.check(claim, [STRIKES]).support == "supported"


def test_cited_sentences_know_who_speaks() -> None:
    text = "وصل وزير الخارجية الروسي سيرغي لافروف أمس.\nوقال لافروف إن موسكو مستعدة."
    article = Article("k", "v", "عنوان", text, "ar", outlet="الوطن", published=date(2015, 9, 16))
    start = text.index("وقال")
    [cited] = cite_sentences(article, Span(start, len(text)))
    assert cited.text == text[start:]
    assert "سيرغي لافروف" in cited.speaker
    assert (cited.title, cited.outlet, cited.published) == ("عنوان", "الوطن", date(2015, 9, 16))
