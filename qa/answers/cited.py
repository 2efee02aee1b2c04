"""A cited sentence with what its article says around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.answers.reading import Sentence, read_hits
from qa.model import Article, Hit, Passage, Span


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """What a claim rests on."""

    text: str
    language: str
    speakers: tuple[str, ...] = ()
    """Titles and names of everybody who speaks in it."""
    title: str = ""
    outlet: str = ""
    published: date | None = None

    @property
    def speaker(self) -> str:
        """All its speakers in one text; empty where nobody is known to speak."""
        return " ".join(self.speakers)

    @property
    def surroundings(self) -> tuple[str, ...]:
        """Where a name may stand too: in who speaks, the title and the outlet."""
        return tuple(filter(None, (self.speaker, self.title, self.outlet)))


def cite_sentences(article: Article, span: Span) -> list[CitedSentence]:
    """The sentences of a span of an article, with who speaks in them."""
    text = article.text[span.start : span.end]
    passage = Passage(0, article.key, article.version, span.start, span.end, text)
    return [from_sentence(sentence) for sentence in read_hits([Hit(passage, article, 0.0)])]


def from_sentence(sentence: Sentence) -> CitedSentence:
    """A sentence that was read in its article."""
    return CitedSentence(
        text=sentence.text,
        language=sentence.article.language,
        speakers=sentence.speakers,
        title=sentence.article.title,
        outlet=sentence.article.outlet or "",
        published=sentence.article.published,
    )
