"""Charts as inline SVG. Pygal draws them; colours and letters come from the page's style, for light, dark and paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

BROAD_PX, SLIM_PX, SMALL_PX = 960, 380, 330
ROW_PX, AXIS_PX = 30, 34
LETTERS = Style(label_font_size=13, major_label_font_size=13)  # what pygal leaves room for; the page sets the same
LONGEST_LABEL = 20  # characters
NAMESPACE = "{http://www.w3.org/2000/svg}"
UNUSED = (
    "//comment() | //*[local-name()='defs' or local-name()='title' or local-name()='desc']"
    " | //*[contains(@class, 'overlay') or contains(@class, 'background')]"
)


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one colour; `style` is the class that the page colours it by."""

    name: str
    style: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a chart shows; `says` is for who cannot see it."""

    labels: Sequence[str]
    series: Sequence[Series]
    says: str
    written: Callable[[float], str]  # how its numbers are written

    def upside_down(self) -> Chart:
        """Return the same from below, as horizontal bars are drawn."""
        turned = [replace(one, values=one.values[::-1]) for one in self.series]
        return replace(self, labels=self.labels[::-1], series=turned)


def bars(chart: Chart, *, stacked: bool = True, broad_px: int = BROAD_PX) -> Markup:
    """Return horizontal bars in two widths, of which the page shows one."""
    rows = len(chart.labels) * (1 if stacked else len(chart.series) * 0.62 + 0.3)
    make = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
    broad, slim = (
        _drawn(chart.upside_down(), make, width=width, height=round(rows * ROW_PX) + AXIS_PX)
        for width in (broad_px, SLIM_PX)
    )
    return Markup('<div class="chart"><div class="broad">{}</div><div class="slim">{}</div></div>').format(broad, slim)


def columns(chart: Chart) -> Markup:
    """Return a small chart of columns; their labels appear when they are pointed at."""
    svg = _drawn(chart, pygal.StackedBar, width=SMALL_PX, height=SMALL_PX * 2 // 5, show_x_labels=False)
    return Markup('<div class="chart small">{}</div>').format(svg)


def _drawn(chart: Chart, make: Callable[..., Any], *, width: int, **more: Any) -> Markup:
    drawing = make(
        width=width,
        css=(),
        js=(),
        no_prefix=True,
        show_legend=False,
        style=LETTERS,
        margin=2,
        margin_left=10,  # labels are a little wider than pygal takes them for
        margin_right=32,  # half of the last label
        spacing=4,
        max_scale=7 if width > SLIM_PX else 4,
        value_formatter=chart.written,
        **more,
    )
    drawing.x_labels = [_shortened(label) for label in chart.labels]
    for one in chart.series:
        drawing.add(one.name, list(one.values))
    return _plain(drawing.render_tree(), chart)


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _plain(svg: Any, chart: Chart) -> Markup:
    """Return a drawing without styles, scripts and notes of its own: what is left takes its looks from the page."""
    for unused in svg.xpath(UNUSED):
        unused.getparent().remove(unused)
    for number, one in enumerate(chart.series):
        for group in svg.xpath(f"//*[contains(concat(@class, ' '), 'serie-{number} ')]"):
            group.set("class", f"series {one.style}")
            shapes = group.xpath(".//*[local-name()='rect']")
            for label, value, shape in zip(chart.labels, one.values, shapes, strict=True):
                tip = etree.SubElement(shape, f"{NAMESPACE}title")
                tip.text = " ".join(filter(None, (f"{label}:", one.name, chart.written(value))))
    svg.set("role", "img")
    svg.set("aria-label", chart.says)
    del svg.attrib["id"]
    etree.cleanup_namespaces(svg)
    return Markup(etree.tostring(svg, encoding="unicode"))  # noqa: S704 - pygal and lxml have escaped every text
