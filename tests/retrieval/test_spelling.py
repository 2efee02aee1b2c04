import pytest

from qa.retrieval.spelling import is_spelled_otherwise, reliability, same_name
from qa.text.names import name_key


def test_longer_keys_say_more() -> None:
    assert [reliability("k" * length) for length in (0, 1, 3, 5, 9)] == [0, 0, 2 / 4, 1, 1]


@pytest.mark.parametrize("spelling", ["ميدفيديف", "Медведев", "medvedev"])
def test_a_name_is_recognised_across_scripts(spelling: str) -> None:
    assert same_name("Medvedev", spelling, name_key("Medvedev")) > 0.8


def test_of_words_with_one_key_the_nearer_spelling_is_likelier() -> None:
    key = name_key("kerry")
    assert name_key("كيري") == name_key("كرة") == key
    assert same_name("kerry", "كيري", key) > same_name("kerry", "كرة", key)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("ساركوزي", "sarkozy", True),
        ("وترامب", "trump", True),
        ("برلمان", "parliament", True),
        ("حكومه", "government", False),
        ("زياره", "visit", False),
        ("ري", "ri", False),  # one consonant tells nothing
    ],
)
def test_names_and_loanwords_sound_like_their_translations(
    one: str, other: str, is_one: bool
) -> None:
    assert is_spelled_otherwise(one, other) is is_one
