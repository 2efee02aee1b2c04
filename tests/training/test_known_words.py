from pathlib import Path

import pytest

from qa.text import run_on
from qa.text.folding import fold
from qa.training import known_words as module
from qa.training.known_words import known_words, main
from qa.training.sources import Kind, Source

SENTENCES = Source("news.tsv", Kind.SENTENCES, "someone", "CC0 1.0")
RUSSIAN = Source("ru.tsv", Kind.SENTENCES, "someone", "CC0 1.0", language="ru")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "SOURCES", (SENTENCES, RUSSIAN))
    rows = "a\tوزارة الخارجية، وزارة\nb\tالخارجيّة و وزارة المال 5\n"
    (tmp_path / "news.tsv").write_text(rows, "utf-8")
    (tmp_path / "frequency").mkdir()
    subtitles = "أنا\t2000\nok\t9000\nنادر\t300\nوزارة\t10\n"
    (tmp_path / module.SUBTITLES.path).write_text(subtitles, "utf-8")
    return tmp_path


def test_words_met_twice_or_often_in_subtitles_are_listed_folded(data: Path) -> None:
    assert known_words(data) == [*map(fold, ("أنا", "وزارة", "الخارجية"))]


def test_the_file_says_what_it_was_counted_in(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = data / "words.txt"
    assert main(["--data", str(data), "--out", str(out)]) == 0
    heading, *words = out.read_text("utf-8").splitlines()
    assert heading.startswith("# ")
    assert "someone (CC0 1.0); OpenSubtitles" in heading
    assert words == known_words(data)
    assert "3 words" in capsys.readouterr().err


def test_a_missing_source_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "news.tsv").unlink()
    assert main(["--data", str(data), "--out", str(data / "words.txt")]) == 1
    assert "news.tsv is missing" in capsys.readouterr().err


def test_the_shipped_words_are_folded_and_distinct() -> None:
    words = list(run_on._ranks())
    assert len(words) > 50_000
    assert all(fold(word) == word and 2 <= len(word) <= 15 for word in words)
    shipped = module._SHIPPED.read_text("utf-8").splitlines()
    assert shipped[1:] == words
