import inspect

from openai.resources.chat.completions import Completions

from qa.model import Exchange
from qa.serve.openai.replies import DIVIDER
from qa.serve.openai.requests import IGNORED, REFUSED, ChatIn, MessageIn, exchanges
from tests.serve.conftest import ROOT

CLIENTS_OWN = {"self", "extra_headers", "extra_query", "extra_body", "timeout"}


def said(role: str, content: object) -> MessageIn:
    return MessageIn.model_validate({"role": role, "content": content})


def test_every_parameter_of_the_protocol_is_decided() -> None:
    protocol = {*inspect.signature(Completions.create).parameters} - CLIENTS_OWN
    taken = {"messages", "model", "store", "stream", "stream_options"}
    assert protocol == taken | IGNORED | REFUSED.keys()
    assert not IGNORED & REFUSED.keys()
    assert taken <= ChatIn.model_fields.keys()


def test_the_docs_name_every_parameter_that_is_not_taken() -> None:
    docs = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert [name for name in (*IGNORED, *REFUSED) if f"`{name}`" not in docs] == []


def test_questions_go_with_the_answers_that_came_next() -> None:
    conversation = [
        said("system", "Be brief."),
        said("user", "never answered"),
        said("user", [{"type": "text", "text": "first"}, {"type": "text", "text": "half"}]),
        said("assistant", f"one [1]{DIVIDER}[1] its source"),
        said("assistant", "more of it"),
        said("user", "second"),
        said("tool", "42"),
        said("assistant", None),
        said("assistant", "two"),
    ]
    assert list(exchanges(conversation)) == [
        Exchange("first\nhalf", "one [1]"),
        Exchange("second", "two"),
    ]
