import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.evaluation.beir import Bench, BenchDocument, load_bench

NEWSROOM = Path(__file__).parents[2] / "eval" / "benches" / "newsroom"
ANSWERS = 2
KINDS = {"who", "when", "where", "why", "how", "what", "number", "said", "keywords"}
FEWEST = {
    ("en", "ar"): 60,
    ("ar", "ar"): 30,
    ("ar", "en"): 20,
    ("en", "en"): 10,
    ("fr", "ar"): 10,
    ("ru", "ar"): 10,
    ("tr", "ar"): 10,
    ("fa", "ar"): 4,
    ("es", "ar"): 4,
    ("de", "ar"): 4,
}


@pytest.fixture(scope="module")
def bench() -> Bench:
    return load_bench(NEWSROOM)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    lines = (NEWSROOM / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def language(document_id: str) -> str:
    return document_id[:2]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def sentences(document: BenchDocument) -> Iterator[str]:
    yield document.title
    yield from re.split(r"(?<=[.!?؟])\s", document.text)


def test_every_question_has_an_item_that_answers_it(
    bench: Bench, rows: list[dict[str, Any]]
) -> None:
    assert {question.id for question in bench.questions} == {row["_id"] for row in rows}
    for gains in bench.relevant.values():
        assert ANSWERS in gains.values()
        assert set(gains.values()) <= {1, ANSWERS}


def test_items_by_language(bench: Bench) -> None:
    sizes = Counter(language(document.id) for document in bench.documents)
    assert sizes == {"ar": 90, "en": 45, "fr": 4, "ru": 4, "tr": 4, "fa": 3}


def test_items_are_short_and_have_a_title(bench: Bench) -> None:
    assert all(document.title.strip() for document in bench.documents)
    assert all(40 <= len(document.text.split()) <= 110 for document in bench.documents)


def test_no_item_and_no_question_is_there_twice(bench: Bench) -> None:
    texts = [document.text for document in bench.documents]
    asked = [question.text for question in bench.questions]
    assert len(set(texts)) == len(texts)
    assert len(set(asked)) == len(asked)


def test_questions_by_pair_of_languages(bench: Bench, rows: list[dict[str, Any]]) -> None:
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        gains = bench.relevant[row["_id"]]
        told = {language(document) for document, gain in gains.items() if gain == ANSWERS}
        pairs.update((row["lang"], there) for there in told)
    assert {pair: pairs[pair] for pair, fewest in FEWEST.items() if pairs[pair] < fewest} == {}


def test_questions_are_of_every_kind(rows: list[dict[str, Any]]) -> None:
    kinds = Counter(row["kind"] for row in rows)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 10


def test_no_question_is_a_sentence_of_an_item(bench: Bench) -> None:
    told = {" ".join(words(sentence)) for item in bench.documents for sentence in sentences(item)}
    assert not [q.text for q in bench.questions if " ".join(words(q.text)) in told]


def test_questions_paraphrase_the_items_that_answer_them(bench: Bench) -> None:
    texts = {item.id: " ".join(words(f"{item.title} {item.text}")) for item in bench.documents}
    for question in bench.questions:
        asked = words(question.text)
        runs = {" ".join(asked[at : at + 6]) for at in range(len(asked) - 5)}
        for document in bench.relevant[question.id]:
            assert not [run for run in runs if run in texts[document]], question


def test_the_readme_gives_the_sizes(bench: Bench) -> None:
    readme = (NEWSROOM / "README.md").read_text(encoding="utf-8")
    sizes = f"{len(bench.documents)} short news items and {len(bench.questions)} questions"
    assert sizes in readme
