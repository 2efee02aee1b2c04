"""`qa keys`, and what `qa serve` makes of keys, as their users meet them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.errors import UsageError
from qa.parts import open_records
from qa.serve.cli import app
from qa.settings import load_settings
from tests.serve import command


def qa(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def test_a_key_is_made_listed_and_revoked() -> None:
    made = qa("keys", "create", "reporter", "--scope", "read", "--scope", "write")
    token = made.stdout.strip()
    with open_records(load_settings()) as records:
        key = records.keys.find(token)
    assert key is not None
    listed = qa("keys", "list").stdout
    assert f"{key.id}  active" in listed
    assert "read+write" in listed
    assert token not in listed
    assert "reporter" in qa("keys", "revoke", key.id).stdout
    assert "revoked 20" in qa("keys", "list").stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--scope", "fly"), "read, write, admin"),
        (("--rate", "often"), "'often' is no rate"),
        (("--rate", "10/second;100/minute"), "more than one rate"),
        (("--rate", "0/minute"), "no request at all"),
    ],
)
def test_a_wrong_key_is_not_made(wrong: tuple[str, str], said: str) -> None:
    error = qa("keys", "create", "x", *wrong).exception
    assert isinstance(error, UsageError)
    assert said in str(error)
    assert qa("keys", "list").stdout == ""


def test_strangers_are_not_served_unasked() -> None:
    finished = command.qa("serve", "--host", "0.0.0.0", "--port", "0")
    assert finished.returncode == 2
    assert "qa keys create" in finished.stderr
    assert "--open" in finished.stderr


def test_the_key_is_in_no_log(tmp_path: Path) -> None:
    curl = shutil.which("curl")
    assert curl
    token = qa("keys", "create", "k").stdout.strip()
    serve = [*command.QA, "serve", "--keys", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(serve, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = server.stderr.readline()
        address = said.split()[5]
        status = [curl, "-s", "-H", f"Authorization: Bearer {token}", f"{address}/api/v1/status"]
        assert '"writable":false' in subprocess.run(status, capture_output=True, text=True).stdout
        page = [curl, "-s", "-o", os.devnull, "-w", "%{http_code}", "-u", f"me:{token}", address]
        assert subprocess.run(page, capture_output=True, text=True).stdout == "200"
        server.terminate()
        said += server.stderr.read()
    assert "GET /api/v1/status 200" in said
    assert token not in said
