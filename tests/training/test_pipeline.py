"""One tiny training, end to end: the model folder is looked at from several sides."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.index.word_table import SHIPPED_MODEL, load_word_table
from qa.training import sources
from qa.training.distil import Recipe
from qa.training.errors import TrainingError
from qa.training.export import quantised
from qa.training.pipeline import Plan, make_model
from qa.training.sources import Kind, Language, Source
from qa.training.teacher import Teacher

ROOT = Path(__file__).parent.parent.parent
PAIRS = {
    "dog": "كلب",
    "cat": "قطة",
    "house": "منزل",
    "river": "نهر",
    "war": "حرب",
    "peace": "سلام",
    "bread": "خبز",
    "school": "مدرسة",
}
SENTENCES = [
    ("the dog sleeps beside the river", "ينام الكلب بجانب النهر"),
    ("the cat sleeps in the house", "تنام القطة في المنزل"),
    ("war and peace", "الحرب والسلام"),
]
FRENCH = {
    "dog": "chien",
    "cat": "chat",
    "house": "maison",
    "river": "fleuve",
    "war": "guerre",
    "peace": "paix",
    "bread": "pain",
    "school": "ecole",
}
SOURCES = (
    Source("words.tsv", Kind.WORDS, "A dictionary", "CC0 1.0"),
    Source("sentences.tsv", Kind.SENTENCES, "A phrase book", "MIT"),
    Source("prose.jsonl", Kind.PROSE, "A reader", "Apache 2.0", language="en"),
)
FURTHER = (
    Source("french.tsv", Kind.WORDS, "A dictionary", "CC0 1.0", language="fr"),
    Source("counts.tsv", Kind.COUNTS, "A list", "CC0 1.0", language="fr"),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    words = "".join(f"{english}\t{arabic}\n" for english, arabic in PAIRS.items())
    (folder / "words.tsv").write_text(words, "utf-8")
    sentences = "".join(f"{english}\t{arabic}\n" for english, arabic in SENTENCES)
    (folder / "sentences.tsv").write_text(sentences, "utf-8")
    prose = {"q": "Where is bread?", "passage": "At school.", "lang_q": "en", "lang_p": "en"}
    (folder / "prose.jsonl").write_text(json.dumps(prose) + "\n", "utf-8")
    rows = [*FRENCH.items(), ("dog", "toutou")]
    french = "".join(f"{english}\t{word}\n" for english, word in rows)
    (folder / "french.tsv").write_text(french, "utf-8")
    (folder / "counts.tsv").write_text("chat\t9\nsaucisse\t5\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Teacher:
    """A sentence-transformers model of random word vectors: enough to tell words apart."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    english = {word for sentence, _ in SENTENCES for word in sentence.split()}
    english |= PAIRS.keys() | {"where", "is", "at"}
    vocabulary = {word: row for row, word in enumerate(["[UNK]", *sorted(english)])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("teacher")
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=32)])
    model.save(str(folder), create_model_card=False)
    return Teacher(folder, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def plan(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    recipe = Recipe(steps=5, batch=12, matched=4)
    out = tmp_path_factory.mktemp("out") / "model"
    return Plan(
        data, out, SOURCES, dimension=16, words=200, pieces=100, directions=2, recipe=recipe
    )


@pytest.fixture(scope="module")
def model(plan: Plan, teacher: Teacher) -> Path:
    make_model(plan, teacher, _silent)
    return plan.out


def _silent(message: str) -> None:
    """Progress is not looked at here."""


def test_translations_are_nearest_to_one_another(model: Path) -> None:
    table = load_word_table(model)
    english = table.vectors[[table.ids(word)[0] for word in PAIRS]]
    arabic = table.vectors[[table.ids(word)[0] for word in PAIRS.values()]]
    assert (english @ arabic.T).argmax(axis=1).tolist() == list(range(len(PAIRS)))


@pytest.fixture(scope="module")
def joined(plan: Plan, teacher: Teacher) -> Path:
    """The model with French."""
    with_french = replace(
        plan,
        out=plan.out.with_name("joined"),
        sources=(*SOURCES, *FURTHER),
        languages=(Language("fr", words=len(FRENCH)), Language("de")),
        scores={"a bench": "nDCG@10 0.5"},
    )
    make_model(with_french, teacher, _silent)
    return with_french.out


def test_a_language_joins_and_leaves_the_others_as_they_are(model: Path, joined: Path) -> None:
    table, before = load_word_table(joined), load_word_table(model)
    french = table.vectors[[table.ids(word, "fr")[0] for word in FRENCH.values()]]
    arabic = table.vectors[[table.ids(word)[0] for word in PAIRS.values()]]
    assert (french @ arabic.T).argmax(axis=1).tolist() == list(range(len(PAIRS)))
    assert np.array_equal(arabic, before.vectors[[before.ids(word)[0] for word in PAIRS.values()]])
    assert table.row("saucis@fr") is None


def test_a_word_beyond_the_number_of_rows_goes_by_its_gloss(joined: Path) -> None:
    table = load_word_table(joined)
    assert table.row("toutou@fr") is None
    assert table.keys("toutou", "fr") == ["dog"]


def test_unknown_words_have_pieces_and_weigh_little(model: Path) -> None:
    table = load_word_table(model)
    pieces = table.ids("breado")
    assert len(pieces) > 1
    assert table.weights[table.ids("war")[0]] > table.weights[table.ids("the")[0]]


def test_it_loads_with_model2vec_and_without_torch(model: Path) -> None:
    code = (
        "import sys; from model2vec import StaticModel; "
        f"print(StaticModel.from_pretrained({str(model)!r}).encode(['dog']).shape); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "(1, 16)"), done.stderr


def test_the_card_lists_what_was_used(model: Path) -> None:
    card = (model / "README.md").read_text("utf-8")
    for source, rows in zip(SOURCES, (len(PAIRS), len(SENTENCES), 1), strict=True):
        line = next(line for line in card.splitlines() if f"`{source.path}`" in line)
        assert source.origin in line
        assert source.licence in line
        assert line.endswith(f"| {rows} |")
    assert "all-MiniLM-L6-v2" in card
    assert "Not measured in this run." in card


def test_the_card_credits_frequency_lists_and_shows_scores(joined: Path) -> None:
    card = (joined / "README.md").read_text("utf-8").splitlines()
    assert "| `counts.tsv` | A list | CC0 1.0 | counts | 1 | 2 |" in card
    assert "| a bench | nDCG@10 0.5 |" in card


def test_the_shipped_card_credits_every_source_and_shows_the_scores() -> None:
    card = (SHIPPED_MODEL / "README.md").read_text("utf-8")
    for source in sources.SOURCES:
        assert f"| `{source.path}` | {source.origin} | {source.licence} | {source.kind} |" in card
    for bench, score in json.loads((ROOT / "eval/model-scores.json").read_text("utf-8")).items():
        assert f"| {bench} | {score} |" in card


def test_the_same_seed_gives_the_same_bytes(plan: Plan, model: Path, teacher: Teacher) -> None:
    again = replace(plan, out=plan.out.with_name("again"))
    make_model(again, teacher, _silent)
    assert {file.name for file in again.out.iterdir()} == {file.name for file in model.iterdir()}
    assert all(
        file.read_bytes() == (again.out / file.name).read_bytes() for file in model.iterdir()
    )


def test_bench_text_in_the_data_stops_it(plan: Plan, teacher: Teacher, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text(json.dumps({"text": SENTENCES[0][1]}), "utf-8")
    out = tmp_path / "model"
    with pytest.raises(TrainingError, match=r"sentences\.tsv row 1"):
        make_model(replace(plan, out=out, bench=tmp_path), teacher, _silent)
    assert not out.exists()


def test_rows_use_the_whole_range_of_int8() -> None:
    rows = np.array([[0.5, -0.25], [0, 0], [-3, 0.3]], dtype=np.float32)
    assert quantised(rows).tolist() == [[127, -64], [0, 0], [-127, 13]]


def test_the_teacher_is_asked_once(teacher: Teacher, monkeypatch: pytest.MonkeyPatch) -> None:
    first = teacher.encode(["dog", "cat", "dog"])
    monkeypatch.setattr(teacher, "_encode", None)
    assert np.array_equal(teacher.encode(["dog", "cat", "dog"]), first)
    assert np.array_equal(first[0], first[2])
