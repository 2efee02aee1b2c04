import json
import lzma
from pathlib import Path

import pytest

from qa.errors import ArticleError, UsageError
from qa.evaluation.beir import BenchQuestion, digest, load_bench, read_distractors

CORPUS = [{"_id": "d1", "title": "T", "text": "one"}, {"_id": "d2", "title": "", "text": "two"}]
QUERIES = [{"_id": "q1", "text": "what?"}, {"_id": "q2", "text": "not judged"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n"


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(lines(*CORPUS))
    (tmp_path / "queries.jsonl").write_text(lines(*QUERIES))
    (tmp_path / "qrels/test.tsv").write_text(QRELS)
    return tmp_path


def test_a_bench_holds_its_documents_and_its_judged_questions(folder: Path) -> None:
    bench = load_bench(folder)
    assert [document.id for document in bench.documents] == ["d1", "d2"]
    assert [question.id for question in bench.questions] == ["q1"]
    assert bench.relevant == {"q1": {"d1": 2, "d2": 0}}
    assert bench.name == folder.name


@pytest.mark.parametrize("blank", ["", " \n", "\u200b"])
def test_a_document_with_no_text_is_there_to_be_judged(folder: Path, blank: str) -> None:
    (folder / "corpus.jsonl").write_text(
        lines({"_id": "d1", "title": blank, "text": blank}, CORPUS[1])
    )
    bench = load_bench(folder)
    assert [(document.id, document.body) for document in bench.documents] == [
        ("d1", ""),
        ("d2", "two"),
    ]
    assert bench.relevant == {"q1": {"d1": 2, "d2": 0}}


def test_a_question_may_say_its_language_and_kind(folder: Path) -> None:
    (folder / "queries.jsonl").write_text(lines(QUERIES[0] | {"lang": "ar", "kind": "who"}))
    assert load_bench(folder).questions == (BenchQuestion("q1", "what?", "ar", "who"),)


@pytest.mark.parametrize("odd", [7, None, ["en"], {"name": "en"}])
def test_such_a_field_that_is_no_text_says_nothing(folder: Path, odd: object) -> None:
    row = QUERIES[0] | {"lang": odd, "kind": odd, "metadata": odd}
    (folder / "queries.jsonl").write_text(lines(row))
    assert load_bench(folder).questions == (BenchQuestion("q1", "what?", "", ""),)


def test_a_judgement_may_be_written_twice(folder: Path) -> None:
    (folder / "qrels/test.tsv").write_text(f"{QRELS}\nq1\td1\t2\n")
    assert load_bench(folder).relevant == {"q1": {"d1": 2, "d2": 0}}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("corpus.jsonl", lines(CORPUS[0], CORPUS[1] | {"text": "other"})),
        ("queries.jsonl", lines(QUERIES[0] | {"text": "other?"})),
        ("qrels/test.tsv", QRELS.replace("2\n", "1\n")),
    ],
)
def test_the_digest_changes_with_every_part(folder: Path, name: str, content: str) -> None:
    before = digest(load_bench(folder))
    assert digest(load_bench(folder)) == before
    (folder / name).write_text(content)
    assert digest(load_bench(folder)) != before


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(folder: Path) -> None:
    (folder / "qrels/test.tsv").write_bytes(b"\xef\xbb\xbf" + QRELS.replace("\n", "\r\n").encode())
    assert load_bench(folder).relevant == {"q1": {"d1": 2, "d2": 0}}


def test_a_missing_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"corpus\.jsonl"):
        load_bench(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ArticleError, match=f"{Path(name).name}: there is no such file"):
        load_bench(folder)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", lines(CORPUS[0]) + "{broken\n", r"corpus\.jsonl, line 2: not JSON"),
        ("corpus.jsonl", "[1]\n", "line 1: not a JSON object but list"),
        ("corpus.jsonl", lines({"title": "no id", "text": "x"}), "_id must be a string"),
        ("corpus.jsonl", lines(CORPUS[0], CORPUS[0]), "line 2: _id 'd1' was used"),
        ("corpus.jsonl", lines({"_id": "d1", "text": 7}), "must be strings"),
        ("corpus.jsonl", lines({"_id": "d1", "title": " ", "text": ""}), "both empty"),
        ("queries.jsonl", lines({"_id": "q1", "text": " "}), r"queries\.jsonl, line 1: text is"),
        ("qrels/test.tsv", "h\nq1\td1\n", r"test\.tsv, line 2: \['q1', 'd1'\] is not"),
        ("qrels/test.tsv", "h\nq1\td1\tyes\n", "line 2: .* is not"),
        ("qrels/test.tsv", "h\nq1\td1\t1.5\n", "line 2: .* is not"),
        ("qrels/test.tsv", "h\nq1\td1\t1\nq1 0 d1 1\n", r"line 3: \['q1 0 d1 1'\] is not"),
        ("qrels/test.tsv", "h\nq1\t0\td1\t1\n", "line 2: .* is not"),
        ("qrels/test.tsv", "q1\td1\t1\n", r"test\.tsv, line 1: .*the header row"),
        ("qrels/test.tsv", QRELS + "q1\td1\t1\n", "line 4: 'q1' and 'd1' have another score"),
        ("qrels/test.tsv", "", "no question has a relevant document"),
        ("qrels/test.tsv", "h\nq9\td1\t1\n", r"'q9' is not in queries\.jsonl"),
        ("qrels/test.tsv", "h\nq1\td9\t1\n", r"'d9' is not in corpus\.jsonl"),
        ("qrels/test.tsv", "h\nq1\td1\t0\n", "no question has a relevant document"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    folder: Path, name: str, content: str, message: str
) -> None:
    (folder / name).write_text(content)
    with pytest.raises(ArticleError, match=message):
        load_bench(folder)


def test_a_file_that_is_not_text_is_named(folder: Path) -> None:
    (folder / "corpus.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArticleError, match="cannot be read as UTF-8"):
        load_bench(folder)


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.xz"])
def test_distractors_are_read_plain_or_compressed(tmp_path: Path, ending: str) -> None:
    content = lines({"title": "a", "body": "b"}, {"title": "c", "text": "d"}).encode()
    file = tmp_path / f"news.{ending}"
    file.write_bytes(lzma.compress(content) if ending.endswith("xz") else content)
    documents = list(read_distractors(file))
    assert [(d.title, d.text) for d in documents] == [("a", "b"), ("c", "d")]
    assert len({d.id for d in documents}) == 2


def test_a_distractor_with_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text(lines({"title": "a"}, {"headline": "b"}))
    with pytest.raises(ArticleError, match="line 2: title and text are both empty"):
        list(read_distractors(tmp_path / "news.jsonl"))


def test_a_damaged_archive_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl.xz"
    file.write_bytes(b"not xz")
    with pytest.raises(ArticleError, match=r"news\.jsonl\.xz"):
        list(read_distractors(file))
