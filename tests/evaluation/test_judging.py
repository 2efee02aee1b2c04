import pytest

from qa.evaluation.grounding import Judge
from qa.evaluation.judging import checked_support

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
