from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qa.answers.reading import read_hits
from qa.model import Article, Hit, Passage


def hit(article: Article, start: int, end: int) -> Hit:
    passage = Passage(1, article.key, article.version, start, end, article.text[start:end])
    return Hit(passage, article, 1.0)


def test_sentences_know_their_speaker_from_before_the_passage(article: Article) -> None:
    start = article.text.index("وانتقد")
    first, second = read_hits([hit(article, start, len(article.text))])
    assert first.speakers == ("رئيس الوزراء الروسي دميتري مدفيديف",)
    assert second.speakers == ("القيادة المركزية للجيش الأميركي",)
    assert second.before[0] == first.text


def test_statements_are_placed_in_the_article(article: Article) -> None:
    start = article.text.index("وانتقد")
    first = read_hits([hit(article, start, len(article.text))])[0]
    (statement,) = first.statements
    assert article.text[statement.span.start :].startswith("وانتقد رئيس الوزراء")


def test_a_long_way_before_the_passage_is_not_read(article: Article) -> None:
    far = replace(article, text=f"{article.text}\n{'الطقس بارد. ' * 1000}\nوأكد ميدفيديف أن لا.")
    start = far.text.rindex("وأكد")
    (sentence,) = read_hits([hit(far, start, len(far.text))])
    assert sentence.speakers == ("ميدفيديف",)


@given(st.text(alphabet='اب. \n«»:"قلو', min_size=1, max_size=200), st.data())
def test_every_sentence_is_a_span_of_its_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    article = Article("k", "v", "t", text, "ar")
    for sentence in read_hits([hit(article, start, end)]):
        assert start <= sentence.span.start < sentence.span.end <= end
        assert text[sentence.span.start : sentence.span.end] == sentence.text
