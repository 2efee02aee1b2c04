"""A tiny bilingual word table and a real index over a handful of articles."""

import pickle
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from qa.articles.archive import Archive
from qa.articles.drafts import Draft
from qa.index.embedding import StaticEmbedder
from qa.index.indexer import Indexer
from qa.index.keys import model_keys
from qa.index.stores import Fingerprint, Index
from qa.index.translations import Translations
from qa.index.transliteration import Transliteration
from qa.index.word_table import SHIPPED_MODEL, WordTable, unit_rows
from qa.retrieval.retriever import Retriever

TRANSLATIONS = {
    "sovereignty": "سيادة",
    "syria": "سوريا",
    "government": "حكومة",
    "legitimate": "شرعية",
    "oil": "نفط",
    "prices": "أسعار",
    "rose": "ارتفعت",
    "border": "حدود",
    "president": "رئيس",
    "war": "حرب",
    "price": "سعر",
    "said": "قال",
}
DIMENSION = 64

ARTICLES = (
    Draft(
        key="syria",
        title="ميدفيديف عن سوريا",
        text="قال ميدفيديف إن الحكومة الشرعية وحدها تمثل سيادة سوريا. وأضاف أن الحرب طويلة.",
        language="ar",
        outlet="النهار",
        published=date(2015, 9, 16),
    ),
    Draft(
        key="oil",
        title="النفط",
        text="ارتفعت أسعار النفط في الأسواق العالمية أمس.",
        language="ar",
        outlet="الرياض",
        published=date(2016, 1, 2),
    ),
    Draft(
        key="oil-en",
        title="Oil",
        text="Oil prices rose on world markets yesterday, traders said.",
        language="en",
        outlet="Herald",
        published=date(2016, 1, 3),
    ),
    Draft(
        key="border",
        title="الحدود",
        text="أغلق الرئيس الحدود بعد الحرب.",
        language="ar",
        outlet="النهار",
    ),
)


@pytest.fixture(scope="session")
def table() -> WordTable:
    """Words and their translations point nearly the same way; nothing else is known."""
    arabic = [model_keys(word, "ar")[0] for word in TRANSLATIONS.values()]
    entries = ["[UNK]", *TRANSLATIONS, *arabic]
    random = np.random.default_rng(7)
    meanings = unit_rows(random.standard_normal((len(arabic), DIMENSION)).astype(np.float32))
    shades = unit_rows(random.standard_normal((len(arabic), DIMENSION)).astype(np.float32))
    vectors = np.concatenate([np.zeros((1, DIMENSION)), meanings, meanings + 0.4 * shades])
    model = WordPiece({entry: row for row, entry in enumerate(entries)}, unk_token="[UNK]")
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return WordTable(
        name="tiny",
        words=entries,
        tokenizer=tokenizer,
        vectors=unit_rows(vectors.astype(np.float32)),
        weights=np.ones(len(entries), dtype=np.float32),
        directions=np.zeros((0, DIMENSION), dtype=np.float32),
    )


@pytest.fixture(scope="session")
def taught(table: WordTable) -> WordTable:
    """The same, and aligned text has it that oil is half the time translated by حرب."""
    oil, war = table.ids("oil"), table.ids("حرب")
    other: WordTable = pickle.loads(pickle.dumps(table))
    other.translations = Translations.of(len(table.words), oil, war, np.array([0.5]))
    return other


@pytest.fixture(scope="session")
def spelling(table: WordTable) -> WordTable:
    """The same, and it spells names as the shipped model does."""
    other: WordTable = pickle.loads(pickle.dumps(table))
    other.transliteration = Transliteration.read(SHIPPED_MODEL)
    return other


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def archive(folder: Path) -> Iterator[Archive]:
    with Archive(f"sqlite:///{folder / 'archive.sqlite'}") as archive:
        archive.put([draft.as_article("") for draft in ARTICLES])
        yield archive


@pytest.fixture(scope="session")
def new_index(table: WordTable) -> Callable[[Path], Index]:
    """Makes an empty index in a folder."""
    fingerprint = Fingerprint("tiny", DIMENSION, "", "", table.name, "1", 1)
    return lambda folder: Index.create(folder, fingerprint)


@pytest.fixture(scope="session")
def index(
    folder: Path, archive: Archive, table: WordTable, new_index: Callable[[Path], Index]
) -> Iterator[Index]:
    with new_index(folder / "index") as index:
        Indexer(archive, index, StaticEmbedder(table), table).index_pending()
        yield index


@pytest.fixture(scope="session")
def retriever(index: Index, archive: Archive, table: WordTable) -> Retriever:
    return Retriever(index, archive, StaticEmbedder(table), table)
