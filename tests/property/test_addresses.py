"""Any text is resolved or left alone; redirects of any shape end at once."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories import make_attachment, make_post, make_site_data, make_term, make_user
from transforms.places import path_key
from transforms.site import Site
from transforms.values.slugs import decode_path
from wp_models.records import WpRedirect

POSTS = (
    make_post(1, slug="hello"),
    make_post(2, type="page", slug="about"),
    make_attachment(3, slug="photo", parent_id=1),
    make_post(4, slug="caf%c3%a9"),
)
BOOK = make_site_data(POSTS, terms=[make_term(9)], users=[make_user(5)]).addresses
NODES = st.sampled_from(
    ["/a/", "/b", "/C/", "/d/?x=1", "/e/", "/hello/", "/hello/photo/", "/?p=2", "/about/?q=1", "/%41/"]
)
TARGETS = st.one_of(
    NODES, st.sampled_from(["https://e.example/", "https://example.test/b", "//example.test/e/#f"]), st.none()
)
URLS = st.one_of(
    st.text(max_size=60),
    st.builds("https://example.test/{}".format, st.text(max_size=40)),
    st.builds(
        "/?{}={}".format, st.sampled_from(["p", "cat", "tag", "author", "s", "feed", "post_type"]), st.text(max_size=9)
    ),
)


@given(URLS)
@example("http://[broken")
@example("https://example.test:port/")
@example("/?p=٣")
@example("/?p=" + "9" * 5000)
@example("/hello/" + "page/2/" * 200)
@example("//")
@settings(max_examples=400)
def test_any_text_is_resolved_or_left_alone(url: str) -> None:
    address = BOOK.resolve(url)
    assert address is None or address.kind == "missing" or address.path or address.source_id or address.kind == "system"


@given(st.lists(st.tuples(NODES, TARGETS, st.sampled_from([301, 302]), st.booleans()), max_size=12))
def test_redirects_of_any_shape_end_at_once(graph: list[tuple[str, str | None, int, bool]]) -> None:
    rules = {
        number: WpRedirect(
            id=number,
            kind="rule",
            place=f"rule {number}",
            source=source,
            target=target,
            status_code=code if target is not None else 410,
            order=number,
            match="exact" if is_exact else "regex",
        )
        for number, (source, target, code, is_exact) in enumerate(graph)
    }
    data = make_site_data(POSTS, redirects=rules)
    verdicts = [Site(data).redirect(redirect) for redirect in rules.values()]
    rows = [verdict for verdict in verdicts if verdict.landing is not None and not verdict.is_regex]
    sources = [_key(verdict.from_path) for verdict in rows]
    live = {
        path_key(path) for post in POSTS if (path := data.addresses.post_path(post.id)) and post.type != "attachment"
    }
    assert len(sources) == len(set(sources))
    assert not live & set(sources)
    for verdict in rows:
        assert verdict.landing is not None
        assert verdict.landing.url is None or _key(verdict.landing.url) not in set(sources)
    assert all(verdict.landing is not None or verdict.refusal for verdict in verdicts)


def _key(url: str) -> str:
    path, question, query = url.partition("#")[0].partition("?")
    return path_key(path) + question + query


@given(st.text())
def test_a_decoded_path_has_the_parts_of_the_encoded_one(path: str) -> None:
    decoded = decode_path(path)
    assert decoded.count("/") == path.count("/")
    assert decode_path(decoded) == decoded or "%" in decoded
