"""Where translations stand: slugs, paths and parents in each URL mode."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import pytest

from cms_models.rows import NAMESPACE
from cms_models.translation_values import Made, Original, Standing, Twin
from transforms.contract import Languages
from transforms.translated_addresses import TranslatedAddresses
from transforms.translated_places import TranslatedPlaces, parents_first

TABLES = ("articles", "pages", "terms")


def make_id(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def make_original(number: int = 1, **fields: Any) -> Original:
    ordinary: dict[str, Any] = {
        "table": "pages",
        "source_id": number,
        "id": make_id(f"page {number}"),
        "language": "en",
        "group_id": None,
        "parent_id": None,
        "scope": "",
        "slug": f"page-{number}",
        "path": f"/page-{number}/",
        "title": f"Page {number}",
        "words_hash": 1,
        "carried_hash": 2,
        "human": None,
        "made": None,
    }
    return Original(**{**ordinary, **fields})


def languages(*others: str, **fields: Any) -> Languages:
    return Languages(default="en", codes=("en", *others), **fields)


def make_places(spoken: Languages | None = None, *, language: str = "es", home: str = "") -> TranslatedPlaces:
    addresses = TranslatedAddresses(spoken or languages(), home)
    return TranslatedPlaces("test", language, addresses, {table: set() for table in TABLES})


def settled(places: TranslatedPlaces, original: Original, title: str = "") -> Any:
    places.settle(original, title)
    return places.of(original)


def test_a_site_of_one_language_gets_a_directory_for_each_other() -> None:
    place = settled(make_places(), make_original(), "Página")
    assert (place.slug, place.path) == ("pagina", "/es/pagina/")


@pytest.mark.parametrize(
    ("spoken", "path", "expected"),
    [
        (languages("fr", url_prefixes={"fr": "fr"}), "/a/", "/es/uno/"),
        (languages("fr", url_prefixes={"fr": "language/fr"}), "/a/", "/language/es/uno/"),
        (languages("es", url_prefixes={"en": "en", "es": "es"}), "/en/a/", "/es/uno/"),
        (languages("es", url_prefixes={"en": "en", "es": "es"}), "/en/2024/05/a/", "/es/2024/05/uno/"),
        (languages("es", url_mode="domain", home_urls={"es": "https://example.es"}), "/a/", "/uno/"),
        (languages("es", url_mode="subdomain"), "/a/", "/uno/"),
        (languages("es", url_mode="query"), "/a/", "/uno/"),
        (languages(), "/archives/12", "/es/archives/12"),
    ],
)
def test_paths_are_made_as_the_site_makes_them(spoken: Languages, path: str, expected: str) -> None:
    assert settled(make_places(spoken), make_original(slug="a", path=path), "Uno").path == expected


def test_a_wordpress_below_its_hosts_root_keeps_its_folder() -> None:
    place = settled(make_places(home="/blog"), make_original(slug="a", path="/blog/a/"), "Uno")
    assert place.path == "/blog/es/uno/"


def test_the_front_page_becomes_the_languages_home() -> None:
    assert settled(make_places(), make_original(path="/"), "Inicio").path == "/es/"
    assert settled(make_places(home="/blog"), make_original(path="/blog/"), "Inicio").path == "/blog/es/"


def test_what_has_no_address_gets_none() -> None:
    assert settled(make_places(), make_original(path=None), "Uno").path is None


def test_a_child_stands_below_its_translated_parent() -> None:
    places = make_places()
    parent = make_original(1, slug="studio", path="/studio/")
    child = make_original(2, parent_id=parent.id, slug="team", path="/studio/team/")
    above = settled(places, parent, "Estudio")
    place = settled(places, child, "Equipo")
    assert (place.parent_id, place.path) == (above.id, "/es/estudio/equipo/")


def test_a_child_of_a_page_that_people_translated_stands_below_theirs() -> None:
    places = make_places()
    theirs = Standing(make_id("theirs"), "el-estudio", "/es/el-estudio/")
    parent = make_original(1, slug="studio", path="/studio/", human=theirs)
    places.settle(parent, "")
    assert places.of(parent) is None
    place = settled(places, make_original(2, parent_id=parent.id, slug="team", path="/studio/team/"), "Equipo")
    assert (place.parent_id, place.path) == (theirs.id, "/es/el-estudio/equipo/")


def test_equal_titles_get_numbered_slugs_within_one_parent_only() -> None:
    places = make_places()
    first, second = make_original(1), make_original(2)
    assert [settled(places, one, "Equipo").slug for one in (first, second)] == ["equipo", "equipo-2"]
    assert settled(places, make_original(3, parent_id=first.id), "Equipo").slug == "equipo"


def test_an_address_that_is_out_stays_when_the_title_changes() -> None:
    made = Made(Standing(make_id("made"), "antiguo", "/es/antiguo/"), "", (), is_edited=False)
    assert settled(make_places(), make_original(made=made), "Nuevo").slug == "antiguo"


def test_an_edited_translation_is_nobodys_but_the_editors() -> None:
    made = Made(Standing(make_id("made"), "de-una-persona", "/es/de-una-persona/"), "", (), is_edited=True)
    places = make_places()
    original = make_original(made=made)
    assert settled(places, original) is None
    assert places.paths[original.path or ""] == "/es/de-una-persona/"


def test_a_title_without_letters_of_a_slug_keeps_the_sources() -> None:
    assert settled(make_places(), make_original(slug="a"), "💡").slug == "a"


def test_whatever_language_a_link_was_in_it_leads_to_the_new_translation() -> None:
    """An English page links to the French twin of one that now gets a Spanish translation."""
    group = make_id("group")
    places = make_places()
    french = Twin(make_id("french"), "/fr/page/", group, None)
    places.meet(french)
    place = settled(places, make_original(group_id=group), "Uno")
    assert (places.rows[french.id], places.paths["/fr/page/"]) == (place.id, place.path)


def test_links_to_twins_follow_a_translation_that_moves() -> None:
    group, before = make_id("group"), Standing(make_id("made"), "uno", "/es/2024/uno/")
    places = make_places()
    places.meet(Twin(make_id("french"), "/fr/page/", group, before))
    made = Made(before, "", (), is_edited=False)
    settled(places, make_original(group_id=group, slug="a", path="/a/", made=made))
    assert places.paths["/fr/page/"] == "/es/uno/"


def test_parents_come_before_their_children_and_circles_end() -> None:
    a, b = make_original(1), make_original(2)
    child = make_original(3, parent_id=a.id)
    assert [one.source_id for one in parents_first([child, b, a])] == [1, 3, 2]
    circle = [make_original(1, parent_id=make_id("page 2")), make_original(2, parent_id=make_id("page 1"))]
    assert sorted(one.source_id for one in parents_first(circle)) == [1, 2]
