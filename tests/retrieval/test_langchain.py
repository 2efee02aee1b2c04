import pytest

from qa.retrieval.langchain import NewsRetriever
from qa.retrieval.retriever import Retriever


def test_documents_are_passages_with_their_place(retriever: Retriever) -> None:
    question = "Who represents the sovereignty of Syria?"
    documents = NewsRetriever(search=retriever.search, k=2).invoke(question)
    hits = retriever.search(question, 2)
    assert [document.page_content for document in documents] == [h.passage.text for h in hits]
    first = documents[0].metadata
    assert (first["article"], first["outlet"], first["published"]) == (
        "syria",
        "النهار",
        "2015-09-16",
    )
    assert (first["start"], first["end"]) == (hits[0].passage.start, hits[0].passage.end)
    assert first["version"] == hits[0].article.version
    assert first["score"] == pytest.approx(hits[0].score)


def test_it_is_a_runnable(retriever: Retriever) -> None:
    chain = NewsRetriever(search=retriever.search, k=1) | (lambda documents: len(documents))
    assert chain.invoke("oil") == 1
