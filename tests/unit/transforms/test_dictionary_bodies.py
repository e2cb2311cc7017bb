"""Bodies in the words of a dictionary made from rendered pages."""

from __future__ import annotations

from cms_models.rows import TranslationOrigin
from tests.factories import make_post, make_site_data
from transforms.body.contract import Body
from transforms.dictionary_bodies import in_words_of
from transforms.versioned_site import VersionedSite
from wp_models.language_versions import Versions, Words, words_key

POST = make_post(id=1)


def site(words: dict[str, str | Words]) -> VersionedSite:
    """The view of a French version; words are people's unless said otherwise."""
    dictionary = {
        words_key(text): found if isinstance(found, Words) else Words(found, is_machine=False)
        for text, found in words.items()
    }
    versions = Versions(
        plugin="translatepress", languages=("en", "fr"), posts={1: ("fr",)}, words={"fr": dictionary},
        word_prints={"fr": (0,) * 4096},
    )  # fmt: skip
    return VersionedSite(make_site_data([POST], versions=versions), "fr", POST)


def translated(html: str, **words: str) -> str:
    """A body in French."""
    return in_words_of(site({text.replace("_", " "): found for text, found in words.items()}), body(html)).html


def body(html: str) -> Body:
    return Body(html, "", None, ())


def test_texts_are_replaced_where_they_stand_and_markup_stays() -> None:
    html = '<h2 id="a">One</h2>\n<ul><li> Two </li><li>Three</li></ul>'
    expected = '<h2 id="a">Un</h2>\n<ul><li> Deux </li><li>Three</li></ul>'
    assert translated(html, One="Un", Two="Deux") == expected


def test_a_whole_block_is_found_before_its_parts() -> None:
    words = {"Read <em>this</em> now": "Lisez <em>ceci</em>", "this": "cela"}
    made = in_words_of(site(words), body("<p>Read <em>this</em> now</p><p><em>this</em></p>"))
    assert made.html == "<p>Lisez <em>ceci</em></p><p><em>cela</em></p>"
    assert made.text == "Lisez ceci cela"


def test_entities_and_typography_are_no_obstacle() -> None:
    words = {"Tom & Ann’s": "Chez Tom & Ann <3"}
    assert in_words_of(site(words), body("<p>Tom &amp; Ann's</p>")).html == "<p>Chez Tom &amp; Ann &lt;3</p>"
    assert in_words_of(site({"a": "b & c"}), body("<p>a</p>")).html == "<p>b &amp; c</p>"


def test_words_of_attributes_are_replaced_and_quoted() -> None:
    html = '<p><img src="x.webp" alt="A door" data-alt="A door"></p>'
    expected = '<p><img src="x.webp" alt="Une &quot;porte&quot;" data-alt="A door"></p>'
    assert translated(html, A_door='Une "porte"') == expected


def test_nothing_active_comes_in_by_a_dictionary() -> None:
    made = translated("<p>One</p>", One='<b onclick="x()">Un</b><script>alert(1)</script>')
    assert made == "<p><b>Un</b></p>"


def test_blocks_say_the_same_as_the_body() -> None:
    blocks = [
        {"blockName": "core/paragraph", "attrs": {"className": "One"}, "innerHTML": "<p>One</p>"},
        {"blockName": "core/button", "attrs": {"text": "One", "width": 50}, "innerContent": ["<div>", None, "</div>"]},
    ]
    made = in_words_of(site({"One": "Un"}), Body("<p>One</p>", "One", blocks, ()))
    assert made.blocks == [
        {"blockName": "core/paragraph", "attrs": {"className": "One"}, "innerHTML": "<p>Un</p>"},
        {"blockName": "core/button", "attrs": {"text": "Un", "width": 50}, "innerContent": ["<div>", None, "</div>"]},
    ]


def test_texts_without_words_stay_and_are_counted_in_one_issue() -> None:
    made = in_words_of(site({"One": "Un"}), body("<p>One</p><p>Two</p><p>3.</p><p>Four</p>"))
    assert made.html == "<p>Un</p><p>Two</p><p>3.</p><p>Four</p>"
    assert [(issue.code, issue.detail[:35]) for issue in made.issues] == [
        ("languages.partial", "2 texts have no words in fr yet, th")
    ]


def test_a_version_is_a_machines_as_soon_as_one_of_its_words_is() -> None:
    for words, origin in (
        ({"One": "Un", "Two": Words("Deux", is_machine=True)}, TranslationOrigin.MACHINE),
        ({"One": "Un", "Two": "Deux"}, TranslationOrigin.HUMAN),
        ({"Three": "Trois"}, TranslationOrigin.SOURCE),
    ):
        view = site(words)
        in_words_of(view, body("<p>One</p><p>Two</p>"))
        number = next(iter(view.languages.original_of_post))
        assert view.origin_of_post(number) == origin


def test_every_text_that_was_asked_for_is_a_fact_so_that_later_words_reach_it() -> None:
    view = site({"One": "Un"})
    in_words_of(view, body("<p>One</p><p>Two</p>"))
    assert len([fact for fact in view.facts if fact.startswith("words:fr:")]) == 2


def test_white_space_without_end_takes_no_time() -> None:
    html = f"<p>a{' ' * 200_000}b</p>"
    assert in_words_of(site({"a b": "c"}), body(html)).html == "<p>c</p>"
