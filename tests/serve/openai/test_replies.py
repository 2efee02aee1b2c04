import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qa.model import Answer
from qa.serve.answer_parts import marks
from qa.serve.openai.replies import DIVIDER, END, Reply, footnotes, usage, without_footnotes
from tests.serve.scripted import ANSWER, CITATION, LIE, QUOTE, WRITTEN, written

REPLY = Reply("news-qa", "http://here/articles/")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def document(answer: Answer) -> dict[str, object]:
    return {"id": None} | answer.as_json()


def test_a_model_s_claims_that_are_not_borne_out_are_told_in_the_footnotes() -> None:
    content = REPLY.whole(WRITTEN, document(WRITTEN))["choices"][0]["message"]["content"]
    text, notes = content.split(DIVIDER)
    assert text == WRITTEN.answer
    assert WRITTEN.notice in notes
    assert LIE.text in notes
    assert notes.endswith("[1] عنوان")


def test_every_mark_is_an_annotation_but_those_within_a_quote() -> None:
    odd = replace(CITATION, quote="he wrote [1] and [2]")
    answer = replace(
        ANSWER, answer="“he wrote [1] and [2]” [1], twice [1], never [7]", citations=(odd,)
    )
    found = REPLY.annotations(answer)
    places = [one["url_citation"]["start_index"] for one in found]
    assert places == [answer.answer.index("” [1]") + 2, answer.answer.index("twice [1]") + 6]


def test_the_address_of_a_citation_is_its_own_or_this_servers() -> None:
    assert REPLY.url_of(replace(CITATION, url="http://paper/1")) == "http://paper/1"
    odd = replace(CITATION, article="a/b?c")
    assert REPLY.url_of(odd) == "http://here/articles/a/b%3Fc?version=1"


def test_tokens_are_the_chat_models_alone() -> None:
    assert usage(WRITTEN) == {
        "prompt_tokens": 1200,
        "completion_tokens": 80,
        "total_tokens": 1280,
    }
    assert set(usage(ANSWER).values()) == {0}


def test_a_stream_ends_as_the_protocol_says() -> None:
    events = [event for event in written() if not isinstance(event, Exception)]
    *_, last, told, end = REPLY.chunks(events, document, wants_usage=True)
    assert json.loads(last.removeprefix("data: "))["choices"][0]["finish_reason"] == "stop"
    assert json.loads(told.removeprefix("data: "))["usage"]["total_tokens"] == 1280
    assert end == END


@given(TEXTS.filter(lambda text: "---" not in text), st.lists(TEXTS, max_size=3))
def test_footnotes_are_taken_off_again(text: str, titles: list[str]) -> None:
    citations = tuple(replace(CITATION, number=n, title=t) for n, t in enumerate(titles, 1))
    answer = replace(ANSWER, answer=text, citations=citations)
    assert without_footnotes(text + footnotes(answer)) == text


@given(TEXTS, st.lists(TEXTS.filter(bool), max_size=3))
def test_a_mark_is_where_it_says(text: str, quotes: list[str]) -> None:
    citations = tuple(replace(CITATION, number=n, quote=q) for n, q in enumerate(quotes, 1))
    said = text + "".join(f" “{c.quote}” [{c.number}]" for c in citations)
    for span, citation in marks(replace(ANSWER, answer=said, citations=citations)):
        assert said[span.start : span.end] == f"[{citation.number}]"


def test_an_answer_without_a_source_has_no_footnotes() -> None:
    assert footnotes(replace(ANSWER, answer=QUOTE, citations=())) == ""
