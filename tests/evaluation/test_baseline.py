from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from qa.evaluation.baseline import write_baseline
from qa.evaluation.comparison import compare, gate
from qa.evaluation.results import RETRIEVAL, Result, Run
from qa.evaluation.run_folder import read_run
from tests.evaluation.sample import result, run


def one(key: str, answer: str, **fields: object) -> Result:
    details = {"answer": {"answer": answer, "timings": {"answer_ms": 3.0}, "citations": [1]}}
    kept = {"lang": "en", "pair": "en→ar", "kind": "said", "split": "test", "failure": None}
    return result(key, {"answered": 1.0}, **(kept | details | {"retrieved": [1]} | fields))


RUN = run(one("a", "نعم", milliseconds=12.0), one("b", "no", milliseconds=30.0))


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_equal_runs_give_equal_files_whatever_their_times(tmp_path: Path) -> None:
    slower = Run(RUN.info, tuple(replace(found, milliseconds=99.0) for found in RUN.results))
    write_baseline(RUN, tmp_path / "one")
    write_baseline(slower, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert files(tmp_path / "one").keys() == {"run.json", "results.jsonl", "summary.json"}


def test_it_keeps_what_comparisons_need_and_no_more(tmp_path: Path) -> None:
    write_baseline(RUN, tmp_path)
    first = json.loads((tmp_path / "results.jsonl").read_text("utf-8").splitlines()[0])
    assert first == {
        "id": "a",
        "question": "a?",
        "lang": "en",
        "pair": "en→ar",
        "kind": "said",
        "split": "test",
        "failure": None,
        "answer": {"answer": "نعم"},
        "metrics": {"answered": 1.0},
        "milliseconds": 0.0,
    }


def test_its_summary_has_no_times(tmp_path: Path) -> None:
    write_baseline(RUN, tmp_path)
    text = (tmp_path / "summary.json").read_text("utf-8")
    assert "latency" not in text
    assert json.loads(text)["by_language"]["en"]["answered"] == 1


def test_a_run_passes_beside_its_own_baseline(tmp_path: Path) -> None:
    write_baseline(RUN, tmp_path)
    baseline = read_run(tmp_path)
    assert compare(baseline, RUN).changed == ()
    assert gate(baseline, RUN) == []


def test_the_baseline_of_a_baseline_is_the_same(tmp_path: Path) -> None:
    write_baseline(RUN, tmp_path / "one")
    write_baseline(read_run(tmp_path / "one"), tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_new_baseline_takes_the_place_of_the_old(tmp_path: Path) -> None:
    write_baseline(RUN, tmp_path)
    write_baseline(Run(RUN.info, RUN.results[1:]), tmp_path)
    assert [found.id for found in read_run(tmp_path).results] == ["b"]


def test_of_a_ranking_it_keeps_the_first_documents(tmp_path: Path) -> None:
    ranked = [{"id": key, "score": 1.0} for key in "xyzv"]
    bench = run(result("a", {"mrr@10": 1.0}, ranked=ranked), kind=RETRIEVAL)
    write_baseline(bench, tmp_path)
    [kept] = read_run(tmp_path).results
    assert kept.details == {"ranked": ranked[:3]}
    assert compare(read_run(tmp_path), bench).changed == ()
