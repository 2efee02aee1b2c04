"""Drawings by matplotlib as SVG that lives in a page, in the page's own colours and letters.

Matplotlib draws with placeholder colours, which become the page's custom properties: one drawing
serves light, dark and paper.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from zlib import crc32

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 340
"""Of every drawing, in units that are a pixel where it is shown at its own size."""
INK, SOFT, LINE, ACCENT, WARN = "#000001", "#000002", "#000003", "#000004", "#000005"
"""Colours that matplotlib only has to tell apart."""

_PROPERTIES = {INK: "ink", SOFT: "soft", LINE: "line", ACCENT: "bar", WARN: "bar-warn"}
# Any: matplotlib types each of its hundreds of names.
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "qa",
    # Names of groups may hold dollar signs.
    "text.parse_math": False,
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.8,
    "figure.constrained_layout.use": True,
}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_UNITS_PER_INCH = 72
_COLOUR = re.compile("|".join(_PROPERTIES))
_FONT = re.compile(r"font-family:[^;]*;?")
_REFERENCE = re.compile(r"#([mph][0-9a-f]{10})")


def drawn(title: str, description: str, height: int, draw: Callable[[Figure], None]) -> str:
    """The inline SVG of what `draw` puts on a figure of that height; titles differ in a page."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(), _any_script():
        # Not the settings of the user's own plots.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(WIDTH / _UNITS_PER_INCH, height / _UNITS_PER_INCH))
        draw(figure)
        svg = StringIO()
        figure.savefig(svg, format="svg", metadata=_NO_METADATA, transparent=True)
    return inline(svg.getvalue(), title, description)


def inline(svg: str, title: str, description: str) -> str:
    """Matplotlib's document as an element of an HTML page, with a name for those who hear it."""
    root = ElementTree.fromstring(svg)
    key = f"c{crc32(title.encode()):08x}"
    for element in root.iter():
        element.tag = _local(element.tag)
        own = {_local(name): value for name, value in element.items()}
        element.attrib = {name: _in_page(value, key) for name, value in own.items()}
        if not _REFERENCE.fullmatch("#" + own.get("id", "")):
            element.attrib.pop("id", None)
        else:
            element.set("id", f"{key}-{own['id']}")
    # Matplotlib's style element would apply to the whole page.
    for parent in list(root.iter()):
        for style in parent.findall("style"):
            parent.remove(style)
    _name(root, key, title, description)
    return re.sub(r"\s*\n\s*", " ", ElementTree.tostring(root, encoding="unicode")).strip()


def _name(root: ElementTree.Element, key: str, title: str, description: str) -> None:
    width, height = root.get("viewBox", "").split()[2:]
    root.attrib = {
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-labelledby": f"{key}-title {key}-desc",
    }
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(tag, {"id": f"{key}-{tag}"})
        element.text = text
        root.insert(place, element)


def _local(name: str) -> str:
    """A tag or attribute without its namespace, which HTML knows by itself."""
    return name.rpartition("}")[2]


def _in_page(value: str, key: str) -> str:
    value = _COLOUR.sub(lambda colour: f"var(--{_PROPERTIES[colour[0]]})", value)
    return _REFERENCE.sub(rf"#{key}-\1", _FONT.sub("", value))


@contextmanager
def _any_script() -> Iterator[None]:
    """Groups may have names in any script: the browser has letters that matplotlib misses."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        yield
