"""Bytes of unknown encoding as text: UTF-8, UTF-16, and the one-byte encodings of old pages."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from qa.errors import ArticleError

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    # Before UTF-16, whose mark it begins with.
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ONE_BYTE = ["cp1256", "cp1252", "cp1251", "cp1254", "cp1250", "koi8_r", "iso8859_6"]
_EAST_ASIAN = ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]
_HEAD = 1 << 20
_PART = 1 << 16
_SAMPLE = 1 << 16
_SMALLEST_SHARE = 256
"""Bytes of the sample, and of each part of a file in it."""
_BEYOND_ASCII = re.compile(
    rb"[\x80-\xff]+(?:[^\n\x80-\xff]{0,40}[\x80-\xff]+)*[^\n\x80-\xff]{0,40}"
)
_BEFORE = 40
_HIGH = bytes(range(0x80, 0x100))
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_META_WITHIN = 4096
_PAGE_CODECS = (
    *("big5", "cp", "euc", "gb", "hz", "iso2022", "iso8859", "johab", "koi8", "mac", "ptcp"),
    *("shift", "tis"),
)
"""What a page's own word is taken for: beginnings of codec names. Not Unicode, which is ruled out
by then, nor Python's codecs that are none of text."""
_FAMILIAR = frozenset("àâäáãéèêëîïíôöóõùûüúçñßœæåøşğıąćęłńśźżčřšžěůőű" + "«»“”‘’–—…•·°€£¿¡،؛؟٪")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec name, and what to do with bytes it does not know (`strict` or `replace`)."""

    name: str
    errors: str = "strict"


def read_text(path: Path) -> str:
    """The file's text with one kind of line end; raises ArticleError for binary data, OSError."""
    with open_text(path) as file:
        return file.read()


def read_html(path: Path) -> str:
    """A page's source: its own word for the encoding decides where it is not Unicode."""
    encoding = encoding_of(path)
    if not encoding.name.startswith("utf"):
        encoding = _declared(path) or encoding
    return path.read_text(encoding=encoding.name, errors=encoding.errors)


def open_text(path: Path, newline: str | None = None) -> TextIOWrapper:
    """The file in its encoding, for reading in parts; raises ArticleError for binary data."""
    encoding = encoding_of(path)
    return path.open(encoding=encoding.name, errors=encoding.errors, newline=newline)


def encoding_of(path: Path) -> Encoding:
    """By the file's mark, else by what its bytes can be; raises ArticleError for binary data."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return Encoding(name, "replace")
    if b"\0" in head:
        found = _unmarked_utf16(head)
    elif _is_binary(head):
        found = None
    else:
        found = Encoding("utf-8") if _is_utf8(path) else _other_than_utf8(path)
    if found is None:
        raise ArticleError(
            "binary data, not text: give the file the ending of its format, or leave it out",
            str(path),
        )
    return found


def _declared(path: Path) -> Encoding | None:
    with path.open("rb") as file:
        match = _CHARSET.search(file.read(_META_WITHIN))
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode()).name
    except LookupError:
        return None
    return Encoding(name, "replace") if name.startswith(_PAGE_CODECS) else None


def _is_binary(head: bytes) -> bool:
    """More than one control character in a thousand bytes."""
    return (len(head) - len(head.translate(None, _CONTROLS))) * 1000 > len(head)


def _unmarked_utf16(head: bytes) -> Encoding | None:
    """UTF-16 by its blanks: in the wrong byte order there are none."""
    even = head[: len(head) // 2 * 2]
    for name in ("utf-16-le", "utf-16-be"):
        text = even.decode(name, errors="replace")
        blanks = sum(text.count(blank) for blank in " \n")
        strange = sum(not (c.isprintable() or c in "\t\r\n\f\ufeff\u200c-\u200f") for c in text)
        if blanks * 100 >= len(text) and (strange + text.count("\ufffd")) * 50 <= len(text):
            return Encoding(name, "replace")
    return None


def _is_utf8(path: Path) -> bool:
    """The whole file, read in parts: the first bad byte may come late."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in _parts(path):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _other_than_utf8(path: Path) -> Encoding | None:
    damaged, beyond_ascii = _count_as_utf8(path)
    if damaged * 20 < beyond_ascii:
        return Encoding("utf-8", "replace")
    # UTF-8 after all, where a file is short or was cut within its last character.
    is_cut_late = 0 < damaged < beyond_ascii
    return _by_likelihood(path) or (Encoding("utf-8", "replace") if is_cut_late else None)


def _count_as_utf8(path: Path) -> tuple[int, int]:
    """Over the whole file: what is no UTF-8, and all characters beyond ASCII with it."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    damaged = beyond_ascii = 0
    for part in _parts(path):
        text = decoder.decode(part)
        damaged += text.count("\ufffd")
        beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    cut = len(decoder.decode(b"", final=True))
    return damaged + cut, beyond_ascii + cut


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_PART):
            yield part


def _telling_sample(path: Path) -> bytes:
    """What surrounds bytes beyond ASCII, from all over the file, the densest first.

    A long English beginning tells nothing, even where it holds a few quotation marks.
    """
    share = max(_SAMPLE * _PART // max(path.stat().st_size, 1), _SMALLEST_SHARE)
    ranked = sorted(_surroundings(path, share), key=_density, reverse=True)
    sample = bytearray()
    for found in ranked:
        if len(sample) >= _SAMPLE or (sample and 4 * _density(found) < _density(ranked[0])):
            break
        sample += found + b"\n"
    return bytes(sample)


def _surroundings(path: Path, share: int) -> Iterator[bytes]:
    """About `share` bytes of each part of a file."""
    for part in _parts(path):
        size = 0
        found = (_with_words_before(part, match) for match in _BEYOND_ASCII.finditer(part))
        for near in sorted(found, key=_density, reverse=True):
            yield near[:share]
            size += len(near)
            if size >= share:
                break


def _with_words_before(part: bytes, match: re.Match[bytes]) -> bytes:
    before = part[max(match.start() - _BEFORE, 0) : match.start()]
    return before.rpartition(b"\n")[2] + match[0]


def _density(data: bytes) -> float:
    return 1 - len(data.translate(None, _HIGH)) / len(data)


def _by_likelihood(path: Path) -> Encoding | None:
    """What charset-normalizer holds possible; among equals, the one with the commonest letters."""
    from charset_normalizer import from_bytes

    sample = _telling_sample(path)
    matches = from_bytes(sample, cp_isolation=_ONE_BYTE + _EAST_ASIAN)
    names = [match.encoding for match in matches]
    if not names:
        return None
    if "cp1252" in names:
        # Of codecs that are nearly the same it names one; these differ in six Turkish letters.
        names.append("cp1254")
    return Encoding(max(names, key=lambda name: _familiar_characters(sample, name)), "replace")


def _familiar_characters(sample: bytes, name: str) -> int:
    text = sample.decode(name, errors="replace").lower()
    return sum(c in _FAMILIAR or "\u0400" <= c <= "\u06ff" or c >= "\u3040" for c in text)
