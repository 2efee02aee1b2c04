"""What the interface takes and gives, with examples; offsets are Unicode code points."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from qa.model import Exchange, Filters
from qa.retrieval.question import MAX_QUESTION
from qa.serve.api.service import Wanted

MAX_KEY = 1_000
MAX_TEXT = 1_000_000
MAX_ARTICLES = 100
MAX_HITS = 100
MAX_EXCHANGES = 50

Question = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)
]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_KEY, pattern=r"^[^\x00-\x1f\x7f]+$"),
]

ASKED = "what did Medvedev say about Syrian sovereignty?"
KEY = "000_8c1c864d118376be"
QUOTE = "الجهة الوحيدة التي تمثل سيادة سورية"
_CITED: dict[str, Any] = {
    "article": KEY,
    "version": "9f2c41d07be83a56",
    "title": "موسكو وواشنطن نحو تعاون استخباري لمواجهة «داعش»",
    "outlet": "الوطن",
    "published": "2015-09-16",
    "url": None,
    "start": 3794,
    "end": 3829,
}
HIT: dict[str, Any] = _CITED | {
    "score": 1.62,
    "language": "ar",
    "text": QUOTE,
    "legs": {"late": {"rank": 1, "score": 0.71}},
}
CITATION: dict[str, Any] = _CITED | {"number": 1, "quote": QUOTE}
ANSWER: dict[str, Any] = {
    "id": "ans_kQ1t0yPzvX3hT9w2LrB7uA",
    "question": ASKED,
    "answer": f"According to Medvedev: “{QUOTE}” [1]",
    "language": "en",
    "mode": "extractive",
    "abstained": False,
    "reason": None,
    "confidence": 0.93,
    "claims": [{"text": f"“{QUOTE}”", "citations": [1], "support": "quoted", "reason": None}],
    "citations": [CITATION],
    "timings": {"retrieve_ms": 24.1, "answer_ms": 9.8},
    "index": "5d0f6d3c5a6e9b12",
    "model": None,
    "notice": None,
    "usage": {},
    "dropped_marks": 0,
    "standalone": None,
}
ARTICLE: dict[str, Any] = {
    "key": "port-2024-05-01",
    "title": "افتتاح الميناء",
    "text": "افتتح الوزير ميناء المدينة الجديد يوم الأحد.",
    "outlet": "الوطن",
    "published": "2024-05-01",
}


def with_example(*examples: dict[str, Any]) -> ConfigDict:
    """The configuration of what is sent to us: nothing unknown in it, and how it looks."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(examples)})


# ---------------------------------------------------------------------------------------- asking


class FiltersIn(BaseModel):
    """What a question is restricted to; days are inclusive."""

    model_config = with_example({"language": "ar", "since": "2015-09-01"})

    language: LanguageCode | None = Field(default=None, description="Of the article, ISO 639-1.")
    outlet: Name | None = None
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> FiltersIn:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        return self

    def as_filters(self) -> Filters:
        """The same for the assistant."""
        return Filters(self.language, self.outlet, self.since, self.until)


class ExchangeIn(BaseModel):
    """An earlier question of the conversation and what it was answered."""

    model_config = ConfigDict(extra="forbid")

    question: Question = Field(
        description="As it was asked, best the answer's `standalone` where that is not null."
    )
    answer: str = Field(default="", max_length=20_000, description="The answer's `answer`.")


class AskIn(BaseModel):
    """A question."""

    model_config = with_example(
        {"question": ASKED},
        {"question": ASKED, "answer_language": "fr"},
        {
            "question": "and what did he say about Turkey?",
            "history": [{"question": ASKED, "answer": ANSWER["answer"]}],
        },
    )

    question: Question
    filters: FiltersIn = Field(default_factory=FiltersIn)
    answer_language: LanguageCode | None = Field(
        default=None, description="Of the text around the quotes; the question's own without it."
    )
    mode: Literal["extractive", "generative"] | None = Field(
        default=None, description="Quotes, or the chat model; null: the chat model if there is one."
    )
    history: list[ExchangeIn] = Field(
        default=[],
        max_length=MAX_EXCHANGES,
        description="What was asked and answered before, the latest last.",
    )
    store: bool = Field(default=True, description="Whether GET /answers/{id} can show it again.")

    def as_wanted(self) -> Wanted:
        """The same for the assistant."""
        return Wanted(
            self.question,
            self.filters.as_filters(),
            self.answer_language,
            [Exchange(one.question, one.answer) for one in self.history],
            self.mode,
        )


class SearchIn(BaseModel):
    """A question to rank passages by."""

    model_config = with_example({"question": "closing the Turkish border", "limit": 5})

    question: Question
    filters: FiltersIn = Field(default_factory=FiltersIn)
    limit: int = Field(default=10, ge=1, le=MAX_HITS)


class LegOut(BaseModel):
    """Where one leg of the search placed a passage."""

    rank: int
    score: float


class HitOut(BaseModel):
    """A passage: the article's text[start:end] is its text."""

    model_config = ConfigDict(json_schema_extra={"examples": [HIT]})

    article: str = Field(description="The article's key.")
    version: str
    title: str
    outlet: str | None
    published: date | None
    url: str | None
    language: str
    start: int
    end: int
    text: str
    score: float = Field(description="Comparable within one question.")
    legs: dict[str, LegOut] = Field(description="By leg: dense, lexical, late.")


class SearchOut(BaseModel):
    """The passages that fit a question best, the best first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"question": ASKED, "hits": [HIT], "index": ANSWER["index"]}]
        }
    )

    question: str
    hits: list[HitOut]
    index: str = Field(description="Fingerprint of the index that was asked.")


class ClaimOut(BaseModel):
    """One sentence of an answer."""

    text: str
    citations: list[int] = Field(description="Numbers of the citations that bear it out.")
    support: Literal["quoted", "supported", "partial", "unsupported"]
    reason: str | None = Field(description="What is not borne out, if not all is.")


class CitationOut(BaseModel):
    """The article's text[start:end], in that version, is the quote to the character."""

    number: int = Field(description="[1] in the answer's text.")
    article: str = Field(description="The article's key.")
    version: str
    title: str
    outlet: str | None
    published: date | None
    url: str | None
    start: int
    end: int
    quote: str


class AnswerOut(BaseModel):
    """An answer with its claims and verified citations, or an abstention with its reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER]})

    id: str | None = Field(description="For GET /answers/{id} and POST /feedback; null: not kept.")
    question: str
    answer: str = Field(description="With [1] where a citation belongs.")
    language: str
    mode: str = Field(description="extractive or generative.")
    abstained: bool
    reason: str | None
    confidence: float | None
    claims: list[ClaimOut]
    citations: list[CitationOut]
    timings: dict[str, float] = Field(description="Milliseconds.")
    index: str
    model: str | None
    notice: str | None
    usage: dict[str, int]
    dropped_marks: int
    standalone: str | None = Field(
        description="What was asked in place of a question that needs the conversation."
    )


class StoredAnswerOut(AnswerOut):
    """An answer as it was given, and whether its sources still say so."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                ANSWER | {"created": "2024-05-01T09:30:00Z", "stale": False, "changed": []}
            ]
        }
    )

    created: datetime
    stale: bool = Field(description="Whether a cited article was changed or deleted since.")
    changed: list[str] = Field(description="The keys of those articles.")
