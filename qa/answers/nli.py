"""A cross-encoder trained on natural language inference as judge, by its name or its folder."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import JudgeError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_EXTRA = "pip install 'news-qa[hub]'"
_ENTAILS = "entail"
_EVEN = 0.5


class NliJudge:
    """A `SupportJudge` by a sentence-transformers CrossEncoder, loaded when first asked."""

    def __init__(self, model: str, device: str = "") -> None:
        self._name = model
        self._device = device
        self._loaded: tuple[CrossEncoder, int | None] | None = None
        # Kept, for to find it out again may take the hub's client a minute.
        self._failure = ""
        # The model's tokenizer cannot be used by two threads at once.
        self._lock = Lock()

    def supports(self, claim: str, premise: str) -> bool | None:
        """Whether entailment is the likeliest label; None where the model fails on these texts."""
        model, entailment = self.load()
        try:
            with self._lock:
                scores = np.asarray(model.predict([(premise, claim)], show_progress_bar=False))[0]
        except RuntimeError:
            return None
        if entailment is None:
            return bool(scores >= _EVEN)
        return bool(int(np.argmax(scores)) == entailment)

    def load(self) -> tuple[CrossEncoder, int | None]:
        """The model and the place of its label of entailment; raises JudgeError, once found out."""
        with self._lock:
            if self._failure:
                raise JudgeError(self._failure)
            try:
                self._loaded = self._loaded or self._load()
            except JudgeError as error:
                self._failure = str(error)
                raise
            return self._loaded

    def _load(self) -> tuple[CrossEncoder, int | None]:
        model = _load_model(self._name, self._device)
        labels: Mapping[int, str] = getattr(model.config, "id2label", None) or {}
        return model, find_entailment(labels, self._name)


def find_entailment(labels: Mapping[int, str], model: str) -> int | None:
    """The place of the label of entailment; None for a model of one score, which is its own."""
    if len(labels) == 1:
        return None
    places = [
        place
        for place, label in labels.items()
        if label.lower().startswith(_ENTAILS) or label.lower() == "supported"
    ]
    if len(places) != 1:
        raise JudgeError(
            f"the judge {model!r} has the labels {sorted(labels.values())}, of which none says "
            "entailment: set QA_JUDGE to a cross-encoder for natural language inference"
        )
    return places[0]


def _load_model(name: str, device: str) -> CrossEncoder:
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise JudgeError(f"the judge {name!r} needs sentence-transformers: {_EXTRA}") from error
    try:
        model: CrossEncoder = CrossEncoder(name, device=device or None)
        return model
    except Exception as error:  # each library under this one has errors of its own
        reason = str(error).strip().partition("\n")[0]
        raise JudgeError(
            f"the judge {name!r} cannot be loaded: {reason}; set QA_JUDGE to a "
            "sentence-transformers cross-encoder: a folder, or a name on the hub while there is a "
            "network"
        ) from error
