"""From settings to the parts of an assistant: where they lie, and what they are made with."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from qa.articles.archive import Archive
from qa.articles.passages import PASSAGE_VERSION
from qa.folder import make_folder
from qa.index.embedding import load_embedder
from qa.index.stores import Fingerprint, Index
from qa.index.word_table import load_word_table
from qa.records.records import Records
from qa.reports import Status
from qa.roles import Embedder
from qa.settings import Settings
from qa.text.folding import FOLDING_VERSION


def archive_url(settings: Settings) -> str:
    """The archive's, in the data folder where none is set."""
    return settings.archive_url or f"sqlite:///{settings.data_dir / 'archive.sqlite'}"


def index_folder(settings: Settings) -> Path:
    """Where the indexes lie."""
    return settings.data_dir / "index"


def embedder_of(settings: Settings) -> Embedder:
    """The embedder that is set; raises EmbedderError."""
    return load_embedder(settings.embedder, settings.device, settings.batch_size)


def open_index(settings: Settings, archive: Archive, embedder: Embedder, *, write: bool) -> Index:
    """The index of the data folder; raises IndexStateError where another embedder made it."""
    folder, fingerprint = index_folder(settings), fingerprint_of(embedder)
    if write and not Index.is_there(folder) and archive.counts().articles:
        # Before an empty one is: interrupted in between, nobody takes it for a whole one.
        archive.mark_all_pending()
    return Index.open(folder, fingerprint, write=write, chroma_url=settings.chroma_url)


def fingerprint_of(embedder: Embedder) -> Fingerprint:
    """All that an index depends on."""
    question_prefix, passage_prefix = embedder.prefixes
    return Fingerprint(
        embedder=embedder.name,
        dimension=embedder.dimension,
        question_prefix=question_prefix,
        passage_prefix=passage_prefix,
        words=load_word_table().name,
        passages=PASSAGE_VERSION,
        folding=FOLDING_VERSION,
    )


def is_unfinished(settings: Settings) -> bool:
    """Whether the folder has no index yet, or articles that no index holds."""
    make_folder(settings.data_dir)
    with Archive(archive_url(settings)) as archive:
        return archive.counts().pending > 0 or Index.made_with(index_folder(settings)) is None


def status_of(settings: Settings, archive: Archive) -> Status:
    """What an archive holds, and what its index was made with."""
    made_with = Index.made_with(index_folder(settings))
    return Status(
        data_dir=str(settings.data_dir),
        index=made_with.digest if made_with else None,
        embedder=made_with.embedder if made_with else None,
        counts=archive.counts(),
    )


def read_status(settings: Settings) -> Status:
    """The status of a data folder that another process may be writing to."""
    make_folder(settings.data_dir)
    with Archive(archive_url(settings)) as archive:
        return status_of(settings, archive)


def open_records(settings: Settings) -> Records:
    """The server's records: in the archive's own database where that is one of several servers."""
    make_folder(settings.data_dir)
    return Records(settings.archive_url or f"sqlite:///{settings.data_dir / 'records.sqlite'}")


def answer_settings_of(settings: Settings) -> dict[str, str | None]:
    """What decides an answer; of a chat model only where there is one."""
    of_model = {
        "chat_context_tokens": str(settings.chat_context_tokens),
        "strict": str(settings.strict),
        "judge": settings.judge or None,
    }
    model = settings.chat_model or None
    own = {"embedder": settings.embedder or None, "chat_model": model}
    return own | (of_model if model else dict.fromkeys(of_model))


def reach_settings_of(settings: Settings) -> dict[str, str | None]:
    """What decides whether a chat model answers: its server, by a digest, and the patience."""
    # Without the password, which a digest would let somebody guess at.
    server = settings.chat_base_url.rpartition("@")[2]
    of_model = {
        "chat_server": sha256(server.encode()).hexdigest()[:16] if server else None,
        "chat_timeout": str(settings.chat_timeout),
        "chat_retries": str(settings.chat_retries),
    }
    return of_model if settings.chat_model else dict.fromkeys(of_model)
