"""What is asked of sets: keys, counts, translation groups, redirects, files, coverage."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from cms_models.verify_edits import Edit, State, Stray
from cms_models.verify_queries import TranslatedFacts, VariantFacts
from reports.checks.addresses import check_redirects, content_coverage, coverage
from reports.checks.contract import About
from reports.checks.edits import check_edits, edits_by_object
from reports.checks.keys import check_counts, check_keys
from reports.checks.media import check_file
from reports.checks.others import check_user
from reports.checks.translations import check_translations
from reports.findings import Findings
from reports.verification import Coverage
from tests.unit.reports.checks.sides import SITE
from wp_models.verify_queries import LoggedAddress, Translation

GROUP, OTHER = UUID(int=1), UUID(int=2)


def state(number: int, outcome: str = "loaded", *, is_present: bool = True, is_deleted: bool = False) -> State:
    return State(number, outcome, None, is_present, is_deleted, f"Title {number}")


def keys(source: set[int], states: list[State], strays: list[Stray] | None = None) -> list[tuple[int | None, str]]:
    counts: Counter[str] = Counter()
    found = check_keys("articles", source, states, strays or [], counts, source, {})
    return [(one.source_id, one.field) for one in found]


def test_rows_with_a_source_have_no_difference() -> None:
    assert keys({1, 2}, [state(1), state(2, "conflict"), state(3, "deleted", is_present=False)]) == []


@pytest.mark.parametrize(
    ("states", "field"),
    [
        ([state(1, is_present=False)], "row"),
        ([state(1, is_deleted=True)], "deleted_at"),
        ([state(1, "skipped", is_present=False)], "row"),
        ([], "row"),
    ],
)
def test_a_source_object_without_its_row_is_named(states: list[State], field: str) -> None:
    assert keys({1}, states) == [(1, field)]


def test_rows_without_a_source_are_named() -> None:
    assert keys(set(), [state(1)]) == [(1, "row")]
    assert keys(set(), [], [Stray(5, "Planted", is_deleted_in_source=False)]) == [(5, "row")]


def test_rejected_objects_are_counted_and_accounted_for() -> None:
    counts: Counter[str] = Counter()
    states = [state(1), state(2, "rejected", is_present=False), state(3, "skipped", is_present=False)]
    assert list(check_keys("terms", {1, 2, 3}, states, [], counts, {1, 2}, {})) == []
    assert counts == {"source": 3, "cms": 1, "rejected": 1, "skipped": 1}


def test_numbers_that_differ_are_told_with_both() -> None:
    [found] = check_counts("articles", "status", {"published": 3}, {"published": 2})
    assert found.sentence.endswith("'published': 3 in WordPress, 2 in the CMS.")


def notes(number: int, language: str, group: str | None) -> list[Translation]:
    return [Translation(False, number, language, None), Translation(False, number, None, group)]


def row(number: int, language: str | None, group: UUID | None) -> TranslatedFacts:
    return TranslatedFacts("articles", number, f"Title {number}", language, group)


SOURCE = [*notes(1, "en", "a"), *notes(2, "es", "a"), *notes(3, "en", "b")]


def translated(*rows: TranslatedFacts) -> set[tuple[int | None, str]]:
    return {(one.source_id, one.field) for one in check_translations(SOURCE, rows, {})}


def test_translations_of_each_other_share_a_group() -> None:
    assert translated(row(1, "en", GROUP), row(2, "es", GROUP), row(3, "en", None)) == set()
    assert translated(row(1, "en", GROUP), row(2, "es", None), row(3, "en", None)) == {(2, "translation_group_id")}


def test_strangers_share_no_group() -> None:
    found = translated(row(1, "en", GROUP), row(2, "es", GROUP), row(3, "fr", GROUP))
    assert (3, "translation_group_id") in found
    assert (3, "language") in found


def test_a_group_of_which_the_cms_made_the_rest_is_fine() -> None:
    assert translated(row(3, "en", OTHER)) == set()


def test_declared_damage_is_left_out() -> None:
    issues = {("articles", 1): frozenset({"languages.duplicate"})}
    assert list(check_translations(SOURCE, [row(1, "fr", None)], issues)) == []


def test_a_redirect_must_neither_hide_content_nor_lead_nowhere() -> None:
    paths = {"/2024/05/hello/", "/about/"}
    fine = [(1, "/old/", "/about/", False), (2, "/gone/", None, False), (3, "/x/", "https://else.test/", False)]
    assert list(check_redirects(fine, paths, SITE, "/media/")) == []
    broken = [(4, "/about", "/2024/05/hello/", False), (5, "/old/", "/nowhere/", False)]
    assert [(one.source_id, one.field) for one in check_redirects(broken, paths, SITE, "/media/")] == [
        (4, "from_path"),
        (5, "to_path"),
    ]


def test_coverage_counts_addresses_and_weighs_visits() -> None:
    moved = About("addresses", "articles", 2, "").differs("path", source="/a/", target="/b/")
    content = content_coverage({("articles", 1), ("articles", 2)}, {"addresses": [moved]})
    assert content == Coverage(known=2, answered=1)
    logged = [LoggedAddress("/old/", 90, False), LoggedAddress("/lost/", 10, False)]
    total = coverage(content, logged, {"/about/"}, [(1, "/old", "/about/", False)], "")
    assert (total.known, total.answered, total.percent_of_hits) == (4, 2, 90.0)


def picture(size: tuple[int, int] = (4, 3)) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, "red").save(stream, "WEBP")
    return stream.getvalue()


def variant(data: bytes, width: int = 4, height: int = 3) -> VariantFacts:
    name = sha256(data).hexdigest()
    key = f"{name[:2]}/{name[2:4]}/{name[:32]}.webp"
    return VariantFacts(9, "Red", key, "image/webp", width, height, len(data), is_converted=True)


def test_a_whole_file_has_no_difference() -> None:
    data = picture()
    assert list(check_file(variant(data), data, in_full=True)) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [(None, "is missing"), (picture((8, 8)), "another hash"), (picture()[:-4], "another hash")],
)
def test_missing_and_changed_files_are_named(given: bytes | None, says: str) -> None:
    [found] = check_file(variant(picture()), given, in_full=False)
    assert (found.entity, found.source_id, found.field) == ("media", 9, "file")
    assert says in found.sentence


def test_a_file_that_is_no_picture_or_of_another_size_is_named() -> None:
    text = b"no picture"
    [found] = check_file(variant(text), text, in_full=False)
    assert "no picture that can be shown" in found.sentence
    data = picture()
    [found] = check_file(variant(data, width=40), data, in_full=False)
    assert "pixels" in found.sentence


def test_edits_explain_differences_and_only_the_others_are_listed() -> None:
    edits = [Edit(1, "Title", "title", "x"), Edit(1, "Title", "content_html", "y")]
    findings = Findings()
    findings.add([About("fields", "articles", 1, "Title").differs("title", source="a", target="x")])
    explained = findings.explain(edits_by_object("articles", edits))
    assert explained == {("articles", 1, "title")}
    assert "changed in the CMS after it was loaded" in findings.listed(["fields"])[0].sentence
    assert [one.field for one in check_edits("articles", edits, explained)] == ["content_html"]


def test_secrets_and_addresses_of_people_are_not_shown() -> None:
    source = {
        "login": "ruth", "email": "ruth@example.test", "display_name": "Ruth", "first_name": "", "last_name": "",
        "bio": "", "url": "", "password_hash": "$P$secret", "registered_at": None, "capabilities": "",
    }  # fmt: skip
    target = {**source, "email": "tom@example.test", "password_hash": "$P$other", "roles": []}
    email, password = check_user(1, source, target, SITE)
    assert (email.source_value, email.target_value) == ("r…@example.test", "t…@example.test")
    assert "$P$" not in password.sentence
    assert list(check_user(1, source, {**source, "roles": []}, SITE)) == []
