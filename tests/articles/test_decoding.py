import codecs
from pathlib import Path

import pytest

from qa.articles.decoding import encoding_of, read_html, read_text
from qa.errors import ArticleError

ARABIC = "قال الوزير: «نرحب بأي دعم»، وأضاف أن الأمر انتهى.\nوتابع قائلاً إن القرار لم يتخذ.\n"
FRENCH = "Le président a déclaré à l'été qu'il était prêt, naïf et sûr de lui.\n"
RUSSIAN = "Министр заявил, что суверенитет Сирии должен быть соблюдён.\n"
TURKISH = "Bakan salı günü görüştü; İstanbul'da şöyle açıkladı: ağır koşullar.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC, "utf-8"),
        (ARABIC, "utf-8-sig"),
        (ARABIC, "cp1256"),
        (ARABIC, "utf-16"),
        (ARABIC, "utf-16-le"),
        (ARABIC, "utf-16-be"),
        (ARABIC, "utf-32"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (TURKISH, "cp1254"),
        ("Bakan İstanbul'da görüştü; şöyle açıkladı: ağır koşullar. Çünkü değişti.\n", "cp1254"),
        ("El niño dijo: ¿qué pasó ayer? Mañana será otro día, señor Muñoz.\n", "cp1252"),
        ("plain words, nothing else\n", "ascii"),
        ("« نعم »", "utf-8"),
    ],
)
def test_encodings_are_found(tmp_path: Path, text: str, encoding: str) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(text.encode(encoding))
    assert read_text(file) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_the_encoding_are_no_text(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes("قال".encode(encoding))
    assert read_text(file) == "قال"


def test_windows_1256_of_the_seeds(tmp_path: Path, seeds: Path) -> None:
    for seed in sorted(seeds.glob("*.txt")):
        text = seed.read_text(encoding="utf-8").encode("cp1256", errors="ignore").decode("cp1256")
        file = tmp_path / seed.name
        file.write_bytes(text.encode("cp1256"))
        assert read_text(file) == text


def test_a_late_byte_of_another_encoding_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(b"plain words. " * 100_000 + "déjà vu".encode("cp1252"))
    assert encoding_of(file).name != "utf-8"


def test_a_bad_byte_late_in_a_long_file(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(b"plain words. " * 100_000 + ARABIC.encode() * 100 + b"\xff" + ARABIC.encode())
    text = read_text(file)
    assert text.count("\ufffd") == 1
    assert text.endswith(ARABIC)


@pytest.mark.parametrize("english", [b"plain words. ", b"\x93Plain\x94 words. "])
@pytest.mark.parametrize("times", [6_000, 100_000])
def test_arabic_that_begins_late_in_its_own_encoding(
    tmp_path: Path, english: bytes, times: int
) -> None:
    file = tmp_path / "articles.csv"
    file.write_bytes(english * times + ARABIC.encode("cp1256") * 200)
    assert read_text(file).endswith(ARABIC)


@pytest.mark.parametrize("damage", [b"\xd9", b"\xff\xfe\xd8"])
def test_a_damaged_end_does_not_change_the_rest(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(ARABIC.encode() + damage)
    assert read_text(file).startswith(ARABIC)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06\0\0\0",
        bytes(range(256)) * 40,
        b"\x7fELF\2\1\1" + b"\0" * 9 + b"\3\0\x3e\0" * 40,
        b"\x01\x02\x03\x04 almost text",
    ],
)
def test_binary_data_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(data)
    with pytest.raises(ArticleError, match="binary data"):
        read_text(file)


def test_a_web_page_says_its_encoding_itself(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    page = '<html><head><meta charset="iso-8859-6"></head><body>قال الوزير</body></html>'
    file.write_bytes(page.encode("iso-8859-6"))
    assert "قال الوزير" in read_html(file)


def test_a_web_page_may_name_an_unknown_encoding(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(f'<meta charset="x-nothing">{ARABIC}'.encode("cp1256"))
    assert ARABIC in read_html(file)


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "unicode_escape", "us-ascii"])
def test_a_web_page_may_name_what_is_no_encoding_of_text(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(f'<meta charset="{charset}">{ARABIC}'.encode("cp1256"))
    assert ARABIC in read_html(file)


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "utf-16", "utf-7"])
def test_an_old_page_that_calls_itself_unicode(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(f'<meta charset="{charset}">{ARABIC}'.encode("cp1256"))
    assert ARABIC in read_html(file)


def test_unicode_wins_over_what_a_page_says(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(codecs.BOM_UTF8 + f'<meta charset="windows-1252">{ARABIC}'.encode())
    assert ARABIC in read_html(file)
