"""A chat server on loopback that streams what a script says, and fails in every way they fail.

    with ScriptedServer(status(429, {"Retry-After": "1"}), reply("Oil rose [1].")) as server:
        model = load_chat_model("openai:any", base_url=server.base_url)

Each request plays the next step; the last step is played again for every later request. The
server speaks OpenAI's chat completions, or Anthropic's messages or Ollama's chat by `wire`.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from time import monotonic
from types import TracebackType
from typing import Self, TypeAlias

from tests.answers.chat_wires import OpenAI, Received, Step, Wire

Play: TypeAlias = Step | Callable[[Received], Step]


def reply(
    text: str,
    chunks: int | Sequence[str] = 4,
    delay: float = 0.0,
    usage: tuple[int, int] | None = None,
    finish: str = "stop",
) -> Step:
    """Streams the text, in pieces of `chunks` characters or in these very pieces."""
    return Step(_cut(text, chunks), delay, usage=usage, finish=finish)


def status(
    code: int,
    headers: Mapping[str, str] | None = None,
    message: str = "scripted failure",
    error_code: str | None = None,
) -> Step:
    """Refuses with an HTTP status and the protocol's error document."""
    return Step(status=code, headers=headers or {}, message=message, code=error_code)


def hang(after: str = "", keep_alive: float = 0.0) -> Step:
    """Sends the text and then nothing, or only comments, until the client goes away.

    Without either, not even the headers of a reply come.
    """
    return Step(_cut(after, 4), hang=True, keep_alive=keep_alive)


def cut_after(text: str = "") -> Step:
    """Breaks the connection in the middle of the body."""
    return Step(_cut(text, 4), cut=True)


def unfinished(text: str = "") -> Step:
    """Ends the body in good order, but without the last event and without [DONE]."""
    return Step(_cut(text, 4), finish=None)


def malformed(after: str = "") -> Step:
    """Sends an event that is no JSON."""
    return Step(_cut(after, 4), code="malformed")


def failing(after: str = "", message: str = "scripted failure", code: str | None = None) -> Step:
    """Sends an error as an event of the stream, the status being 200 already."""
    return Step(_cut(after, 4), code=code or "server_error", message=message)


def empty() -> Step:
    """Finishes without a word."""
    return Step()


def raw(body: bytes, content_type: str = "text/event-stream") -> Step:
    """Sends these bytes with status 200: a web page, another protocol, noise."""
    return Step(raw=body, content_type=content_type)


def _cut(text: str, chunks: int | Sequence[str]) -> tuple[str, ...]:
    if not isinstance(chunks, int):
        return tuple(chunks)
    return tuple(text[i : i + chunks] for i in range(0, len(text), chunks))


class ScriptedServer:
    """The server, listening from `with` to the end of its block."""

    def __init__(self, *steps: Play, wire: Wire | None = None) -> None:
        self.wire: Wire = wire or OpenAI()
        self.requests: list[Received] = []
        self.hung_up = threading.Event()
        """Set once a client has gone away before its reply was whole."""
        self._steps = list(steps)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def base_url(self) -> str:
        """What QA_CHAT_BASE_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_port}{self.wire.base}"

    def script(self, *steps: Play) -> None:
        """Starts over with another script: what was received until now is forgotten."""
        with self._lock:
            self._steps = list(steps)
            self.requests.clear()
        self.hung_up.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.drop_connections()
        self._server.server_close()

    def next_step(self, received: Received) -> Step:
        """The step for this request, which is noted."""
        with self._lock:
            self.requests.append(received)
            play = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        return play(received) if callable(play) else play

    @property
    def closing(self) -> bool:
        """Whether the block is being left."""
        return self._closing.is_set()


_Request: TypeAlias = socket.socket | tuple[bytes, socket.socket]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, scripted: ScriptedServer) -> None:
        self.scripted = scripted
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: _Request, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        assert isinstance(request, socket.socket)
        self._connections.discard(request)
        super().shutdown_request(request)

    def drop_connections(self) -> None:
        for connection in list(self._connections):
            _shut(connection)

    def handle_error(self, request: _Request, client_address: object) -> None:
        """A client that goes away is a part of the play."""
        self.scripted.hung_up.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, body, monotonic())
        step = self.server.scripted.next_step(received)
        wire = self.server.scripted.wire
        if self.path.partition("?")[0] != wire.path:
            step = status(404, message=f"no such path: {self.path}")
        if step.status != 200:
            self._refuse(step, wire)
        elif step.raw is not None:
            self._send_document(200, {"Content-Type": step.content_type}, step.raw)
        else:
            self._stream(step, wire, received)

    def do_GET(self) -> None:
        self._send_document(404, {"Content-Type": "text/plain"}, b"404 page not found")

    def _refuse(self, step: Step, wire: Wire) -> None:
        headers = {"Content-Type": "application/json", **step.headers}
        self._send_document(step.status, headers, wire.refusal(step))

    def _send_document(self, code: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, step: Step, wire: Wire, received: Received) -> None:
        try:
            if step.hang and not step.pieces and not step.keep_alive:
                self._wait(3600)
            self.send_response(200)
            self.send_header("Content-Type", wire.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for events in self._events(step, wire, received):
                self._send_chunk(events)
        except (_HungUp, OSError):
            self.server.scripted.hung_up.set()
            self.close_connection = True
            return
        if step.cut:
            self.wfile.write(b"ff\r\ndata: {")
            _shut(self.connection)
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _events(self, step: Step, wire: Wire, received: Received) -> Iterator[bytes]:
        yield wire.begin(step, received)
        for piece in step.pieces:
            self._wait(step.delay)
            yield wire.piece(piece, received)
        while step.hang:
            self._wait(step.keep_alive or 3600)
            yield wire.comment
        if step.code:
            yield wire.noise if step.code == "malformed" else wire.failure(step)
        elif step.finish and not step.cut:
            yield wire.end(step, received)

    def _send_chunk(self, data: bytes) -> None:
        if data:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _wait(self, seconds: float) -> None:
        """Waits; a client that has gone away, or the end of the test, ends the reply at once."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if (
                select([self.connection], [], [], min(left, 0.05))[0]
                or self.server.scripted.closing
            ):
                raise _HungUp

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _HungUp(Exception):
    """The client closed the connection before the reply was whole."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # It is closed already.
