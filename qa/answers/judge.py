"""A chat model as judge of whether sentences bear out a claim."""

from __future__ import annotations

from qa.answers.chat_model import Chat
from qa.answers.sources import inert
from qa.errors import ChatModelError
from qa.prompts import load_prompt

PROMPT = "judge"
_REPLIES = {"yes": True, "no": False, "unclear": None}


class ChatJudge:
    """A `SupportJudge` that asks a chat model one question a claim."""

    def __init__(self, model: Chat) -> None:
        self._model = model
        self._prompt = load_prompt(PROMPT)

    def supports(self, claim: str, premise: str) -> bool | None:
        """The model's verdict; None where it fails or replies with anything but a verdict."""
        from langchain_core.messages import HumanMessage

        asked = self._prompt.render(sentences=inert(premise), claim=inert(claim))
        try:
            reply = self._model.complete([HumanMessage(asked)])
        except ChatModelError:
            return None
        return read_reply(reply)


def read_reply(reply: str) -> bool | None:
    """The verdict in a reply of one word; a sentence is none, lest one be found in an echo."""
    return _REPLIES.get(reply.strip(" \n\t.!*\"'`").lower())
