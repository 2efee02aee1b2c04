"""The charts of a report: a drawing, what it shows in words, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from qa.evaluation.intervals import Interval
from qa.evaluation.reports.drawing import ACCENT, INK, LINE, SOFT, WARN, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL = 22
"""Characters of a group's name that are shown."""

_ROW, _AXIS = 26, 44
_HALF = 0.5

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title, how to read it, and its numbers."""

    title: str
    caption: str
    svg: str
    table: Table


@dataclass(frozen=True, slots=True)
class Bar:
    """A group's mean."""

    label: str
    value: float
    interval: Interval | None
    questions: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions fall into a column."""

    label: str
    questions: int
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of counts over the same steps from 0 to 1 as the other rows."""

    label: str
    counts: tuple[int, ...]
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Range:
    """A share of the questions of a step: known where both ends are the same."""

    low: float
    high: float
    """Of the step."""
    least: float
    most: float
    questions: int


def bar_chart(title: str, caption: str, bars: Sequence[Bar]) -> Chart:
    """A bar from 0 to 1 for each group, with its interval as a whisker."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        places = range(len(bars))
        axes.barh(places, [bar.value for bar in bars], height=0.62, color=ACCENT)
        for place, bar in zip(places, bars, strict=True):
            _whisker(axes, place, bar)
        axes.set_yticks(places, [_clipped(bar.label) for bar in bars], color=INK)
        axes.set(xlim=(0, 1), ylim=(len(bars) - _HALF, -_HALF))
        _share_grid(axes, "x")

    table = Table(
        ("Group", "Questions", "Mean", "95\u00a0% from", "to"),
        tuple(_row(bar) for bar in bars),
    )
    return _chart(title, caption, table, _AXIS + _ROW * len(bars), draw)


def column_chart(
    title: str,
    caption: str,
    counts: Sequence[Count],
    axis: str,
    marks: Mapping[str, float] | None = None,
    edges: Sequence[float] = (),
) -> Chart:
    """A column for each count: named each, or lying between `edges` with `marks` on their axis."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        _columns(axes, counts, edges)
        top = max((count.questions for count in counts), default=0) or 1
        axes.set(ylim=(0, top * (1.25 if marks else 1.12)), xlabel=axis)
        _count_axis(axes)
        _marks(axes, marks or {}, top)

    table = Table((axis, "Questions"), tuple((count.label, count.questions) for count in counts))
    return _chart(title, caption, table, 200, draw)


def strip_chart(
    title: str, caption: str, strips: Sequence[Strip], axis: str, threshold: float
) -> Chart:
    """Rows of small columns over one axis from 0 to 1, with the threshold through all of them."""
    steps = len(strips[0].counts)
    tallest = max(max(strip.counts) for strip in strips) or 1

    def draw(figure: Figure) -> None:
        rows = figure.subplots(len(strips), 1, sharex=True, squeeze=False)[:, 0]
        for axes, strip in zip(rows, strips, strict=True):
            _strip(axes, strip, tallest)
            # The label above the columns stays readable.
            axes.plot([threshold] * 2, [0, 1.4 * tallest], color=INK, linewidth=1.2, dashes=(4, 3))
        _share_axis(rows[-1], "x")
        rows[-1].set_xlabel(axis)
        rows[0].text(
            threshold, 1.15, f"threshold {threshold:.2f}", ha="center", va="bottom",
            color=INK, transform=rows[0].get_xaxis_transform(),
        )  # fmt: skip

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_step(step, steps), *(strip.counts[step] for strip in strips)) for step in range(steps)
    )
    table = Table((axis, *(strip.label for strip in strips)), rows)
    return _chart(title, caption, table, 56 * len(strips) + _AXIS, draw)


def reliability_chart(
    title: str, caption: str, ranges: Sequence[Range], axes_names: tuple[str, str],
    threshold: float,
) -> Chart:  # fmt: skip
    """Share over confidence: known as bars, known within limits as open boxes; ideal: diagonal."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for step in ranges:
            _range(axes, step)
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (1, 2)))
        axes.axvline(threshold, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.text(
            threshold, 1.08, f"threshold {threshold:.2f}", ha="center", va="bottom", color=INK
        )
        axes.set(xlim=(0, 1), ylim=(0, 1.08), xlabel=axes_names[0], ylabel=axes_names[1])
        _share_grid(axes, "y")
        _share_axis(axes, "x")

    table = Table(
        (axes_names[0], "Questions", f"{axes_names[1]}, at least", "at most"),
        tuple((f"{r.low:.1f}–{r.high:.1f}", r.questions, r.least, r.most) for r in ranges),
    )
    return _chart(title, caption, table, 270, draw)


def _whisker(axes: Axes, place: int, bar: Bar) -> None:
    end = bar.value
    if bar.interval:
        low, high = bar.interval.low, bar.interval.high
        end = max(end, high)
        axes.plot([low, high], [place, place], color=INK, linewidth=1.3, clip_on=False)
        for edge in (low, high):
            axes.plot([edge, edge], [place - 0.14, place + 0.14], color=INK, linewidth=1.3,
                      clip_on=False)  # fmt: skip
    axes.text(1.05, place, f"{bar.value:.2f}", va="center", ha="left", color=INK, weight="bold")
    axes.text(1.19, place, f"n={bar.questions}", va="center", ha="left", color=SOFT, size=9.5)


def _columns(axes: Axes, counts: Sequence[Count], edges: Sequence[float]) -> None:
    numbers = [count.questions for count in counts]
    colours = [WARN if count.stands_out else ACCENT for count in counts]
    if edges:
        widths = [0.92 * (after - before) for before, after in pairwise(edges)]
        middles = [(a + b) / 2 for a, b in pairwise(edges)]
        axes.bar(middles, numbers, width=widths, color=colours)
        axes.set_xlim(edges[0], edges[-1])
        return
    places = range(len(counts))
    axes.bar(places, numbers, width=0.7, color=colours)
    axes.set_xticks(places, [count.label for count in counts], color=INK, size=9)
    for place, number in zip(places, numbers, strict=True):
        axes.annotate(str(number), (place, number), (0, 3), textcoords="offset points",
                      ha="center", color=INK)  # fmt: skip


def _marks(axes: Axes, marks: Mapping[str, float], top: float) -> None:
    """Each mark's line and name, one above the other where they are near."""
    for row, (name, place) in enumerate(marks.items()):
        height = top * (1.2 - 0.1 * row)
        axes.plot([place, place], [0, height], color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        near_end = place > sum(axes.get_xlim()) * 0.7
        axes.annotate(name, (place, height), (-4 if near_end else 4, 0), va="center", color=INK,
                      textcoords="offset points", ha="right" if near_end else "left")  # fmt: skip


def _strip(axes: Axes, strip: Strip, tallest: int) -> None:
    steps = len(strip.counts)
    middles = [(step + _HALF) / steps for step in range(steps)]
    axes.bar(middles, strip.counts, width=0.88 / steps, color=WARN if strip.stands_out else ACCENT)
    axes.set(xlim=(0, 1), ylim=(0, tallest * 2.1))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.text(0, 1.0, f"{strip.label} ({sum(strip.counts)})", color=INK, va="top",
              transform=axes.transAxes)  # fmt: skip
    for middle, count in zip(middles, strip.counts, strict=True):
        if count:
            axes.annotate(str(count), (middle, count), (0, 1.5), textcoords="offset points",
                          ha="center", color=SOFT, size=8.5)  # fmt: skip


def _range(axes: Axes, step: Range) -> None:
    middle, width = (step.low + step.high) / 2, 0.88 * (step.high - step.low)
    axes.bar(middle, step.least, width=width, color=ACCENT)
    if step.most > step.least:
        axes.bar(middle, step.most - step.least, width=width, bottom=step.least, fill=False,
                 edgecolor=ACCENT, linewidth=1.2, hatch="////")  # fmt: skip
    axes.annotate(str(step.questions), (middle, step.most), (0, 2), textcoords="offset points",
                  ha="center", color=SOFT, size=9)  # fmt: skip


def _share_axis(axes: Axes, which: str) -> None:
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(ticks, ["0", "0.25", "0.5", "0.75", "1"])


def _share_grid(axes: Axes, which: str) -> None:
    _share_axis(axes, which)
    (axes.xaxis if which == "x" else axes.yaxis).grid(color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["left" if which == "y" else "bottom"]].set_visible(False)


def _count_axis(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.grid(color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _chart(
    title: str, caption: str, table: Table, height: int, draw: Callable[[Figure], None]
) -> Chart:
    numbers = "; ".join(" ".join(map(_said, row)) for row in table.rows)
    description = f"{caption}. {', '.join(table.columns)}: {numbers}."
    return Chart(title, caption, drawn(title, description, height, draw), table)


def _clipped(label: str) -> str:
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"


def _row(bar: Bar) -> tuple[Cell, ...]:
    ends = (bar.interval.low, bar.interval.high) if bar.interval else (None, None)
    return bar.label, bar.questions, bar.value, *ends


def _said(cell: Cell) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell or 0)


def _step(step: int, steps: int) -> str:
    return f"{step / steps:.1f}–{(step + 1) / steps:.1f}"
