"""Any sentence-transformers model as an `Embedder`, by its name on the hub or by its folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import EmbedderError
from qa.model import Vector, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_EXTRA = "pip install 'news-qa[hub]'"
_QUESTION_PROMPTS = ("query", "question")
_PASSAGE_PROMPTS = ("document", "passage", "corpus")
# The e5 models were trained with these and publish no prompts.
_E5 = re.compile(r"(?:^|[/_.-])e5(?:[_.-]|$)", re.IGNORECASE)
_E5_INSTRUCT = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
)
_SAMPLED_VALUES = 64
_HUB_SECONDS = 10


class HubEmbedder:
    """Unit vectors by a sentence-transformers model, with the prefixes that it was trained with."""

    def __init__(self, model: str, device: str = "", batch_size: int = 32) -> None:
        self._model = _load(model, device)
        self._batch_size = batch_size
        # The model's tokenizer cannot be used by two threads at once.
        self._lock = Lock()
        self.name = f"{Path(model).name if Path(model).is_dir() else model}-{_digest(self._model)}"
        self.prefixes = find_prefixes(model, self._model.prompts)
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def embed_question(self, text: str) -> Vector:
        """One question's vector, shape (dimension,)."""
        question: Vector = self._embed(self._model.encode_query, [text], self.prefixes[0])[0]
        return question

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Passage vectors, shape (len(texts), dimension); long texts are cut by the model."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._embed(self._model.encode_document, texts, self.prefixes[1])

    def _embed(self, encode: Callable[..., object], texts: Sequence[str], prefix: str) -> Vectors:
        try:
            with self._lock:
                vectors = encode(
                    list(texts),
                    prompt=prefix,
                    batch_size=self._batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        except RuntimeError as error:
            raise EmbedderError(
                f"the embedding model {self.name!r} fails on {len(texts)} texts: {error}; "
                "try a smaller QA_BATCH_SIZE, or QA_DEVICE=cpu"
            ) from error
        return np.asarray(vectors, dtype=np.float32)


def find_prefixes(model: str, prompts: Mapping[str, str | None]) -> tuple[str, str]:
    """What goes before questions and before passages: the model's own prompts, or its family's."""
    question = _first_prompt(prompts, _QUESTION_PROMPTS)
    passage = _first_prompt(prompts, _PASSAGE_PROMPTS)
    if question or passage or not _E5.search(model):
        return question, passage
    return (_E5_INSTRUCT, "") if "instruct" in model.lower() else ("query: ", "passage: ")


def _first_prompt(prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def _load(model: str, device: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderError(
            f"the embedding model {model!r} needs sentence-transformers: {_EXTRA}"
        ) from error
    try:
        return SentenceTransformer(
            model, device=device or None, local_files_only=not _is_reachable(model)
        )
    except Exception as error:  # each library under this one has errors of its own
        place = f" on {device!r}" if device else ""
        raise EmbedderError(
            f"the embedding model {model!r} cannot be loaded{place}: {_first_line(error)}; set "
            "QA_EMBEDDER to a sentence-transformers model (a folder, or a name on the hub while "
            "there is a network), or leave it empty for the shipped one"
        ) from error


def _is_reachable(model: str) -> bool:
    """Whether the hub answers: where it does not, each file would be asked for again and again."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    if Path(model).is_dir():
        return False
    try:
        HfApi().model_info(model, timeout=_HUB_SECONDS)
    except (HfHubHTTPError, HFValidationError):
        return True  # loading says what is wrong with the name
    except Exception:  # of whichever HTTP library the hub's client is made with
        return False
    return True


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _digest(model: SentenceTransformer) -> str:
    """Hash of a sample of all weights: the version, whether or not the hub can be asked."""
    digest = hashlib.sha256()
    for name, weights in sorted(model.state_dict().items()):
        values = weights.detach().reshape(-1)
        sample = values[:: max(1, len(values) // _SAMPLED_VALUES)]
        digest.update(f"{name}{tuple(weights.shape)}".encode())
        digest.update(sample.cpu().float().numpy().tobytes())
    return digest.hexdigest()[:12]
