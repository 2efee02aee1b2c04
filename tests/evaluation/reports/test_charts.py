from itertools import pairwise
from xml.etree import ElementTree

import pytest

from qa.evaluation.intervals import Interval
from qa.evaluation.reports.charts import (
    Bar,
    Chart,
    Count,
    Range,
    Strip,
    bar_chart,
    column_chart,
    reliability_chart,
    strip_chart,
)
from qa.evaluation.reports.drawing import inline


def bars(*labels: str) -> Chart:
    made = [Bar(label, 0.5, Interval(0.25, 0.75), 4) for label in labels]
    return bar_chart("evidence@1 by pair", "The first citation", made)


def all_charts() -> list[Chart]:
    counts = [Count("0–10", 3), Count("10–20", 1, stands_out=True)]
    return [
        bars("ar→ar", "en→ar"),
        column_chart("Time", "Each", counts, "ms", {"p50": 5, "p95": 19}, [0, 10, 20]),
        column_chart("Ranks", "First", counts, "Rank"),
        strip_chart("Outcomes", "All", [Strip("Right", (0, 2, 5), False)], "Confidence", 0.5),
        reliability_chart("Trust", "So", [Range(0, 0.5, 0.2, 0.4, 5)], ("x", "y"), 0.5),
    ]


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(chart.svg).iter("text")]


def test_a_chart_says_what_it_is_and_what_it_shows() -> None:
    root = ElementTree.fromstring(bars("ar→ar").svg)
    title, description = root.find("title"), root.find("desc")
    assert root.get("role") == "img"
    assert title is not None
    assert title.text == "evidence@1 by pair"
    assert description is not None
    assert "ar→ar 4 0.50 0.25 0.75" in (description.text or "")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_bars_have_their_names_values_and_numbers() -> None:
    chart = bars("ar→ar", "en→ar")
    assert {"ar→ar", "en→ar", "0.50", "n=4"} <= set(texts(chart))
    assert chart.table.rows[0] == ("ar→ar", 4, 0.5, 0.25, 0.75)


def test_a_bar_without_interval_has_no_whisker() -> None:
    with_whisker = bars("one").svg
    without = bar_chart("t", "c", [Bar("one", 0.5, None, 1)])
    assert without.svg.count("var(--ink)") < with_whisker.count("var(--ink)")
    assert without.table.rows == (("one", 1, 0.5, None, None),)


@pytest.mark.parametrize("name", ["$x^2$ and $", "<b>&amp;", "سؤال", "问题", "x" * 80])
def test_any_name_of_a_group_is_drawn_as_text(name: str) -> None:
    chart = bars(name)
    shown = next(text for text in texts(chart) if text[:1] == name[:1])
    assert name.startswith(shown.rstrip("…"))
    assert "<b>" not in chart.svg


@pytest.mark.parametrize("kind", range(5))
def test_colours_and_fonts_are_the_page_s(kind: int) -> None:
    chart = all_charts()[kind]
    assert "#0000" not in chart.svg
    assert "font-family" not in chart.svg
    assert "var(--" in chart.svg
    assert "http" not in chart.svg
    assert "<style" not in chart.svg


def test_a_page_holds_no_id_twice() -> None:
    seen: set[str] = set()
    for chart in all_charts():
        ids = [e.get("id") for e in ElementTree.fromstring(chart.svg).iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        assert not seen & {str(name) for name in ids}
        seen |= {str(name) for name in ids}


def test_references_stay_within_their_chart() -> None:
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"'
    part = '<path id="m0123456789"/><use x:href="#m0123456789"/><g clip-path="url(#p0123456789)"/>'
    root = ElementTree.fromstring(
        inline(f'<svg viewBox="0 0 9 9" {namespaces}>{part}</svg>', "t", "")
    )
    path, use, group = (root.find(tag) for tag in ("path", "use", "g"))
    assert path is not None
    assert use is not None
    assert group is not None
    assert use.get("href") == f"#{path.get('id')}" != "#m0123456789"
    assert group.get("clip-path") == f"url(#{str(path.get('id')).replace('-m', '-p')})"


def test_equal_input_is_drawn_equally() -> None:
    assert [chart.svg for chart in all_charts()] == [chart.svg for chart in all_charts()]


def test_the_user_s_own_plot_settings_do_not_matter() -> None:
    import matplotlib

    drawn = bars("one").svg
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        assert bars("one").svg == drawn
        assert matplotlib.rcParams["font.size"] == 30


def test_empty_strips_and_columns_can_be_drawn() -> None:
    empty = strip_chart("Outcomes", "All", [Strip("Right", (0, 0), False)], "Confidence", 0.5)
    none = column_chart("Time", "Each", [Count("0–1", 0)], "ms", {"p50": 0}, [0, 1])
    assert "Right (0)" in texts(empty)
    assert none.table.rows == (("0–1", 0),)


def test_columns_lie_between_their_edges() -> None:
    edges = [0, 5, 10]
    counts = [Count(f"{low}–{high}", high) for low, high in pairwise(edges)]
    chart = column_chart("Time", "Each", counts, "ms", {"p50": 4}, edges)
    assert chart.table.rows == (("0–5", 5), ("5–10", 10))
    assert "p50" in texts(chart)
