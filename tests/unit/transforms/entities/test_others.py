"""Users, terms, media, comments, menus and settings."""

from __future__ import annotations

from typing import Any

import pytest

from cms_models.rows import (
    CommentRow,
    MediaKind,
    MediaRow,
    MediaStatus,
    MediaVariantRow,
    MenuItemRow,
    MenuRow,
    SettingRow,
    TermRow,
    UserMetadataRow,
    UserRow,
)
from tests.factories import make_attachment, make_comment, make_option, make_post, make_site, make_term, make_user
from transforms.contract import MediaFile, RecordRejectedError, Skipped, StoredFile, Transformed
from transforms.entities.comments import transform_comment
from transforms.entities.media import transform_media
from transforms.entities.menus import transform_menu
from transforms.entities.settings import transform_setting
from transforms.entities.terms import transform_term
from transforms.entities.users import transform_user
from transforms.site import Site
from wp_models.records import WpComment, WpMenu, WpmlTranslation, WpPost, WpTerm, WpUser

ROLES = {"wp_user_roles": 'a:2:{s:6:"editor";a:0:{}s:6:"author";a:0:{}}'}


def codes(made: Transformed) -> list[str]:
    return [issue.code for issue in made.issues]


def user(record: WpUser, **site: Any) -> tuple[UserRow, Transformed]:
    made = transform_user(record, make_site(**site))
    assert isinstance(made.rows[0], UserRow)
    return made.rows[0], made


def test_a_user_has_the_roles_that_this_site_knows() -> None:
    capabilities = 'a:3:{s:6:"author";b:1;s:12:"shop_manager";b:1;s:6:"editor";b:0;}'
    row, made = user(make_user(meta={"wp_capabilities": capabilities}), options=ROLES)
    assert row.roles == ("author",)
    assert codes(made) == ["users.not_a_role"]


def test_roles_of_another_blog_of_the_network_do_not_count() -> None:
    meta = {"wp_capabilities": 'a:1:{s:6:"editor";b:1;}', "wp_2_capabilities": 'a:1:{s:6:"author";b:1;}'}
    row, made = user(make_user(meta=meta), prefix="wp_2_", blog_id=2, options={})
    assert row.roles == ("author",)
    assert len(made.rows) == 1


def test_broken_capabilities_give_no_role_and_an_issue() -> None:
    row, made = user(make_user(meta={"wp_capabilities": 'a:1:{s:6:"editor";b:1'}))
    assert row.roles == ()
    assert codes(made) == ["users.damaged_roles"]


def test_a_user_keeps_the_password_hash_with_its_scheme() -> None:
    row, _ = user(make_user(password_hash="$wp$2y$10$abc"))
    assert (row.password_hash, row.password_scheme) == ("$wp$2y$10$abc", "bcrypt_wp")


def test_markup_in_a_users_name_is_no_markup_any_more() -> None:
    row, _ = user(make_user(display_name="<b>F</b> &amp; G", url="javascript:alert(1)", email=""))
    assert (row.display_name, row.url, row.email) == ("F & G", "", None)


def test_metas_about_the_person_come_along_and_those_about_screens_do_not() -> None:
    meta = {
        "nickname": "Nick",
        "first_name": "Ann",
        "twitter": ["@a", "@b"],
        "wp_user-settings": "editor=html",
        "closedpostboxes_post": "a:0:{}",
        "rich_editing": "true",
        "empty": "",
    }
    row, made = user(make_user(meta=meta))
    kept = {extra.key: extra.value for extra in made.rows[1:] if isinstance(extra, UserMetadataRow)}
    assert kept == {"nickname": "Nick", "twitter": ["@a", "@b"]}
    assert row.first_name == "Ann"


def term(record: WpTerm, *others: WpTerm, **site: Any) -> tuple[TermRow, Transformed]:
    made = transform_term(record, make_site(terms=[record, *others], **site))
    assert isinstance(made, Transformed)
    assert isinstance(made.rows[0], TermRow)
    return made.rows[0], made


def test_a_term_has_its_name_slug_path_and_metas() -> None:
    record = make_term(
        4, name="Q&amp;A", slug="%d8%ae", description="<p>All &amp; more</p>", meta={"color": "red", "_x": "1"}
    )
    row, _ = term(record)
    assert (row.name, row.slug, row.path) == ("Q&A", "خ", "/category/خ/")
    assert (row.wp_term_taxonomy_id, row.wp_term_id) == (4, 1004)
    assert (row.description, row.meta) == ("All & more", {"color": "red"})


def test_a_terms_parent_is_named_by_term_id_in_the_same_taxonomy() -> None:
    parent, namesake = make_term(1, term_id=9), make_term(2, term_id=9, taxonomy="post_tag")
    row, made = term(make_term(3, parent_term_id=9), namesake, parent)
    assert row.parent_id == make_site().row_id("terms", 1)
    assert made.issues == ()


@pytest.mark.parametrize(
    ("parent_term_id", "code"), [(5, "terms.unknown_parent"), (1003, "terms.parent_cycle")], ids=["missing", "itself"]
)
def test_a_term_with_a_broken_parent_becomes_a_root(parent_term_id: int, code: str) -> None:
    row, made = term(make_term(3, parent_term_id=parent_term_id))
    assert (row.parent_id, codes(made)) == (None, [code])


def test_a_circle_of_terms_is_cut_once() -> None:
    first, second = make_term(1, parent_term_id=1002), make_term(2, parent_term_id=1001)
    assert term(first, second)[0].parent_id is None
    assert term(second, first)[0].parent_id == make_site().row_id("terms", 1)


def test_bookkeeping_of_plugins_is_skipped_with_a_reason() -> None:
    made = transform_term(make_term(taxonomy="post_translations"), make_site())
    assert isinstance(made, Skipped)
    assert "Polylang" in made.reason


def test_a_taxonomy_row_without_its_term_is_rejected() -> None:
    with pytest.raises(RecordRejectedError, match="Row 4 of term_taxonomy"):
        transform_term(make_term(4, name=None), make_site())


def media(record: WpPost, file: MediaFile | None = None, **site: Any) -> tuple[MediaRow, Transformed]:
    made = transform_media(record, make_site([record], media_files={record.id: file} if file else {}, **site))
    assert isinstance(made, Transformed)
    assert isinstance(made.rows[0], MediaRow)
    return made.rows[0], made


def test_media_carry_what_became_of_their_file_and_every_variant() -> None:
    file = MediaFile(
        status=MediaStatus.CONVERTED,
        source_path="2024/05/picture.jpg",
        mime_type="image/jpeg",
        width=800,
        height=600,
        files=(
            StoredFile(store_key="a.webp", mime_type="image/webp", byte_size=10, role="webp", width=800, height=600),
            StoredFile(store_key="b.webp", mime_type="image/webp", byte_size=5, role="w480", width=480, height=360),
        ),
    )
    row, made = media(make_attachment(3), file)
    assert (row.kind, row.status, row.store_key, row.width) == (MediaKind.IMAGE, MediaStatus.CONVERTED, "a.webp", 800)
    variants = [variant for variant in made.rows if isinstance(variant, MediaVariantRow)]
    assert [(variant.media_id, variant.role) for variant in variants] == [(row.id, "webp"), (row.id, "w480")]
    assert len({variant.id for variant in variants}) == 2


def test_media_keep_alt_text_caption_and_address() -> None:
    record = make_attachment(3, excerpt="By <a href='x'>Ann</a>", content="Long")
    record = make_attachment(
        3,
        excerpt="By <a href='x'>Ann</a>",
        content="Long",
        meta={"_wp_attached_file": "a b.jpg", "_wp_attachment_image_alt": "Alt"},
    )
    row, _ = media(record)
    assert (row.alt_text, row.caption, row.description) == ("Alt", "By Ann", "Long")
    assert row.source_url == "https://example.test/wp-content/uploads/a%20b.jpg"


def test_media_without_a_file_are_missing_and_say_so() -> None:
    row, made = media(make_attachment(3, mime_type="application/pdf"))
    assert (row.status, row.kind) == (MediaStatus.MISSING, MediaKind.DOCUMENT)
    assert row.status_reason
    assert len(made.rows) == 1


def test_an_old_absolute_file_name_becomes_a_path_below_uploads() -> None:
    row, _ = media(make_attachment(3, file="/var/www/wp-content/uploads/2010/01/old.jpg"))
    assert row.source_path == "2010/01/old.jpg"


def comment(record: WpComment, site: Site) -> tuple[CommentRow, Transformed]:
    made = transform_comment(record, site)
    assert isinstance(made, Transformed)
    assert isinstance(made.rows[0], CommentRow)
    return made.rows[0], made


def test_a_comment_belongs_to_its_content_and_its_user() -> None:
    site = make_site([make_post(1, type="page")], users=[make_user(2)])
    row, _ = comment(make_comment(5, post_id=1, user_id=2, content="One\n\ntwo", author="A &amp; B"), site)
    assert (row.page_id, row.article_id, row.user_id) == (site.row_id("pages", 1), None, site.row_id("users", 2))
    assert (row.author_name, row.status) == ("A & B", "approved")
    assert row.content_html.count("<p>") == 2


def test_a_comment_can_be_on_a_picture() -> None:
    site = make_site([make_attachment(1)])
    assert comment(make_comment(post_id=1), site)[0].media_id == site.row_id("media", 1)


def test_scripts_in_comments_do_not_survive() -> None:
    site = make_site([make_post(1)])
    row, _ = comment(make_comment(content="<script>alert(1)</script>Hi", author_url="javascript:x", type=""), site)
    assert "script" not in row.content_html
    assert (row.author_url, row.type) == (None, "comment")


@pytest.mark.parametrize("approved", ["spam", "trash", "post-trashed"])
def test_spam_and_trash_stay_behind(approved: str) -> None:
    assert isinstance(transform_comment(make_comment(approved=approved), make_site()), Skipped)


def test_a_comment_on_skipped_content_is_skipped_with_its_reason() -> None:
    made = transform_comment(make_comment(), make_site([make_post(1, status="trash")]))
    assert made == Skipped("the content it is on (post 1) is left out: it is in WordPress's trash")


def test_a_comment_on_nothing_is_rejected() -> None:
    with pytest.raises(RecordRejectedError, match="post 1, which does not exist"):
        transform_comment(make_comment(), make_site())


def test_a_comment_of_an_unknown_status_is_rejected() -> None:
    with pytest.raises(RecordRejectedError, match="comment_approved is 'maybe'"):
        transform_comment(make_comment(approved="maybe"), make_site([make_post(1)]))


def test_an_answer_stands_under_the_comment_it_answers() -> None:
    answer = make_comment(2, parent_id=1)
    site = make_site([make_post(1)], comments=[make_comment(1), answer])
    row, made = comment(answer, site)
    assert row.parent_id == site.row_id("comments", 1)
    assert made.issues == ()


@pytest.mark.parametrize(
    "parent",
    [None, make_comment(1, post_id=9), make_comment(1, approved="spam")],
    ids=["missing", "on another post", "spam"],
)
def test_an_answer_whose_question_is_gone_stands_on_its_own(parent: WpComment | None) -> None:
    answer = make_comment(2, parent_id=1)
    site = make_site([make_post(1)], comments=[answer, *([parent] if parent else [])])
    row, made = comment(answer, site)
    assert (row.parent_id, codes(made)) == (None, ["comments.lost_parent"])


def test_comments_that_answer_each_other_are_parted_once() -> None:
    first, second = make_comment(1, parent_id=2), make_comment(2, parent_id=1)
    site = make_site([make_post(1)], comments=[first, second])
    assert comment(first, site)[0].parent_id is None
    assert comment(second, site)[0].parent_id == site.row_id("comments", 1)


def make_item(id: int, kind: str = "custom", object_id: int = 0, parent: int = 0, **fields: Any) -> WpPost:  # noqa: A002
    meta = {
        "_menu_item_type": kind,
        "_menu_item_object_id": str(object_id),
        "_menu_item_object": fields.pop("object", kind),
        "_menu_item_menu_item_parent": str(parent),
        "_menu_item_url": fields.pop("url", ""),
        **fields.pop("meta", {}),
    }
    return make_post(id, type="nav_menu_item", content="", **{"title": "", **fields}, meta=meta)


def menu(
    *items: WpPost, titles: dict[int, str] | None = None, site: Site | None = None, **given: Any
) -> tuple[MenuRow, list[MenuItemRow], Transformed]:
    record = WpMenu(id=30, term=make_term(30, term_id=8, taxonomy="nav_menu"), items=items, post_titles=titles or {})
    made = transform_menu(record, site or make_site(**given))
    row = made.rows[0]
    assert isinstance(row, MenuRow)
    return row, [item for item in made.rows if isinstance(item, MenuItemRow)], made


def test_an_item_takes_name_and_address_of_what_it_leads_to() -> None:
    _, (item,), _ = menu(
        make_item(5, "post_type", 2), titles={2: "About &amp; us"}, posts=[make_post(2, type="page", slug="about")]
    )
    assert (item.label, item.url, item.page_id) == ("About & us", "/about/", make_site().row_id("pages", 2))


def test_an_items_own_title_wins() -> None:
    _, (item,), _ = menu(make_item(5, "post_type", 2, title="Ours <span>new</span>"), posts=[make_post(2, type="page")])
    assert item.label == "Ours new"


def test_an_item_can_lead_to_a_term() -> None:
    record = make_term(4, name="Q&amp;A", slug="q-a")
    _, (item,), _ = menu(make_item(5, "taxonomy", record.term_id, object="category"), terms=[record])
    assert (item.label, item.url, item.term_id) == ("Q&A", "/category/q-a/", make_site().row_id("terms", 4))


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [
        ("https://example.test/post-1/?a=b#c", "/post-1/?a=b#c"),
        ("https://example.test/?p=1", "/post-1/"),
        ("https://other.example/x", "https://other.example/x"),
        ("#top", "#top"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_links_written_by_hand_lead_where_they_led(url: str, leads_to: str | None) -> None:
    _, (item,), _ = menu(make_item(5, url=url, title="Link"), posts=[make_post(1)])
    assert item.url == leads_to


def test_items_whose_target_is_gone_are_dropped_as_wordpress_does() -> None:
    _, items, made = menu(
        make_item(5, "post_type", 99, title="Gone"),
        make_item(6, "post_type", 2),
        make_item(7, "taxonomy", 99, object="category"),
        make_item(8, status="draft"),
        posts=[make_post(2, status="trash")],
    )
    assert items == []
    assert codes(made) == ["menus.lost_target"] * 3


def test_items_stand_in_a_tree_whatever_their_order() -> None:
    row, (child, parent), made = menu(make_item(5, parent=6, title="Child"), make_item(6, title="Parent"))
    assert child.parent_id == parent.id
    assert (child.position, parent.position) == (0, 1)
    assert {child.menu_id, parent.menu_id} == {row.id}
    assert made.issues == ()


def test_items_under_nothing_or_in_a_circle_move_to_the_top() -> None:
    _, items, made = menu(make_item(5, parent=6), make_item(6, parent=5), make_item(7, parent=99))
    assert [item.parent_id for item in items] == [None, items[0].id, None]
    assert sorted(codes(made)) == ["menus.parent_cycle", "menus.unknown_parent"]


def test_a_menus_places_are_the_themes_and_polylangs() -> None:
    options = {
        "theme_mods_twentytwentyone": 'a:1:{s:18:"nav_menu_locations";a:2:{s:7:"primary";i:8;s:6:"footer";i:9;}}',
        "polylang": (
            'a:1:{s:9:"nav_menus";a:1:{s:15:"twentytwentyone";a:1:{s:6:"social";a:2:{s:2:"en";i:3;s:2:"es";i:8;}}}}'
        ),
    }
    row, _, _ = menu(options=options)
    assert row.locations == ("social", "primary")
    assert row.language == "es"


def test_a_translated_menu_of_wpmls_takes_the_places_of_the_one_it_translates() -> None:
    mods = 'a:1:{s:18:"nav_menu_locations";a:2:{s:7:"primary";i:9;s:6:"footer";i:7;}}'
    row, _, _ = menu(
        options={"theme_mods_twentytwentyone": mods},
        terms=[make_term(number, term_id=term_id, taxonomy="nav_menu") for number, term_id in ((30, 8), (31, 9))],
        wpml=[
            WpmlTranslation("tax_nav_menu", 31, 70, "en", None),
            WpmlTranslation("tax_nav_menu", 30, 70, "es", "en"),
        ],
    )
    assert (row.locations, row.language) == (("primary",), "es")


def language(id: int, code: str, name: str) -> WpTerm:  # noqa: A002
    return make_term(id, taxonomy="language", slug=code, name=name, description='a:1:{s:3:"rtl";i:0;}')


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ('a:2:{s:12:"hide_current";i:1;s:8:"dropdown";i:0;}', ["es"]),
        ('a:2:{s:12:"hide_current";i:0;s:8:"dropdown";i:0;}', ["en", "es"]),
        ('a:2:{s:12:"hide_current";i:0;s:8:"dropdown";i:1;}', ["en", "en", "es"]),
    ],
)
def test_polylangs_switcher_becomes_one_item_for_each_language(options: str, labels: list[str]) -> None:
    site = make_site(
        [make_post(1), make_post(2)],
        terms=[language(91, "en", "English"), language(92, "es", "Español"), language(93, "fr", "Français")],
        language_links=((1, 91), (2, 92)),
        options={"polylang": 'a:2:{s:12:"default_lang";s:2:"en";s:10:"force_lang";i:1;}'},
    )
    switcher = make_item(5, url="#pll_switcher", title="Languages", meta={"_pll_menu_item": options})
    _, items, _ = menu(switcher, make_item(6, title="Last"), site=site)
    names = {code: site.languages.names.get(code, code) for code in ("en", "es")}
    assert [item.label for item in items] == [*(names[label] for label in labels), "Last"]
    assert [item.position for item in items] == list(range(len(items)))
    assert len({item.id for item in items}) == len(items)
    assert not any(item.url == "#pll_switcher" for item in items)


def setting(name: str, value: str) -> tuple[SettingRow, Transformed]:
    made = transform_setting(make_option(name, value), make_site())
    assert isinstance(made.rows[0], SettingRow)
    return made.rows[0], made


def test_settings_are_json() -> None:
    assert setting("blogname", "A site")[0].value == "A site"
    assert setting("sidebars", 'a:1:{s:4:"side";a:1:{i:0;s:6:"text-1";}}')[0].value == {"side": ["text-1"]}


def test_damaged_settings_are_repaired_or_kept_as_text_and_reported() -> None:
    row, made = setting("theme_mods_x", 'a:1:{s:3:"url";s:9:"https://new.example";}')
    assert (row.value, codes(made)) == ({"url": "https://new.example"}, ["settings.repaired_value"])
    row, made = setting("broken", 'a:1:{s:3:"url";}')
    assert (row.value, codes(made)) == ('a:1:{s:3:"url";}', ["settings.damaged_value"])
