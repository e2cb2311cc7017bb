"""What pairs of rows teach, and what they do not."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest

from cms_models.rows import ArticleRow, Status
from transforms.translation.contract import Terms
from transforms.translation.memory import agreed, harvest, suggest
from transforms.translation.segments import cut, cut_plain
from transforms.translation.tmx import TmxError, Unit, read_tmx, write_tmx

ENGLISH = (
    '<h2>Our house</h2><p>We have <strong>many</strong> rooms, see <a href="/en/rooms">the list</a> of 2024.</p>'
    "<p></p><ul><li>A garden</li></ul>"
)
SPANISH = (
    "<h2>Nuestra casa</h2>\n<p>Tenemos <strong>muchas</strong> habitaciones, vea "
    '<a href="/es/habitaciones">la lista</a> de 2024.</p><ul><li>Un jardín</li></ul><p>&nbsp;</p>'
)


def article(html: str = "", **fields: Any) -> ArticleRow:
    ordinary: dict[str, Any] = {"slug": "a", "path": "/a/", "title": "", "status": Status.PUBLISHED}
    return ArticleRow(id=UUID(int=1), site_id=1, wp_post_id=1, content_html=html, **{**ordinary, **fields})


def learned(source: str, target: str, terms: Terms | None = None) -> dict[str, str]:
    found = harvest(article(source), article(target), terms or Terms())
    return {one.segment.text: one.text for one in found}


def test_bodies_of_one_structure_are_paired_and_marks_carried_over() -> None:
    assert learned(ENGLISH, SPANISH) == {
        "Our house": "Nuestra casa",
        "We have ⟦1⟧many⟦/1⟧ rooms, see ⟦2⟧the list⟦/2⟧ of ⟦3/⟧.": (
            "Tenemos ⟦1⟧muchas⟦/1⟧ habitaciones, vea ⟦2⟧la lista⟦/2⟧ de ⟦3/⟧."
        ),
        "A garden": "Un jardín",
    }


def test_marks_that_changed_places_are_told_by_what_they_stand_for() -> None:
    source = "<p>The <b>red</b> <code>f()</code> and <i>blue</i> of 1999</p>"
    target = "<p>De 1999 <i>azul</i>, <code>f()</code> y <b>rojo</b></p>"
    assert list(learned(source, target).values()) == ["De ⟦4/⟧ ⟦3⟧azul⟦/3⟧, ⟦2/⟧ y ⟦1⟧rojo⟦/1⟧"]


@pytest.mark.parametrize(
    "target",
    [
        "<p>Nuestra casa</p><p>Un jardín</p>",  # another structure, and no headings to go by
        SPANISH.replace("2024", "2023"),
        SPANISH.replace("<strong>muchas</strong>", "muchas"),
        SPANISH.replace("de 2024", "de 2024, " + "con baños y cocinas y salas " * 4),  # says more
    ],
)
def test_a_paragraph_that_is_not_surely_a_translation_teaches_nothing(target: str) -> None:
    assert not any(text.startswith("We have") for text in learned(ENGLISH, target))


def test_bodies_that_differ_are_paired_from_heading_to_heading() -> None:
    source = "<p>Intro</p><h2>One</h2><p>First text</p><h2>Two</h2><p>Second text</p>"
    target = "<p>Entrada</p><p>Más</p><h2>Uno</h2><p>Primer texto</p><h2>Dos</h2><p>Segundo texto</p>"
    assert learned(source, target) == {
        "One": "Uno", "First text": "Primer texto", "Two": "Dos", "Second text": "Segundo texto",
    }  # fmt: skip
    assert learned(source, target.replace("<h2>Dos</h2>", "<h3>Dos</h3>")) == {}


def test_words_that_were_left_untranslated_teach_nothing() -> None:
    assert learned("<p>Web</p><p>Design</p>", "<p>Web</p><p>Diseño</p>") == {"Design": "Diseño"}


def test_two_links_whose_addresses_both_changed_are_not_guessed() -> None:
    source = '<p><a href="/a">One</a> or <a href="/b">two</a></p>'
    target = '<p><a href="/x">Uno</a> o <a href="/y">dos</a></p>'
    assert learned(source, target) == {}


def test_fixed_terms_are_found_in_translations() -> None:
    terms = Terms({"checkout": "caja"}, "v")
    assert learned("<p>Go to checkout now</p>", "<p>Vaya a caja ahora</p>", terms) == {
        "Go to ⟦1/⟧ now": "Vaya a ⟦1/⟧ ahora"
    }
    assert learned("<p>Go to checkout now</p>", "<p>Vaya a pagar ahora</p>", terms) == {}


def test_titles_and_search_data_are_paired_by_their_place() -> None:
    source = article(title="House", excerpt="One\nTwo", seo={"title": "House", "og": {"title": "A house"}})
    target = article(title="Casa", excerpt="Uno", seo={"title": "Casas", "og": {"title": "Una casa"}})
    found = {one.segment.text: one.text for one in harvest(source, target)}
    assert found == {"House": "Casa", "A house": "Una casa"}


def test_a_long_text_with_several_translations_or_sources_teaches_nothing() -> None:
    long = "We began, as we usually do, by walking through the town."
    pairs = [
        (f"<p>{long}</p><p>Read more</p>", "<p>Empezamos, como siempre, caminando por la ciudad.</p><p>Leer más</p>"),
        (f"<p>{long}</p><p>Read more</p>", "<p>En un lugar de la Mancha, de cuyo nombre no quiero.</p><p>Ver más</p>"),
    ]
    found = [one for source, target in pairs for one in harvest(article(source), article(target))]
    assert len(found) == 4
    assert [(one.segment.text, one.text) for one in agreed(found)] == [("Read more", "Ver más")]
    assert [one.segment.text for one in agreed(found[:2])] == [long, "Read more"]
    others = harvest(article(f"<p>{long.replace('town', 'harbour')}</p>"), article(pairs[0][1].split("<p>Leer")[0]))
    assert [one.segment.text for one in agreed([*found[:2], *others])] == ["Read more"]


def test_texts_that_are_nearly_known_are_suggested_best_first() -> None:
    segment = cut("<p>Our house has ten rooms.</p>").segments[0]
    known = {"Our house has two rooms.": "dos", "Our house has ten rooms": "diez", "Something else": "otra"}
    found = suggest(segment, known)
    assert [one.text for one in found] == ["diez", "dos"]
    assert found[0].likeness > found[1].likeness >= 80
    assert suggest(segment, {}) == []
    assert suggest(segment, {segment.text: "the same"}, limit=1) == []


def unit(source: str, target: str, **fields: Any) -> Unit:
    segment = cut_plain(source).segments[0]
    ordinary = {"source_language": "en", "target_language": "es", "segment_hash": segment.hash, "origin": "human"}
    return Unit(source_text=segment.text, target_text=target, **{**ordinary, **fields})


def test_a_memory_written_as_tmx_is_read_as_it_was() -> None:
    linked = cut('<p>See <a href="/x">this & that</a></p>').segments[0]
    units = [
        unit("Our house", "Nuestra casa"),
        unit("Our house", "Notre maison", target_language="fr", origin="machine"),
        unit("In 2024 we came", "En ⟦1/⟧ vinimos"),
        Unit("en", "pt-br", linked.text, "Veja ⟦1⟧isto & aquilo⟦/1⟧", linked.hash, "human"),
    ]
    file = io.BytesIO()
    assert write_tmx(units, file) == 4
    assert list(read_tmx(io.BytesIO(file.getvalue()))) == units


def test_memories_of_other_tools_get_marks_and_hashes() -> None:
    tmx = """<?xml version="1.0"?><tmx version="1.4"><header srclang="EN"/><body>
        <tu><tuv xml:lang="EN"><seg>In 2024 we <bpt i="1">&lt;b></bpt>came<ept i="1"/></seg></tuv>
            <tuv xml:lang="ES"><seg>En 2024 vinimos</seg></tuv><tuv lang="FR"><seg>Venus en 2024</seg></tuv></tu>
        <tu><tuv xml:lang="EN"><seg>In 2024</seg></tuv><tuv xml:lang="ES"><seg>Ese año</seg></tuv></tu>
        <tu><tuv xml:lang="EN"><seg>2024</seg></tuv><tuv xml:lang="ES"><seg>2024</seg></tuv></tu>
        <tu><tuv xml:lang="EN"><seg/></tuv></tu><tu/></body></tmx>"""
    segment = cut_plain("In 2024 we came").segments[0]
    assert list(read_tmx(io.BytesIO(tmx.encode()))) == [
        Unit("en", "es", segment.text, "En ⟦1/⟧ vinimos", segment.hash, "human"),
        Unit("en", "fr", segment.text, "Venus en ⟦1/⟧", segment.hash, "human"),
    ]


def test_languages_with_a_region_count_for_sites_without_one() -> None:
    file = io.BytesIO()
    write_tmx([unit("Our house", "Nuestra casa", source_language="en-us", target_language="es-es")], file)
    write_tmx([unit("Our house", "Casa", source_language="en-us", target_language="pt-br")], other := io.BytesIO())
    found = [
        (one.source_language, one.target_language)
        for data in (file, other)
        for one in read_tmx(io.BytesIO(data.getvalue()))
    ]
    assert found == [("en-us", "es-es"), ("en", "es"), ("en-us", "pt-br"), ("en", "pt-br")]


@pytest.mark.parametrize("data", [b"", b"words", b"<html/>", b"<tmx>", b"\x00\xff"])
def test_files_that_are_no_tmx_are_refused(data: bytes) -> None:
    with pytest.raises(TmxError, match="no TMX file"):
        list(read_tmx(io.BytesIO(data)))


def test_entities_in_a_tmx_are_not_followed() -> None:
    tmx = b"""<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY secret SYSTEM "file:///etc/hostname">]><tmx version="1.4">
        <header srclang="en"/><body><tu><tuv xml:lang="en"><seg>Words &secret;</seg></tuv>
        <tuv xml:lang="es"><seg>Palabras</seg></tuv></tu></body></tmx>"""
    assert [one.source_text for one in read_tmx(io.BytesIO(tmx))] == ["Words"]
