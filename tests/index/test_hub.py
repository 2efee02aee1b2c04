import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from qa.errors import EmbedderError
from qa.index.embedding import load_embedder
from qa.index.hub import HubEmbedder, find_prefixes
from qa.model import Vectors
from tests.hub_models import save_bert, save_model

QUESTION = "what did the minister say"
PASSAGES = ["the minister said that oil prices rose", "oil"]


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of random weights."""
    return save_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture
def save(bert: Path, tmp_path: Path) -> Callable[..., str]:
    """Saves a sentence-transformers model under a name, with prompts, and gives its folder."""

    def make(name: str, prompts: dict[str, str] | None = None) -> str:
        return save_model(bert, tmp_path / name, prompts)

    return make


def plain(folder: str, texts: list[str]) -> Vectors:
    """The same vectors by the library alone."""
    model = SentenceTransformer(folder, device="cpu")
    return np.asarray(model.encode(texts, prompt="", normalize_embeddings=True))


def test_vectors_are_the_librarys_and_unit(save: Callable[..., str]) -> None:
    folder = save("model")
    embedder = load_embedder(folder, "cpu", 1)
    vectors = embedder.embed_passages(PASSAGES)
    assert np.allclose(vectors, plain(folder, PASSAGES), atol=1e-6)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors.shape, vectors.dtype) == ((2, embedder.dimension), np.dtype(np.float32))
    assert embedder.embed_passages([]).shape == (0, 32)


def test_the_e5_family_gets_its_prefixes(save: Callable[..., str]) -> None:
    folder = save("multilingual-e5-tiny")
    embedder = HubEmbedder(folder)
    assert embedder.prefixes == ("query: ", "passage: ")
    expected = plain(folder, [f"query: {QUESTION}", *(f"passage: {text}" for text in PASSAGES)])
    found = [embedder.embed_question(QUESTION), *embedder.embed_passages(PASSAGES)]
    assert np.allclose(found, expected, atol=1e-6)
    assert not np.allclose(found, plain(folder, [QUESTION, *PASSAGES]), atol=1e-3)


def test_a_models_own_prompts_come_first(save: Callable[..., str]) -> None:
    folder = save("e5-of-another-kind", {"query": "ask: ", "document": "doc: "})
    embedder = HubEmbedder(folder)
    assert embedder.prefixes == ("ask: ", "doc: ")
    expected = plain(folder, [f"ask: {QUESTION}", *(f"doc: {text}" for text in PASSAGES)])
    found = [embedder.embed_question(QUESTION), *embedder.embed_passages(PASSAGES)]
    assert np.allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "prompts", "prefixes"),
    [
        ("intfloat/multilingual-e5-small", {}, ("query: ", "passage: ")),
        ("intfloat/e5-base-v2", {"query": "", "document": ""}, ("query: ", "passage: ")),
        ("sentence-transformers/LaBSE", {}, ("", "")),
        ("acme/the5th-model", {}, ("", "")),
        ("acme/any", {"query": "q: ", "passage": "p: "}, ("q: ", "p: ")),
        ("acme/any", {"query": "q: ", "document": None}, ("q: ", "")),
    ],
)
def test_prefixes(model: str, prompts: dict[str, str | None], prefixes: tuple[str, str]) -> None:
    assert find_prefixes(model, prompts) == prefixes


def test_instruct_models_take_an_instruction_before_questions_only() -> None:
    question, passage = find_prefixes("intfloat/multilingual-e5-large-instruct", {})
    assert question.startswith("Instruct: ")
    assert question.endswith("\nQuery: ")
    assert passage == ""


def test_the_name_tells_models_apart_and_not_places(
    save: Callable[..., str], tmp_path: Path
) -> None:
    folder = save("model")
    name = HubEmbedder(folder).name
    moved = shutil.copytree(folder, tmp_path / "moved" / "model")
    assert HubEmbedder(str(moved)).name == name
    model = SentenceTransformer(folder, device="cpu")
    next(model.parameters()).data += 1
    model.save(folder)
    assert HubEmbedder(folder).name != name


@pytest.mark.parametrize(
    "model", ["/no/such/folder", "no-such-model-of-ours", "nobody/no-such-model", "./absent/model"]
)
def test_a_model_that_is_not_there_names_the_setting(model: str) -> None:
    with pytest.raises(EmbedderError, match=r"QA_EMBEDDER") as refused:
        load_embedder(model, "cpu", 32)
    assert repr(model) in str(refused.value)


def test_a_model_that_was_fetched_before_needs_no_network(
    save: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "hub" / "models--acme--tiny"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("abc")
    shutil.copytree(save("model"), kept / "snapshots" / "abc")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    assert load_embedder("acme/tiny", "cpu", 32).embed_question("oil").shape == (32,)


def test_a_folder_that_holds_no_model_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="QA_EMBEDDER"):
        load_embedder(str(tmp_path), "cpu", 32)


def test_a_damaged_model_names_the_setting(save: Callable[..., str]) -> None:
    folder = save("model")
    Path(folder, "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(EmbedderError, match="QA_EMBEDDER"):
        load_embedder(folder, "cpu", 32)


@pytest.mark.parametrize("device", ["cuda:7", "abacus"])
def test_a_device_that_is_not_there_is_an_embedder_error(
    device: str, save: Callable[..., str]
) -> None:
    with pytest.raises(EmbedderError, match=device.partition(":")[0]):
        load_embedder(save("model"), device, 32)


def test_a_missing_extra_names_its_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match=r"pip install 'news-qa\[hub\]'"):
        load_embedder("any-model", "cpu", 32)
