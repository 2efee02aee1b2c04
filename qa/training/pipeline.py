"""From a data folder to the shipped model folder: the whole training in reading order."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import model_keys
from qa.model import Vectors
from qa.training.alignment import align
from qa.training.card import Facts, model_card
from qa.training.corpus import (
    KeyedSource,
    Samples,
    Space,
    english_keys,
    group,
    read_sources,
    teacher_vectors,
)
from qa.training.directions import common_directions
from qa.training.distil import Recipe, train
from qa.training.entries import (
    Counts,
    chosen_words,
    entry_weights,
    language_counts,
    listed_keys,
    of_first,
    of_language,
)
from qa.training.export import Table, write_model
from qa.training.further import Joining
from qa.training.glosses import glosses
from qa.training.lexicon import translations
from qa.training.overlap import BenchText, refuse_overlap
from qa.training.pieces import fit_pieces
from qa.training.sources import LANGUAGES, Kind, Language, Source, read_counts
from qa.training.start import SingleWords, starting_rows, unit_rows
from qa.training.teacher import Teacher
from qa.training.transliteration import name_pairs, transliteration
from qa.training.vocabulary import Vocabulary, choose

Log = Callable[[str], None]

_EVERY = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train from what to where."""

    data: Path
    out: Path
    sources: tuple[Source, ...]
    bench: Path | None = None
    name: str = "news-qa-static"
    dimension: int = 192
    words: int = 90_000
    """Entries of English and Arabic."""
    pieces: int = 10_000
    languages: tuple[Language, ...] = LANGUAGES
    directions: int = 5
    """Common directions that means lose; more help sentences and hurt short questions."""
    longest: int = 80
    """Keys of a text that are used; passages are cut there."""
    recipe: Recipe = field(default_factory=Recipe)
    scores: Mapping[str, str] = field(default_factory=dict)
    """Bench → score of this recipe, measured before, for the card."""


def make_model(plan: Plan, teacher: Teacher, log: Log) -> int:
    """Trains and writes the model folder; returns its size in bytes."""
    sources = _sources(plan, log)
    further = _counts(plan, sources)
    vocabulary = choose(chosen_words(sources, plan.words, further), plan.pieces)
    weights = entry_weights(vocabulary, sources, further)
    with _timed("encoding the English side with the teacher", log):
        lesson = _lesson(of_first(sources), vocabulary, teacher, plan.dimension)
    with _timed("aligning words", log):
        aligned = align(lesson.samples.values(), len(vocabulary.entries))
        start = starting_rows(lesson.samples, lesson.single, aligned, len(vocabulary.entries))
    with _timed("training", log):
        vectors = _trained(start, lesson, vocabulary, weights, plan.recipe, log)
    common = _common(plan, lesson, vectors, weights)
    joining = Joining(vocabulary, weights, lesson.space, plan.recipe)
    joined = []
    for code in (language.code for language in further):
        with _timed(f"joining {code}", log):
            own = of_language(sources, code)
            joined.append(joining.join(code, own, teacher.encode, vectors))
    with _timed("fitting the word pieces", log):
        fit_pieces(vocabulary, vectors, weights)
    with _timed("learning to spell names", log):
        spelling = transliteration(name_pairs(sources))
    others = [read for language in further for read in of_language(sources, language.code)]
    table = Table(
        name=plan.name,
        vocabulary=vocabulary,
        vectors=vectors,
        weights=weights,
        directions=common,
        translations=translations(aligned, joined, vocabulary.entries),
        transliteration=spelling,
        glosses=glosses(others, vocabulary.rows(), vectors, weights),
    )
    lists = _lists(plan, further)
    return write_model(plan.out, table, _card(plan, teacher, sources, lists, vocabulary))


def _sources(plan: Plan, log: Log) -> list[KeyedSource]:
    with _timed("reading and cutting the sources into keys", log):
        rows = [source for source in plan.sources if source.kind is not Kind.COUNTS]
        sources = read_sources(plan.data, rows, model_keys, plan.longest)
    if plan.bench is not None:
        with _timed("checking for bench text", log):
            _check(plan.bench, sources)
    return sources


def _card(
    plan: Plan,
    teacher: Teacher,
    sources: Sequence[KeyedSource],
    lists: Mapping[Source, int],
    vocabulary: Vocabulary,
) -> str:
    return model_card(
        Facts(
            name=plan.name,
            teacher=teacher.name,
            dimension=plan.dimension,
            recipe=plan.recipe,
            sources=sources,
            lists=lists,
            vocabulary=vocabulary,
            checked=plan.bench is not None,
            scores=plan.scores,
        )
    )


def _counts(plan: Plan, sources: Sequence[KeyedSource]) -> dict[Language, Counts]:
    """How often words are met, of each further language that there are sources of."""
    present = {read.source.language for read in sources}
    return {
        language: language_counts(language, sources, listed_keys(plan.data, plan.sources, language))
        for language in plan.languages
        if language.code in present
    }


def _lists(plan: Plan, further: Mapping[Language, Counts]) -> dict[Source, int]:
    """The frequency lists of these languages, with how many words each has."""
    codes = {language.code for language in further}
    return {
        source: len(read_counts(plan.data, source))
        for source in plan.sources
        if source.kind is Kind.COUNTS and source.language in codes
    }


@contextmanager
def _timed(what: str, log: Log) -> Iterator[None]:
    started = time.monotonic()
    yield
    log(f"{what}: {time.monotonic() - started:.0f} s")


def _check(bench: Path, sources: Sequence[KeyedSource]) -> None:
    texts = BenchText.from_folder(bench)
    refuse_overlap(
        overlap for read in sources for overlap in texts.overlaps(read.source, read.pairs)
    )


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What the teacher says: of every translated row, and of every English word alone."""

    samples: dict[Kind, Samples]
    single: SingleWords
    space: Space


def _lesson(
    sources: Sequence[KeyedSource], vocabulary: Vocabulary, teacher: Teacher, dimension: int
) -> _Lesson:
    translated = [read for read in sources if read.source.kind is not Kind.PROSE]
    taught = teacher_vectors(translated, teacher.encode)
    space = Space.of(taught, dimension)
    rows = vocabulary.rows()
    words = sorted(english_keys(sources) & rows.keys())
    single = SingleWords(
        np.array([rows[word] for word in words], dtype=np.int64),
        space.reduce(teacher.encode(words)),
    )
    samples = group(translated, [space.reduce(one) for one in taught], rows)
    return _Lesson(samples, single, space)


def _trained(
    start: Vectors,
    lesson: _Lesson,
    vocabulary: Vocabulary,
    weights: NDArray[np.float32],
    recipe: Recipe,
    log: Log,
) -> Vectors:
    """Unit rows of the words; those of the pieces are still to be fitted."""

    def report(step: int, loss: float) -> None:
        if step % _EVERY == 0:
            log(f"step {step}: loss {loss:.4f}")

    # Rows as long as the words weigh, so that a plain mean is the weighted mean of the retriever.
    weighed = start * weights[:, None]
    return unit_rows(
        train(lesson.samples, weighed, weights, vocabulary.tokenizer(), recipe, report)
    )


def _common(plan: Plan, lesson: _Lesson, vectors: Vectors, weights: NDArray[np.float32]) -> Vectors:
    """The common directions of the sentences, or of whatever there is instead."""
    samples = lesson.samples.get(Kind.SENTENCES) or next(iter(lesson.samples.values()))
    return common_directions(
        unit_rows(vectors), weights, samples, plan.directions, plan.recipe.seed
    )
