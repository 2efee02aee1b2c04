"""The gold of a question set, looked up in the archive it is asked of."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from qa.errors import EvaluationError
from qa.evaluation.grounding import ArticleSpan
from qa.evaluation.questions import Question
from qa.model import Article, Span

NO_ARTICLES = "none"
"""Language of the articles of a question that none answers."""
_NAMED = 10
"""Question ids in one line of an error."""


@dataclass(frozen=True, slots=True)
class Gold:
    """What counts as right for one question."""

    question: Question
    articles: frozenset[str]
    """Full keys."""
    evidence: tuple[ArticleSpan, ...]
    """Every place where an evidence stands in those articles."""
    languages: tuple[str, ...]
    """Of those articles, in order."""

    @property
    def id(self) -> str:
        """Of the question."""
        return self.question.id

    @property
    def pair(self) -> str:
        """Question language → article language, as in en→ar."""
        return f"{self.question.lang}→{'+'.join(self.languages) or NO_ARTICLES}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question cannot be scored on this archive."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question set on an archive: what can be scored and what cannot."""

    golds: tuple[Gold, ...]
    problems: tuple[Problem, ...]

    def raise_problems(self) -> None:
        """Raise EvaluationError naming the questions that cannot be scored, if there are any."""
        if self.problems:
            listed = "\n".join(_listed(self.problems))
            raise EvaluationError(
                f"{len(self.problems)} questions cannot be scored on what is indexed:\n{listed}\n"
                "Ingest their articles, mend the set, or leave them out with --allow-missing"
            )


def _listed(problems: Sequence[Problem]) -> Iterator[str]:
    """A line for each reason with the ids of its questions, the first ones where they are many."""
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for problem in problems:
        ids[problem.reason].append(problem.id)
    for reason, named in ids.items():
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        yield f"  {reason}: {', '.join(named[:_NAMED])}{more}"


def resolve(
    questions: Sequence[Question], keys: Iterable[str], article: Callable[[str], Article]
) -> Resolved:
    """Look up every question's articles and evidence; `keys` are those of the archive."""
    known = sorted(keys)
    golds, problems = list[Gold](), list[Problem]()
    for question in questions:
        found = [article(key) for key in _matching(question.articles, known)]
        gold = _gold(question, found)
        reasons = list(_missing(question, found)) if question.answerable else []
        if reasons:
            problems.append(Problem(question.id, "; ".join(reasons)))
        else:
            golds.append(gold)
    return Resolved(tuple(golds), tuple(problems))


def occurrences(needle: str, text: str) -> Iterator[Span]:
    """Every place where a substring begins in the text, overlapping ones too."""
    start = text.find(needle)
    while start >= 0:
        yield Span(start, start + len(needle))
        start = text.find(needle, start + 1)


def _matching(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Of keys in order, those that are one of the names, or begin with one that is no key."""
    return sorted({key for name in names for key in _called(name, known)})


def _called(name: str, known: Sequence[str]) -> Iterator[str]:
    first = bisect_left(known, name)
    if known[first : first + 1] == [name]:
        yield name
        return
    after = (known[at] for at in range(first, len(known)))
    yield from takewhile(lambda key: key.startswith(name), after)


def _gold(question: Question, articles: Sequence[Article]) -> Gold:
    evidence = [
        ArticleSpan(article.key, span.start, span.end)
        for article in articles
        for text in question.evidence
        for span in occurrences(text, article.text)
    ]
    languages = sorted({article.language for article in articles}) if question.answerable else []
    keys = frozenset(article.key for article in articles)
    return Gold(question, keys, tuple(evidence), tuple(languages))


def _missing(question: Question, articles: Sequence[Article]) -> Iterator[str]:
    keys = [article.key for article in articles]
    for name in question.articles:
        if not _matching([name], keys):
            yield f"no indexed article is called {name!r}"
    if articles:
        for evidence in question.evidence:
            if not any(evidence in article.text for article in articles):
                yield f"the evidence {_shortened(evidence)!r} is in none of its articles"


def _shortened(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
