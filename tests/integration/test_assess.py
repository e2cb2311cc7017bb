"""A site full of damage is assessed: every kind that was planted is named, nothing that is sound is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from flows.assessment.steps import WrittenAssessment, assess_site
from flows.progress import Lines
from flows.settings import read_settings
from tests.conftest import FixtureSite
from tests.integration.planted_damage import HARMLESS, PLANTED, Planted

Assess = Callable[..., WrittenAssessment]


@pytest.fixture(scope="module")
def assess(tmp_path_factory: pytest.TempPathFactory) -> Assess:
    home = tmp_path_factory.mktemp("assess")

    def run(source: Path | str, *, uploads: Path | None = None, workers: int = 1, **flags: Any) -> WrittenAssessment:
        given = {"source": str(source), **flags, **({"uploads": str(uploads)} if uploads else {})}
        settings = read_settings(None, ("site",), given).model_copy(update={"home": home})
        return assess_site(settings, "site", Lines(), workers=workers, out=None)

    return run


@pytest.fixture(scope="module")
def messy(assess: Assess, fixture_site: Callable[[str], FixtureSite]) -> WrittenAssessment:
    site = fixture_site("messy")
    return assess(site.dump, uploads=site.uploads)


@pytest.fixture(scope="module")
def damage(fixture_site: Callable[[str], FixtureSite]) -> Mapping[str, Mapping[str, Any]]:
    """Everything that the fixture's makers planted, by kind."""
    return {entry["kind"]: entry for entry in orjson.loads(fixture_site("messy").oracle.read_bytes())["damage"]}


@pytest.fixture(scope="module")
def ids(messy: WrittenAssessment) -> Mapping[tuple[str, str], frozenset[int]]:
    """The numbers that a finding names, by code and entity."""
    return {
        (group.code, entity): frozenset(numbers)
        for group in messy.assessment.findings
        for entity, numbers in group.ids.items()
    }


@pytest.fixture(scope="module")
def details(messy: WrittenAssessment) -> Mapping[str, str]:
    """What the examples of a finding say, by code."""
    return {
        group.code: "\n".join(f"{example.title} {example.detail}" for example in group.examples)
        for group in messy.assessment.findings
    }


def test_the_list_of_kinds_is_the_fixtures_own(damage: Mapping[str, Mapping[str, Any]]) -> None:
    assert PLANTED.keys() | HARMLESS.keys() == damage.keys()
    assert len(damage) == 77


@pytest.mark.parametrize("kind", PLANTED)
def test_every_planted_damage_is_named(
    kind: str,
    ids: Mapping[tuple[str, str], frozenset[int]],
    details: Mapping[str, str],
) -> None:
    planted: Planted = PLANTED[kind]
    missing = {
        (code, entity): wanted - ids.get((code, entity), frozenset())
        for (code, entity), wanted in planted.ids.items()
        if wanted - ids.get((code, entity), frozenset())
    }
    assert missing == {}
    assert [word for code, word in planted.words if word not in details.get(code, "")] == []


def test_the_kinds_together_name_every_post_that_was_planted(damage: Mapping[str, Mapping[str, Any]]) -> None:
    named = {kind: {post for wanted in planted.ids.values() for post in wanted} for kind, planted in PLANTED.items()}
    unnamed = {kind: set(damage[kind]["post_ids"]) - named[kind] - PLANTED[kind].sound for kind in PLANTED}
    assert {kind: posts for kind, posts in unnamed.items() if posts} == {}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_is_no_damage_is_not_called_so(kind: str, damage: Mapping[str, Any], messy: WrittenAssessment) -> None:
    for post in damage[kind]["post_ids"]:
        named = [
            group.code
            for group in messy.assessment.findings
            if any(post in group.ids.get(entity, ()) for entity in ("articles", "pages", "media"))
        ]
        assert named == []


def test_every_object_of_the_source_has_one_outcome(messy: WrittenAssessment) -> None:
    for entity, counts in messy.assessment.outcomes.items():
        assert counts["source"] == counts["loaded"] + counts["skipped"] + counts["rejected"], entity
    assert messy.assessment.outcomes["articles"]["rejected"] == 5
    assert messy.assessment.outcomes["comments"] == {"source": 50, "loaded": 9, "skipped": 40, "rejected": 1}


def test_features_are_counted_with_how_they_are_carried(messy: WrittenAssessment) -> None:
    carried = {(line.name, line.carried): line.uses for line in messy.assessment.features}
    assert carried["core/group", "fully"] == 121
    assert carried["su_note", "unwrapped"] == 1
    assert carried["rev_slider", "as a placeholder"] == 1
    assert {line.name for line in messy.assessment.builders} == {
        "Avada Fusion Builder", "Divi Builder", "WPBakery Page Builder",
    }  # fmt: skip


def test_the_media_library_is_measured(messy: WrittenAssessment) -> None:
    media = messy.assessment.media
    assert media.is_counted
    assert media.attachments == 48
    assert media.files + media.missing == 48
    assert media.kinds["application/pdf"][0] == 1


def test_the_report_is_written_and_says_what_the_document_says(messy: WrittenAssessment) -> None:
    folder = messy.path.parent
    stored = orjson.loads((folder / "assessment.json").read_bytes())
    assert stored == {key: value for key, value in messy.document().items() if key != "report"}
    assert sorted(path.name for path in folder.iterdir()) == [
        "assessment.json", "findings.csv", "index.html", "scope.csv", "scope.json",
    ]  # fmt: skip
    page = messy.path.read_text()
    assert "<script>alert" not in page
    assert stored["scope"]["hash"] in page


def test_the_hash_of_the_scope_can_be_computed_from_the_document(messy: WrittenAssessment) -> None:
    scope = messy.document()["scope"]
    agreed = [
        [[line[name] for name in ("what", "count", "how", "topic", "names")] for line in scope[part]]
        for part in ("included", "not_included")
    ]
    assert scope["hash"] == hashlib.sha256(orjson.dumps(agreed)).hexdigest()


def test_a_healthy_site_has_little_to_say(assess: Assess, fixture_site: Callable[[str], FixtureSite]) -> None:
    site = fixture_site("studio")
    found = assess(site.dump, uploads=site.uploads).assessment
    assert found.rejected == 0
    assert found.languages == ("en", "es", "fr", "ar")
    assert found.media.missing == 0
    text = Counter({group.code: group.count for group in found.findings if group.code.startswith(("text.", "users."))})
    assert text == Counter()


def test_a_dump_and_a_live_database_show_the_same(
    assess: Assess,
    messy: WrittenAssessment,
    fixture_site: Callable[[str], FixtureSite],
    restored: Callable[[str], str],
) -> None:
    live = assess(restored("messy"), uploads=fixture_site("messy").uploads).document()
    dumped = messy.document()
    for one in (live, dumped):
        for name in ("source", "assessed_at", "seconds", "run_seconds", "times", "report"):
            del one[name]
    assert live == dumped


def test_several_processes_show_what_one_shows(
    assess: Assess,
    messy: WrittenAssessment,
    fixture_site: Callable[[str], FixtureSite],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flows.assessment.steps.SMALL_SITE", 0)
    site = fixture_site("messy")
    spread = assess(site.dump, uploads=site.uploads, workers=2, batch_size=20)
    assert spread.assessment.outcomes == messy.assessment.outcomes
    assert [(group.code, group.count, group.ids) for group in spread.assessment.findings] == [
        (group.code, group.count, group.ids) for group in messy.assessment.findings
    ]


def command(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WPFERRY")}
    return subprocess.run(
        [sys.executable, "-m", "flows", "assess", *map(str, words)],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_prints_one_document_and_leaves_only_its_report(
    tmp_path: Path, fixture_site: Callable[[str], FixtureSite]
) -> None:
    done = command(tmp_path, fixture_site("sqlite").sqlite, "--json")
    assert done.returncode == 0
    document = orjson.loads(done.stdout)
    assert Path(document["report"]).is_file()
    assert document["loaded"] + document["left_out"] + document["rejected"] == document["objects"]
    assert {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()} == {
        (".wpferry", "reports")
    }


def test_the_command_shows_people_a_summary_and_writes_where_it_is_told(
    tmp_path: Path, fixture_site: Callable[[str], FixtureSite]
) -> None:
    done = command(tmp_path, fixture_site("sqlite").sqlite, "--out", tmp_path / "look")
    assert done.returncode == 0
    assert "objects come along" in done.stdout
    assert f"Report: {tmp_path / 'look' / 'index.html'}" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("missing.sql.gz",), 2, "There is no file missing.sql.gz"),
        (("mysql+pymysql://u:hush@127.0.0.1:1/wp",), 3, "cannot be read"),
        ((), 2, "There is no site"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(
    tmp_path: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = command(tmp_path, *words)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr + done.stdout


def test_uploads_that_are_not_there_are_told_before_anything_is_read(
    tmp_path: Path, fixture_site: Callable[[str], FixtureSite]
) -> None:
    done = command(tmp_path, fixture_site("sqlite").sqlite, "--uploads", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "There are no uploads at" in done.stderr


def test_a_deployment_looks_at_every_site_and_leaves_what_it_saw_in_prefect(
    tmp_path: Path, fixture_site: Callable[[str], FixtureSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.artifacts import Artifact  # Prefect takes a second to import
    from prefect.testing.utilities import prefect_test_harness

    from flows.assess import assess as assess_flow

    config = tmp_path / "wpferry.toml"
    config.write_text(f'[sites.lite]\nsource = "{fixture_site("sqlite").sqlite}"\n')
    monkeypatch.chdir(tmp_path)
    with prefect_test_harness(server_startup_timeout=60):
        (document,) = assess_flow(config=str(config))
        artifact = Artifact.get("assessment-lite")
    assert document["site"] == "lite"
    assert artifact is not None
    assert document["report"] in artifact.description
