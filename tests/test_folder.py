import subprocess
from pathlib import Path
from threading import Timer

import pytest

from qa.errors import StorageBusyError, StorageError
from qa.folder import DataFolder
from tests.data_folders import hold_in_another_process


def release(process: subprocess.Popen[str]) -> None:
    process.communicate()


def test_makes_the_folder(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "a" / "b", write=True):
        assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize(("there", "here"), [("write", True), ("write", False), ("read", True)])
def test_a_writer_is_alone(tmp_path: Path, there: str, here: bool) -> None:
    process = hold_in_another_process(tmp_path, there)
    try:
        with pytest.raises(StorageBusyError, match=f"in use by process {process.pid}") as refused:
            DataFolder(tmp_path, write=here)
        way = "takes articles by its API" if here else "is asked by its API"
        assert way in str(refused.value)
    finally:
        release(process)
    DataFolder(tmp_path, write=here).close()


def test_readers_share(tmp_path: Path) -> None:
    process = hold_in_another_process(tmp_path, "read")
    try:
        DataFolder(tmp_path, write=False).close()
    finally:
        release(process)


def test_a_reader_waits_for_a_short_writer(tmp_path: Path) -> None:
    process = hold_in_another_process(tmp_path, "write")
    assert process.stdin is not None
    Timer(0.3, process.stdin.close).start()
    DataFolder(tmp_path, write=False, wait=30).close()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_holder_that_ended_is_not_blamed(tmp_path: Path) -> None:
    ended = hold_in_another_process(tmp_path, "read")
    ended.kill()
    release(ended)
    process = hold_in_another_process(tmp_path, "read")
    DataFolder(tmp_path, write=False).close()
    try:
        with pytest.raises(StorageBusyError) as refused:
            DataFolder(tmp_path, write=True)
    finally:
        release(process)
    assert f"in use by process {process.pid} (" in str(refused.value)
    assert str(ended.pid) not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file.*cannot be written.*QA_DATA_DIR"):
        DataFolder(tmp_path / "file" / "data", write=True)
