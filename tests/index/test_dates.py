from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from qa.index.dates import date_number


@given(st.dates(), st.dates())
def test_numbers_sort_as_the_dates_do(one: date, other: date) -> None:
    assert (date_number(one) < date_number(other)) == (one < other)


def test_a_number_reads_as_the_date() -> None:
    assert date_number(date(2015, 9, 16)) == 20150916
