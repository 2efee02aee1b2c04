import io
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from qa.articles import documents
from qa.articles.documents import read_pdf, read_word, unwrapped
from qa.errors import ArticleError


def of_objects(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(
        out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    )


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines in Helvetica, written by hand."""
    shown = b" T* ".join(b"(%s) Tj" % line.encode("latin-1") for line in lines)
    content = b"BT /F1 12 Tf 14 TL 72 720 Td %s ET" % shown
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    return of_objects(*objects)


ARTICLE = (
    "Talks resume in Vienna",
    "",
    "The parties meet for the third time this year, and they agree on",
    "little; the minister said on Tuesday that talks would go on.",
    "",
    "They end on Friday.",
    "",
    "Leave a comment",
)


def test_pdf(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(*ARTICLE))
    (draft,) = read_pdf(file)
    assert draft.title == "Talks resume in Vienna"
    assert draft.text.startswith(
        "The parties meet for the third time this year, and they agree on little;"
    )
    assert draft.text.endswith("They end on Friday.")


def test_encrypted_pdf(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*ARTICLE))))
    writer.encrypt("secret", algorithm="RC4-128")
    file = tmp_path / "a.pdf"
    writer.write(file)
    with pytest.raises(ArticleError, match="encrypted PDF: save it without a password"):
        list(read_pdf(file))


@pytest.mark.parametrize(
    "data", [b"not a pdf", b"%PDF-1.4\n", pdf(*ARTICLE)[:300], b"%PDF-1.7\n" + bytes(2000)]
)
def test_broken_pdf(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(data)
    with pytest.raises(ArticleError, match="broken PDF"):
        list(read_pdf(file))


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
SHOWN = b"BT /F1 12 Tf (hello) Tj ET "


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    head = b"<< %s /Filter /FlateDecode /Length %d >>" % (entries, len(packed))
    return b"%s stream\n%s\nendstream" % (head, packed)


def pages_of_the_same_content() -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>"
    )
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5_005))
    pages = b"<< /Type /Pages /Kids [%s] /Count 5000 >>" % kids
    return of_objects(CATALOGUE, pages, FONT, stream(SHOWN * 2_000), *[page] * 5_000)


def forms_that_draw_forms() -> bytes:
    """Forty levels, each of which draws the next one twice."""
    used = b"/Resources << /Font << /F1 3 0 R >> /XObject << /X %d 0 R >> >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + used
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R " + used % 6 + b" >>"
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    levels = [stream(b"/X Do /X Do ", form % (number + 1)) for number in range(6, 46)]
    last = stream(SHOWN, form % 46)
    return of_objects(CATALOGUE, pages, FONT, page, stream(b"/X Do "), *levels, last)


@pytest.mark.parametrize("bomb", [pages_of_the_same_content, forms_that_draw_forms])
def test_pdf_that_would_never_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bomb: Callable[[], bytes]
) -> None:
    monkeypatch.setattr(documents, "LONGEST_READING", 0.3)
    file = tmp_path / "bomb.pdf"
    file.write_bytes(bomb())
    assert file.stat().st_size < 1 << 20
    with pytest.raises(ArticleError, match=r"more than 0\.3 s to read"):
        list(read_pdf(file))


def test_pdf_without_text(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    file = tmp_path / "a.pdf"
    writer.write(file)
    with pytest.raises(ArticleError, match=r"no text in this PDF \(a scan\?\)"):
        list(read_pdf(file))


def test_unwrapped_joins_full_lines_only() -> None:
    full = "word " * 12 + "end"
    assert (
        unwrapped(f"Title\n{full}\nrest.\n{full}.\nNext") == f"Title\n{full} rest.\n{full}.\nNext"
    )


def test_the_time_to_join_lines_grows_with_their_number() -> None:
    line = "word " * 12 + "end"
    began = time.process_time()
    joined = unwrapped("\n".join([line] * 200_000))
    assert time.process_time() - began < 5
    assert joined == " ".join([line] * 200_000)


def test_word(tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("موسكو ترحب بالقرار", "رحبت موسكو أمس الأربعاء بالقرار الدولي.", "اترك تعليقاً"):
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "القتلى", "200"
    document.add_paragraph("وقال الوزير إن القرار يحترم سيادة سورية.")
    file = tmp_path / "a.docx"
    document.save(str(file))
    (draft,) = read_word(file)
    assert draft.title == "موسكو ترحب بالقرار"
    assert draft.text.split("\n") == [
        "رحبت موسكو أمس الأربعاء بالقرار الدولي.",
        "اترك تعليقاً",
        "القتلى 200",
        "وقال الوزير إن القرار يحترم سيادة سورية.",
    ]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("data", [b"not a zip", zipped(), zipped(other=b"x"), zipped()[:10]])
def test_broken_word(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(data)
    with pytest.raises(ArticleError, match="broken or encrypted Word file"):
        list(read_word(file))


def with_part(name: str, method: int, flags: int) -> bytes:
    """A Word file one part of which is not what the archive's directory says of it."""
    whole = io.BytesIO()
    docx.Document().save(whole)
    data = bytearray(whole.getvalue())
    entry = data.index(b"PK\1\2")
    while bytes(data[entry + 46 :][: len(name)]) != name.encode():
        entry = data.index(b"PK\1\2", entry + 1)
    header = int.from_bytes(data[entry + 42 : entry + 46], "little")
    for flag_at, method_at in ((entry + 8, entry + 10), (header + 6, header + 8)):
        data[flag_at] |= flags
        data[method_at] = method
    return bytes(data)


def damaged(name: str) -> bytes:
    """A Word file with a wrong byte in the packed content of that part."""
    data = bytearray(with_part(name, zipfile.ZIP_DEFLATED, 0))
    content = data.index(name.encode()) + len(name)
    data[content : content + 8] = b"\xff" * 8
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        damaged("word/document.xml"),
        damaged("[Content_Types].xml"),
        with_part("word/document.xml", zipfile.ZIP_DEFLATED, 1),
        with_part("word/document.xml", zipfile.ZIP_LZMA, 0),
        with_part("word/document.xml", zipfile.ZIP_BZIP2, 0),
        with_part("word/document.xml", 99, 0),
    ],
    ids=["packing", "types", "encrypted", "lzma", "bzip2", "unknown method"],
)
def test_damaged_word(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(data)
    with pytest.raises(ArticleError, match="broken or encrypted Word file"):
        list(read_word(file))


def test_word_file_with_broken_xml(tmp_path: Path) -> None:
    whole = io.BytesIO()
    docx.Document().save(whole)
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            is_text = part.filename == "word/document.xml"
            target.writestr(part.filename, data[:200] if is_text else data)
    file = tmp_path / "a.docx"
    file.write_bytes(out.getvalue())
    with pytest.raises(ArticleError, match="broken or encrypted Word file"):
        list(read_word(file))


def test_word_file_that_would_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST_UNPACKED", 1 << 20)
    file = tmp_path / "bomb.docx"
    file.write_bytes(zipped(bomb=bytes(8 << 20)))
    assert file.stat().st_size < 1 << 16
    with pytest.raises(ArticleError, match="would unpack to 8 MiB"):
        list(read_word(file))


def test_word_file_whose_text_has_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST_MARKUP", 1 << 20)
    file = tmp_path / "bomb.docx"
    file.write_bytes(zipped(bomb=b"<w>" + bytes(2 << 20)))
    with pytest.raises(ArticleError, match="with 2 of text"):
        list(read_word(file))
    file.write_bytes(zipped(picture=b"\x89PNG" + bytes(2 << 20)))
    with pytest.raises(ArticleError, match="broken or encrypted"):
        list(read_word(file))


def test_word_without_text(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    docx.Document().save(str(file))
    with pytest.raises(ArticleError, match="no text in this document"):
        list(read_word(file))
