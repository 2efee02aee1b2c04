import json
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from qa.articles.archive import Archive
from qa.articles.readers import (
    READERS,
    ReadArticle,
    ReadFailure,
    ReadWarning,
    count_files,
    read_paths,
)

PAGE = "Talks resume in Vienna\n\nThe parties meet for the third time this year.\n"


def keys(*paths: Path) -> list[str]:
    return [r.article.key for r in read_paths(paths) if isinstance(r, ReadArticle)]


def failures(*paths: Path) -> list[ReadFailure]:
    return [r for r in read_paths(paths) if isinstance(r, ReadFailure)]


def write(file: Path, text: str = PAGE) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_seeds(seeds: Path) -> None:
    found = list(read_paths([seeds]))
    assert all(isinstance(result, ReadArticle) for result in found)
    assert keys(seeds) == [
        "000_8c1c864d118376be",
        "001_01317e2837700f45",
        "002_f10f2db986368882",
        "003_7134a8dc5dcca6b8",
        "004_cf3dbfa4259b4b62",
    ]
    assert {r.article.language for r in found if isinstance(r, ReadArticle)} == {"ar"}
    assert count_files([seeds]) == 5


def test_a_key_is_the_path_from_the_folder_without_its_ending(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.TXT",
        "2015/09/x.y.txt",
        ".hidden.txt",
        ".git/c.txt",
        "~$b.docx",
        "d.log",
    ):
        write(tmp_path / name)
    write(tmp_path / "rows.jsonl", '{"text": "One sentence."}\n{"id": "k", "text": "Two."}\n')
    assert keys(tmp_path) == ["2015/09/x.y", "a", "b", "rows:1", "k"]
    assert keys(tmp_path / "2015" / "09" / "x.y.txt") == ["x.y"]
    assert count_files([tmp_path]) == 4


CAFE = ("caf\u00e9", "cafe\u0301")
ARABIC = ("\u0623\u062e\u0628\u0627\u0631", "\u0627\u0654\u062e\u0628\u0627\u0631")
"""Names as Linux and as macOS write them, a letter composed and apart."""


@pytest.mark.parametrize("names", [CAFE, ARABIC])
@pytest.mark.parametrize("folder", ["", "caf\u00e9", "cafe\u0301"])
def test_a_key_is_the_same_however_a_system_spells_the_name(
    tmp_path: Path, names: tuple[str, str], folder: str
) -> None:
    found = []
    for number, name in enumerate(names):
        root = tmp_path / str(number)
        rows = write(root / folder / f"{name}.jsonl", '{"text": "One."}\n{"id": "e\u0301"}\n')
        write(root / folder / f"{name} 2.txt")
        assert keys(rows) == [f"{names[0]}:1"]
        found.append(keys(root))
    composed = "/".join(filter(None, [folder and CAFE[0], names[0]]))
    assert found == [[f"{composed} 2", f"{composed}:1"]] * 2


def test_what_a_row_calls_itself_stays_as_it_is(tmp_path: Path) -> None:
    rows = write(tmp_path / f"{CAFE[1]}.jsonl", f'{{"id": "{CAFE[1]}", "text": "One."}}\n')
    (read,) = read_paths([rows])
    assert isinstance(read, ReadArticle)
    assert read.keys == (CAFE[1],)


def test_the_same_content_has_the_same_version_wherever_it_lies(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    write(tmp_path / "c.txt", PAGE.replace("third", "fourth"))
    a, b, c = (r.article.version for r in read_paths([tmp_path]) if isinstance(r, ReadArticle))
    assert a == b != c
    assert len(a) == 16


def test_missing_path(tmp_path: Path) -> None:
    (failure,) = failures(tmp_path / "nothing")
    assert failure.source == str(tmp_path / "nothing")
    assert "no such file or folder" in failure.reason


def test_an_unknown_ending_is_a_failure_only_where_it_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    named = write(tmp_path / "notes.xyz")
    assert failures(tmp_path) == []
    (failure,) = failures(named)
    assert "cannot read .xyz" in failure.reason
    assert all(ending in failure.reason for ending in READERS)


def test_files_of_other_endings_are_counted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.doc", "c/d.DOC", "c/e.json", "f.txt.gz", "README", ".hidden.doc"):
        write(tmp_path / name)
    (warning,) = [r for r in read_paths([tmp_path]) if isinstance(r, ReadWarning)]
    assert warning.source == str(tmp_path)
    assert "files passed over: 5 (2 .doc, 1 without an ending, 1 .json, 1 .gz)" in warning.reason
    assert all(ending in warning.reason for ending in READERS)
    for number in range(20):
        write(tmp_path / f"x.{number}")
    (warning,) = [r for r in read_paths([tmp_path]) if isinstance(r, ReadWarning)]
    assert ", 16 other kinds)" in warning.reason


def test_the_data_folder_is_left_out_of_a_folder_and_told(tmp_path: Path) -> None:
    for name in ("a.txt", "data/evaluations/1/results.md", "data/b.txt", "other/data/c.txt"):
        write(tmp_path / name)
    data = tmp_path / "other" / ".." / "data"
    read = list(read_paths([tmp_path], data))
    assert [r.article.key for r in read if isinstance(r, ReadArticle)] == ["a", "other/data/c"]
    (warning,) = [r for r in read if isinstance(r, ReadWarning)]
    assert warning.source == str(tmp_path / "data")
    assert "left out: this is the data folder" in warning.reason
    assert count_files([tmp_path], data) == 2


def test_what_is_named_within_the_data_folder_is_read(tmp_path: Path) -> None:
    file = write(tmp_path / "data" / "news" / "a.txt")
    for named in (tmp_path / "data", tmp_path / "data" / "news", file):
        assert count_files([named], tmp_path / "data") == 1


def test_a_folder_without_articles_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path / "notes.xyz")
    (failure,) = failures(tmp_path)
    assert "holds no file to read" in failure.reason


def test_empty_file(tmp_path: Path) -> None:
    (failure,) = failures(write(tmp_path / "a.txt", ""))
    assert "the file is empty" in failure.reason


def test_file_of_blanks_and_furniture(tmp_path: Path) -> None:
    (failure,) = failures(write(tmp_path / "a.txt", "\n \nاترك تعليقاً\n"))
    assert "no article text" in failure.reason


def test_binary_called_txt(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\x7fELF\2\1\1" + bytes(200))
    (failure,) = failures(file)
    assert failure.reason.startswith("binary data, not text")


def test_links_to_nothing_and_pipes(tmp_path: Path) -> None:
    (tmp_path / "dangling.txt").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    assert ["not a regular file" in failure.reason for failure in failures(tmp_path)] == [True] * 2


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that anyone may enter, and no right to read what others have closed."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        me = os.geteuid()
        yield Path(folder)
        os.seteuid(me)


def test_files_and_folders_without_permission(as_nobody: Path) -> None:
    file = write(as_nobody / "a.txt")
    file.chmod(0)
    folder = write(as_nobody / "closed" / "b.txt").parent
    folder.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    reasons = [failure.reason for failure in failures(as_nobody, folder / "b.txt")]
    assert len(reasons) == 3
    assert all("cannot be read (Permission denied)" in reason for reason in reasons)


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    (failure,) = failures(tmp_path / f"{'x' * 300}.txt")
    assert "cannot be read (File name too long)" in failure.reason


def test_a_folder_named_like_a_file_is_read_as_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.txt" / "b.txt")
    assert keys(tmp_path) == ["a.txt/b"]


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path / "a.pdf", "not a pdf")
    write(tmp_path / "b.docx", "not a zip")
    write(tmp_path / "c.csv", "id,title\n")
    write(tmp_path / "d.jsonl", '{"text": "One."}\n{broken\n{"text": "Three."}\n')
    write(tmp_path / "e.txt")
    assert keys(tmp_path) == ["d:1", "d:3", "e"]
    found = [(Path(f.source).name, f.line) for f in failures(tmp_path)]
    assert found == [("a.pdf", None), ("b.docx", None), ("c.csv", 1), ("d.jsonl", 2)]


@pytest.mark.parametrize("text", ["\u200f", "\u200b\u200b \n", "\0", "\ufeff\u2060"])
def test_a_row_of_nothing_visible_does_not_stop_the_others(tmp_path: Path, text: str) -> None:
    rows = [{"text": "One."}, {"text": text}, {"text": "Three."}]
    file = write(tmp_path / "a.jsonl", "\n".join(json.dumps(row) for row in rows))
    found = list(read_paths([file]))
    with Archive(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        put = archive.put([r.article for r in found if isinstance(r, ReadArticle)])
    assert [result.key for result in put] == ["a:1", "a:3"]
    assert [f.line for f in found if isinstance(f, ReadFailure)] == [2]


def test_a_field_that_cannot_be_used_is_told_once_for_all_rows(tmp_path: Path) -> None:
    dates = ["0000-00-00", "2015-09-16", "soon", "x"]
    rows = [{"text": f"Article {n}.", "date": day, "lang": "?"} for n, day in enumerate(dates)]
    file = write(tmp_path / "a.jsonl", "\n".join(json.dumps(row) for row in rows))
    found = list(read_paths([file]))
    assert [r.article.published for r in found if isinstance(r, ReadArticle)] == [
        None,
        date(2015, 9, 16),
        None,
        None,
    ]
    assert [str(r) for r in found if isinstance(r, ReadWarning)] == [
        f"{file}, line 1: language '?' is no language we know: write ar, en, fr …;"
        " kept without it (and 3 more such articles)",
        f"{file}, line 1: published '0000-00-00' is not a date: write it as 2015-09-16;"
        " kept without it (and 2 more such articles)",
    ]


def test_the_language_of_a_row_is_that_of_its_text_not_of_its_tags(tmp_path: Path) -> None:
    tags = '<p class="MsoNormal" style="text-align: justify; direction: rtl"><span lang="AR-SA">'
    rows = [{"text": f"{tags}قال الوزير إن المحادثات مستمرة.</span></p>"}, {"text": "<p><br></p>"}]
    file = write(tmp_path / "a.jsonl", "\n".join(json.dumps(row) for row in rows))
    read, failure = read_paths([file])
    assert isinstance(read, ReadArticle)
    assert (read.article.language, read.article.title) == ("ar", "قال الوزير إن المحادثات مستمرة.")
    assert isinstance(failure, ReadFailure)
    assert "no article text" in failure.reason


def test_duplicate_keys_name_both_places(tmp_path: Path) -> None:
    rows = write(tmp_path / "a.jsonl", '{"id": "k", "text": "One."}\n{"id": "k", "text": "Two."}\n')
    (failure,) = failures(rows)
    assert failure.source == f"{rows}, line 2"
    assert f"its key 'k' was already read from {rows}, line 1" in failure.reason


def test_two_formats_of_one_name_are_duplicates(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "# Talks\n\nText.")
    write(tmp_path / "a.txt")
    (failure,) = failures(tmp_path)
    assert failure.source.endswith("a.txt")
    assert "a.md" in failure.reason


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt")
    assert [type(result) for result in read_paths([file, tmp_path, file])] == [ReadArticle]


def test_characters_that_no_database_holds(tmp_path: Path) -> None:
    (found,) = read_paths([write(tmp_path / "a.jsonl", '{"text": "a\\u0000b \\ud800 c"}')])
    assert isinstance(found, ReadArticle)
    assert found.article.text == "ab \ufffd c"


def test_a_row_without_a_title_gets_its_beginning(tmp_path: Path) -> None:
    (found,) = read_paths([write(tmp_path / "a.jsonl", '{"text": "First line.\\nSecond."}')])
    assert isinstance(found, ReadArticle)
    assert found.article.title == "First line."


def test_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.articles.readers.LARGEST_FILE", 1 << 20)
    file = tmp_path / "a.txt"
    file.write_bytes(b"word " * (1 << 19))
    (failure,) = failures(file)
    assert failure.reason == "2 MiB, more than 1: split it into articles"


def test_an_enormous_web_page(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(b"<p>word</p>\n" * (1 << 20))
    (failure,) = failures(file)
    assert failure.reason == "12 MiB, more than 8: split it into articles"


def test_an_article_of_50_megabytes(tmp_path: Path) -> None:
    paragraph = "قال الوزير إن المحادثات مستمرة في باريس، وأضاف أن القرار لم يتخذ بعد. " * 20
    text = "\n\n".join([paragraph.strip()] * (50_000_000 // len(paragraph.encode())))
    file = write(tmp_path / "a.txt", f"عنوان الخبر هنا\n\n{text}\n\nاترك تعليقاً\n")
    assert file.stat().st_size > 49_000_000
    began = time.process_time()
    (found,) = read_paths([file])
    assert time.process_time() - began < 30
    assert isinstance(found, ReadArticle)
    assert found.article.text == text
