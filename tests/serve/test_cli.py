"""The command line as its users meet it: output and exit codes, of whole processes mostly."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from qa.parts import read_status
from qa.settings import Settings, load_settings
from tests.answers.chat_server import ScriptedServer, cut_after, hang, reply, status
from tests.data_folders import copied
from tests.scripted_model import MEDVEDEV, SECRET, chat_variables
from tests.serve.api.test_asking import eventually
from tests.serve.command import QA, Finished, document, qa, qa_here

MEDVEDEV_RU = "Что сказал Медведев о суверенитете Сирии?"
SOVEREIGNTY = "الحكومة الشرعية لأنها الجهة الوحيدة التي تمثل سيادة سورية"


def chat(data: str, server: ScriptedServer) -> dict[str, str]:
    """The variables of a chat model over a data folder."""
    return {"QA_DATA_DIR": data, **chat_variables(server)}


def test_files_are_ingested(seeds: Path) -> None:
    report = document(qa("ingest", str(seeds), "--json"))
    counts = {"added": 5, "updated": 0, "unchanged": 0, "failed": 0}
    assert report == counts | {"failures": [], "warnings": []}


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['qa', '--help']\n"
        "from qa.serve.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pydantic', 'chromadb', 'gradio', 'torch', 'tokenizers'}\n"
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


@pytest.fixture(scope="module")
def told(data: str) -> Finished:
    """An answer for programs."""
    return qa("ask", MEDVEDEV, "--json", QA_DATA_DIR=data)


def test_ask_for_people(data: str) -> None:
    finished = qa("ask", MEDVEDEV, QA_DATA_DIR=data)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert SOVEREIGNTY in finished.stdout
    assert "[1]" in finished.stdout


def test_ask_for_programs(told: Finished) -> None:
    answer = document(told)
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


def test_a_chat_models_answer_is_told_with_what_its_sources_bear_out(data: str) -> None:
    said = "It represents Syrian sovereignty alone. The tanks came on 3 May 2031 [1]. Not so [77]."
    with ScriptedServer(reply(f"Medvedev said so [1]. {said}", usage=(1200, 80))) as server:
        finished = qa("ask", MEDVEDEV, **chat(data, server))
    assert finished.returncode == 0, finished.stderr
    shown, _, after = finished.stdout.partition("\n\n")
    assert shown == "Medvedev said so [1]. " + said.replace(" [77]", "")
    assert "\nnot in its sources: The tanks came on 3 May 2031.\n    " in after
    assert "\n[1] " in after
    assert finished.stdout.splitlines()[-1].startswith("openai:scripted · ")
    assert finished.stdout.endswith(" s · 1,200 tokens read · 80 tokens written\n")
    assert finished.stderr == ""


def test_an_answer_is_printed_while_it_comes(data: str) -> None:
    begins = "Medvedev spoke of sovereignty [1]. And then he went on to say that"
    with ScriptedServer(hang(begins)) as server:
        asking = subprocess.Popen(
            [*QA, "ask", MEDVEDEV],
            env=os.environ | chat(data, server),
            stdout=subprocess.PIPE,
        )
        assert asking.stdout is not None
        begun = os.read(asking.stdout.fileno(), 1000).decode()
        asking.send_signal(signal.SIGINT)
        asking.communicate()
        assert server.hung_up.wait(5)
    assert begun == "Medvedev spoke of sovereignty [1]."
    assert asking.returncode != 0


@pytest.mark.parametrize(
    ("command", "option"),
    [("ask", "--answer-language"), ("ask", "--language"), ("search", "--language")],
)
def test_a_language_is_a_code(
    capsys: pytest.CaptureFixture[str], command: str, option: str
) -> None:
    finished = qa_here(capsys, command, "who?", option, "French")
    assert finished.returncode == 2
    assert "'French' is no code of a language" in finished.stderr


def test_an_evaluation_that_is_interrupted_waits_for_no_answer(data: str, tmp_path: Path) -> None:
    asked = {"id": "q", "lang": "en", "question": MEDVEDEV, "articles": ["000"], "answerable": True}
    (tmp_path / "asked.jsonl").write_text(json.dumps(asked | {"kind": "said", "evidence": ["و"]}))
    with ScriptedServer(hang()) as server:
        asking = subprocess.Popen(
            [*QA, "eval", "answers", str(tmp_path / "asked.jsonl"), "--workers", "2"],
            env=os.environ | chat(data, server) | {"QA_CHAT_TIMEOUT": "600"},
            stderr=subprocess.PIPE,
        )
        eventually(lambda: bool(server.requests), seconds=60)
        asking.send_signal(signal.SIGINT)
        asking.communicate(timeout=20)
    assert asking.returncode != 0


def test_quotes_in_place_of_the_chat_model(data: str) -> None:
    with ScriptedServer(status(500)) as server:
        quoted = qa("ask", MEDVEDEV, "--mode", "extractive", **chat(data, server))
        assert server.requests == []
        failed = qa("ask", MEDVEDEV, **chat(data, server))
    assert "note:" not in quoted.stdout
    assert "note: The server of the chat model openai:scripted failed. Quotes" in failed.stdout
    assert SOVEREIGNTY in quoted.stdout
    assert SOVEREIGNTY in failed.stdout


def test_what_was_verified_before_a_break_is_kept(data: str) -> None:
    whole = "Medvedev spoke of sovereignty [1]."
    with ScriptedServer(cut_after(f"{whole} And then he went")) as server:
        shown = qa("ask", MEDVEDEV, **chat(data, server))
        answer = document(qa("ask", MEDVEDEV, "--json", **chat(data, server)))
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"{whole}\n")
    assert "\nnote: The reply of the chat model openai:scripted broke off." in shown.stdout
    assert "And then" not in shown.stdout
    assert (answer["mode"], answer["answer"]) == ("generative", whole)
    assert "broke off" in answer["notice"]
    assert [claim["citations"] for claim in answer["claims"]] == [[1]]
    assert [citation["number"] for citation in answer["citations"]] == [1]


def test_what_to_do_about_a_failing_chat_model_is_told_after_the_answer(data: str) -> None:
    with ScriptedServer(status(404, message="no\x1b[31m such model")) as server:
        finished = qa("ask", MEDVEDEV, **chat(data, server))
    assert finished.stderr.splitlines() == [
        "qa: the chat model 'openai:scripted' is not there (no\\u001b[31m such model): mend "
        "QA_CHAT_MODEL, or QA_CHAT_BASE_URL (OpenAI-compatible servers want …/v1)"
    ]
    assert "does not know the chat model" in finished.stdout


def test_checks_of_a_chat_model_that_is_not_set_are_told(data: str) -> None:
    finished = qa("ask", MEDVEDEV, "--json", QA_DATA_DIR=data, QA_JUDGE="chat", QA_STRICT="1")
    assert document(finished)["mode"] == "extractive"
    assert finished.stderr.startswith("qa: QA_STRICT and QA_JUDGE without effect")
    assert "QA_CHAT_MODEL" in finished.stderr


def test_the_key_of_the_chat_model_is_never_printed(data: str) -> None:
    with ScriptedServer(status(401, message=f"wrong key {SECRET}")) as server:
        variables = chat(data, server)
        asked = [qa("ask", MEDVEDEV, *options, **variables) for options in ((), ("--json",))]
        asked.append(qa("ask", MEDVEDEV, **(variables | {"QA_CHAT_MODEL": "nobody:x"})))
        asked.append(qa("ask", MEDVEDEV, **(variables | {"QA_CHAT_TIMEOUT": "soon"})))
    assert [finished.returncode for finished in asked] == [0, 0, 0, 1]
    assert not any(SECRET in finished.stdout + finished.stderr for finished in asked)


def test_a_conversation_goes_on_from_earlier_answers(
    data: str, told: Finished, tmp_path: Path
) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text(told.stdout, "utf-8")
    follow_up = "and what did he say about terrorism?"
    arguments = ["ask", follow_up, "--history", str(history)]
    answer = document(qa(*arguments, "--json", QA_DATA_DIR=data))
    assert answer["question"] == follow_up
    assert answer["standalone"] == "and what did he say about terrorism (Medvedev)?"
    assert answer["abstained"] is False
    shown = qa(*arguments, "--show-question", QA_DATA_DIR=data).stdout
    assert "\nasked: and what did he say about terrorism (Medvedev)?\n" in shown
    history.write_text("[1, 2]\n", "utf-8")
    finished = qa(*arguments, QA_DATA_DIR=data)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "history.jsonl, line 1" in finished.stderr


def test_search(data: str) -> None:
    found = document(qa("search", "Turkish border", "-k", "3", "--json", QA_DATA_DIR=data))
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["hits"][0]["article"] == "003_7134a8dc5dcca6b8"


def test_status(data: str) -> None:
    status = document(qa("status", "--json", QA_DATA_DIR=data))
    assert (status["articles"], status["by_language"]) == (5, {"ar": 5})
    assert "5 articles" in qa("status", QA_DATA_DIR=data).stdout


def test_rebuild(indexed: Path, tmp_path: Path) -> None:
    data = copied(indexed, tmp_path / "own")
    passages = read_status(Settings(data_dir=data)).counts.passages
    assert document(qa("rebuild", "--json", QA_DATA_DIR=str(data))) == {"passages": passages}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", ""], "question is empty"),
        (["ask", "a" * 100_000], "100,000 characters"),
        (["ask", "x", "--since", "16/9/2015"], "not a date"),
        (["ask", "x", "--mode", "generative"], "QA_CHAT_MODEL"),
        (["ask", "x", "--mode", "poetic"], "'poetic'"),
        (["ask", "x", "--history", "nowhere.jsonl"], "nowhere.jsonl"),
        (["ask", "x", "--since", "2015-09-17", "--until", "2015-09-16"], "is after --until"),
        (["search", "x", "-k", "0"], "-k"),
        (["ask"], "QUESTION"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_exits_2(
    data: str,
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QA_DATA_DIR", data)
    finished = qa_here(capfd, *arguments)
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
    assert read_status(load_settings()).articles == 3


def test_failures_and_warnings_are_told_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    rows = folder / "rows.csv"
    rows.write_text("id,text,date\n1,It began on Monday.,0000-00-00\n2,,2015-09-16\n", "utf-8")
    strange = folder / os.fsdecode("خبر.txt".encode("cp1256"))
    strange.write_bytes(b"")
    finished = qa("ingest", str(folder))
    assert finished.returncode == 1
    assert finished.stdout == "1 added, 0 updated, 0 unchanged, 2 failed\n"
    assert finished.stderr.split("\n")[1:-1] == [
        f"failed: {rows}, line 3: no text: give it in a field named text or body or content"
        " (here are id, text, date)",
        f"failed: {folder}/\\udcce\\udcc8\\udcd1.txt: the file is empty: remove it, or save"
        " it anew",
        f"warning: {rows}, line 2: published '0000-00-00' is not a date: write it as 2015-09-16;"
        " kept without it",
    ]
    (failure,) = json.loads(qa("ingest", str(strange), "--json").stdout)["failures"]
    assert failure["source"] == str(strange)


def test_folders_that_hold_the_same_names(tmp_path: Path) -> None:
    texts = {"jan": "The minister opened the new port.", "feb": "A storm closed all schools."}
    for month, text in texts.items():
        (tmp_path / month).mkdir()
        (tmp_path / month / "1.txt").write_text(f"News of {month}\n\n{text}\n", "utf-8")
    first = document(qa("ingest", str(tmp_path / "jan"), "--json"))
    second = document(qa("ingest", str(tmp_path / "feb"), "--json"))
    assert first["warnings"] == []
    (warning,) = second["warnings"]
    assert (second["updated"], warning["source"]) == (1, "article '1'")
    assert warning["reason"].startswith("took the place of another article, 'News of jan': to keep")
    assert document(qa("ingest", str(tmp_path), "--json"))["added"] == 2


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
        [*QA, "ingest", str(tmp_path / "rows.jsonl")],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while ingest.poll() is None and not read_status(load_settings()).counts.pending:
        sleep(0.05)
    ingest.send_signal(signal.SIGKILL)
    ingest.wait()
    stored = read_status(load_settings()).counts
    assert stored.pending > 0
    searched = qa("search", "ميناء المدينة", "--json")
    assert "unfinished is indexed first" in searched.stderr
    assert len(document(searched)["hits"]) == 10
    after = read_status(load_settings()).counts
    assert (after.pending, after.articles) == (0, stored.pending + stored.articles)


def asked(key: str, **fields: object) -> dict[str, object]:
    """A line of a question set, answerable from the seeds."""
    question = {
        "id": key,
        "lang": "en",
        "question": MEDVEDEV,
        "articles": ["000"],
        "evidence": [SOVEREIGNTY],
        "answer": "The legitimate government alone represents it.",
        "kind": "said",
        "answerable": True,
    }
    return question | fields


def question_set(folder: Path, *questions: dict[str, object]) -> str:
    lines = [json.dumps(question, ensure_ascii=False) for question in questions]
    (folder / "set.jsonl").write_text("\n".join(lines), "utf-8")
    return str(folder / "set.jsonl")


@pytest.fixture(scope="module")
def finished_run(data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run over two questions, with its question set beside."""
    folder = tmp_path_factory.mktemp("run")
    questions = question_set(folder, asked("q1"), asked("q2", lang="ru", question=MEDVEDEV_RU))
    scores = document(
        qa("eval", "answers", questions, "--out", str(folder / "out"), "--json", QA_DATA_DIR=data)
    )
    assert scores == json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    return folder / "out"


def test_eval_answers(finished_run: Path) -> None:
    scores = json.loads((finished_run / "summary.json").read_text("utf-8"))
    assert (scores["evidence@1"], scores["citation_validity"]) == (1.0, 1.0)
    assert scores["by_language"].keys() == {"en", "ru"}
    assert scores["by_language"]["en"]["answered"] == 1.0
    lines = (finished_run / "results.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["q1", "q2"]


def test_eval_answers_for_people(data: str, tmp_path: Path) -> None:
    unscorable = asked("q3", articles=["009"])
    questions = question_set(tmp_path, asked("q1"), asked("q2"), unscorable)
    finished = qa("eval", "answers", questions, "--allow-missing", QA_DATA_DIR=data)
    assert finished.returncode == 0, finished.stderr
    assert re.search(r"^evidence@1 +1   1\.000 to 1\.000$", finished.stdout, re.MULTILINE)
    assert re.search(r"^pair en→ar$", finished.stdout, re.MULTILINE)
    assert re.search(r"^not retrieved +0$", finished.stdout, re.MULTILINE)
    assert re.search(r"^q3 +no indexed article is called '009'$", finished.stdout, re.MULTILINE)


def test_questions_that_cannot_be_scored_are_named(data: str, tmp_path: Path) -> None:
    questions = question_set(tmp_path, asked("gone", articles=["009"]), asked("q1"))
    out = tmp_path / "out"
    finished = qa("eval", "answers", questions, "--out", str(out), "--json", QA_DATA_DIR=data)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "no indexed article is called '009': gone" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not out.exists()


def test_a_run_passes_beside_its_own_baseline(
    data: str, finished_run: Path, tmp_path: Path
) -> None:
    baseline = str(tmp_path / "baseline")
    assert qa("eval", "baseline", str(finished_run), baseline).returncode == 0
    questions = str(finished_run.parent / "set.jsonl")
    against = ("--against", baseline, "--json")
    scores = document(qa("eval", "answers", questions, *against, QA_DATA_DIR=data))
    assert scores["questions"] == 2


@pytest.fixture
def better(finished_run: Path, tmp_path: Path) -> Path:
    """A run like the finished one, but that it cited nothing beside the evidence."""
    folder = tmp_path / "better"
    shutil.copytree(finished_run, folder)
    lines = map(json.loads, (folder / "results.jsonl").read_text("utf-8").splitlines())
    results = [line | {"metrics": line["metrics"] | {"citation_precision": 1.0}} for line in lines]
    (folder / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in results))
    return folder


def test_a_run_that_is_worse_than_its_baseline_fails_but_prints_its_figures(
    data: str, finished_run: Path, better: Path
) -> None:
    questions = str(finished_run.parent / "set.jsonl")
    against = ("--against", str(better), "--json")
    finished = qa("eval", "answers", questions, *against, QA_DATA_DIR=data)
    assert finished.returncode == 1
    assert json.loads(finished.stdout)["questions"] == 2
    assert "this run is worse than its baseline" in finished.stderr
    assert "citation_precision (overall) went from 1.0000 to 0." in finished.stderr
    assert "Traceback" not in finished.stderr


def test_eval_compare(finished_run: Path, better: Path, tmp_path: Path) -> None:
    runs = (str(better), str(finished_run))
    found = document(qa("eval", "compare", *runs, "--out", str(tmp_path / "c"), "--json"))
    worse = [change["metric"] for change in found["changes"] if change["verdict"] == "worse"]
    assert worse == ["citation_precision"]
    assert {question["id"] for question in found["changed"]} == {"q1", "q2"}
    assert json.loads((tmp_path / "c" / "comparison.json").read_text("utf-8")) == found
    assert (tmp_path / "c" / "comparison.md").exists()
    shown = qa("eval", "compare", *runs).stdout
    assert "2 questions changed" in shown
    assert SOVEREIGNTY in shown


def test_eval_export(data: str, finished_run: Path) -> None:
    finished = qa("eval", "export", str(finished_run), QA_DATA_DIR=data)
    first, second = map(json.loads, finished.stdout.splitlines())
    assert (first["question"], second["id"]) == (MEDVEDEV, "q2")
    assert any(SOVEREIGNTY in context for context in first["contexts"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["answers", "SET", "--resume"], "--resume needs --out"),
        (["answers", "SET", "--against", "nowhere"], "no run at 'nowhere'"),
        (["retrieval", "nowhere"], "no bench at 'nowhere'"),
        (["retrieval", "nowhere", "--ablation", "dense"], "dense-only"),
        (["compare", "nowhere", "nowhere"], "no run at 'nowhere'"),
    ],
)
def test_wrong_usage_of_eval_exits_2(
    tmp_path: Path, arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    questions = question_set(tmp_path, asked("q1"))
    words = (questions if word == "SET" else word for word in arguments)
    finished = qa_here(capfd, "eval", *words)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (tmp_path / "data").exists()


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
    assert read_status(load_settings()).articles == 0
    plain = qa("eval", "retrieval", str(tmp_path), "--ablation", "no-late-interaction")
    assert re.search(r"^ndcg@10 +1$", plain.stdout, re.MULTILINE)


def test_serve_tells_of_a_chat_model_that_cannot_be_loaded_before_it_serves(data: str) -> None:
    finished = qa("serve", "--port", "0", QA_DATA_DIR=data, QA_CHAT_MODEL="nobody:knows-it")
    assert finished.returncode == 1
    assert "QA_CHAT_MODEL='nobody:knows-it' names an unknown provider" in finished.stderr
    assert "http://" not in finished.stderr
