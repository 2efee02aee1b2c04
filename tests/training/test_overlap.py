import json
from pathlib import Path

import pytest

from qa.training.errors import TrainingError
from qa.training.overlap import BenchText, refuse_overlap
from qa.training.sources import Kind, Pair, Source

SENTENCE = "one two three four five six seven eight nine ten eleven twelve"
ARABIC = "أعلن المتحدث باسم الوزارة أن الاجتماع المقبل سيعقد في العاصمة خلال الأسبوع القادم"
SOURCE = Source("parallel/some.tsv", Kind.SENTENCES, "someone", "CC0 1.0")


def bench() -> BenchText:
    return BenchText([SENTENCE, ARABIC, "Who won it?", "Come on!"])


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE.upper(),
        "before " + " ".join(SENTENCE.split()[2:]) + " after",
        ARABIC.replace("أ", "ا"),
        "who won it",
    ],
)
def test_equal_texts_and_ten_shared_words_are_held(text: str) -> None:
    assert bench().holds(text)


@pytest.mark.parametrize("text", [" ".join(SENTENCE.split()[:9]) + " after", "come on", ""])
def test_nine_shared_words_and_short_phrases_are_not(text: str) -> None:
    assert not bench().holds(text)


def test_either_side_of_a_row_is_compared_and_named() -> None:
    pairs = [Pair("harmless", "بريء"), Pair("harmless", ARABIC)]
    found = list(bench().overlaps(SOURCE, pairs))
    assert [(overlap.source, overlap.row) for overlap in found] == [("parallel/some.tsv", 2)]
    with pytest.raises(TrainingError, match=r"1 training rows.*parallel/some\.tsv row 2"):
        refuse_overlap(found)


def test_no_overlap_is_no_error() -> None:
    refuse_overlap(bench().overlaps(SOURCE, [Pair("harmless", "بريء")]))


def test_benches_are_found_below_a_folder(tmp_path: Path) -> None:
    place = tmp_path / "some-bench"
    place.mkdir()
    (place / "corpus.jsonl").write_text(json.dumps({"_id": "1", "text": SENTENCE}), "utf-8")
    assert BenchText.from_folder(tmp_path).holds(SENTENCE)


def test_a_folder_without_bench_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no bench"):
        BenchText.from_folder(tmp_path)
