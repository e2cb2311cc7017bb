"""Verify finds what differs, names it, and finds nothing where nothing differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from flows.cli import main
from flows.settings import read_settings
from flows.verification.steps import verify_site
from flows.wiring import OpenSite, open_site
from reports.verification import Verification
from tests.migrations import UNREACHABLE, migrate
from tests.planted import Gardener, Planted

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"
DUMP, UPLOADS = BUNDLED / "northlight.sql.gz", BUNDLED / "uploads.tar.gz"


@contextmanager
def opened(source: Path, cms: str, home: Path) -> Iterator[OpenSite]:
    given = {"source": str(source), "cms": cms, "metrics": UNREACHABLE, "media": str(home / "media")}
    settings = read_settings(None, ("site",), given).model_copy(update={"home": home})
    with open_site(settings, "site") as site:
        yield site


def verified(source: Path, cms: str, home: Path, *, workers: int = 1) -> Verification:
    with opened(source, cms, home) as site:
        return verify_site(site, workers=workers)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, module_postgres: str) -> Path:
    """The demo, migrated."""
    folder = tmp_path_factory.mktemp("verify")
    migrate(DUMP, cms=module_postgres, home=folder, uploads=UPLOADS)
    return folder


@pytest.fixture(scope="module")
def untouched(home: Path, module_postgres: str) -> Verification:
    return verified(DUMP, module_postgres, home)


@pytest.fixture(scope="module")
def planted(untouched: Verification, home: Path, module_postgres: str) -> tuple[list[Planted], Verification]:
    """All differences at once, and what a verification says of them."""
    with psycopg.connect(module_postgres.replace("+psycopg", ""), autocommit=True) as connection:
        differences = list(Gardener(connection, home / "media").plant())
    return differences, verified(DUMP, module_postgres, home)


def test_an_untouched_site_has_no_difference(untouched: Verification) -> None:
    assert untouched.differences == ()
    assert untouched.is_equal
    assert untouched.coverage.percent == 100.0


def test_every_layer_has_looked_at_something(untouched: Verification) -> None:
    assert [layer.name for layer in untouched.layers if not layer.checked] == []


def test_source_objects_are_accounted_for(untouched: Verification) -> None:
    for entity, counts in untouched.counts.items():
        assert counts["source"] == counts["cms"] + counts["skipped"] + counts["rejected"], entity


def test_sixty_differences_of_twenty_kinds_are_planted(planted: tuple[list[Planted], Verification]) -> None:
    differences, _ = planted
    assert len(differences) >= 60
    assert len({one.kind for one in differences}) >= 20


def test_every_planted_difference_is_found_with_its_object_and_field(
    planted: tuple[list[Planted], Verification],
) -> None:
    differences, found = planted
    named = {(one.entity, one.source_id, one.field) for one in found.differences}
    named |= {(entity, source_id, field.partition(".")[0]) for entity, source_id, field in named}
    assert [one for one in differences if (one.entity, one.source_id, one.field) not in named] == []


def test_little_is_named_that_was_not_planted(planted: tuple[list[Planted], Verification]) -> None:
    differences, found = planted
    touched = {(one.entity, one.source_id) for one in differences}
    consequences = Counter(
        (one.layer, one.entity)
        for one in found.differences
        if one.source_id is not None and (one.entity, one.source_id) not in touched
    )
    # What stood on a removed row went with it, and translations lost a partner.
    assert consequences.total() <= 30, consequences


def test_every_difference_says_which_object_and_field_in_a_sentence(
    planted: tuple[list[Planted], Verification],
) -> None:
    _, found = planted
    for one in found.differences:
        assert one.sentence.startswith(one.entity)
        assert one.field in one.sentence
        assert "$P$" not in one.sentence


def test_a_page_that_search_engines_would_lose_stops_the_cut_over(
    planted: tuple[list[Planted], Verification],
) -> None:
    _, found = planted
    assert len([one for one in found.differences if one.stops_cut_over]) >= 3


def test_edits_are_told_from_losses(planted: tuple[list[Planted], Verification]) -> None:
    differences, found = planted
    titles = {(one.entity, one.source_id) for one in differences if one.kind == "title changed"}
    sentences = [
        one.sentence for one in found.differences if one.field == "title" and (one.entity, one.source_id) in titles
    ]
    assert len(sentences) == 3
    assert all("changed in the CMS after it was loaded" in sentence for sentence in sentences)


def test_the_command_prints_the_differences_and_leaves_with_one(
    planted: tuple[list[Planted], Verification],
    home: Path,
    module_postgres: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(home)
    flags = ["--site", "site", "--source", str(DUMP), "--cms", module_postgres, "--metrics", UNREACHABLE]
    with pytest.raises(SystemExit) as left:
        main(["verify", *flags, "--media", str(home / "media"), "--json"])
    assert left.value.code == 1
    document = json.loads(capsys.readouterr().out)
    _, found = planted
    assert document["difference_count"] == found.difference_count
    assert {"layer", "entity", "source_id", "title", "field", "sentence"} <= document["differences"][0].keys()


def test_the_result_is_kept_as_a_run(untouched: Verification, module_postgres: str) -> None:
    with psycopg.connect(module_postgres.replace("+psycopg", "")) as connection:
        [(kind, outcome, kept)] = connection.execute(
            "SELECT kind, outcome, detail -> 'verification' FROM migration.runs WHERE id = %s", (untouched.run_id,)
        ).fetchall()
    assert (kind, outcome) == ("verify", "equal")
    assert kept["difference_count"] == 0


@pytest.mark.parametrize("name", ["studio", "messy", "theme-test"])
def test_other_untouched_sites_give_no_false_alarm(name: str, fixture_site, postgres: str, tmp_path: Path) -> None:
    site = fixture_site(name)
    migrate(site.dump, cms=postgres, home=tmp_path, uploads=site.uploads)
    assert verified(site.dump, postgres, tmp_path).differences == ()


def test_an_untouched_site_in_mariadb_gives_no_false_alarm(restored, postgres: str, tmp_path: Path) -> None:
    source = restored("messy")
    migrate(source, cms=postgres, home=tmp_path)
    assert verified(source, postgres, tmp_path).differences == ()


def test_a_site_that_was_never_migrated_is_told_so(postgres: str, tmp_path: Path, capsys, monkeypatch) -> None:
    from cms_models import schema

    schema.upgrade(postgres)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["verify", "--source", str(DUMP), "--cms", postgres, "--metrics", UNREACHABLE])
    assert left.value.code == 2
    assert "never migrated" in capsys.readouterr().err
