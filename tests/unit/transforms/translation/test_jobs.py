"""What texts of translation jobs teach."""

from __future__ import annotations

import pytest

from transforms.translation.contract import Terms
from transforms.translation.jobs import harvest_job_field
from transforms.translation.segments import cut, cut_plain
from wp_models.records import TranslatedField


def learned(name: str, source: str, target: str, terms: Terms | None = None) -> dict[str, str]:
    field = TranslatedField(
        job=1, source_language="en", target_language="es", name=name, source=source, target=target, is_machine=False
    )
    return {one.segment.text: one.text for one in harvest_job_field(field, terms or Terms())}


def test_a_classic_body_teaches_paragraph_by_paragraph() -> None:
    source, target = "We have rooms.\n\nSee <em>all</em> of them.", "Tenemos cuartos.\n\nVea <em>todos</em>."
    assert learned("body", source, target) == {
        "We have rooms.": "Tenemos cuartos.",
        "See ⟦1⟧all⟦/1⟧ of them.": "Vea ⟦1⟧todos⟦/1⟧.",
    }


def test_a_body_of_blocks_teaches_block_by_block() -> None:
    heading = "<!-- wp:heading -->\n<h2>{}</h2>\n<!-- /wp:heading -->"
    body = heading + "\n\n<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->"
    assert learned("body", body.format("House", "Come in."), body.format("Casa", "Pase.")) == {
        "House": "Casa",
        "Come in.": "Pase.",
    }


@pytest.mark.parametrize("name", ["excerpt", "media_9_caption"])
def test_what_rows_have_on_one_line_is_one_segment(name: str) -> None:
    assert learned(name, "<p>Come in.</p>\n<p>Stay.</p>", "<p>Pase.</p>\n<p>Quédese.</p>") == {
        "Come in. Stay.": "Pase. Quédese."
    }


@pytest.mark.parametrize("name", ["title", "t_12", "tdesc_12", "package-string-3-9", "field-subtitle-0"])
def test_entities_are_read_as_in_rows(name: str) -> None:
    assert learned(name, "Bed &amp; breakfast", "Cama &amp; desayuno") == {"Bed & breakfast": "Cama & desayuno"}


def test_strings_of_page_builders_keep_their_tags() -> None:
    found = learned("package-string-3-9", 'Read <a href="/en/">on</a>', 'Siga <a href="/es/">leyendo</a>')
    assert found == {"Read ⟦1⟧on⟦/1⟧": "Siga ⟦1⟧leyendo⟦/1⟧"}


def test_segments_are_those_that_are_looked_for_in_rows() -> None:
    hashes = {cut("<p>Bed &amp; <b>breakfast</b></p>").segments[0].hash, cut_plain("Bed & breakfast").segments[0].hash}
    fields = [("package-string-1-1", "Bed &amp; <b>breakfast</b>", "Cama &amp; <b>desayuno</b>")]
    fields += [("title", "Bed &amp; breakfast", "Cama y desayuno")]
    found = {
        one.segment.hash
        for name, source, target in fields
        for one in harvest_job_field(
            TranslatedField(
                job=1, source_language="en", target_language="es", name=name, source=source, target=target,
                is_machine=False,
            )
        )
    }  # fmt: skip
    assert found == hashes


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("title", "House", "House"),
        ("title", "House", ""),
        ("URL", "our-house", "nuestra-casa"),
        ("body", "<p>One.</p><p>Two.</p>", "<p>Uno.</p>"),
        ("package-string-1-1", "Read <b>on</b>", "Siga leyendo"),
        ("package-string-1-2", "https://example.test/en/", "https://example.test/es/"),
    ],
    ids=["the same words", "no words", "a slug", "another structure", "lost tags", "an address"],
)
def test_what_is_no_translation_teaches_nothing(name: str, source: str, target: str) -> None:
    assert learned(name, source, target) == {}


def test_terms_of_the_glossary_count_as_everywhere() -> None:
    terms = Terms({"Northlight": "Northlight"}, "v1")
    assert learned("title", "The Northlight house", "La casa Northlight", terms) == {"The ⟦1/⟧ house": "La casa ⟦1/⟧"}
