"""The OpenAPI description is what the server does: a snapshot of it, and requests made from it.

`python -m tests.serve.api.test_contract` writes the snapshot anew.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from qa.assistant import Assistant
from qa.parts import open_records
from qa.serve.api.access import Gate, Policy
from qa.serve.api.app import build_app
from qa.serve.web import serving
from qa.settings import Settings
from tests.serve.api.conftest import serve_app

SNAPSHOT = Path(__file__).parent.parent / "openapi.json"
GUARDED = Policy(keys_needed=True, local=False)
# Each is some requests: without the key, by other methods, …
EXAMPLES = 8
# Valid, and refused all the same: an ETag of another version, a file of another format; and where
# 422 is let pass, days in the wrong order, or a cursor that no page gave.
REFUSED = ["2xx", "401", "403", "404", "409", "412", "415"]
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": REFUSED}},
    "operations": [
        {
            "include-name": name,
            "checks": {"positive_data_acceptance": {"expected-statuses": [*REFUSED, status]}},
        }
        for name, status in (
            ("GET /api/v1/articles", "422"),
            ("GET /api/v1/feedback", "422"),
            ("POST /api/v1/ask", "422"),
            ("POST /api/v1/ask/stream", "422"),
            ("POST /api/v1/search", "422"),
            # A conversation that ends with an answer; more than one choice, tools, JSON.
            ("POST /v1/chat/completions", "400"),
        )
    ],
}


def description() -> dict[str, Any]:
    """The description alone needs none of the parts that it describes."""
    parts: Any = SimpleNamespace(metrics=None)
    return build_app(parts, cast("Any", None)).openapi()


def operations() -> list[tuple[str, str]]:
    agreed = json.loads(SNAPSHOT.read_text("utf-8"))
    return [(path, method) for path, methods in agreed["paths"].items() for method in methods]


def wrongable() -> list[tuple[str, str, GenerationMode]]:
    """Every route with valid requests, and with wrong ones where there is anything to get wrong."""
    agreed = json.loads(SNAPSHOT.read_text("utf-8"))["paths"]
    asked = {"parameters", "requestBody", "security"}
    return [
        (path, method, mode)
        for path, method in operations()
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or asked & agreed[path][method].keys()
    ]


def test_the_description_is_the_one_that_was_agreed_on() -> None:
    assert description() == json.loads(SNAPSHOT.read_text("utf-8")), (
        "the interface has changed: if that is meant, run this module as a program and say so "
        "in CHANGELOG.md"
    )


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_route_tells_its_problems_and_examples(path: str, method: str) -> None:
    described = description()
    operation = described["paths"][path][method]
    assert operation["summary"]
    for status, response in operation["responses"].items():
        if status.startswith(("4", "5")):
            (media,) = response["content"].values()
            assert media["examples"], status
        elif named := response.get("content", {}).get("application/json"):
            assert examples_of(described, named["schema"]), status
    if sent := operation.get("requestBody", {}).get("content", {}).get("application/json"):
        assert examples_of(described, sent["schema"])


def examples_of(described: dict[str, Any], schema: dict[str, Any]) -> list[Any]:
    name = schema.get("items", schema)["$ref"].rpartition("/")[2]
    found: list[Any] = described["components"]["schemas"][name]["examples"]
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[tuple[str, str]]:
    """The address of a real server that asks for keys, and one that may do all."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("contract") / "data")
    with (
        open_records(settings) as records,
        Assistant.open(settings, write=True) as assistant,
        serving(settings, assistant, records) as service,
        serve_app(build_app(service, Gate(GUARDED, records.keys.find))) as address,
    ):
        assistant.ingest([seeds])
        yield address, records.keys.create("all", ["admin"], "1000000/second").token


@pytest.mark.parametrize(("path", "method", "mode"), wrongable())
def test_requests_made_from_it_are_answered_as_it_says(
    served: tuple[str, str], path: str, method: str, mode: GenerationMode
) -> None:
    address, token = served
    headers = {"Authorization": f"Bearer {token}"}
    config = schemathesis.Config.from_dict(CONFIG)
    schema: OpenApiSchema = schemathesis.openapi.from_url(
        f"{address}/openapi.json", config=config, headers=headers
    )
    operation = schema[path][method.upper()]

    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case[Any]) -> None:
        # Hypothesis likes to send the same one with another request, which is refused.
        case.headers.pop("Idempotency-Key", None)
        case.call_and_validate(headers=headers)

    check()


if __name__ == "__main__":
    text = json.dumps(description(), ensure_ascii=False, indent=1)
    SNAPSHOT.write_text(f"{text}\n", "utf-8")
