"""`qa keys`: API keys from the command line; a token is shown once, when it is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import UsageError
from qa.serve.options import Json
from qa.serve.terminal import print_json

if TYPE_CHECKING:
    from qa.records.keys import ApiKey, Keys

app = typer.Typer(help="Create, list and revoke API keys.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what it is for.")],
    scope: Annotated[
        list[str], typer.Option(metavar="S", help="read, write or admin; may be given again.")
    ] = ["read"],  # noqa: B006 - typer's way to say it
    rate: Annotated[
        str, typer.Option(metavar="R", help="Requests in a time, such as 600/minute.")
    ] = "600/minute",
    as_json: Json = False,
) -> None:
    """Make a key and print its token, which nobody can print again."""
    with _keys() as keys:
        made = keys.create(name, scope, _checked(rate))
    if as_json:
        print_json(_told(made.key) | {"token": made.token})
        return
    print(made.token)
    typer.echo(f"key {made.key.id} for {name!r}: keep the token, it is not stored", err=True)


@app.command(name="list")
def show(as_json: Json = False) -> None:
    """Show every key that was made, without its token."""
    with _keys() as keys:
        found = keys.all()
    if as_json:
        print_json({"keys": [_told(key) for key in found]})
        return
    for key in found:
        state = f"revoked {key.revoked:%Y-%m-%d}" if key.revoked else "active"
        print(f"{key.id}  {state:18} {'+'.join(key.scopes):17} {key.rate:14} {key.name}")


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `qa keys list` shows.")],
) -> None:
    """End a key; servers refuse it at once."""
    with _keys() as keys:
        key = keys.revoke(id)
    print(f"key {key.id} for {key.name!r} is revoked")


def _told(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "rate": key.rate,
        "created": key.created.isoformat(),
        "revoked": key.revoked.isoformat() if key.revoked else None,
    }


def _checked(rate: str) -> str:
    from limits import parse_many

    advice = "write one, such as 600/minute or 10/second"
    try:
        first, *more = parse_many(rate)
    except ValueError:
        raise UsageError(f"{rate!r} is no rate: {advice}") from None
    if more or not first.amount:
        said = "more than one rate" if more else "no request at all"
        raise UsageError(f"{rate!r} is {said}: {advice}")
    return rate


@contextmanager
def _keys() -> Iterator[Keys]:
    from qa.parts import open_records
    from qa.settings import load_settings

    with open_records(load_settings()) as records:
        yield records.keys
