from pathlib import Path

from qa.index.glosses import FILE, read_glosses, write_glosses

GLOSSES = {"reservoir@fr": 3, "водохранилищ": 70_000, "گوجه@fa": 0}


def test_glosses_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_glosses(tmp_path, GLOSSES)
    assert read_glosses(tmp_path) == GLOSSES


def test_the_same_glosses_are_the_same_bytes(tmp_path: Path) -> None:
    write_glosses(tmp_path, GLOSSES)
    before = (tmp_path / FILE).read_bytes()
    write_glosses(tmp_path, dict(reversed(GLOSSES.items())))
    assert (tmp_path / FILE).read_bytes() == before


def test_a_folder_may_have_none(tmp_path: Path) -> None:
    assert read_glosses(tmp_path) == {}
    write_glosses(tmp_path, {})
    assert read_glosses(tmp_path) == {}
