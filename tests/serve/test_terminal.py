import json
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.model import Exchange, Token
from qa.serve.terminal import printed, read_exchanges, written

HOSTILE = "red \x1b[31m \x1b[2J \u202eturned\u202c"


def test_nothing_in_an_article_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    list(printed(iter([Token(HOSTILE)])))
    told = capsys.readouterr().out
    assert told == "red \\u001b[31m \\u001b[2J \\u202eturned\\u202c\n"


def test_lines_and_the_isolates_of_plain_writing_stay() -> None:
    assert written("one\ntwo \u2068«ثلاثة»\u2069") == "one\ntwo \u2068«ثلاثة»\u2069"


def test_an_answer_may_hold_other_ends_of_lines(tmp_path: Path) -> None:
    told = {"question": "who?", "answer": "one\u2028two\u0085three"}
    file = tmp_path / "history.jsonl"
    file.write_text(json.dumps(told, ensure_ascii=False) + "\n", "utf-8")
    assert read_exchanges(file) == [Exchange("who?", told["answer"])]
    file.write_text("", "utf-8")
    assert read_exchanges(file) == []


@pytest.mark.parametrize(
    "line", ['{"question": 1, "answer": 2}', '{"question": "who?", "answer": null}', "[]", "no", ""]
)
def test_what_is_no_answer_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text(f"{json.dumps({'question': 'who?', 'answer': 'he'})}\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match="line 2 is no answer"):
        read_exchanges(file)
