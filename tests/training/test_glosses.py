import numpy as np
import pytest

from qa.training.corpus import KeyedSource
from qa.training.glosses import glosses
from qa.training.sources import Kind, Pair, Source

WORDS = ["spring", "source", "coil", "season", "water", "egypt", "fountain"]
ROWS = {word: row for row, word in enumerate(WORDS)} | {"vodk@ru": 7}
VECTORS = np.array(
    [[1, 0, 0], [0.8, 0.6, 0], [0, 0, 1], [0, 1, 0], [0.6, 0.8, 0], [0, 0, 1], [0.96, 0.28, 0]]
).astype(np.float32)
WEIGHTS = np.ones(8, dtype=np.float32)


def source(kind: Kind, *pairs: tuple[str, str]) -> KeyedSource:
    """Rows of English words beside a key."""
    return KeyedSource(
        Source("rows.tsv", kind, "A list", "CC0 1.0", language="xx"),
        tuple(Pair(english, other) for english, other in pairs),
        tuple(tuple(english.split()) for english, _ in pairs),
        tuple(tuple(other.split()) for _, other in pairs),
    )


def glossed(*pairs: tuple[str, str], kind: Kind = Kind.WORDS) -> dict[str, str]:
    """Gloss of each key of some rows."""
    found = glosses([source(kind, *pairs)], ROWS, VECTORS, WEIGHTS)
    return {key: WORDS[row] for key, row in found.items()}


def test_a_word_goes_by_its_only_translation() -> None:
    assert glossed(("water", "eau@fr")) == {"eau@fr": "water"}
    assert glossed(("egypt", "egypt@fr"), kind=Kind.NAMES) == {"egypt@fr": "egypt"}


def test_of_several_it_goes_by_the_one_nearest_to_all() -> None:
    rows = [("coil", "quell@de"), ("source", "quell@de"), ("fountain", "quell@de")]
    assert glossed(*rows, ("spring", "quell@de")) == {"quell@de": "fountain"}


def test_phrases_help_to_choose_and_are_not_chosen() -> None:
    rows = [("season", "quell@de"), ("coil", "quell@de")]
    assert glossed(*rows, ("spring water", "quell@de")) == {"quell@de": "season"}
    assert glossed(("spring water", "quell@de")) == {}


@pytest.mark.parametrize(
    ("english", "other", "kind"),
    [
        ("water", "eau de@fr", Kind.WORDS),
        ("unheard", "eau@fr", Kind.WORDS),
        ("water", "vodk@ru", Kind.WORDS),
        ("water", "eau@fr", Kind.SENTENCES),
    ],
    ids=["a phrase", "an unknown translation", "a word with a row", "a sentence"],
)
def test_what_has_no_gloss(english: str, other: str, kind: Kind) -> None:
    assert glossed((english, other), kind=kind) == {}


def test_dictionaries_go_before_lists_of_names() -> None:
    name, word = [source(Kind.NAMES, ("coil", "иг")), source(Kind.WORDS, ("water", "иг"))]
    assert glosses([name, word], ROWS, VECTORS, WEIGHTS) == {"иг": WORDS.index("water")}


def test_russian_nouns_that_lose_a_vowel_have_a_gloss_without_it() -> None:
    assert glossed(("egypt", "египет")) == {"египет": "egypt", "египт": "egypt"}
    assert glossed(("egypt", "египет"), ("water", "египт"))["египт"] == "water"
