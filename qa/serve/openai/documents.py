"""What the protocol's routes give, with examples; `news_qa` is our own everywhere."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.serve.api.schemas import ANSWER, CITATION, AnswerOut, CitationOut

_MODEL: dict[str, Any] = {
    "id": "news-qa",
    "object": "model",
    "created": 1714552200,
    "owned_by": "news-qa",
}
_MARK = {"start_index": 60, "end_index": 63, "title": CITATION["title"]}
_CHAT: dict[str, Any] = {
    "id": "chatcmpl-kQ1t0yPzvX3hT9w2LrB7uA",
    "object": "chat.completion",
    "created": 1714552200,
    "model": "news-qa",
    "system_fingerprint": ANSWER["index"],
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": f"{ANSWER['answer']}\n\n---\n\n[1] {CITATION['title']}",
                "refusal": None,
                "annotations": [
                    {
                        "type": "url_citation",
                        "url_citation": _MARK
                        | {"url": "http://127.0.0.1:7860/api/v1/articles/000_8c1c864d118376be"},
                        "news_qa": CITATION,
                    }
                ],
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    "news_qa": ANSWER,
}


class UrlCitationOut(BaseModel):
    """Where the text cites something: content[start_index:end_index] is its mark, [1]."""

    start_index: int
    end_index: int
    title: str
    url: str = Field(description="The article's own address, or where this server shows it.")


class AnnotationOut(BaseModel):
    """A citation."""

    type: Literal["url_citation"]
    url_citation: UrlCitationOut
    news_qa: CitationOut


class MessageOut(BaseModel):
    """The answer."""

    role: Literal["assistant"]
    content: str = Field(description="The answer with its marks, a line, its footnotes.")
    refusal: None
    annotations: list[AnnotationOut]


class ChoiceOut(BaseModel):
    """The one there is."""

    index: int
    message: MessageOut
    logprobs: None
    finish_reason: Literal["stop"]


class UsageOut(BaseModel):
    """The chat model's tokens; none where none was asked."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatOut(BaseModel):
    """A completion."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHAT]})

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str = Field(description="Fingerprint of the index that was asked.")
    choices: list[ChoiceOut]
    usage: UsageOut
    news_qa: AnswerOut = Field(description="The answer as POST /api/v1/ask gives it.")


class ModelOut(BaseModel):
    """A model to ask."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MODEL]})

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(BaseModel):
    """The models there are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"object": "list", "data": [_MODEL]}]}
    )

    object: Literal["list"]
    data: list[ModelOut]
