"""An assistant that says what it was told to; run as a program, it serves the page, slowly."""

from collections.abc import Iterator, Mapping, Sequence
from time import sleep
from types import SimpleNamespace
from typing import TypeAlias

from qa.errors import IndexStateError, NotFoundError
from qa.model import Answer, Article, Citation, Done, Event, Filters, Hit, Passage, Retrieved, Token
from qa.serve.conversation import StatusLike

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


class Scripted:
    """Plays the script of each question, or of "" where it has none; errors in it are raised."""

    def __init__(self, scripts: Mapping[str, Script], pause: float = 0.0) -> None:
        self.scripts = scripts
        self.pause = pause
        self.asked: list[Filters | None] = []

    def stream(
        self, question: str, filters: Filters | None = None, language: str | None = None
    ) -> Iterator[Event]:
        self.asked.append(filters)
        for step in self.scripts.get(question, self.scripts[""]):
            sleep(self.pause)
            if isinstance(step, Exception):
                raise step
            yield step

    def article(self, key: str, version: str | None = None) -> Article:
        raise NotFoundError(f"no article {key!r} is stored")

    def outlets(self) -> list[str]:
        return ["الوطن"]

    def languages(self) -> list[str]:
        return ["ar"]

    def status(self) -> StatusLike:
        return SimpleNamespace(articles=1)


if __name__ == "__main__":
    from qa.serve.ui import launch

    failing = {
        "index?": (IndexStateError("run `qa rebuild`"),),
        "secret?": (RuntimeError("a secret detail"),),
    }
    launch(Scripted({"": ANSWERED, **failing}, pause=0.25), "127.0.0.1", 0)
