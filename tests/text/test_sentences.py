import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.sentences import is_blank, sentence_spans

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcAB.!?؟… «»\"')(\n\r\t\u200f\u00a0,،1دقال"), st.characters()
    )
)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


# The sentences of a case are joined by one blank, unless the case says otherwise.
CASES = {
    "plain": ["He came.", "He saw!", "Did he win?", "Yes."],
    "arabic": ["قال الوزير ذلك.", "هل صحيح؟", "نعم!"],
    "urdu stop": ["یہ پہلا جملہ ہے۔", "یہ دوسرا ہے۔"],
    "semicolon": ["جاء الوزير؛ ثم غادر."],
    "titles": ["Mr. Smith met Dr. J. K. Rowling and Gen. Dempsey.", "Prof. Dr. Ali geldi."],
    "french titles": ["M. Macron et Mme. Le Pen sont là.", "L'État, c'est moi."],
    "turkish titles": ["Sn. Erdoğan 15.09.2015 tarihinde konuştu.", "Doç. Dr. Ali geldi."],
    "russian": ["Он приехал в г. Москву в 2015 г. и сказал: «Да».", "А. С. Пушкин жил."],
    "german": ["Am 16. September kam er.", "Z. B. heute.", "Das ist gut."],
    "initials": ["He lives in the U.S. with J. Smith.", "The U.S. Senate met."],
    "initials end": ["He lives in the U.S.", "The president left at 5 p.m.", "Then he slept."],
    "company": ["Apple Inc. shares rose.", "So did Ltd.", "But Corp. stayed."],
    "numbers": ["It rose by 3.5 percent to 1.000.", "See No. 5 and p. 7.", "He said no.", "Yes."],
    "arabic title": ["قال د. محمد وأ. علي إن السعر 3.5 ألف.", "ثم غادر."],
    "arabic initials": ["نقلت أ.ف.ب. عن أ.د. سعيد."],
    "hijri": ["في 16.9.2015م.", "ثم في 1436هـ.", "انتهى."],
    "urls": ["See www.example.com.", "Write a.b@c.org.", "Or http://x.y/z?q=1.2 now."],
    "quoted stop": ["قال: «لن نقبل هذا.»", 'وأضاف: "نعم."', "ثم ذهب."],
    "stop after quote": ["قال: «لن نقبل هذا».", "وأضاف “نعم”.", "ثم ذهب."],
    "nested": ["«يواجه تنظيم «داعش».»", "ثم «تنظيم «الدولة»».", "انتهى."],
    "open quote": ["قال: «جملة أولى.", "جملة ثانية»."],
    "said after": ['"Stop!" he said.', "«هل ستأتي؟» سأل الرجل.", "ثم خرج."],
    "aside": ["أمر غريب (!) جدا (؟) فعلا.", "نعم."],
    "ellipsis": ["But no... and then… it ended.", "He said…", "But why?"],
    "arabic ellipsis": ["كيري في موسكو… ولافروف يدعو.. ثم عاد."],
    "marks": ["Really?!", "ماذا؟!", "What…?", "Yes."],
    "parentheses": ["(He left.)", "[She stayed.]", "End."],
    "list": ["1. First item.", "2) Second item.", "(a) Third."],
    "stray quote": ["قال ذلك. »", "ثم خرج."],
    "reversed quotes": ["قال ذلك.", "»داعش« تنظيم."],
}


@pytest.mark.parametrize("case", CASES)
def test_sentences_of_a_line(case: str) -> None:
    assert sentences(" ".join(CASES[case])) == CASES[case]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("عليه.وقال «نعم».ثم خرج؟نعم هو.", ["عليه.", "وقال «نعم».", "ثم خرج؟", "نعم هو."]),
        ("It is done.The next began.", ["It is done.", "The next began."]),
        ("Node.js and e.g. Next.Js run.", ["Node.js and e.g. Next.Js run."]),
        ("Headline without a stop\nFirst. Second", ["Headline without a stop", "First.", "Second"]),
        ("عنوان\nنص أول\n\nنص ثان", ["عنوان", "نص أول", "نص ثان"]),
        ("• one\n• two\n- three", ["• one", "• two", "- three"]),
        ("a line that goes\non here", ["a line that goes\non here"]),
        ("Ends.\nbegins low", ["Ends.", "begins low"]),
        ("one\r\ntwo\u2028Three", ["one\r\ntwo", "Three"]),
        ("one\r\n\r\ntwo", ["one", "two"]),
        ("", []),
        (" \u200f\ufeff\n\t", []),
        ("...", ["..."]),
        ("؟", ["؟"]),
        ("Yes. !? No.", ["Yes. !?", "No."]),
        ("\u200fنعم.\u200f لا.\u200e", ["نعم.", "لا."]),
    ],
)
def test_lines_and_odd_texts(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The government that was elected by the people of Syria is\n"
        "Syria's only legitimate body, and the only one that may ask\n"
        "Russia or any other state for help. It has said so in every\n"
        "meeting."
    )
    assert sentences(text) == [
        text[: text.index(" It has")],
        text[text.index("It has") :],
    ]


def test_the_sentences_of_the_seeds_begin_with_a_word_and_end_with_a_stop(seeds: Path) -> None:
    found = [s for path in seeds.glob("*.txt") for s in sentences(path.read_text("utf-8"))]
    prose = [sentence for sentence in found if len(sentence) > 75]
    assert len(prose) == 95
    assert [s for s in prose if not s.endswith((".", "».", '".', "”.", ".»", '."', "مشق"))] == []
    assert [s for s in prose if not re.match(r"[«\"]?[\u0621-\u064a]", s)] == []


def test_the_sentence_of_the_example_question_is_one_span(seeds: Path) -> None:
    text = next(seeds.glob("000_*")).read_text("utf-8")
    found = [s for s in sentences(text) if "تمثل سيادة سورية" in s]
    assert len(found) == 1
    assert found[0].startswith("وانتقد رئيس الوزراء الروسي")


@given(TEXTS)
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    covered = [place for span in sentence_spans(text) for place in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    missing = {i for i, c in enumerate(text) if c.isprintable() and not c.isspace()} - set(covered)
    assert missing == set()


@given(TEXTS)
def test_sentences_are_in_order_trimmed_and_not_empty(text: str) -> None:
    spans = sentence_spans(text)
    assert spans == sorted(spans, key=lambda span: span.start)
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in spans)


@given(TEXTS)
def test_a_blank_text_is_one_without_sentences(text: str) -> None:
    assert is_blank(text) is (sentence_spans(text) == [])


LONG_PIECES = [
    *'.|.a|U.S. |."|. |\n|ab\n|a|a. \u200f|… |1. |.""|«|(!) |\r|a.\n'.split("|"),
    "a" + " " * 999,
    "a.\n" + " " * 99,
]


@pytest.mark.parametrize("piece", LONG_PIECES)
def test_long_texts_are_split_in_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    sentence_spans(text + "x")
    assert time.process_time() - began < 4
