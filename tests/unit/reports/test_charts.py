from __future__ import annotations

from collections.abc import Sequence

from lxml import etree, html

from reports.charts import LONGEST_LABEL, Chart, Series, bars, columns

ATTACK = "<script>alert(1)</script>"


def drawn(markup: str) -> list[html.HtmlElement]:
    return html.fromstring(markup).xpath("//svg")


def make_chart(labels: Sequence[str], *series: Series, says: str = "") -> Chart:
    return Chart(labels=labels, series=series, says=says, written=lambda value: f"{value:,.0f}")


def test_bars_are_drawn_for_wide_and_for_narrow_windows_and_say_what_they_show() -> None:
    chart = bars(make_chart(["Articles", "Pages"], Series("loaded", "after", [10, 2]), says="10 and 2"))
    assert [svg.get("viewbox").split()[2] for svg in drawn(chart)] == ["960", "380"]
    assert {(svg.get("role"), svg.get("aria-label")) for svg in drawn(chart)} == {("img", "10 and 2")}


def test_bars_read_from_above_and_are_as_long_as_their_numbers() -> None:
    chart = bars(make_chart(["Articles", "Pages"], Series("loaded", "after", [10, 5])))
    wide = drawn(chart)[0]
    labels = {text.text: float(text.get("y")) for text in wide.xpath(".//*[contains(@class, 'axis y')]//text")}
    assert labels["Articles"] < labels["Pages"]
    lengths = {
        tip.getparent().xpath("string(.)"): float(tip.getparent().get("width")) for tip in wide.xpath(".//rect/title")
    }
    assert round(lengths["Articles: loaded 10"] / lengths["Pages: loaded 5"], 3) == 2


def test_charts_have_no_style_and_no_script_of_their_own_and_escape_their_labels() -> None:
    for chart in (
        bars(make_chart([ATTACK], Series(ATTACK, "after", [1]), says=ATTACK)),
        columns(make_chart([ATTACK, ATTACK], Series(ATTACK, "after", [1, 2]), says=ATTACK)),
    ):
        page = html.fromstring(chart)
        assert not page.xpath("//script | //style | //defs | //*[@id] | //comment()")
        for svg in chart.split("<svg")[1:]:
            etree.fromstring(f"<svg{svg.partition('</svg>')[0]}</svg>")


def test_long_labels_leave_room_for_their_bars() -> None:
    chart = bars(make_chart(["x" * 80], Series("", "after", [1])))
    assert {len(text.text) for svg in drawn(chart) for text in svg.xpath(".//*[contains(@class, 'axis y')]//text")} == {
        LONGEST_LABEL
    }


def test_nothing_to_show_is_drawn_too() -> None:
    assert drawn(bars(make_chart(["Before", "After"], Series("", "after", [0, 0]))))
    assert drawn(columns(make_chart(["1 Nov", "2 Nov"], Series("", "after", [0, 0]))))
