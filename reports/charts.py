"""Charts as inline SVG. Pygal draws them; colours and letters come from the page's style, for light, dark and paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

WIDE_PX, NARROW_PX, SMALL_PX = 960, 420, 330
ROW_PX, AXIS_PX = 30, 34
LETTERS = Style(label_font_size=13, major_label_font_size=13)  # what pygal leaves room for; the page sets the same
LONGEST_LABEL = 20  # characters
NAMESPACE = "{http://www.w3.org/2000/svg}"
Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one colour; `style` is the class that the page colours it by."""

    name: str
    style: str
    values: Sequence[float]


def bars(
    labels: Sequence[str], series: Sequence[Series], *, says: str, written: Format, stacked: bool = True
) -> Markup:
    """Return horizontal bars in two widths, of which the page shows one. `says` is for who cannot see them."""
    rows = len(labels) * (1 if stacked else len(series) * 0.62 + 0.3)
    make = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
    first, *others = labels[::-1], *(replace(one, values=one.values[::-1]) for one in series)  # drawn from below
    wide, narrow = (
        _drawn(make, first, others, size=(width, round(rows * ROW_PX) + AXIS_PX), says=says, written=written)
        for width in (WIDE_PX, NARROW_PX)
    )
    return Markup('<div class="chart"><div class="broad">{}</div><div class="slim">{}</div></div>').format(wide, narrow)


def columns(labels: Sequence[str], series: Sequence[Series], *, says: str, written: Format) -> Markup:
    """Return a small chart of columns; their labels appear when they are pointed at."""
    svg = _drawn(pygal.StackedBar, labels, series, size=(SMALL_PX, SMALL_PX * 2 // 5), says=says, written=written)
    return Markup('<div class="chart small">{}</div>').format(svg)


def _drawn(
    make: Callable[..., Any],
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    size: tuple[int, int],
    says: str,
    written: Format,
) -> Markup:
    chart = make(
        width=size[0],
        height=size[1],
        css=(),
        js=(),
        no_prefix=True,
        show_legend=False,
        style=LETTERS,
        margin=2,
        margin_left=10,  # labels are a little wider than pygal takes them for
        margin_right=32,  # half of the last label
        spacing=4,
        max_scale=4 if size[0] < WIDE_PX else 7,
        value_formatter=written,
        show_x_labels=size[0] != SMALL_PX,
    )
    chart.x_labels = [shorten(label) for label in labels]
    for one in series:
        chart.add(one.name, list(one.values))
    return _plain(chart.render_tree(), labels, series, says=says, written=written)


def shorten(label: str) -> str:
    """Return a label that leaves room for its bar."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _plain(svg: Any, labels: Sequence[str], series: Sequence[Series], *, says: str, written: Format) -> Markup:
    """Return a drawing without styles, scripts and notes of its own: what is left takes its looks from the page."""
    for unused in svg.xpath("//comment() | //*[local-name()='defs' or local-name()='title' or local-name()='desc']"):
        unused.getparent().remove(unused)
    for unused in svg.xpath("//*[contains(@class, 'overlay') or contains(@class, 'background')]"):
        unused.getparent().remove(unused)
    for number, one in enumerate(series):
        shapes = svg.xpath(f"//*[contains(concat(@class, ' '), 'serie-{number} ')]")
        for group in shapes:
            group.set("class", f"series {one.style}")
            for label, value, bar in zip(labels, one.values, group.xpath(".//*[local-name()='rect']"), strict=False):
                tip = etree.SubElement(bar, f"{NAMESPACE}title")
                tip.text = " ".join(filter(None, (f"{label}:", one.name, written(value))))
    svg.set("role", "img")
    svg.set("aria-label", says)
    del svg.attrib["id"]
    etree.cleanup_namespaces(svg)
    return Markup(etree.tostring(svg, encoding="unicode"))  # noqa: S704 - pygal and lxml have escaped every text
