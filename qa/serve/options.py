"""The arguments and options that commands share, and what is wrong with a value of one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.model import Filters


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date: write it as 2015-09-16") from None


def _code(text: str) -> str:
    if not re.fullmatch("[a-z]{2,3}", text):
        raise typer.BadParameter(f"{text!r} is no code of a language: write it as ar, en or fr")
    return text


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="In any language.")]
Language = Annotated[
    str | None,
    typer.Option(parser=_code, metavar="L", help="Only articles in this language (ar, en …)."),
]
Outlet = Annotated[str | None, typer.Option(metavar="O", help="Only articles of this outlet.")]
Since = Annotated[
    date | None, typer.Option(parser=_date, metavar="D", help="Only articles from this day on.")
]
Until = Annotated[
    date | None, typer.Option(parser=_date, metavar="D", help="Only articles up to this day.")
]
AnswerLanguage = Annotated[
    str | None,
    typer.Option(
        parser=_code,
        metavar="L",
        help="Language of the answer (ar, en …); the question's own without it. Around quotes: "
        "English where it is not ar, en, fr, ru or tr.",
    ),
]
Mode = Annotated[
    str | None,
    typer.Option(metavar="M", help="extractive: quotes; generative: by the chat model."),
]
History = Annotated[
    Path | None,
    typer.Option(
        metavar="F", exists=True, dir_okay=False, help="Earlier answers, as --json prints them."
    ),
]
ShowQuestion = Annotated[
    bool, typer.Option("--show-question", help="Show as which question a follow-up was asked.")
]
TraceFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write down what the answer came of, for `qa replay`."),
]


def filters_of(
    language: str | None, outlet: str | None, since: date | None, until: date | None
) -> Filters:
    """The filters that the options make; raises UsageError where no day is within both dates."""
    from qa.model import Filters

    if since and until and since > until:
        raise UsageError(f"--since {since} is after --until {until}: no day is in both")
    return Filters(language, outlet, since, until)
