import json
import sys
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.evaluation.beir import load_bench
from qa.evaluation.names_bench import main, read_names

NAMES = "Lavrov\tلافروف|لفروف\nthe Arab League\tجامعه العربيه\nMerkel\tميركل\n"
ARTICLES = {
    "وصل لافروف إلى موسكو.": {"Lavrov"},
    "بيان للجامعة العربية بشأن ولفروف": {"Lavrov", "the Arab League"},
    "الجامعات العربية أفضل": set[str](),
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    names, corpus = tmp_path / "names.tsv", tmp_path / "news.jsonl"
    names.write_text(NAMES, encoding="utf-8")
    rows = [json.dumps({"title": "خبر", "text": text}) for text in ARTICLES]
    corpus.write_text("\n".join(rows), encoding="utf-8")
    return names, corpus


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["names_bench", *map(str, arguments)])
    main()


def test_the_articles_that_have_a_name_are_relevant(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, *files, tmp_path / "bench")
    bench = load_bench(tmp_path / "bench")
    texts = {document.id: document.text for document in bench.documents}
    assert set(texts.values()) == set(ARTICLES)
    asked = {question.id: question for question in bench.questions}
    found = {
        (asked[question].text, texts[key])
        for question, relevant in bench.relevant.items()
        for key in relevant
    }
    assert found == {
        (f"What did {name} say?", text) for text, names in ARTICLES.items() for name in names
    }
    assert [(q.kind, q.lang) for q in bench.questions] == [("seen", "en"), ("unseen", "en")]


def test_what_is_asked_and_of_how_many_can_be_said(
    files: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asking = ("--question", "ماذا أعلن {}؟", "--articles", 1)
    run(monkeypatch, *files, tmp_path / "bench", *asking)
    bench = load_bench(tmp_path / "bench")
    assert [question.text for question in bench.questions] == ["ماذا أعلن Lavrov؟"]
    assert len(bench.documents) == 1
    assert "1 of 3 names" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "message"),
    [("Lavrov", "not a name, a tab"), ("Lavrov\tلاف(", "no regular expression")],
)
def test_a_bad_line_is_told(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "names.tsv"
    file.write_text(f"Merkel\tميركل\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        read_names(file)
    assert f"{file}:2" in str(caught.value)


def test_what_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="error"):
        run(monkeypatch, tmp_path / "no.tsv", tmp_path / "no.jsonl", tmp_path / "bench")
