"""The retriever as LangChain's chains take it; importing this imports langchain-core."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from qa.model import Filters, Hit


class NewsRetriever(BaseRetriever):
    """Documents are passages; their metadata says where they stand in which article."""

    search: Callable[[str, int, Filters | None], Sequence[Hit]]
    k: int = 10
    filters: Filters | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [_document(hit) for hit in self.search(query, self.k, self.filters)]


def _document(hit: Hit) -> Document:
    about = hit.as_json()
    text = about.pop("text")
    return Document(page_content=text, metadata=about)
