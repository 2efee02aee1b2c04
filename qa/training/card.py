"""The model card: what the model is made of, said in the model's own folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template

from qa.training.corpus import KeyedSource
from qa.training.distil import Recipe
from qa.training.further import STEPS
from qa.training.sources import Source
from qa.training.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card reports of one training run."""

    name: str
    teacher: str
    dimension: int
    recipe: Recipe
    sources: Sequence[KeyedSource]
    lists: Mapping[Source, int]
    """Counts of words that were read, and how many words each list has."""
    vocabulary: Vocabulary
    checked: bool
    """The rows were compared with a folder of benches."""
    scores: Mapping[str, str]
    """Bench → score, as text."""


def model_card(facts: Facts) -> str:
    """The card in Markdown, with the front matter that model hubs read."""
    vocabulary = facts.vocabulary
    languages = sorted({"en", *(read.source.language for read in facts.sources)})
    return _CARD.substitute(
        name=facts.name,
        languages="\n".join(f"- {language}" for language in languages),
        teacher=facts.teacher,
        dimension=facts.dimension,
        words=f"{vocabulary.words - 1:,}",
        pieces=f"{len(vocabulary.entries) - vocabulary.words:,}",
        sources="\n".join(_source_rows(facts)),
        recipe="\n".join(_recipe_rows(facts.recipe)),
        checked=_CHECKED if facts.checked else _UNCHECKED,
        scores=_scores(facts.scores),
    )


def _source_rows(facts: Facts) -> Iterator[str]:
    rows = [(read.source, len(read.pairs)) for read in facts.sources]
    for source, used in (*rows, *facts.lists.items()):
        yield (
            f"| `{source.path}` | {source.origin} | {source.licence} | {source.kind} | "
            f"{source.weight:g} | {used:,} |"
        )


def _recipe_rows(recipe: Recipe) -> list[str]:
    shares = ", ".join(f"{kind} {share:g}" for kind, share in recipe.shares.items())
    numbers = {
        "steps": recipe.steps,
        "rows a step": recipe.batch,
        "rows a step and kind in the match loss": recipe.matched,
        "learning rate (falls to 0)": recipe.learning_rate,
        "shares of a batch": shares,
        "weight of the contrast loss": recipe.contrast,
        "weight of the match loss": recipe.match,
        "temperature of the contrast loss": recipe.temperature,
        "temperature of the match loss": recipe.match_temperature,
        "steps of a further language": min(STEPS, recipe.steps),
        "seed": recipe.seed,
    }
    return [f"| {name} | {value} |" for name, value in numbers.items()]


def _scores(scores: Mapping[str, str]) -> str:
    if not scores:
        return "Not measured in this run."
    rows = "\n".join(f"| {bench} | {score} |" for bench, score in scores.items())
    return f"| bench | score |\n|---|---|\n{rows}"


_CHECKED = (
    "Every row was compared, on both sides, with the\ntexts of the benches: none equals one (of "
    "three words or more) and none shares ten words in a\nrow with one. Training refuses otherwise."
)
_UNCHECKED = "The rows were not compared with any bench in this run (`--bench` was not given)."

_CARD = Template("""\
---
library_name: model2vec
license: cc-by-sa-4.0
language:
$languages
tags:
- embeddings
- static-embeddings
- model2vec
---

# $name

A table of $words words and $pieces word pieces, $dimension numbers each, in which words of
different languages that mean the same are near one another. It is made for matching the words
of a question with the words of a passage, and their weighted means, across languages.

* `model.safetensors`: `embeddings`, int8; each row has its own scale and is to be made unit length.
  `weights`: inverse frequencies, for means and matches.
* `common_directions.npy`: what a weighted mean is to lose.
* `translations.npz`: which rows translate which, with chances, by the alignment below; a form of an
  English word that is seldom met goes by the other forms of its stem.
* `transliteration.npz`: how names in Latin and Cyrillic letters are written in Arabic ones, by the
  order of their units of letters in the lists of names (a joint source-channel model), and the
  names that the lists write otherwise.
* `glosses.npz`: words of the further languages that have no row, each with the row of an English
  one: of its translations in the dictionaries the one nearest to all of them together.
* `tokenizer.json`: WordPiece over white space; its words are the keys of `qa.index.keys`
  (folded forms; Arabic and Russian in light stems; `stem@language` for the languages that share a
  script with another one).

## Method
The teacher is **$teacher** (all-MiniLM-L6-v2 by the sentence-transformers project, Apache 2.0),
an English sentence encoder. Its vectors of the English side of every row, centred and reduced by
principal components, are what both sides are to land on. An English word begins at the teacher's
vector of that word alone. A word of another language begins at the mean of its translations, which
an alignment of all rows counts (two IBM models 1, one each way, that must agree), and partly at the
centre of the vectors of the rows that hold it, short ones counting most. Then
sentence-transformers' `StaticEmbedding` is trained with three losses: landing on the target,
telling a row's translation from those of the others by mean vectors, and the same by late
interaction (each word's best match). English prose adds words, and the frequencies of words; lists
of counts say how frequent those of the further languages are.

The further languages join the finished table one by one, with English as the pivot: their words
begin at their English translations and are trained to match the English side of their rows, while
all other rows stay as they are. Word pieces are fitted afterwards, so that the pieces of a known
word add up to it.

| setting | value |
|---|---|
$recipe

## Sources
| file | origin | licence | kind | weight | rows used |
|---|---|---|---|---|---|
$sources

The table derives from all of these, and each one's terms hold for what comes from it: attribution
to the origins above; share-alike (CC BY-SA, and ODbL 1.0 for two lists of places) when the table
itself is passed on or changed. It is offered under CC BY-SA 4.0 as far as those terms leave free.

$checked

## Scores
$scores

## Reproducing
`python -m qa.training --data DATA --out FOLDER` with the package's `train` extra. The same data,
package versions and machine give the same bytes from the same vectors of the teacher (`--work`
keeps them). Encoded anew beside other texts, these round otherwise, as on another processor: then
4 of 1,000 numbers differ, nearly all by one step, and no row turned by more than a cosine of 0.98.

## Limits
Words that no source holds are guessed from their pieces. Parallel news is scarce in the data:
names are better covered than events. The table has no sense of word order or negation.
""")
