"""Prompts as files: `$names` are filled in, braces and every other character stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template

from qa.errors import PromptError


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text of a prompt file."""

    name: str
    text: str

    @property
    def names(self) -> frozenset[str]:
        """What `render` must be given."""
        return frozenset(Template(self.text).get_identifiers())

    @property
    def digest(self) -> str:
        """Tells one wording from another in a trace."""
        return sha256(self.text.encode()).hexdigest()[:16]

    def render(self, **values: str) -> str:
        """The text with every `$name` filled in; raises PromptError where names do not agree."""
        wrong = sorted(f"${name}" for name in self.names ^ values.keys())
        if wrong:
            raise PromptError(
                f"prompt {self.name!r} and its caller do not agree on {', '.join(wrong)}: "
                f"the file has {sorted(self.names)}, the caller gives {sorted(values)}"
            )
        return Template(self.text).substitute(values)


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt in `<name>.md`; raises PromptError where there is none or a `$` stands alone."""
    file = files("qa.prompts").joinpath(f"{name}.md")
    if not file.is_file():
        raise PromptError(f"there is no prompt {name!r}: qa/prompts/README.md lists them")
    text = file.read_text(encoding="utf-8").strip()
    if not Template(text).is_valid():
        raise PromptError(f"prompt {name!r} has a $ without a name: write $$ for the sign itself")
    return Prompt(name, text)
