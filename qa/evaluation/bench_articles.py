"""Articles in any number for benches of speed: of a corpus, or made of the seeds' sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from qa.articles.passages import split_passages
from qa.articles.readers import ReadArticle, read_paths
from qa.evaluation.beir import read_distractors
from qa.model import Article
from qa.text.sentences import sentence_spans

SEEDS = Path(__file__).parent.parent.parent / "seeds"
SEED = 20150916


def endless_articles(corpus: Path | None) -> Iterator[Article]:
    """Those of a corpus file, or of the seeds where there is none."""
    return corpus_articles(corpus) if corpus else shuffled_articles()


def of_passages(articles: Iterator[Article], wanted: int) -> Iterator[Article]:
    """Articles until their passages are `wanted` or a few more."""
    while wanted > 0 and (article := next(articles, None)):
        wanted -= len(split_passages(article.text))
        yield article


def corpus_articles(file: Path) -> Iterator[Article]:
    """The documents of a distractor file as articles, again under new keys when they run out."""
    for turn in range(1_000):
        for number, document in enumerate(read_distractors(file)):
            yield _article(f"{turn}-{number}", document.title, document.text)


def shuffled_articles() -> Iterator[Article]:
    """Articles of the seed articles' sentences in random order: real words, endless, no corpus."""
    texts = [item.article.text for item in read_paths([SEEDS]) if isinstance(item, ReadArticle)]
    sentences = [text[s.start : s.end] for text in texts for s in sentence_spans(text)]
    chance = random.Random(SEED)
    for number in range(10**9):
        yield _article(
            str(number), sentences[number % 7], "\n".join(chance.choices(sentences, k=12))
        )


def _article(key: str, title: str, text: str) -> Article:
    return Article(key=key, version="1", title=title, text=text, language="ar")
