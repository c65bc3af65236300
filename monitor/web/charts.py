"""Draw stacked bars by pygal, cleaned for a strict policy: no script, no style, a title for each bar."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_DROPPED = frozenset({"script", "style", "desc", "title", "foreignObject"})
ET.register_namespace("", _SVG[1:-1])

Series = Mapping[str, Sequence[int]]


def stacked_bars(days: Sequence[date], series: Series, *, id: str, title: str, desc: str) -> str:
    """Return an SVG with a bar for each day, of the counts of each series; labels are escaped.

    Colours come from the classes ``color-0``, ``color-1`` and so on of the page's style sheet.
    """
    chart = _pygal().StackedBar(
        js=[],
        css=[],
        width=880,
        height=220,
        show_legend=False,
        show_minor_x_labels=False,
        truncate_label=-1,
        margin=4,
        spacing=6,
    )
    chart.x_labels = [f"{day:%-d %b}" for day in days]
    chart.x_labels_major = chart.x_labels[1::7]
    for name, counts in series.items():
        chart.add(name, list(counts))
    root = ET.fromstring(chart.render())  # noqa: S314  made just now; pygal uses lxml where it is
    _clean(root)
    _name_bars(root, days, series)
    _describe(root, id, title, desc)
    return ET.tostring(root, encoding="unicode")


@cache
def _pygal() -> Any:
    """Import pygal, 0.3 s for the first chart, without the obsolete finder of modules that it installs."""
    import pygal  # noqa: PLC0415

    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "PluginImportFixer"]
    return pygal


def _clean(root: ET.Element) -> None:
    """Remove scripts, styles, comments and what pygal writes for its own script."""
    for node in list(root.iter()):
        for child in list(node):
            if not isinstance(child.tag, str) or child.tag.removeprefix(_SVG) in _DROPPED:
                node.remove(child)
        for name in list(node.attrib):
            if name == "style" or name.startswith(("on", "{")):
                del node.attrib[name]


def _name_bars(root: ET.Element, days: Sequence[date], series: Series) -> None:
    groups = [node for node in root.iter() if "series" in node.get("class", "").split()]
    for group, (name, counts) in zip(groups, series.items(), strict=False):
        boxes = [node for node in group.iter() if node.tag.removeprefix(_SVG) == "rect"]
        for box, day, count in zip(boxes, days, counts, strict=False):
            ET.SubElement(box, f"{_SVG}title").text = f"{day:%-d %B}: {name} {count}"


def _describe(root: ET.Element, id: str, title: str, desc: str) -> None:
    for name in ("id", "xmlns", "xmlns:xlink"):  # pygal writes the namespace as an attribute of its own
        root.attrib.pop(name, None)
    root.attrib.update({"class": "chart", "role": "img", "aria-labelledby": f"{id}t {id}d"})
    for place, (tag, suffix, text) in enumerate((("title", "t", title), ("desc", "d", desc))):
        node = ET.Element(f"{_SVG}{tag}", {"id": id + suffix})
        node.text = text
        root.insert(place, node)
