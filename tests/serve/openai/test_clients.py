"""The official client and LangChain's, over a real socket."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam
from pydantic import SecretStr

from qa.serve.conversation import Asked, Turn, follow, history
from qa.serve.desk import Desk
from qa.serve.openai.requests import MODELS
from tests.serve.api.conftest import MEDVEDEV, Served

ASKED: list[ChatCompletionMessageParam] = [{"role": "user", "content": MEDVEDEV}]
QUOTES = "news-qa-quotes"


@pytest.fixture
def openai_client(served: Served) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served.open}/v1", api_key="none", max_retries=0) as client:
        yield client


def answered(client: OpenAI, messages: list[ChatCompletionMessageParam]) -> ChatCompletion:
    return client.chat.completions.create(model="news-qa", messages=messages)


def test_models_are_listed_and_found(openai_client: OpenAI) -> None:
    assert [model.id for model in openai_client.models.list()] == [*MODELS]
    assert openai_client.models.retrieve(QUOTES).owned_by == "news-qa"
    with pytest.raises(openai.NotFoundError, match="ask for news-qa or news-qa-quotes"):
        openai_client.models.retrieve("gpt-4o")


def test_a_completion_cites_what_the_articles_say(openai_client: OpenAI, served: Served) -> None:
    completion = answered(openai_client, ASKED)
    (choice,) = completion.choices
    assert choice.finish_reason == "stop"
    content, annotations = choice.message.content, choice.message.annotations
    assert content
    assert annotations
    for annotation in annotations:
        mark, own = annotation.url_citation, citation_of(annotation)
        assert content[mark.start_index : mark.end_index] == f"[{own['number']}]"
        article = served.service.assistant.article(own["article"], own["version"])
        assert article.text[own["start"] : own["end"]] == own["quote"]
        assert own["quote"] in content
        assert mark.title == article.title
    assert completion.usage
    assert completion.usage.total_tokens == 0
    assert completion.system_fingerprint == served.service.assistant.fingerprint


def citation_of(annotation: Any) -> dict[str, Any]:  # noqa: ANN401
    own: dict[str, Any] = annotation.model_extra["news_qa"]
    return own


def test_a_citation_can_be_opened_where_it_says(openai_client: OpenAI) -> None:
    (choice,) = answered(openai_client, ASKED).choices
    assert choice.message.annotations
    (annotation,) = choice.message.annotations
    assert choice.message.content
    _, _, notes = choice.message.content.partition("\n\n---\n\n")
    assert notes.startswith(f"[1] {annotation.url_citation.title}")
    own = citation_of(annotation)
    article: Any = openai_client.get(annotation.url_citation.url, cast_to=object)
    assert article["text"][own["start"] : own["end"]] == own["quote"]


def joined(chunks: list[ChatCompletionChunk]) -> str:
    deltas = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    return "".join(filter(None, deltas))


def test_a_stream_adds_up_to_the_completion(openai_client: OpenAI) -> None:
    whole = answered(openai_client, ASKED)
    streamed = openai_client.chat.completions.create(
        model="news-qa",
        messages=ASKED,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(streamed)
    assert joined(chunks) == whole.choices[0].message.content
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    *said, last, told = chunks
    assert len(said) > 10
    assert last.choices[0].finish_reason == "stop"
    annotations = last.choices[0].delta.model_extra or {}
    assert whole.choices[0].message.annotations
    assert annotations["annotations"] == [
        annotation.model_dump() for annotation in whole.choices[0].message.annotations
    ]
    assert told.choices == []
    assert told.usage == whole.usage
    assert all(chunk.usage is None for chunk in (*said, last))


def test_a_stream_without_usage_ends_with_the_reason(openai_client: OpenAI) -> None:
    streamed = openai_client.chat.completions.create(model=QUOTES, messages=ASKED, stream=True)
    assert list(streamed)[-1].choices[0].finish_reason == "stop"


def test_a_follow_up_knows_its_conversation(openai_client: OpenAI) -> None:
    first = answered(openai_client, ASKED).choices[0].message.content
    completion = answered(
        openai_client,
        [
            {"role": "system", "content": "You are a pirate."},
            *ASKED,
            {"role": "assistant", "content": first},
            {"role": "user", "content": [{"type": "text", "text": "what about terrorism?"}]},
        ],
    )
    assert completion.model_extra
    assert "Medvedev" in completion.model_extra["news_qa"]["standalone"]


def test_follow_ups_of_follow_ups_are_asked_as_on_the_page(
    openai_client: OpenAI, served: Served
) -> None:
    messages: list[ChatCompletionMessageParam] = []
    turns: list[Turn] = []
    desk = Desk(served.service.assistant)
    told: list[str | None] = []
    for question in (MEDVEDEV, "and who met Elvis?", "what about Turkey?", "and Russia?"):
        messages.append({"role": "user", "content": question})
        completion = answered(openai_client, messages)
        messages.append({"role": "assistant", "content": completion.choices[0].message.content})
        turns.append(list(follow(desk, Asked(question, history=history(turns))))[-1])
        assert completion.model_extra
        shown = turns[-1].answer
        assert shown
        assert completion.model_extra["news_qa"]["standalone"] == shown.standalone
        assert completion.model_extra["news_qa"]["answer"] == shown.answer
        told.append(shown.standalone)
    assert told[-1]
    assert "Russia (Medvedev)" in told[-1]


def test_filters_and_language_are_our_own_parameters(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(
        model="news-qa",
        messages=ASKED,
        extra_body={"filters": {"language": "en"}, "answer_language": "fr"},
    )
    assert completion.model_extra
    own = completion.model_extra["news_qa"]
    assert own["abstained"]
    assert own["language"] == "fr"
    assert completion.choices[0].message.annotations == []


def test_an_answer_is_stored_where_that_is_wanted(openai_client: OpenAI, served: Served) -> None:
    stored = openai_client.chat.completions.create(model="news-qa", messages=ASKED, store=True)
    assert stored.model_extra
    assert served.service.records.answers.find(stored.model_extra["news_qa"]["id"])
    kept_from = answered(openai_client, ASKED).model_extra
    assert kept_from
    assert kept_from["news_qa"]["id"] is None


@pytest.mark.parametrize(
    ("parameter", "code", "param"),
    [
        ({"n": 2}, "unsupported_parameter", "n"),
        ({"tools": [{"type": "function"}]}, "unsupported_parameter", "tools"),
        ({"response_format": {"type": "json_object"}}, "unsupported_parameter", "response_format"),
        ({"modalities": ["text", "audio"]}, "unsupported_parameter", "modalities"),
        ({"stream_options": {"include_usage": True}}, "invalid_value", "stream_options"),
        ({"filters": {"language": "Arabic"}}, "invalid_value", "filters.language"),
        ({"messages": []}, "invalid_value", "messages"),
        ({"messages": [{"role": "pirate"}]}, "invalid_value", "messages[0].role"),
        ({"messages": [{"role": "assistant", "content": "?"}]}, "invalid_value", "messages[0]"),
        (
            {"messages": [{"role": "user", "content": "س" * 4_001}]},
            "context_length_exceeded",
            "messages[0].content",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            "unsupported_value",
            "messages[0].content[0].type",
        ),
    ],
)
def test_what_the_archive_cannot_meet_is_refused(
    openai_client: OpenAI, parameter: dict[str, Any], code: str, param: str
) -> None:
    for stream in (False, True):
        if stream and "stream_options" in parameter:
            continue
        with pytest.raises(openai.BadRequestError) as refused:
            openai_client.chat.completions.create(
                model="news-qa", messages=ASKED, stream=stream, extra_body=parameter
            )
        assert (refused.value.code, refused.value.param) == (code, param)
        assert refused.value.type == "invalid_request_error"


@pytest.mark.parametrize(
    "parameter",
    [
        {"temperature": 2, "top_p": 0.1, "seed": 7, "max_tokens": 5, "stop": ["."]},
        {"n": 1, "tools": [], "response_format": {"type": "text"}, "logprobs": False},
        {"tools": [{"type": "function"}], "tool_choice": "none"},
        {"reasoning_effort": "high", "user": "me", "of_another_server": True},
    ],
)
def test_what_changes_nothing_is_let_pass(openai_client: OpenAI, parameter: dict[str, Any]) -> None:
    completion = openai_client.chat.completions.create(
        model="news-qa", messages=ASKED, extra_body=parameter
    )
    assert completion.choices[0].message == answered(openai_client, ASKED).choices[0].message


def test_an_unknown_model_is_not_found(openai_client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        openai_client.chat.completions.create(model="gpt-4o", messages=ASKED)
    assert missing.value.code == "model_not_found"


def test_other_paths_of_the_protocol_are_not_found(openai_client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="/v1/embeddings"):
        openai_client.embeddings.create(model="news-qa", input="?")


def test_keys_are_asked_for_and_counted(served: Served) -> None:
    token = served.keys.create("twice", ["read"], "2/hour").token
    with OpenAI(base_url=f"{served.guarded}/v1", api_key="sk-wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError) as unknown:
            stranger.models.list()
        assert unknown.value.code == "invalid_api_key"
    with OpenAI(base_url=f"{served.guarded}/v1", api_key=token, max_retries=0) as reader:
        assert answered(reader, ASKED).choices
        assert reader.models.list().data
        with pytest.raises(openai.RateLimitError) as limited:
            reader.models.list()
        assert limited.value.code == "rate_limit_exceeded"
        assert int(limited.value.response.headers["retry-after"]) > 0


def test_a_key_that_may_only_write_may_not_ask(served: Served) -> None:
    token = served.keys.create("writer", ["write"]).token
    with (
        OpenAI(base_url=f"{served.guarded}/v1", api_key=token, max_retries=0) as writer,
        pytest.raises(openai.PermissionDeniedError, match="'read'"),
    ):
        answered(writer, ASKED)


def test_a_conversation_that_is_too_large_is_told(openai_client: OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        answered(openai_client, [{"role": "user", "content": "x" * 1_100_000}])
    assert refused.value.status_code == 413
    assert refused.value.code == "request_too_large"


@pytest.fixture
def chain(served: Served) -> ChatOpenAI:
    return ChatOpenAI(
        model=QUOTES, base_url=f"{served.open}/v1", api_key=SecretStr("none"), max_retries=0
    )


def test_langchain_asks_and_streams(chain: ChatOpenAI) -> None:
    said = chain.invoke([SystemMessage("Be brief."), HumanMessage(MEDVEDEV)])
    assert "سيادة سورية" in said.text
    assert said.usage_metadata
    assert said.usage_metadata["output_tokens"] == 0, "quotes cost no model's tokens"
    streamed = list(chain.stream(MEDVEDEV, stream_usage=True))
    assert "".join(chunk.text for chunk in streamed) == said.text
    assert any(chunk.usage_metadata for chunk in streamed)


def test_langchain_keeps_a_conversation(chain: ChatOpenAI) -> None:
    first = chain.invoke(MEDVEDEV)
    messages = [HumanMessage(MEDVEDEV), AIMessage(first.text), HumanMessage("and on Turkey?")]
    assert "Medvedev" in chain.invoke(messages).text
