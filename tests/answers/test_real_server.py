"""A real server and a model that babbles: the protocol works, and nonsense stays nonsense."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from qa.answers.abstention import Calibration
from qa.answers.chat_model import ChatModel, load_chat_model
from qa.answers.extractive import ExtractiveAnswerer
from qa.answers.generative import GenerativeAnswerer
from qa.answers.support import SupportChecker
from qa.errors import ChatModelError
from qa.model import Answer, Article, Done, Hit
from qa.roles import Matcher
from tests.answers.real_server import MARKS, RealServer

pytestmark = pytest.mark.xdist_group("real chat server")

MESSAGES = [SystemMessage("Answer from the sources."), HumanMessage("ماذا قال لافروف؟")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with RealServer(tmp_path_factory.mktemp("serve")) as server:
        yield server


@pytest.fixture
def babbler(server: RealServer) -> ChatModel:
    return load_chat_model(server.model, base_url=server.base_url)


def test_a_real_server_streams_a_reply_with_its_tokens(babbler: ChatModel) -> None:
    chunks = list(babbler.stream(MESSAGES))

    assert len([chunk for chunk in chunks if chunk.text]) >= 20
    assert chunks[-1].usage["input_tokens"] > 10
    assert 40 <= chunks[-1].usage["output_tokens"] < 200


def test_the_babble_is_full_of_marks(babbler: ChatModel) -> None:
    """What the tests of citations by a babbling model rest on."""
    text = babbler.complete(MESSAGES)

    assert {mark for mark in MARKS if mark in text} >= {"[1]", "[99]"}


def test_a_reply_can_be_stopped_and_the_next_one_comes(babbler: ChatModel) -> None:
    stream = babbler.stream(MESSAGES)
    next(stream)
    stream.close()

    assert babbler.complete(MESSAGES)


def test_a_real_server_refuses_another_model(server: RealServer) -> None:
    model = load_chat_model("openai:no/such-model", base_url=server.base_url)

    with pytest.raises(ChatModelError, match="no/such-model") as refused:
        model.complete(MESSAGES)
    assert refused.value.kind in ("request", "not_found")


def test_a_real_server_lacks_the_path_of_a_wrong_address(server: RealServer) -> None:
    model = load_chat_model(server.model, base_url=server.base_url.removesuffix("/v1"))

    with pytest.raises(ChatModelError, match="QA_CHAT_BASE_URL") as refused:
        model.complete(MESSAGES)
    assert refused.value.kind == "not_found"


ALWAYS = Calibration({"specific": 1.0}, 0.0, 0.0)
QUESTIONS = ["ماذا قال لافروف عن التعاون؟", "من انتقد الخطوات الأحادية؟", "What did Lavrov say?"]


def babbled(
    babbler: ChatModel, matcher: Matcher, hits: list[Hit], question: str, *, strict: bool
) -> Answer:
    """What the whole chain makes of a babbled reply."""
    quotes = ExtractiveAnswerer(matcher, "fingerprint", calibration=ALWAYS)
    answerer = GenerativeAnswerer(babbler, quotes, SupportChecker(matcher), strict=strict)
    *_, done = answerer.answer(question, hits, 1.0)
    assert isinstance(done, Done)
    return done.answer


def test_babble_is_never_supported_and_cites_only_what_is_there(
    babbler: ChatModel, matcher: Matcher, article: Article, hits: list[Hit]
) -> None:
    answers = [babbled(babbler, matcher, hits, question, strict=False) for question in QUESTIONS]
    written = [answer for answer in answers if answer.mode == "generative"]

    assert written, "or this test would be about something else"
    assert sum(answer.dropped_marks for answer in written) > 0
    for answer in written:
        assert {claim.support for claim in answer.claims} == {"unsupported"}
        assert "[99]" not in answer.answer
        for citation in answer.citations:
            assert article.text[citation.start : citation.end] == citation.quote
        cited = {number for claim in answer.claims for number in claim.citations}
        assert cited == {citation.number for citation in answer.citations}


@pytest.mark.parametrize("question", QUESTIONS)
def test_in_strict_mode_nothing_is_left_of_babble(
    babbler: ChatModel, matcher: Matcher, hits: list[Hit], question: str
) -> None:
    answer = babbled(babbler, matcher, hits, question, strict=True)

    assert answer.mode == "extractive"
    assert {claim.support for claim in answer.claims} <= {"quoted"}
    assert answer.notice
