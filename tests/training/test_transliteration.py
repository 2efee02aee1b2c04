from qa.training.corpus import KeyedSource
from qa.training.sources import Kind, Pair, Source
from qa.training.transliteration import name_pairs, transliteration

SYLLABLES = {"ka": "كا", "mi": "مي", "shu": "شو", "ra": "را", "no": "نو", "the": "ذ"}


def source(kind: Kind, language: str, *rows: tuple[str, str]) -> KeyedSource:
    pairs = tuple(Pair(*row) for row in rows)
    return KeyedSource(Source("names.tsv", kind, "A list", "CC0 1.0", language), pairs, (), ())


def names() -> list[tuple[str, str]]:
    """Every name of three of the syllables."""
    return [
        (one + two + three, SYLLABLES[one] + SYLLABLES[two] + SYLLABLES[three])
        for one in SYLLABLES
        for two in SYLLABLES
        for three in SYLLABLES
    ]


def test_names_that_were_not_in_the_list_are_spelled_as_those_that_were() -> None:
    held_out = {"shukano", "miratheka"}
    model = transliteration([pair for pair in names() if pair[0] not in held_out])
    assert next(iter(model.spellings("shukano"))) == "شوكانو"
    assert next(iter(model.spellings("miratheka"))) == "ميراذكا"


def test_the_same_names_in_any_order_make_the_same_model() -> None:
    one, other = transliteration(names()), transliteration([*names()[::-1], *names()])
    assert one.stored.units == other.stored.units
    assert one.stored.costs.tobytes() == other.stored.costs.tobytes()


def test_a_slip_of_the_list_is_no_spelling() -> None:
    slips = [("kamira", "بببب"), ("nomika", "ككك")]
    assert transliteration([*names(), *slips]).stored.units == transliteration(names()).stored.units


def test_names_that_the_list_writes_otherwise_are_kept_as_listed() -> None:
    otherwise = [
        ("kamira", "قميرة"),
        ("nomika", "نميكا"),
        ("nomika", "نوميكا"),
        ("shurano", "مدينة"),
    ]
    model = transliteration([*names(), *otherwise])
    assert model.listed == {}
    alone = [pair for pair in names() if pair[0] not in {"kamira", "nomika", "shurano"}]
    listed = transliteration([*alone, *otherwise]).listed
    # نوميكا is as expected, and what sounds otherwise is no name of hers.
    assert listed == {"kamira": "قميرة"}


def test_without_names_nothing_is_spelled() -> None:
    assert transliteration([]).spellings("kamira") == {}


def test_names_are_paired_word_by_word_and_russian_ones_by_way_of_english() -> None:
    arabic = source(
        Kind.NAMES,
        "ar",
        ("Sergey Lavrov", "سيرغي لافروف"),
        ("Kuwait", "الكويت"),
        ("Alma", "ألما"),
        ("New York", "نيويورك"),
        ("3M", "ثري"),
    )
    russian = source(Kind.NAMES, "ru", ("Lavrov", "Лавров"), ("Ivanov", "Иванов"))
    words = source(Kind.WORDS, "ar", ("oil", "نفط"))
    assert set(name_pairs([russian, arabic, words])) == {
        ("sergey", "سيرغي"),
        ("lavrov", "لافروف"),
        ("kuwait", "كويت"),
        ("alma", "الما"),
        ("лавров", "لافروف"),
    }
