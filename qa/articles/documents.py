"""Office formats: PDF by pypdf, Word by python-docx; broken files are told from empty ones."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import thread_time
from typing import IO, TYPE_CHECKING, Any

from qa.articles.drafts import Draft
from qa.articles.pages import draft_from_page
from qa.errors import ArticleError

if TYPE_CHECKING:
    from docx.table import Table
    from pypdf import PageObject, PdfReader

LARGEST_UNPACKED = 256 * 1024 * 1024
"""Bytes of a Word file's parts together: a small file can unpack to a full disk."""
LARGEST_MARKUP = 32 * 1024 * 1024
"""Bytes of it that are no pictures: XML takes ten times as much memory once it is read."""
LONGEST_READING = 120.0
"""Seconds of computing that a PDF's text may take."""

# What parsers of such formats raise on damaged files; only calls into them stand in the `try`.
_PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # of encrypted parts, unknown compression, deep nesting
    SyntaxError,  # lxml's errors are such
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
_PICTURES = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"\1\0\0\0")
"""No XML begins so."""
_ENDS_PARAGRAPH = re.compile(r"[.!?؟…:۔][\"'»”’)\]]*$")
_LONGEST_COLUMN = 200


def read_pdf(path: Path) -> Iterator[Draft]:
    """The text of all pages, its lines put together to paragraphs, cleaned like a page's."""
    with path.open("rb") as file:
        text = _pdf_text(file, str(path))
    if not text.strip():
        raise ArticleError("no text in this PDF (a scan?): run text recognition on it", str(path))
    yield draft_from_page(unwrapped(text))


def read_word(path: Path) -> Iterator[Draft]:
    """Paragraphs and table cells in their order, cleaned like a page's lines."""
    with path.open("rb") as file:
        text = _word_text(file, str(path))
    if not text.strip():
        raise ArticleError("no text in this document: are there only pictures?", str(path))
    yield draft_from_page(text)


def unwrapped(text: str) -> str:
    """Lines of a printed column joined to paragraphs: a full line goes on in the next one."""
    lines = [line.rstrip() for line in text.split("\n")]
    full = 0.75 * max((len(line) for line in lines if len(line) <= _LONGEST_COLUMN), default=0)
    paragraphs: list[list[str]] = []
    goes_on = False
    for line in lines:
        if goes_on and line.strip():
            paragraphs[-1].append(line.lstrip())
        else:
            paragraphs.append([line])
        goes_on = len(line) >= full > 0 and not _ENDS_PARAGRAPH.search(line)
    return "\n".join(map(" ".join, paragraphs))


def _pdf_text(file: IO[bytes], source: str) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        return "\n".join(_page_texts(reader, source))
    except (FileNotDecryptedError, DependencyError) as error:
        raise ArticleError("encrypted PDF: save it without a password", source) from error
    except (PyPdfError, *_PARSER_ERRORS) as error:
        raise ArticleError(f"broken PDF ({_told(error)}): save it anew", source) from error


def _page_texts(reader: PdfReader, source: str) -> Iterator[str]:
    """The text of each page; raises ArticleError where reading them takes too long.

    A small file can have thousands of pages of the same content, or forms that draw forms that
    draw forms.
    """
    end = thread_time() + LONGEST_READING

    def look(*_: object) -> None:
        if thread_time() > end:
            reason = f"takes more than {LONGEST_READING:g} s to read: split it into articles"
            raise ArticleError(reason, source)

    for page in reader.pages:
        yield page.extract_text(visitor_operand_before=look if _draws_forms(page) else None)
        # Whatever is raised while a form is drawn, pypdf passes over.
        look()


def _draws_forms(page: PageObject) -> bool:
    """Whether a page's content draws other content; of others pypdf reads only what has text."""
    parts = _entry(_entry(page, "/Resources"), "/XObject")
    if not isinstance(parts, dict):
        return False
    return any(_entry(part.get_object(), "/Subtype") == "/Form" for part in parts.values())


def _entry(holder: object, name: str) -> Any:  # noqa: ANN401 - any of PDF's kinds of things
    """What a dictionary has under a name, wherever in the file it stands."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return None if found is None else found.get_object()


def _word_text(file: IO[bytes], source: str) -> str:
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            unpacked = sum(part.file_size for part in listed)
            markup = sum(part.file_size for part in listed if not _is_picture(parts, part))
        if unpacked <= LARGEST_UNPACKED and markup <= LARGEST_MARKUP:
            return "\n".join(_lines(Document(file).iter_inner_content()))
    except (OpcError, zipfile.BadZipFile, *_PARSER_ERRORS) as error:
        reason = f"broken or encrypted Word file ({_told(error)}): save it anew as .docx"
        raise ArticleError(reason, source) from error
    raise ArticleError(
        f"would unpack to {unpacked >> 20} MiB with {markup >> 20} of text, more than"
        f" {LARGEST_UNPACKED >> 20} with {LARGEST_MARKUP >> 20}: save it without pictures, or in"
        " parts",
        source,
    )


def _is_picture(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """By its first bytes: what a part is called and what it is read as are the sender's choice."""
    with parts.open(part) as content:
        return content.read(4).startswith(_PICTURES)


def _lines(blocks: Iterable[Any]) -> Iterator[str]:
    """Text of paragraphs, and of tables row by row."""
    for block in blocks:
        if hasattr(block, "rows"):
            yield from _table_lines(block)
        else:
            yield block.text


def _table_lines(table: Table) -> Iterator[str]:
    for row in table.rows:
        # A merged cell is given once for each column it spans.
        cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
        yield " ".join(cell for cell in cells if cell)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]
