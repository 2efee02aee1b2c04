from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from qa.errors import PromptError
from qa.prompts import Prompt, load_prompt

FOLDER = Path(str(files("qa.prompts")))
NAMES = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")
MARK = re.compile(r"[\[【［〖⟦][^\]】］〗⟧]*\d[^\]】］〗⟧]*[\]】］〗⟧]")


@pytest.mark.parametrize("name", NAMES)
def test_no_prompt_holds_a_mark_that_a_model_could_copy(name: str) -> None:
    assert not MARK.search(load_prompt(name).text)


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_names_every_prompt(name: str) -> None:
    assert f"`{name}.md`" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_braces_and_dollars_stay_as_they_are() -> None:
    prompt = Prompt("p", 'reply {"a": 1} for $$5 to $who')
    assert prompt.render(who="$who {x}") == 'reply {"a": 1} for $5 to $who {x}'


def test_a_missing_and_an_unknown_name_are_named() -> None:
    with pytest.raises(PromptError, match=r"'p'.*\$what, \$who"):
        Prompt("p", "to $who").render(what="that")


def test_an_unknown_prompt_is_an_error() -> None:
    with pytest.raises(PromptError, match="no prompt 'nothing'"):
        load_prompt("nothing")


def test_the_digest_tells_wordings_apart() -> None:
    assert Prompt("p", "one").digest == Prompt("q", "one").digest != Prompt("p", "two").digest
