import pytest

from qa.evaluation.grounding import Judge, verbatim
from qa.evaluation.judging import checked_support, judge_of

PREMISE = "قال لافروف إن روسيا أرسلت 18 طائرة إلى سورية."


@pytest.fixture(scope="module")
def supports() -> Judge:
    return checked_support()


def test_a_claim_in_other_words_and_another_language_is_supported(supports: Judge) -> None:
    assert supports("Russia sent 18 planes to Syria.", PREMISE)


@pytest.mark.parametrize(
    "claim", ["Russia sent 80 planes to Syria.", "The weather in the mountains is cold."]
)
def test_what_the_premise_does_not_say_is_not(supports: Judge, claim: str) -> None:
    assert not supports(claim, PREMISE)


@pytest.mark.parametrize(
    ("claim", "premise", "supported"),
    [
        # Its article names the speaker before it: nothing in the quote says who it is.
        ("Russia sent 18 planes to Syria, Medvedev said.", "روسيا أرسلت 18 طائرة إلى سورية.", True),
        (
            "Russia sent 80 planes to Syria, Medvedev said.",
            "روسيا أرسلت 18 طائرة إلى سورية.",
            False,
        ),
        ("Russia sent 18 planes to Syria, Medvedev said.", PREMISE, False),
    ],
)
def test_who_said_it_is_judged_where_the_premise_tells(
    supports: Judge, claim: str, premise: str, supported: bool
) -> None:
    assert supports(claim, premise) is supported


def test_quotes_and_a_chat_model_have_judges_of_their_own() -> None:
    assert judge_of({"chat_model": None}) is verbatim
    assert judge_of({"chat_model": "openai:any"}) is not verbatim
