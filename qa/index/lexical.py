"""The lexical index in tantivy, over words that we cut and stem ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qa.errors import IndexStateError, StorageBusyError, StorageError
from qa.index.dates import date_number
from qa.model import Filters, StoredPassage

if TYPE_CHECKING:
    from tantivy import Index, IndexWriter, Query, Schema

Field: TypeAlias = Literal["text", "context", "forms", "names"]
"""Folded stems of the passage, of its title/date/outlet line; bare forms and name keys of both."""

_FIELDS: tuple[Field, ...] = ("text", "context", "forms", "names")
_TOKENIZER = "spaces"
_WRITER_HEAP_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """One way of writing a question word; `weight` multiplies its BM25 score."""

    field: Field
    term: str
    weight: float = 1.0


Alternative: TypeAlias = WeightedTerm | tuple[WeightedTerm, ...]
"""One way of writing what is asked for: a word, or the words of a name, whose scores add up."""
Alternatives: TypeAlias = Sequence[Alternative]
"""The ways of writing a question word, or a name: a passage scores by its best one."""


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """What the lexical index holds of a passage, each a run of terms with single spaces."""

    text: str
    context: str
    forms: str
    names: str


class LexicalIndex:
    """Passages by the words of a question, BM25 per field, filtered in the engine."""

    def __init__(self, folder: Path, *, create: bool = False, write: bool = False) -> None:
        self._folder = folder
        self._schema = _schema()
        self._index = _open_index(folder, self._schema, create=create)
        self._writer = self._open_writer() if write else None

    def add(self, passages: Sequence[StoredPassage], terms: Sequence[PassageTerms]) -> None:
        """Stages passages, in place of those with the same ids; seen after `commit`."""
        from tantivy import Document

        self.delete([passage.id for passage in passages])
        writer = self._open_for_writing()
        for passage, words in zip(passages, terms, strict=True):
            document = Document(
                passage=passage.id,
                text=words.text,
                context=words.context,
                forms=words.forms,
                names=words.names,
                language=passage.language,
            )
            if passage.outlet is not None:
                document.add_text("outlet", passage.outlet)
            if passage.published is not None:
                document.add_integer("date", date_number(passage.published))
            writer.add_document(document)

    def delete(self, passage_ids: Sequence[int]) -> None:
        """Stages the removal of passages; unknown ones are ignored."""
        from tantivy import Query

        if passage_ids:
            gone = Query.term_set_query(self._schema, "passage", list(passage_ids))
            self._open_for_writing().delete_documents_by_query(gone)

    def clear(self) -> None:
        """Removes all passages, at once."""
        self._open_for_writing().delete_all_documents()
        self.commit()

    def commit(self) -> None:
        """Makes what is staged durable and visible, in one step."""
        try:
            self._open_for_writing().commit()
        except (ValueError, OSError) as error:
            raise StorageError(f"cannot write {str(self._folder)!r}: {error}") from error
        self._index.reload()

    def search(
        self, query: Sequence[Alternatives], k: int, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The k best passages: (passage id, sum over words of the best alternative's score)."""
        words = [self._word_query(alternatives) for alternatives in query if alternatives]
        if not words or k < 1:
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._filtered(_sum_of(words), filters), limit=k, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in found])
        return [(int(i or 0), float(score)) for i, (score, _) in zip(ids, found, strict=True)]

    def doc_freq(self, field: Field, term: str) -> int:
        """In how many passages a term occurs (deleted ones count until they are merged away)."""
        return self._index.searcher().doc_freq(field, term)

    def languages(self, asked: Iterable[str]) -> set[str]:
        """Those of some languages that passages are in."""
        searcher = self._index.searcher()
        return {language for language in asked if searcher.doc_freq("language", language)}

    def count(self) -> int:
        """How many passages are stored."""
        return self._index.searcher().num_docs

    def ids(self) -> list[int]:
        """The ids of all passages stored, repeated if stored twice."""
        from tantivy import Query

        searcher = self._index.searcher()
        found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs), count=False)
        addresses = [address for _, address in found.hits]
        return [int(i or 0) for i in searcher.fast_field_values("passage", addresses)]

    def close(self) -> None:
        """Lets go of the writer's lock; what was staged and not committed is lost."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def _open_for_writing(self) -> IndexWriter:
        if self._writer is None:
            raise StorageError(f"{str(self._folder)!r} is open for reading only")
        return self._writer

    def _open_writer(self) -> IndexWriter:
        try:
            return self._index.writer(_WRITER_HEAP_BYTES, num_threads=1)
        except ValueError as error:
            raise StorageBusyError(
                f"{str(self._folder)!r} is being written by another process: {error}; "
                "wait until it is done"
            ) from error

    def _word_query(self, alternatives: Alternatives) -> Query:
        from tantivy import Query

        return Query.disjunction_max_query([self._way_query(one) for one in alternatives])

    def _way_query(self, one: Alternative) -> Query:
        if isinstance(one, WeightedTerm):
            return self._term_query(one)
        return _sum_of([self._term_query(term) for term in one])

    def _term_query(self, one: WeightedTerm) -> Query:
        from tantivy import Query

        term = Query.term_query(self._schema, one.field, one.term, index_option="freq")
        return Query.boost_query(term, one.weight)

    def _filtered(self, query: Query, filters: Filters | None) -> Query:
        from tantivy import Occur, Query

        restrictions = self._restrictions(filters) if filters else []
        silent = [Query.const_score_query(restriction, 0.0) for restriction in restrictions]
        if not silent:
            return query
        return Query.boolean_query([(Occur.Must, one) for one in (query, *silent)])

    def _restrictions(self, filters: Filters) -> list[Query]:
        from tantivy import FieldType, Query

        exact = (("language", filters.language), ("outlet", filters.outlet))
        queries = [
            Query.term_query(self._schema, field, value, index_option="basic")
            for field, value in exact
            if value is not None
        ]
        if filters.since or filters.until:
            queries.append(
                Query.range_query(
                    self._schema,
                    "date",
                    FieldType.Integer,
                    date_number(filters.since) if filters.since else None,
                    date_number(filters.until) if filters.until else None,
                )
            )
        return queries


def _sum_of(words: list[Query]) -> Query:
    from tantivy import Occur, Query

    return Query.boolean_query([(Occur.Should, word) for word in words])


def _schema() -> Schema:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    for number in ("passage", "date"):
        builder.add_integer_field(number, indexed=True, fast=True)
    for raw in ("language", "outlet"):
        builder.add_text_field(raw, tokenizer_name="raw", index_option="basic")
    for field in _FIELDS:
        # Frequencies are all that BM25 reads; positions would double the index.
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def _open_index(folder: Path, schema: Schema, *, create: bool) -> Index:
    from tantivy import Index, TextAnalyzerBuilder, Tokenizer

    if create:
        folder.mkdir(parents=True, exist_ok=True)
    elif not folder.is_dir() or not Index.exists(str(folder)):
        raise IndexStateError(f"the index lacks {str(folder)!r}; run `qa rebuild`")
    try:
        index = Index(schema, path=str(folder))
    except (ValueError, OSError) as error:
        raise IndexStateError(
            f"{str(folder)!r} cannot be read: {error}; run `qa rebuild`"
        ) from error
    index.register_tokenizer(_TOKENIZER, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index
