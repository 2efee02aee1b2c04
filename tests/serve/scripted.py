"""An assistant that says what it was told to; run as a program, it serves the page, slowly."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

from qa.answers.stopping import Stoppable, ends_with_stop
from qa.errors import IndexStateError, NotFoundError
from qa.model import (
    Answer,
    Article,
    Citation,
    Claim,
    Claimed,
    Done,
    Event,
    Exchange,
    Filters,
    Hit,
    Passage,
    Retrieved,
    Token,
)
from qa.serve.conversation import StatusLike

if TYPE_CHECKING:
    from qa.serve.api.workers import Workers
    from qa.serve.evaluations import Evaluations

Script: TypeAlias = Sequence[Event | Exception]

QUOTE = "قال لافروف كلمته."
ARTICLE = Article("a", "1", "عنوان", QUOTE, "ar")
HIT = Hit(Passage(1, "a", "1", 0, len(QUOTE), QUOTE), ARTICLE, 1.0)
CITATION = Citation(1, "a", "1", "عنوان", None, None, None, 0, len(QUOTE), QUOTE)
ANSWER = Answer(
    question="?",
    answer=f"According to Lavrov: “{QUOTE}” [1]",
    language="en",
    mode="extractive",
    abstained=False,
    reason=None,
    claims=(),
    citations=(CITATION,),
    timings={},
    index="",
)
WORDS = tuple(Token(f"{word} ") for word in ANSWER.answer.split(" "))
ANSWERED: Script = (Retrieved((HIT,), 1.0), *WORDS, Done(ANSWER))

MODEL = "scripted:liar"
TRUE = Claim("Lavrov had his say", (1,), "supported")
PARTLY = Claim("He said it on 3 May.", (1,), "partial", "the date “3 May” is not there")
LIE = Claim("He spoke of 9,450 tanks.", (), "unsupported", "it names no source")
COPIED = Claim(QUOTE, (1,), "quoted")
SHOWN = (
    (TRUE, "Lavrov had his say [1]."),
    (PARTLY, " He said it on 3 May [1]."),
    (LIE, "\n\nHe spoke of 9,450 tanks."),
    (COPIED, f" {QUOTE} [1]"),
)
WRITTEN = replace(
    ANSWER,
    answer="".join(text for _, text in SHOWN),
    mode="generative",
    claims=tuple(claim for claim, _ in SHOWN),
    timings={"retrieve_ms": 100.0, "answer_ms": 2040.0},
    model=MODEL,
    notice="Only the best 3 of 10 passages fit the chat model.",
    usage={"input_tokens": 1200, "output_tokens": 80},
    standalone="What did Lavrov say in Vienna?",
)


def written(answer: Answer = WRITTEN) -> Script:
    """The events of a chat model's answer: each sentence, then its verdict."""
    said = [
        event
        for claim, text in SHOWN
        for event in (Token(text), Claimed(claim, (CITATION,) if claim.citations else ()))
    ]
    return (Retrieved((HIT,), 1.0), *said, Done(answer))


class _Request:
    """A request to a chat model, which ends as those do."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def close(self) -> None:
        self.ended.set()


class Scripted:
    """Plays the script of each question, or of "" where it has none; errors in it are raised."""

    def __init__(
        self,
        scripts: Mapping[str, Script],
        pause: float = 0.0,
        stored: Sequence[Article] = (),
        model: str | None = None,
    ) -> None:
        self.model = model
        self.scripts = scripts
        self.pause = pause
        self.stored = {article.key: article for article in stored}
        self.revision = 1
        self.asked: list[Filters | None] = []
        self.modes: list[str | None] = []
        self.readers: list[str] = []
        self.histories: list[Sequence[Exchange]] = []
        self.closed = threading.Event()
        """Set once an answer has ended, by itself or by a stop."""

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: str | None = None,
        *,
        history: Sequence[Exchange] = (),
        mode: str | None = None,
        reader: str = "en",
    ) -> Stoppable[Event]:
        self.asked.append(filters)
        self.readers.append(reader)
        self.modes.append(mode)
        self.histories.append(history)
        return Stoppable(self._play(question))

    def _play(self, question: str) -> Generator[Event]:
        try:
            for number, step in enumerate(self.scripts.get(question, self.scripts[""])):
                self._rest(question, number)
                if question == "lingering?" and isinstance(step, Done):
                    sleep(4)  # all but the end can be looked at
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            self.closed.set()

    def _rest(self, question: str, number: int) -> None:
        """As long as a chat model takes; one that never answers waits for the request's end."""
        if question == "wait?" and number:
            request = _Request()
            ends_with_stop(request)
            request.ended.wait(60)
        sleep(self.pause)

    @property
    def fingerprint(self) -> str:
        return "scripted"

    @property
    def answer_settings(self) -> dict[str, str | None]:
        return {"chat_model": self.model}

    def keys(self) -> list[str]:
        return sorted(self.stored)

    def article(self, key: str, version: str | None = None) -> Article:
        if key not in self.stored:
            raise NotFoundError(f"no article {key!r} is stored")
        return self.stored[key]

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        self.asked.append(filters)
        return [HIT][:k]

    def outlets(self) -> list[str]:
        return ["الوطن"]

    def languages(self) -> list[str]:
        return ["ar"]

    def status(self) -> StatusLike:
        return SimpleNamespace(articles=1, counts=SimpleNamespace(articles=1, passages=1))


def set_line(number: int, **changes: object) -> dict[str, object]:
    """A question that `ANSWERED` answers rightly, as a line of a set."""
    plain = {
        "id": f"q{number}",
        "lang": "en",
        "question": f"what did Lavrov say? ({number})",
        "kind": "said",
        "answerable": True,
        "articles": ["a"],
        "evidence": [QUOTE],
    }
    return plain | changes


def write_set(file: Path, questions: int, **changes: object) -> None:
    lines = [json.dumps(set_line(number, **changes)) for number in range(questions)]
    file.write_text("\n".join(lines), encoding="utf-8")


def serve_stdio(folder: Path) -> None:
    """Over stdin and stdout to an MCP client, a question at a time."""
    import anyio

    from qa.parts import open_records
    from qa.serve.api.jobs import Jobs
    from qa.serve.api.metrics import Metrics
    from qa.serve.api.service import Service
    from qa.serve.api.workers import Workers
    from qa.serve.mcp.stdio import serve
    from qa.settings import Settings

    assistant: Any = Scripted({"": ANSWERED})
    with open_records(Settings(data_dir=folder)) as records, closing(Jobs()) as jobs:
        anyio.run(serve, Service(assistant, records, folder, Workers(admitted=1), jobs, Metrics()))


def serve_all(assistant: Any, evaluations: Evaluations, folder: Path, workers: Workers) -> None:  # noqa: ANN401
    """The page and the interface over a scripted assistant, until interrupted."""
    from qa.parts import open_records
    from qa.serve.api.access import LOCAL, Gate
    from qa.serve.api.app import build_app
    from qa.serve.api.jobs import Jobs
    from qa.serve.api.metrics import Metrics
    from qa.serve.api.service import Service
    from qa.serve.desk import Desk
    from qa.serve.server import run, web_app
    from qa.settings import Settings

    with open_records(Settings(data_dir=folder)) as records, closing(Jobs()) as jobs:
        service = Service(assistant, records, folder, workers, jobs, Metrics())
        page = web_app(Desk(assistant, workers, service.metrics), evaluations)
        run(lambda: build_app(service, Gate(LOCAL, records.keys.find), page), "127.0.0.1", 0)


if __name__ == "__main__":
    from qa.serve.api.workers import Workers
    from qa.serve.evaluation_store import EvaluationStore
    from qa.serve.evaluations import Evaluations
    from qa.serve.server import launch

    failing = {
        "index?": (IndexStateError("run `qa rebuild`"),),
        "secret?": (RuntimeError("a secret detail"),),
    }
    if "mcp" in sys.argv:
        with TemporaryDirectory() as folder:
            serve_stdio(Path(folder))
        sys.exit()
    model = MODEL if "generative" in sys.argv else None
    answered = written() if model else ANSWERED
    slow = Scripted({"": answered, **failing}, pause=0.25, stored=[ARTICLE], model=model)
    with TemporaryDirectory() as folder:
        write_set(Path(folder, "slow.jsonl"), 40)
        with Evaluations(slow, EvaluationStore(Path(folder, "runs"), Path(folder))) as evaluations:
            if "api" in sys.argv:
                workers = Workers(admitted=0) if "crowded" in sys.argv else Workers()
                serve_all(slow, evaluations, Path(folder), workers)
            else:
                launch(slow, evaluations, "127.0.0.1", 0)
