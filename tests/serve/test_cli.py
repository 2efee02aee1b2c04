"""The command line as its users meet it: whole processes, their output and exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MEDVEDEV = "what did Medvedev say about Syrian sovereignty?"
SOVEREIGNTY = "الحكومة الشرعية لأنها الجهة الوحيدة التي تمثل سيادة سورية"


def qa(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa.serve.cli", *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


def document(finished: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on stdout."""
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> str:
    """A data folder that holds the seed articles, ingested by the command."""
    folder = str(tmp_path_factory.mktemp("cli") / "data")
    report = document(qa("ingest", str(seeds), "--json", QA_DATA_DIR=folder))
    assert report == {"added": 5, "updated": 0, "unchanged": 0, "failed": 0, "failures": []}
    return folder


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['qa', '--help']\n"
        "from qa.serve.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pydantic', 'chromadb', 'gradio', 'torch', 'model2vec'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert finished.stdout.splitlines()[-1] == "[]", finished.stderr


def test_a_question_needs_neither_torch_nor_gradio(data: str) -> None:
    code = (
        "import sys; from qa.assistant import Assistant; from qa.settings import load_settings\n"
        f"with Assistant.open(load_settings()) as a: a.ask({MEDVEDEV!r})\n"
        "heavy = {'torch', 'gradio', 'sentence_transformers', 'trafilatura', 'langchain_core'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"QA_DATA_DIR": data},
        capture_output=True,
        text=True,
    )
    assert finished.stdout == "[]\n", finished.stderr


def test_ask_for_people(data: str) -> None:
    finished = qa("ask", MEDVEDEV, QA_DATA_DIR=data)
    assert finished.returncode == 0
    assert SOVEREIGNTY in finished.stdout
    assert "[1]" in finished.stdout


def test_ask_for_programs(data: str) -> None:
    answer = document(qa("ask", MEDVEDEV, "--json", QA_DATA_DIR=data))
    assert answer["mode"] == "extractive"
    assert answer["abstained"] is False
    assert answer["claims"][0]["citations"] == [1]
    assert answer["claims"][0]["support"] == "quoted"
    citation = answer["citations"][0]
    assert citation["article"] == "000_8c1c864d118376be"
    assert SOVEREIGNTY in citation["quote"]
    assert citation["end"] - citation["start"] == len(citation["quote"])
    assert {"retrieve_ms", "answer_ms"} <= answer["timings"].keys()


def test_filters_and_the_language_of_the_answer(data: str) -> None:
    answer = document(
        qa(
            "ask",
            "Асад",
            "--json",
            "--until",
            "2015-09-16",
            "--answer-language",
            "tr",
            QA_DATA_DIR=data,
        )
    )
    assert answer["language"] == "tr"
    assert {c["published"] for c in answer["citations"]} <= {"2015-09-16"}


def test_search(data: str) -> None:
    found = document(qa("search", "Turkish border", "-k", "3", "--json", QA_DATA_DIR=data))
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["hits"][0]["article"] == "003_7134a8dc5dcca6b8"


def test_status(data: str) -> None:
    status = document(qa("status", "--json", QA_DATA_DIR=data))
    assert (status["articles"], status["by_language"]) == (5, {"ar": 5})
    assert "5 articles" in qa("status", QA_DATA_DIR=data).stdout


def test_rebuild(data: str) -> None:
    passages = document(qa("status", "--json", QA_DATA_DIR=data))["passages"]
    assert document(qa("rebuild", "--json", QA_DATA_DIR=data)) == {"passages": passages}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", ""], "question is empty"),
        (["ask", "a" * 100_000], "100,000 characters"),
        (["ask", "x", "--since", "16/9/2015"], "not a date"),
        (["ask", "x", "--since", "2015-09-17", "--until", "2015-09-16"], "is after --until"),
        (["search", "x", "-k", "0"], "-k"),
        (["ask"], "QUESTION"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_exits_2(data: str, arguments: list[str], said: str) -> None:
    finished = qa(*arguments, QA_DATA_DIR=data)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr


def test_what_cannot_be_read_is_named_and_the_rest_kept(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("افتتاح الميناء\n\nافتتح الوزير ميناء المدينة الجديد يوم الأحد.\n", "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    rows = [
        '{"id": "a", "text": "خبر أول عن المطر."}',
        "{broken",
        '{"id": "b", "text": "خبر ثان."}',
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), "utf-8")
    finished = qa("ingest", str(tmp_path), str(tmp_path / "missing.txt"), "--json")
    report = json.loads(finished.stdout)
    assert finished.returncode == 1
    assert (report["added"], report["failed"]) == (3, 4)
    assert ("rows.jsonl", 2) in {(Path(f["source"]).name, f["line"]) for f in report["failures"]}
    assert document(qa("status", "--json"))["articles"] == 3


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    finished = qa("ask", "x", QA_DATA_DIR=str(tmp_path / "file" / "data"))
    assert finished.returncode == 1
    assert "QA_DATA_DIR" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_wrong_setting_is_named() -> None:
    finished = qa("status", QA_PORT="many")
    assert finished.returncode == 1
    assert "QA_PORT='many'" in finished.stderr


def test_a_second_writer_is_told_who_is_in_its_way(data: str, seeds: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from qa.folder import DataFolder\n"
            "with DataFolder(Path(sys.argv[1]), write=False):\n"
            "    print('held', flush=True); sys.stdin.read()",
            data,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        finished = qa("ingest", str(seeds), QA_DATA_DIR=data)
        reading = qa("ask", MEDVEDEV, QA_DATA_DIR=data)
    finally:
        holder.communicate()
    assert finished.returncode == 1
    assert f"process {holder.pid}" in finished.stderr
    assert reading.returncode == 0


def test_a_killed_ingest_is_finished_by_the_next_command(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": f"{i}", "text": f"الخبر رقم {i} عن ميناء المدينة رقم {i}."})
        for i in range(5_000)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), "utf-8")
    ingest = subprocess.Popen(
        [sys.executable, "-m", "qa.serve.cli", "ingest", str(tmp_path / "rows.jsonl")],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while ingest.poll() is None and not _some_pending():
        pass
    ingest.send_signal(signal.SIGKILL)
    ingest.wait()
    stored = document(qa("status", "--json"))
    assert stored["pending"] > 0
    found = document(qa("search", "ميناء المدينة", "--json"))
    assert len(found["hits"]) == 10
    after = document(qa("status", "--json"))
    assert (after["pending"], after["articles"]) == (0, stored["pending"] + stored["articles"])


def _some_pending() -> bool:
    finished = qa("status", "--json")
    return finished.returncode == 0 and json.loads(finished.stdout)["pending"] > 0


def test_eval_answers(data: str, tmp_path: Path) -> None:
    question = {
        "id": "q1",
        "lang": "en",
        "question": MEDVEDEV,
        "articles": ["000"],
        "evidence": [SOVEREIGNTY],
        "answer": "The legitimate government alone represents it.",
        "kind": "said",
        "answerable": True,
    }
    (tmp_path / "set.jsonl").write_text(json.dumps(question, ensure_ascii=False), "utf-8")
    arguments = ["eval", "answers", str(tmp_path / "set.jsonl"), "--out", str(tmp_path / "run")]
    scores = document(qa(*arguments, "--json", QA_DATA_DIR=data))
    assert (scores["evidence@1"], scores["citation_validity"]) == (1.0, 1.0)
    assert scores["by_language"]["en"]["answered"] == 1.0
    (result,) = (tmp_path / "run" / "results.jsonl").read_text("utf-8").splitlines()
    assert json.loads(result)["id"] == "q1"


def test_eval_retrieval(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    rows = [{"_id": "d1", "title": "", "text": "افتتح الوزير ميناء المدينة الجديد."}]
    rows += [{"_id": "d2", "title": "", "text": "هطلت أمطار غزيرة على الجبال."}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    asked = {"_id": "q1", "text": "the minister opened the port of the city"}
    (tmp_path / "queries.jsonl").write_text(json.dumps(asked), "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    scores = document(qa("eval", "retrieval", str(tmp_path), "--json"))
    assert (scores["ndcg@10"], scores["recall@1"], scores["documents"]) == (1.0, 1.0, 2)
    assert document(qa("status", "--json"))["articles"] == 0


def test_a_bench_that_is_none_is_named(tmp_path: Path) -> None:
    finished = qa("eval", "retrieval", str(tmp_path / "nothing"))
    assert finished.returncode == 2
    assert "nothing" in finished.stderr
