"""An assessment on paper: findings add up, the scope can be signed, and nothing of the site runs on its page."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import orjson
import pytest
from lxml import html

from reports.assessment import ContentLine, FeatureLine, MediaVolume
from reports.assessment_findings import MAX_IDS, MAX_SAMPLES, Example, FindingTally, Level, level_of, title_of
from reports.assessment_pages import assessment_document, render_assessment, write_assessment
from reports.assessment_text import assessment_text
from reports.render import ReportUnwritableError
from reports.scope import scope_of
from tests.unit.reports.assessments import ATTACK, make_assessment, make_example


def tally(*found: tuple[str, int]) -> FindingTally:
    one = FindingTally()
    for code, number in found:
        one.add(code, make_example(source_id=number))
    return one


def text_of(page: str) -> str:
    return " ".join(" ".join(html.fromstring(page).xpath("//main//text()")).split())


def test_findings_of_batches_add_up_and_keep_their_order() -> None:
    whole = tally(("a.b", 1), ("a.b", 2), ("c.d", 3), ("a.b", 1))
    parts = FindingTally()
    for part in (tally(("a.b", 1), ("a.b", 2)), tally(("c.d", 3), ("a.b", 1))):
        parts.update(part)
    assert parts.groups() == whole.groups()
    assert [(group.code, group.count, group.ids) for group in whole.groups()] == [
        ("a.b", 3, {"articles": (1, 2)}),
        ("c.d", 1, {"articles": (3,)}),
    ]


def test_numbers_and_examples_are_bounded_and_counts_are_exact() -> None:
    (group,) = tally(*(("a.b", number) for number in range(3 * MAX_IDS))).groups()
    assert group.count == 3 * MAX_IDS
    assert len(group.ids["articles"]) == MAX_IDS
    assert len(group.examples) == MAX_SAMPLES


def test_losses_come_before_damage_and_damage_before_remarks() -> None:
    groups = tally(("content.deep_page", 1), ("text.mojibake", 1), ("status.unknown", 1)).groups()
    assert [group.level for group in groups] == [Level.LOSS, Level.DAMAGE, Level.REMARK]


def test_what_nobody_has_ranked_or_named_is_damage_with_its_own_name() -> None:
    assert level_of("acme.new_kind") is Level.DAMAGE
    assert title_of("acme.new_kind") == "Acme: new kind"
    assert level_of("body.lost_anything") is Level.LOSS


def test_the_scope_names_what_moves_and_what_does_not() -> None:
    scope = scope_of(make_assessment())
    included = {line.what: (line.count, line.how) for line in scope.included}
    assert included["post, publish, draft"] == (85, "to the articles")
    assert included["pages made with Elementor"] == (3, "taken apart into plain HTML")
    left_out = {line.what: line.count for line in scope.not_included}
    assert left_out["revision, inherit"] == 31
    assert left_out["comments, spam"] == 40
    assert left_out["shortcode rev_slider"] == 2
    assert left_out["plugins"] == 2


def test_the_hash_changes_with_what_is_agreed_on_and_with_nothing_else() -> None:
    found = make_assessment()
    later = dataclasses.replace(found, seconds=99.0, links=5)
    moved = dataclasses.replace(
        found, content=(*found.content, ContentLine(type="event", status="publish", count=1, goes_to="entries"))
    )
    assert scope_of(later).hash == scope_of(found).hash
    assert scope_of(moved).hash != scope_of(found).hash
    example = dataclasses.replace(found.content[0], examples=("https://a.test/other/",))
    assert scope_of(dataclasses.replace(found, content=(example, *found.content[1:]))).hash == scope_of(found).hash


def test_the_page_says_what_the_document_says() -> None:
    found = make_assessment()
    document, text = assessment_document(found), text_of(render_assessment(found))
    assert f"{document['loaded']} objects come along; {document['left_out']} are left out on purpose" in text
    assert f"All but {document['rejected']} of what is meant to move can move" in text
    assert document["scope"]["hash"] in text
    for group in document["findings"]:
        assert group["title"] in text


def test_every_text_of_the_source_is_escaped() -> None:
    found = make_assessment(
        name=ATTACK,
        url=ATTACK,
        source=ATTACK,
        theme=ATTACK,
        plugins=(ATTACK,),
        content=(ContentLine(type=ATTACK, status=ATTACK, count=1, goes_to=None, reason=ATTACK, examples=(ATTACK,)),),
        features=(FeatureLine(kind="block", name=ATTACK, carried="not", uses=1, posts=1, example=ATTACK),),
        fields={ATTACK: 1},
        roles={ATTACK: 1},
        comments={ATTACK: 1},
        media=MediaVolume(attachments=1, is_counted=True, kinds={ATTACK: (1, 1)}),
        findings=tally_of_attack().groups(),
    )
    page = html.fromstring(render_assessment(found))
    assert page.xpath("//script | //img | //@onerror") == []
    assert "alert(1)" in text_of(render_assessment(found))


def tally_of_attack() -> FindingTally:
    one = FindingTally()
    one.add(ATTACK, Example(entity=ATTACK, source_id=1, detail=ATTACK, title=ATTACK, url="https://a.test/x"))
    return one


def test_a_healthy_site_is_told_so() -> None:
    found = make_assessment(
        findings=(), outcomes={name: {**counts, "rejected": 0} for name, counts in OUTCOMES.items()}
    )
    text = text_of(render_assessment(found))
    assert "Everything that is meant to move can move" in text
    assert "Nothing was found." in text


OUTCOMES = make_assessment().outcomes


def test_files_are_written_for_people_and_programs(tmp_path: Path) -> None:
    found = make_assessment()
    page = write_assessment(found, tmp_path / "deep" / "down")
    assert orjson.loads((page.parent / "assessment.json").read_bytes()) == assessment_document(found)
    rows = list(csv.DictReader(io.StringIO((page.parent / "findings.csv").read_text("utf-8-sig"))))
    assert rows[0]["code"] == "status.unknown"
    assert rows[0]["source_id"] == "150"
    parts = [row["part"] for row in csv.DictReader(io.StringIO((page.parent / "scope.csv").read_text("utf-8-sig")))]
    assert set(parts) == {"included", "not included"}


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportUnwritableError, match=r"could not be written to .* Make room or choose another folder"):
        write_assessment(make_assessment(), tmp_path / "file" / "below")


@pytest.mark.parametrize("width", [60, 100, 200])
def test_the_terminal_shows_what_decides(width: int) -> None:
    text = assessment_text(make_assessment(), width=width, is_coloured=False)
    assert all(len(line) <= width for line in text.splitlines())
    words = " ".join(text.split())
    assert "500 of 631 objects come along" in words
    assert "rev_slider" in words
    assert "[sites.site.statuses]" in words  # brackets are no markup here
