import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from threading import Timer

import pytest

from qa.articles.archive import Archive
from qa.assistant import Assistant
from qa.errors import IndexStateError, NotFoundError, StorageBusyError, UsageError
from qa.index.indexer import Indexer
from qa.index.stores import Index
from qa.index.words import WordIds, WordStore
from qa.ingestion import rebuild
from qa.model import Article, Done, Exchange, Filters, Retrieved, Token
from qa.parts import archive_url, read_status
from qa.retrieval.question import MAX_QUESTION
from qa.retrieval.retriever import Parts
from qa.settings import Settings
from tests.data_folders import copied, hold_in_another_process

MEDVEDEV = "what did Medvedev say about Syrian sovereignty?"
SOVEREIGNTY = "الحكومة الشرعية لأنها الجهة الوحيدة التي تمثل سيادة سورية"
PAGE = Article("port", "1", "افتتاح الميناء", "افتتح الوزير ميناء المدينة الجديد يوم الأحد.", "ar")


@pytest.fixture
def reader(indexed: Path) -> Iterator[Assistant]:
    with Assistant.open(Settings(data_dir=indexed)) as assistant:
        yield assistant


@pytest.fixture
def own(indexed: Path, tmp_path: Path) -> Settings:
    """Settings of a copy of the indexed seeds that a test may change."""
    return Settings(data_dir=copied(indexed, tmp_path / "own"))


def test_a_question_is_answered_across_languages(reader: Assistant) -> None:
    answer = reader.ask(MEDVEDEV)
    assert not answer.abstained
    assert answer.language == "en"
    assert SOVEREIGNTY in answer.citations[0].quote


def test_every_citation_is_true_to_the_character(reader: Assistant) -> None:
    for question in (MEDVEDEV, "ماذا قال بوتين عن القوات الروسية؟", "weather in Oslo tomorrow"):
        for c in reader.ask(question).citations:
            assert reader.article(c.article, c.version).text[c.start : c.end] == c.quote


def test_the_stream_ends_with_what_ask_returns(reader: Assistant) -> None:
    first, *tokens, last = reader.stream(MEDVEDEV)
    assert isinstance(first, Retrieved)
    assert isinstance(last, Done)
    text = "".join(token.text for token in tokens if isinstance(token, Token))
    assert text == last.answer.answer == reader.ask(MEDVEDEV).answer


def test_the_answer_is_framed_in_the_language_asked_for(reader: Assistant) -> None:
    answer = reader.ask(MEDVEDEV, language="fr")
    assert answer.language == "fr"
    assert SOVEREIGNTY in answer.citations[0].quote


@pytest.mark.parametrize("question", ["qwxz blorp?", "asdfgh", "jkl fdsa"])
def test_nonsense_is_refused_in_the_readers_language(reader: Assistant, question: str) -> None:
    assert (answer := reader.ask(question)).abstained
    assert answer.language == "en"
    *_, last = reader.stream(question, reader="ar")
    assert isinstance(last, Done)
    assert last.answer.language == "ar"
    french = Exchange("Qu'a dit Medvedev sur la souveraineté syrienne ?", "")
    assert reader.ask(question, history=[french]).language == "fr"


def test_a_question_is_answered_in_its_own_language_whoever_reads(reader: Assistant) -> None:
    *_, last = reader.stream("élections Tunisie", reader="ar")
    assert isinstance(last, Done)
    assert last.answer.language == "fr"


def test_what_the_archive_does_not_hold_is_refused_with_a_reason(reader: Assistant) -> None:
    answer = reader.ask("who won the football world cup in Brazil?")
    assert answer.abstained
    assert answer.claims == ()
    assert answer.reason


def test_filters_narrow_the_search(reader: Assistant) -> None:
    dated = reader.search("سورية", 50, Filters(since=date(2015, 9, 16), until=date(2015, 9, 16)))
    assert {hit.article.published for hit in dated} == {date(2015, 9, 16)}
    assert reader.search("سورية", 50, Filters(language="en")) == []
    (outlet,) = {hit.article.outlet for hit in dated}
    assert outlet in reader.outlets()
    of_outlet = reader.search("سورية", 50, Filters(outlet=outlet))
    assert {hit.article.outlet for hit in of_outlet} == {outlet}


@pytest.mark.parametrize("question", ["", " \n\t", "س" * (MAX_QUESTION + 1)])
def test_a_question_that_cannot_be_asked_is_refused(reader: Assistant, question: str) -> None:
    with pytest.raises(UsageError):
        reader.ask(question)


@pytest.mark.parametrize(
    "question", ["乌克兰的领土", "?!؟", "🚀", "\u200f\u200e", "\x00", "a" * MAX_QUESTION]
)
def test_an_odd_question_gets_a_sensible_answer(reader: Assistant, question: str) -> None:
    try:
        answer = reader.ask(question)
    except UsageError:
        return
    assert answer.abstained
    assert answer.reason


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    with Assistant.open(Settings(data_dir=tmp_path / "new")) as assistant:
        answer = assistant.ask(MEDVEDEV)
        assert assistant.search(MEDVEDEV) == []
    assert answer.abstained
    assert answer.reason
    assert answer.citations == ()


def test_ingesting_again_changes_nothing(own: Settings, seeds: Path) -> None:
    with Assistant.open(own, write=True) as assistant:
        before = assistant.status()
        report = assistant.ingest([seeds])
        assert (report.added, report.updated, report.unchanged) == (0, 0, 5)
        assert assistant.status() == before


COMPOSED, APART = "\u0623\u062e\u0628\u0627\u0631", "\u0627\u0654\u062e\u0628\u0627\u0631"
VOWELLED = "\u0645\u062d\u0645\u0651\u064e\u062f"
"""Marks in the order they are typed in, which is neither composed nor apart."""


@pytest.mark.parametrize("held", [[COMPOSED], [APART], [COMPOSED, APART], [VOWELLED]])
def test_a_file_is_found_however_its_key_was_spelled(
    own: Settings, tmp_path: Path, held: list[str]
) -> None:
    named = (VOWELLED,) if held == [VOWELLED] else (COMPOSED, APART)
    with Assistant.open(own, write=True) as assistant:
        before = assistant.keys()
        assistant.ingest_articles(replace(PAGE, key=key) for key in held)
        for number, name in enumerate(named):
            file = tmp_path / str(number) / f"{name}.txt"
            file.parent.mkdir()
            file.write_text(f"{PAGE.title}\n\n{PAGE.text} {number}", "utf-8")
            report = assistant.ingest([file])
            assert (report.added, report.updated) == (0, len(held))
            assert assistant.keys() == sorted([*before, *held])
            texts = {article.text for article in assistant.articles_by_key(held).values()}
            assert [text.endswith(str(number)) for text in texts] == [True]


def test_the_assistants_own_folder_is_no_source(own: Settings) -> None:
    (own.data_dir / "report.md").write_text(PAGE.text, "utf-8")
    (own.data_dir.parent / "news.txt").write_text(f"{PAGE.title}\n\n{PAGE.text}", "utf-8")
    with Assistant.open(own, write=True) as assistant:
        report = assistant.ingest([own.data_dir.parent])
    assert report.added == 1
    assert [warning.source for warning in report.warnings] == [str(own.data_dir)]


def test_a_new_version_takes_the_place_of_the_old(own: Settings) -> None:
    newer = replace(PAGE, version="2", text="أغلق الوزير ميناء المدينة القديم يوم الاثنين.")
    with Assistant.open(own, write=True) as assistant:
        assistant.ingest_articles([PAGE])
        old = assistant.search("ميناء المدينة")[0]
        assistant.ingest_articles([newer])
        new = assistant.search("ميناء المدينة")[0]
        assert (old.passage.text, new.passage.text) == (PAGE.text, newer.text)
        assert [h.article.key for h in assistant.search("ميناء المدينة")].count("port") == 1
        with pytest.raises(NotFoundError):
            assistant.article("port", "1")


def test_long_articles_are_not_gathered_in_memory(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.ingestion._CHARACTERS_AT_ONCE", 2 * len(PAGE.text))
    stored: list[int] = []

    def editions(assistant: Assistant) -> Iterator[Article]:
        for number in range(5):
            stored.append(assistant.status().counts.pending)
            yield replace(PAGE, key=f"port/{number}")

    with Assistant.open(own, write=True) as assistant:
        results = assistant.ingest_articles(editions(assistant))
        assert assistant.status().counts.pending == 0
    assert [result.outcome for result in results] == ["added"] * 5
    assert stored == [0, 0, 2, 2, 4]


def test_the_revision_grows_when_the_archive_changes_and_only_then(own: Settings) -> None:
    with Assistant.open(own, write=True) as assistant:
        before = assistant.revision
        assistant.ask(MEDVEDEV)
        assistant.ingest_articles([assistant.article(assistant.keys()[0])])
        assert assistant.revision == before
        assistant.ingest_articles([PAGE])
        assert assistant.revision > before


def test_keys_are_those_of_all_articles_in_order(own: Settings, seeds: Path) -> None:
    with Assistant.open(own, write=True) as assistant:
        assistant.ingest_articles([PAGE])
        stems = [file.stem for file in seeds.glob("*.txt")]
        assert assistant.keys() == sorted([*stems, "port"])


def test_settings_that_answers_depend_on(reader: Assistant) -> None:
    assert reader.answer_settings == dict.fromkeys(
        ("embedder", "chat_model", "chat_context_tokens", "strict", "judge")
    )
    assert {*reader.reach_settings.values()} == {None}


def test_an_assistant_of_some_parts_searches_with_them_alone(indexed: Path) -> None:
    parts = Parts(legs=frozenset({"dense"}))
    with Assistant.open(Settings(data_dir=indexed), parts=parts) as assistant:
        hits = assistant.search(MEDVEDEV)
        assert hits
        assert not any("lexical" in hit.legs for hit in hits)


def test_copies_under_other_keys_are_kept(own: Settings) -> None:
    with Assistant.open(own, write=True) as assistant:
        assistant.ingest_articles([PAGE, replace(PAGE, key="port-copy", version="9")])
        keys = {hit.article.key for hit in assistant.search("ميناء المدينة", 3)}
        assert {"port", "port-copy"} <= keys


def test_an_index_of_another_embedder_is_named(own: Settings, tmp_path: Path) -> None:
    index = own.data_dir / "index" / "index.json"
    index.write_text(index.read_text().replace("news-qa", "someone-elses"))
    with pytest.raises(IndexStateError, match=r"someone-elses.*qa rebuild"):
        Assistant.open(own)
    assert rebuild(own) == read_status(own).counts.passages > 0
    with Assistant.open(own) as assistant:
        assert SOVEREIGNTY in assistant.ask(MEDVEDEV).citations[0].quote


def test_a_lost_index_is_made_again_from_the_archive(own: Settings) -> None:
    shutil.rmtree(own.data_dir / "index")
    with Assistant.open(own) as assistant:
        assert SOVEREIGNTY in assistant.ask(MEDVEDEV).citations[0].quote


@pytest.mark.parametrize("work", ["rebuild", "write", "read"])
@pytest.mark.parametrize(
    ("owner", "step"),
    [(Index, "create"), (Archive, "mark_all_pending"), (Indexer, "drop_retired")],
)
def test_an_interrupted_rebuild_is_finished_by_a_reader(
    own: Settings, owner: type, step: str, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if work != "rebuild":
        shutil.rmtree(own.data_dir / "index")
    with monkeypatch.context() as patch:
        interrupt_after(owner, step, patch)
        with pytest.raises(KeyboardInterrupt):
            rebuild(own) if work == "rebuild" else Assistant.open(own, write=work == "write")
    with Assistant.open(own) as reader:
        assert SOVEREIGNTY in reader.ask(MEDVEDEV).citations[0].quote
        assert set(reader._index.counts()) == {reader.status().counts.passages}


def interrupt_after(owner: type, step: str, patch: pytest.MonkeyPatch) -> None:
    """The step is done and what follows is not, as where Ctrl-C comes in between."""
    work = getattr(owner, step)

    def interrupted(*arguments: object, **named: object) -> None:
        with ExitStack() as left:
            if made := work(*arguments, **named):
                left.enter_context(made)
            raise KeyboardInterrupt

    patch.setattr(owner, step, interrupted)


def test_the_status_of_a_folder_that_is_being_written(own: Settings) -> None:
    with Assistant.open(own, write=True):
        status = read_status(own)
    assert status.articles == 5
    assert status.as_json()["by_language"] == {"ar": 5}


def left_unfinished(settings: Settings) -> None:
    """Leaves an article as an interrupted ingest does."""
    with Archive(archive_url(settings)) as archive:
        archive.put([PAGE])


@pytest.mark.parametrize("write", [False, True])
def test_what_is_finished_first_is_told(own: Settings, write: bool) -> None:
    left_unfinished(own)
    told: list[tuple[str, int, int]] = []
    with Assistant.open(own, write=write, progress=lambda *now: told.append(now)) as assistant:
        assert assistant.search("ميناء المدينة")[0].article.key == "port"
    assert told == [("indexing", 0, 1), ("indexing", 1, 1)]
    told.clear()
    Assistant.open(own, write=write, progress=lambda *now: told.append(now)).close()
    assert told == []


def test_a_reader_waits_for_whoever_indexes_what_it_finds_unfinished(own: Settings) -> None:
    left_unfinished(own)
    writer = hold_in_another_process(own.data_dir, "write")
    assert writer.stdin is not None
    Timer(0.3, writer.stdin.close).start()
    with Assistant.open(own) as reader:
        assert reader.search("ميناء المدينة")[0].article.key == "port"
    writer.wait()
    assert writer.stdout is not None
    writer.stdout.close()


def test_langchain_interfaces(reader: Assistant) -> None:
    documents = reader.as_retriever(k=2).invoke(MEDVEDEV)
    assert len(documents) == 2
    answers = reader.as_runnable().batch([MEDVEDEV, "ماذا قال بوتين عن القوات الروسية؟"])
    assert [answer.language for answer in answers] == ["en", "ar"]


def test_what_is_deleted_leaves_every_store(own: Settings) -> None:
    with Assistant.open(own, write=True) as assistant:
        before = assistant.status()
        assistant.ingest_articles([PAGE])
        assert assistant.delete(["port", "none"]) == ["port"]
        assert assistant.status() == before
        assert "port" not in {hit.article.key for hit in assistant.search("ميناء المدينة")}
        assert set(assistant._index.counts()) == {before.counts.passages}


def test_a_guard_that_raises_keeps_everything_as_it_is(own: Settings) -> None:
    def refuse() -> None:
        raise KeyError(len(assistant.articles_by_key(["port"])))

    with Assistant.open(own, write=True) as assistant:
        with pytest.raises(KeyError, match="0"):
            assistant.ingest_articles([PAGE], guard=refuse)
        assistant.ingest_articles([PAGE])
        with pytest.raises(KeyError, match="1"):
            assistant.delete(["port"], refuse)
        assert assistant.article("port") == PAGE


def test_a_deletion_that_was_interrupted_is_finished(own: Settings) -> None:
    with Assistant.open(own, write=True) as assistant:
        assistant.ingest_articles([PAGE])
        assistant._archive.delete(["port"])
    with Assistant.open(own) as reader:
        assert "port" not in {hit.article.key for hit in reader.search("ميناء المدينة")}
    with Assistant.open(own, write=True) as assistant:
        assert assistant._archive.retired() == []
        assert set(assistant._index.counts()) == {assistant.status().counts.passages}


def test_a_reader_writes_nothing_and_says_who_may(own: Settings) -> None:
    with Assistant.open(own) as reader:
        before = reader.status()
        with pytest.raises(StorageBusyError, match=r"reading only.*process \d+"):
            reader.ingest_articles([PAGE])
        with pytest.raises(StorageBusyError):
            reader.delete(["port"])
        assert reader.status() == before


def test_readers_of_one_process_see_the_old_or_the_new(own: Settings) -> None:
    with Assistant.open(own, write=True) as assistant:
        keys = {f"port-{i}" for i in range(8)}
        editions = [[_edition(key, number) for key in sorted(keys)] for number in range(6)]
        assistant.ingest_articles(editions[0])
        with ThreadPoolExecutor(1) as writer:
            writing = [writer.submit(assistant.ingest_articles, edition) for edition in editions]
            while not all(one.done() for one in writing):
                hits = assistant.search("ميناء المدينة", 100)
                found = [(hit.article.key, hit.article.version) for hit in hits]
                assert {key for key, _ in found} >= keys
                assert len(dict(found)) == len(set(found))
                for citation in assistant.ask(MEDVEDEV).citations:
                    assert SOVEREIGNTY in citation.quote
        for one in writing:
            one.result()


def test_a_search_is_whole_however_fast_articles_change(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = WordStore.get_many
    editions = count(1)
    overtook: list[bool] = []

    with Assistant.open(own, write=True) as assistant, ThreadPoolExecutor(1) as writer:
        assistant.ingest_articles([_edition("port", 0)])

        def overtaken(self: WordStore, candidates: Sequence[int]) -> list[WordIds]:
            edition = [_edition("port", next(editions))]
            change = writer.submit(assistant.ingest_articles, edition)
            overtook.append(bool(wait([change], 60 if len(overtook) < 3 else 1).done))
            return read(self, candidates)

        monkeypatch.setattr(WordStore, "get_many", overtaken)
        assert "port" in {hit.article.key for hit in assistant.search("ميناء المدينة")}
    assert overtook == [True, True, True, False]


def _edition(key: str, number: int) -> Article:
    return replace(PAGE, key=key, version=f"{number}", text=f"{PAGE.text} الطبعة {number}.")
