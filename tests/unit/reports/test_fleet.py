"""The page of all sites: what is worst comes first, and nothing of a site's text is markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from lxml import html

from reports.fleet import Fleet, FleetSite, Standing, render_fleet, write_fleet
from reports.verdict import Facts, VerificationFacts, judge
from tests.unit.reports.assessments import ATTACK

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def make_site(site: str, *, name: str = "", **facts: Any) -> FleetSite:
    verified = VerificationFacts(finished_at=NOW, is_outdated=False, differences=0, addresses=1, answered=1)
    known = Facts(**{"asked_at": NOW, "objects": 1_000, "verification": verified, **facts})
    standing = Standing(
        verdict=judge(known), last_run_at=NOW - timedelta(days=3), verified_at=None, objects=1_000,
        rejected=known.rejected, conflicts=0, files=0, missing_files=0, report=f"{site}/run/index.html",
    )  # fmt: skip
    return FleetSite(site=site, name=name, standing=standing)


FLEET = Fleet(
    seen_at=NOW,
    sites=(
        make_site("well"),
        make_site("amber", rejected=1),
        FleetSite(site="away", problem="It does not answer."),
        make_site("red", rejected=500),
        make_site("unverified", verification=None),
    ),
)


def test_what_is_worst_comes_first() -> None:
    assert [one.site for one in FLEET.in_order] == ["away", "red", "unverified", "amber", "well"]
    assert FLEET.ready == 2


def test_the_page_says_how_each_stands_and_leads_to_its_report() -> None:
    document = html.document_fromstring(render_fleet(FLEET))
    assert document.xpath("string(//h1)") == "2 of 5 sites are ready to switch over"
    states = document.xpath("//h2/span/text()")
    assert states == ["Unknown", "No-go", "No-go", "Go, with something to look at", "Go"]
    assert len(document.xpath("//h2/a")) == 4
    assert "3 days ago" in document.text_content()


def test_names_are_shown_and_not_run() -> None:
    page = render_fleet(Fleet(seen_at=NOW, sites=(make_site("x", name=ATTACK), FleetSite(site="y", problem=ATTACK))))
    document = html.document_fromstring(page)
    assert document.xpath("//script | //img") == []
    assert ATTACK in document.text_content()


def test_the_same_stands_beside_it_as_data(tmp_path: Any) -> None:
    path = write_fleet(FLEET, tmp_path)
    found = orjson.loads((path.parent / "fleet.json").read_bytes())
    assert [one["site"] for one in found["sites"]] == [one.site for one in FLEET.in_order]
    lines = (path.parent / "fleet.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 6
    assert len({line.count(",") for line in lines if '"' not in line}) == 1


@pytest.mark.parametrize(("number", "verb"), [(0, "are"), (1, "is"), (2, "are")])
def test_one_site_is_not_spoken_of_as_many(number: int, verb: str) -> None:
    sites = [make_site(f"go-{place}") for place in range(number)] + [FleetSite(site="away", problem="x")] * 2
    page = render_fleet(Fleet(seen_at=NOW, sites=tuple(sites)))
    assert f"sites {verb} ready" in page
