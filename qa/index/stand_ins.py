"""What a word without an entry of the table goes by, before it is cut into pieces.

* A gloss: the English word that a dictionary has for it.
* Another form: an English one of the same stem, the Arabic word less a particle, the singular of a
  French verb.
* Its halves, if it is a German compound: two entries, the most frequent ones (Koehn and Knight
  2003, "Empirical methods for compound splitting").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import is_plain, marked_key, model_key, plain_key
from qa.text.stems import english_stems, stem
from qa.text.tokens import Token

JOINT = " "
"""Between the entries of a compound, in its key."""
_PARTICLES = frozenset("بلكفسو")
"""Arabic letters that stand before a word as by, to, like, so, will and and."""
_LEAST_BARE = 3
"""Letters of the word that is left without one."""
_LEAST_PART = 4
"""Letters of each half of a compound."""
_LINK = "s"
"""Letter that joins halves (Arbeit-s-amt); the stems of first halves lose the others."""


class StandIns:
    """Finds what to look a word up by instead of itself; safe for threads."""

    def __init__(
        self,
        words: Sequence[str],
        rows: Mapping[str, int],
        weights: NDArray[np.float32],
        glosses: Mapping[str, int],
    ) -> None:
        self._words = words
        self._rows = rows
        self._weights = weights
        self._glosses = glosses

    def key(self, token: Token, language: str | None) -> str:
        """Of a word that has no entry of its own: its stand-in's key, else its plain one."""
        own = model_key(token, language)
        if own in self._glosses:
            return self._words[self._glosses[own]]
        if is_plain(own):
            return self._other_form(own, token.stem)
        plain = plain_key(token.form)
        if plain in self._rows:
            return plain
        find = {"fr": self._singular, "de": self._compound}.get(language or "")
        return (find(token.form) if find else None) or plain

    def _other_form(self, key: str, stem: str) -> str:
        """A form of the same English stem, or the Arabic word less a particle; else the key.

        Which letters are attached particles only a list of words can tell: the stemmer leaves
        most of them.
        """
        bare = key[1:]
        if key[0] in _PARTICLES and len(bare) >= _LEAST_BARE and bare in self._rows:
            return bare
        return self._forms.get(stem, key)

    @cached_property
    def _forms(self) -> dict[str, str]:
        """The most frequent form of each English stem."""
        english = [word for word in self._rows if word.isascii() and word.isalpha()]
        rare_first = np.argsort(
            [-self._weights[self._rows[word]] for word in english], kind="stable"
        )
        forms = [english[i] for i in rare_first]
        return dict(zip(english_stems(forms), forms, strict=True))

    def _singular(self, form: str) -> str | None:
        """Of a French verb in the plural, whose ending the stemmer leaves: refusent, refuse."""
        return self._entry(form.removesuffix("nt"), "fr") if form.endswith("ent") else None

    def _compound(self, form: str) -> str | None:
        """The entries of its two halves, cut where they are the most frequent."""
        cuts = range(_LEAST_PART, len(form) - _LEAST_PART + 1)
        halves = (
            (first, second)
            for cut in cuts
            if (second := self._entry(form[cut:], "de")) and (first := self._first_half(form[:cut]))
        )
        best = min(halves, key=self._rarity, default=None)
        return JOINT.join(best) if best else None

    def _first_half(self, form: str) -> str | None:
        entry = self._entry(form, "de")
        if entry is None and form.endswith(_LINK) and len(form) > _LEAST_PART:
            return self._entry(form.removesuffix(_LINK), "de")
        return entry

    def _entry(self, form: str, language: str) -> str | None:
        key = marked_key(stem(form, language), language)
        return key if key in self._rows else None

    def _rarity(self, halves: tuple[str, str]) -> float:
        return float(sum(self._weights[self._rows[half]] for half in halves))
