"""How OpenAI, Anthropic and Ollama write a streamed reply and an error: for the scripted server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

CREATED = 1_700_000_000


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: dict[str, Any]
    at: float
    """time.monotonic() of its arrival."""

    @property
    def prompt(self) -> str:
        """The text of all messages, a system prompt of its own included."""
        contents = [self.body.get("system", "")]
        contents += [message["content"] for message in self.body["messages"]]
        return "\n".join(text for content in contents for text in _texts(content))


@dataclass(frozen=True)
class Step:
    """What the server does with one request; made by the functions below."""

    pieces: tuple[str, ...] = ()
    delay: float = 0.0
    """Seconds before each piece."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "scripted failure"
    code: str | None = None
    finish: str | None = "stop"
    """None: the stream ends without the event that says so, and without [DONE]."""
    cut: bool = False
    """The connection breaks in the middle of the body."""
    hang: bool = False
    """After the pieces nothing more comes, until the client goes away."""
    keep_alive: float = 0.0
    """Seconds between the comments that are sent while nothing else is; 0: none."""
    usage: tuple[int, int] | None = None
    """Tokens in and out; None: the server does not tell."""
    raw: bytes | None = None
    """The whole body, instead of events."""
    content_type: str = ""
    """Instead of the protocol's own."""


def _texts(content: str | list[dict[str, Any]]) -> list[str]:
    if isinstance(content, str):
        return [content] if content else []
    return [block["text"] for block in content if block.get("type") == "text"]


class Wire(Protocol):
    """How a provider writes its stream."""

    path: str
    """Of the one endpoint."""
    base: str
    """What a base URL of the provider ends with."""
    content_type: str
    comment: bytes
    """What keeps an idle connection alive; empty where the protocol has nothing for it."""
    noise: bytes
    """An event that cannot be read."""

    def begin(self, step: Step, received: Received) -> bytes:
        """The events before the first piece of text."""

    def piece(self, text: str, received: Received) -> bytes:
        """The events of one piece of text."""

    def end(self, step: Step, received: Received) -> bytes:
        """The events that finish a reply."""

    def failure(self, step: Step) -> bytes:
        """An error as an event of the stream."""

    def refusal(self, step: Step) -> bytes:
        """An error as the body of a refused request."""


class OpenAI:
    """Chat completions."""

    path = "/v1/chat/completions"
    base = "/v1"
    content_type = "text/event-stream; charset=utf-8"
    comment = b": keep-alive\n\n"
    noise = b'data: {"choices": [{"delta": {"con\n\n'

    def begin(self, step: Step, received: Received) -> bytes:
        return self._choice(received, {"role": "assistant", "content": ""})

    def piece(self, text: str, received: Received) -> bytes:
        return self._choice(received, {"content": text})

    def end(self, step: Step, received: Received) -> bytes:
        events = self._choice(received, {}, step.finish)
        if step.usage and received.body.get("stream_options", {}).get("include_usage"):
            tokens_in, tokens_out = step.usage
            usage = {
                "prompt_tokens": tokens_in,
                "completion_tokens": tokens_out,
                "total_tokens": tokens_in + tokens_out,
            }
            events += _data(self._chunk(received, []) | {"usage": usage})
        return events + b"data: [DONE]\n\n"

    def failure(self, step: Step) -> bytes:
        return b"data: " + self.refusal(step) + b"\n\n"

    def refusal(self, step: Step) -> bytes:
        error = {"message": step.message, "type": "error", "param": None, "code": step.code}
        return json.dumps({"error": error}).encode()

    def _choice(
        self, received: Received, delta: dict[str, str], finish: str | None = None
    ) -> bytes:
        return _data(self._chunk(received, [{"index": 0, "delta": delta, "finish_reason": finish}]))

    def _chunk(self, received: Received, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": received.body["model"],
            "choices": choices,
        }


class Anthropic:
    """Messages."""

    path = "/v1/messages"
    base = ""
    content_type = "text/event-stream; charset=utf-8"
    comment = b'event: ping\ndata: {"type": "ping"}\n\n'
    noise = b'event: content_block_delta\ndata: {"type": "content_bl\n\n'

    def begin(self, step: Step, received: Received) -> bytes:
        tokens_in, _ = step.usage or (0, 0)
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": received.body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": tokens_in, "output_tokens": 1},
        }
        block = {"type": "text", "text": ""}
        return self._event("message_start", message=message) + self._event(
            "content_block_start", index=0, content_block=block
        )

    def piece(self, text: str, received: Received) -> bytes:
        delta = {"type": "text_delta", "text": text}
        return self._event("content_block_delta", index=0, delta=delta)

    def end(self, step: Step, received: Received) -> bytes:
        tokens_in, tokens_out = step.usage or (0, 0)
        finish = {"stop": "end_turn", "length": "max_tokens"}.get(step.finish or "", step.finish)
        return (
            self._event("content_block_stop", index=0)
            + self._event(
                "message_delta",
                delta={"stop_reason": finish, "stop_sequence": None},
                usage={"input_tokens": tokens_in, "output_tokens": tokens_out},
            )
            + self._event("message_stop")
        )

    def failure(self, step: Step) -> bytes:
        return b"event: error\ndata: " + self.refusal(step) + b"\n\n"

    def refusal(self, step: Step) -> bytes:
        error = {"type": step.code or "api_error", "message": step.message}
        return json.dumps({"type": "error", "error": error}).encode()

    def _event(self, kind: str, **fields: object) -> bytes:
        return f"event: {kind}\n".encode() + _data({"type": kind, **fields})


class Ollama:
    """The chat of Ollama's own API: a line of JSON a piece."""

    path = "/api/chat"
    base = ""
    content_type = "application/x-ndjson"
    comment = b""
    noise = b'{"model": "any", "mess\n'

    def begin(self, step: Step, received: Received) -> bytes:
        return b""

    def piece(self, text: str, received: Received) -> bytes:
        return self._line(received, text, done=False)

    def end(self, step: Step, received: Received) -> bytes:
        tokens_in, tokens_out = step.usage or (0, 0)
        return self._line(
            received,
            "",
            done=True,
            done_reason=step.finish,
            total_duration=1,
            load_duration=1,
            prompt_eval_count=tokens_in,
            prompt_eval_duration=1,
            eval_count=tokens_out,
            eval_duration=1,
        )

    def failure(self, step: Step) -> bytes:
        return self.refusal(step) + b"\n"

    def refusal(self, step: Step) -> bytes:
        return json.dumps({"error": step.message}).encode()

    def _line(self, received: Received, text: str, done: bool, **fields: object) -> bytes:
        line = {
            "model": received.body["model"],
            "created_at": "2026-01-02T03:04:05.678901Z",
            "message": {"role": "assistant", "content": text},
            "done": done,
        }
        return json.dumps(line | fields).encode() + b"\n"


def _data(document: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"
