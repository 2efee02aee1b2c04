import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles import rows
from qa.articles.rows import BrokenRow, Row, read_rows

HEADER = "id,title,text\n"


def read(text: str, delimiter: str = ",") -> list[Row | BrokenRow]:
    return list(
        read_rows(io.StringIO(HEADER.replace(",", delimiter) + text, newline=""), delimiter)
    )[1:]


def fields(text: str) -> list[list[str]]:
    return [row.fields for row in read(text) if isinstance(row, Row)]


@pytest.mark.parametrize(
    "wrong",
    ["2,Syria, talks in Paris,The real text", "2,only", '2,"a, b",c,d', "2", "2,first part of"],
)
def test_a_row_of_other_columns_fails_alone(wrong: str) -> None:
    first, broken, last = read(f"1,a,one\n{wrong}\n3,c,three\n")
    assert first == Row(2, ["1", "a", "one"])
    assert isinstance(broken, BrokenRow)
    assert broken.line == 3
    assert "where the header has 3" in broken.reason
    assert last == Row(4, ["3", "c", "three"])


def test_empty_fields_beyond_the_header_and_empty_rows() -> None:
    assert read("1,a,one,,\n,,\n\n ,,,\n2,,two\n") == [
        Row(2, ["1", "a", "one"]),
        Row(6, ["2", "", "two"]),
    ]


def test_a_header_may_end_with_empty_columns() -> None:
    found = list(read_rows(["id,text,,\n", "1,one\n", "2,two,,\n"], ","))
    assert found == [Row(1, ["id", "text"]), Row(2, ["1", "one"]), Row(3, ["2", "two"])]


@pytest.mark.parametrize(
    "after",
    [
        "3,c,three\n4,d,four\n",
        '3,c,"three"\n4,d,"four"\n',
        '3,"c, d","three\nand a half"\n4,"d","four"\n',
    ],
)
def test_a_quote_that_is_not_closed_costs_its_own_row(after: str) -> None:
    first, broken, *rest = read(f'1,a,one\n2,b,"two is not closed\n{after}')
    assert first == Row(2, ["1", "a", "one"])
    assert isinstance(broken, BrokenRow)
    assert (broken.line, "a quote is not closed" in broken.reason) == (3, True)
    assert rest == [Row(row.line + 2, row.fields) for row in read(after) if isinstance(row, Row)]
    assert len(rest) == 2


def test_lines_of_a_text_whose_quote_is_not_closed_are_no_rows() -> None:
    found = read('1,a,"one\nand, more\nand more\n2,b,two\n')
    assert [type(row) for row in found] == [BrokenRow, Row]
    assert found[1] == Row(5, ["2", "b", "two"])


def test_a_field_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_FIELD", 1000)
    broken, *rest = read('1,a,"' + "one\n" + "2,b,two\n" * 1000)
    assert isinstance(broken, BrokenRow)
    assert "field larger than field limit" in broken.reason
    assert rest == [Row(3 + n, ["2", "b", "two"]) for n in range(1000)]


def test_a_header_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_FIELD", 1000)
    (broken,) = read_rows(['"id,text\n', *["1,one\n"] * 1000], ",")
    assert isinstance(broken, BrokenRow)
    assert broken.line == 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"He said "yes" to it."', 'He said "yes" to it.'),
        ('"في محاربة "داعش""', 'في محاربة "داعش"'),
        ('""Yes", he said."', None),
        ('"one\n"two" three"', 'one\n"two" three'),
        ('"both ""doubled"" and "not" so"', 'both "doubled" and "not" so'),
    ],
)
def test_quotes_that_are_not_doubled(written: str, text: str | None) -> None:
    found = read(f"1,a,{written}\n")
    if text is None:
        assert [type(row) for row in found] == [BrokenRow]
    else:
        assert found == [Row(2, ["1", "a", text], is_mended=True)]


FIELDS = st.text(st.sampled_from('ab",;\n\r \u2028د')).map(str.strip)


@given(st.lists(st.tuples(FIELDS, FIELDS, FIELDS)), st.sampled_from(",;\t"))
def test_what_is_written_well_is_read_as_it_was(table: list[tuple[str, ...]], mark: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL).writerows(table)
    assert [row.fields for row in read(out.getvalue(), mark) if isinstance(row, Row)] == [
        list(row) for row in table if any(row)
    ]


@given(st.text(st.sampled_from('a",\n')))
def test_no_row_is_ever_of_other_columns(text: str) -> None:
    found = read(f"{text}\n1,a,one\n")
    assert all(len(row.fields) == 3 for row in found if isinstance(row, Row))
    assert [row.line for row in found] == sorted({row.line for row in found})


def test_the_time_for_broken_rows_grows_with_their_number() -> None:
    line = '1,a,"one ""is"" open\n'
    began = time.process_time()
    read(line * 50_000 + "2,b,two\n" * 50_000)
    assert time.process_time() - began < 10
