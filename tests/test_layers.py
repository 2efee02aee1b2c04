"""The floors of the house: an import may only point down; lazy and typing imports count."""

import ast
from pathlib import Path

import pytest

FLOORS = {
    "qa.text": 0,
    "qa.model": 0,
    "qa.roles": 0,
    "qa.errors": 0,
    "qa.settings": 0,
    "qa.folder": 0,
    "qa.prompts": 0,
    "qa.articles": 1,
    "qa.index": 1,
    "qa.retrieval": 2,
    "qa.answers": 2,
    "qa.reports": 2,
    # Keys, answers given and feedback, in the archive's manner of keeping things.
    "qa.records": 2,
    "qa.parts": 3,
    "qa.answering": 3,
    "qa.ingestion": 4,
    "qa.assistant": 5,
    "qa.evaluation": 6,
    "qa.tracing": 6,
    # Fits on question sets, and nothing imports it.
    "qa.training": 7,
    "qa.serve": 7,
}
OWNERS = {
    # The speed bench measures the index beside bare Chroma.
    "chromadb": {"qa.index.vectors", "qa.evaluation.speed"},
    "tantivy": {"qa.index.lexical"},
    "sqlalchemy": {"qa.articles", "qa.records"},
    "limits": {"qa.serve"},
    "prometheus_client": {"qa.serve"},
    "gradio": {"qa.serve"},
    "threadpoolctl": {"qa.serve"},
    "mcp": {"qa.serve.mcp"},
    "mcp_types": {"qa.serve.mcp"},
    "typer": {"qa.serve"},
    "sentence_transformers": {"qa.index.hub", "qa.answers.nli", "qa.training"},
    "safetensors": {"qa.index.word_table_files", "qa.training"},
    "tokenizers": {"qa.index.word_table", "qa.index.word_table_files", "qa.training"},
    "matplotlib": {"qa.evaluation.reports.drawing", "qa.evaluation.reports.charts"},
    "trafilatura": {"qa.articles"},
    "pypdf": {"qa.articles"},
    "docx": {"qa.articles"},
    # langchain_core, its runnables and messages, is for every floor that makes a chain.
    "langchain": {"qa.answers.chat_providers"},
    "langchain_openai": {"qa.answers.chat_providers"},
    "langchain_anthropic": {"qa.answers.chat_providers"},
    "langchain_ollama": {"qa.answers.chat_providers"},
}
ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "qa").rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_point_down(path: Path) -> None:
    here = room(module_name(path))
    for there in {room(name) for name in imported(path) if name.startswith("qa.")} - {here}:
        assert here == "qa" or there == "qa" or down(here, there), f"{here} imports {there}"


def down(here: str, there: str) -> bool:
    """Whether `there` is lower; the ground floor's few files may use one another."""
    return FLOORS[there] < FLOORS[here] or FLOORS[here] == FLOORS[there] == 0


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_library_has_one_owner(path: Path) -> None:
    here = module_name(path)
    for library in {name.split(".")[0] for name in imported(path)} & OWNERS.keys():
        assert any(here == o or here.startswith(o + ".") for o in OWNERS[library]), (
            f"{here} imports {library}, which belongs to {OWNERS[library]}"
        )


def test_there_are_no_import_cycles() -> None:
    known = {module_name(path) for path in MODULES}
    graph = {
        module_name(path): {owner(name, known) for name in imported(path)} - {"", module_name(path)}
        for path in MODULES
    }
    while leaves := [module for module, needs in graph.items() if not needs & graph.keys()]:
        for leaf in leaves:
            del graph[leaf]
    assert not graph, f"these modules import one another: {sorted(graph)}"


def owner(name: str, known: set[str]) -> str:
    """The module of this package that an imported name belongs to, or nothing."""
    return next((n for n in (name, name.rpartition(".")[0]) if n in known), "")
