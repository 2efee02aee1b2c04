from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.answers.frames import load_frames
from qa.evaluation.grounding import (
    ArticleSpan,
    Overlap,
    alce_precision,
    alce_recall,
    citation_overlap,
    verbatim,
)
from qa.model import Citation, Claim
from qa.text.folding import fold

SPANS = st.lists(
    st.builds(
        lambda article, start, length: ArticleSpan(article, start, start + length),
        st.sampled_from("ab"),
        st.integers(0, 20),
        st.integers(0, 10),
    ),
    max_size=4,
)
QUOTES = {1: "red", 2: "blue", 3: "red blue", 4: "green"}


def span(start: int, end: int, article: str = "a") -> ArticleSpan:
    return ArticleSpan(article, start, end)


def claim(text: str, *citations: int) -> Claim:
    return Claim(text, citations, "supported")


def holds_all_words(text: str, premise: str) -> bool:
    return set(text.split()) <= set(premise.split())


def test_overlap_counts_characters() -> None:
    # Cited 0-10, gold 5-25: 5 characters are common, of 10 cited and of 20 gold ones.
    assert citation_overlap([span(0, 10)], [span(5, 25)]) == Overlap(5 / 10, 5 / 20)


def test_a_character_cited_twice_counts_once() -> None:
    # The union is 0-15; 10-15 of it is gold.
    cited = [span(0, 10), span(5, 15), span(5, 15)]
    assert citation_overlap(cited, [span(10, 20)]) == Overlap(5 / 15, 5 / 10)


def test_gold_spans_are_alternatives() -> None:
    # 0-10 is covered whole, which is a full answer; 40-50 is another, and covered by half.
    cited, gold = [span(0, 10), span(45, 55)], [span(0, 10), span(40, 50)]
    assert citation_overlap(cited, gold) == Overlap((10 + 5) / 20, 1.0)


def test_the_same_offsets_of_another_article_are_not_the_gold() -> None:
    assert citation_overlap([span(0, 10, "b")], [span(0, 10)]) == Overlap(0.0, 0.0)


def test_nothing_cited_has_no_precision() -> None:
    assert citation_overlap([], [span(0, 10)]) == Overlap(None, 0.0)
    assert citation_overlap([span(3, 3)], [span(0, 10)]) == Overlap(None, 0.0)


def test_nothing_gold_covers_nothing() -> None:
    assert citation_overlap([span(0, 10)], [span(4, 4)]) == Overlap(0.0, 0.0)


@given(SPANS, SPANS, st.integers(0, 9))
def test_overlap_lies_between_0_and_1_wherever_the_text_begins(
    cited: list[ArticleSpan], gold: list[ArticleSpan], by: int
) -> None:
    overlap = citation_overlap(cited, gold)
    assert 0 <= overlap.recall <= 1
    assert overlap.precision is None or 0 <= overlap.precision <= 1
    moved = [[ArticleSpan(s.article, s.start + by, s.end + by) for s in x] for x in (cited, gold)]
    assert citation_overlap(*moved) == overlap


@given(SPANS.filter(lambda spans: any(s.start < s.end for s in spans)))
def test_citing_all_gold_is_perfect(gold: list[ArticleSpan]) -> None:
    assert citation_overlap(gold, gold) == Overlap(1.0, 1.0)


def test_alce_recall_is_the_share_of_claims_supported_by_all_their_citations_together() -> None:
    claims = [
        claim("red blue", 1, 2),
        claim("red", 2),
        claim("red"),
        claim("red", 1, 9),
    ]
    # Supported together; not; no citation; a number out of range: 1 of 4.
    assert alce_recall(claims, QUOTES, holds_all_words) == 1 / 4


def test_alce_precision_is_the_share_of_citations_that_are_needed_or_suffice() -> None:
    claims = [
        # Neither suffices and neither can be missed: 2 of 2.
        claim("red blue", 1, 2),
        # Each suffices: 2 of 2.
        claim("red", 1, 3),
        # 3 suffices; 4 does not, and 3 does without it: 1 of 2.
        claim("red blue", 3, 4),
        # Not supported by all together: 0 of 1.
        claim("red", 2),
        # A number out of range: 0 of 2.
        claim("red", 1, 9),
        # No citation: 0 of 0.
        claim("red"),
    ]
    expected = (2 + 2 + 1 + 0 + 0) / (2 + 2 + 2 + 1 + 2)
    assert alce_precision(claims, QUOTES, holds_all_words) == pytest.approx(expected)


def test_a_citation_given_twice_for_a_claim_is_judged_twice() -> None:
    # 1 suffices; each 4 is irrelevant, for the others do without it.
    claims = [claim("red", 1, 4, 4)]
    assert alce_precision(claims, QUOTES, holds_all_words) == pytest.approx(1 / 3)


def test_there_is_nothing_to_share_without_claims_or_citations() -> None:
    assert alce_recall([], QUOTES, holds_all_words) is None
    assert alce_precision([], QUOTES, holds_all_words) is None
    assert alce_precision([claim("red")], QUOTES, holds_all_words) is None


@given(
    st.lists(
        st.builds(
            lambda text, numbers: claim(text, *numbers),
            st.sampled_from(["red", "blue", "red blue", "black"]),
            st.lists(st.integers(1, 5), max_size=3),
        ),
        min_size=1,
    )
)
def test_alce_scores_lie_between_0_and_1(claims: list[Claim]) -> None:
    recall = alce_recall(claims, QUOTES, holds_all_words)
    precision = alce_precision(claims, QUOTES, holds_all_words)
    assert recall is not None
    assert 0 <= recall <= 1
    assert precision is None or 0 <= precision <= 1


PREMISE = (
    "وقال لافروف: «لا حلّ عسكرياً» بعد 3.5 ساعات، والرئيس غادر. He said, “We will go and 110 fell.”"
    " It's Syria's fault, \n “we know,” he added."
)


@pytest.mark.parametrize("language", ["en", "ar", "fr", "ru", "tr", "de", "es", "fa"])
@pytest.mark.parametrize("speaker", [None, "leader of “Hezbollah”", "زعيم «حزب الله»"])
@pytest.mark.parametrize(
    "quote",
    [
        "وقال لافروف: «لا حلّ عسكرياً» بعد 3.5 ساعات، والرئيس غادر.",
        "He said, “We will go and 110 fell.”",
        # Sentences that end, or begin, within a quotation.
        "He said, “We will go and 110 fell.",
        "we know,” he added.",
    ],
)
def test_a_claim_of_the_quoting_answerer_is_supported_by_its_quote(
    language: str, speaker: str | None, quote: str
) -> None:
    outlet = "صحيفة «الحياة»"
    citation = Citation(1, "a", "v", "t", outlet, date(2015, 9, 16), None, 0, len(quote), quote)
    text = load_frames(language).claim(citation, speaker, "ar")
    assert verbatim(text, quote)
    assert not verbatim(text, quote.replace("go", "stay").replace("غادر", "بقي").replace("we", "I"))


@pytest.mark.parametrize(
    "text",
    [
        "Lavrov: «لا حل عسكريا»",
        "He said “we will go” and “we know” [1].",
        "They said: “we know”, and he: “We will go” [1][2]",
        'He said "110 fell"',
        "Er sagte: „we know“",
        "»we know« und ”we will go”",
        "彼は「we know」と言った",
        # Attached particles are the only part of a word that may be left out.
        "«الرئيس غادر»",
        "IT'S SYRIA’S FAULT.",
        "we  will\u00a0go and 110 fell [1]",
        '«We will go» from a 12" gun',
    ],
)
def test_what_stands_in_the_premise_is_verbatim(text: str) -> None:
    assert verbatim(text, PREMISE)


@pytest.mark.parametrize(
    "text",
    [
        "He said “10 fell”",
        "He said «5 ساعات»",
        "He said «3 ساعات»",
        "He said “we know” and “we fell”",
        "From X: “we fell”",
        # A quotation may not be cut within a word, nor be put together.
        "“e will go”",
        "“we know he added”",
        "It's not Syria's",
        "",
        "[1]",
        "«» “…”",
    ],
)
def test_what_does_not_stand_in_the_premise_is_not(text: str) -> None:
    assert not verbatim(text, PREMISE)


@given(st.text(max_size=40))
def test_a_text_with_a_word_supports_itself_in_quotes(text: str) -> None:
    inner = "".join(c for c in text if c not in '"“”„«»‹›「」『』《》[]:：')
    assume(any(c.isalnum() for c in fold(inner)))
    assert verbatim(f"From X: «{inner}»", inner)
