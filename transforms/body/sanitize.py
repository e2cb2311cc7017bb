"""Only markup from an allow-list leaves; what is active or foreign goes, each kind with an issue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from html import unescape
from typing import cast
from urllib.parse import urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser

from transforms.body.attributes import read_attributes
from transforms.body.contract import BodyContext
from transforms.body.remembered import Remembered
from transforms.body.settled import CUT

_TAGS = (
    "a abbr acronym address article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del "
    "details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i iframe img ins kbd li main "
    "map area mark menu nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary "
    "sup table tbody td tfoot th thead time tr track tt u ul var video wbr"
)
_GONE_WITH_CONTENT = frozenset(
    ("script", "style", "object", "embed", "applet", "svg", "math", "template", "title", "noembed", "noframes")
)
_ATTRIBUTES = {
    "*": "class id lang dir title style translate role aria-label aria-hidden aria-describedby",
    "a": "href hreflang target rel download type name",
    "area": "href alt coords shape target rel",
    "audio": "src controls loop muted preload",
    "blockquote": "cite",
    "col": "span width",
    "colgroup": "span",
    "data": "value",
    "del": "cite datetime",
    "details": "open name",
    "div": "data-attributes align",
    "iframe": "src width height allow allowfullscreen loading referrerpolicy",
    "img": "src srcset sizes alt width height loading decoding usemap",
    "ins": "cite datetime",
    "li": "value",
    "map": "name",
    "ol": "start type reversed",
    "p": "align",
    "q": "cite",
    "source": "src srcset sizes media type",
    "span": "data-attributes",
    "td": "colspan rowspan headers align valign",
    "th": "colspan rowspan headers scope abbr align valign",
    "time": "datetime",
    "track": "src kind srclang label default",
    "video": "src poster controls loop muted preload width height playsinline",
}
_STYLES = (
    "text-align text-decoration text-transform font-style font-weight vertical-align float clear direction "
    "list-style-type width height max-width flex-basis aspect-ratio object-fit object-position color background-color"
)
_PLAIN_TAGS = frozenset(_TAGS.split())
# Every parser drops the line end that follows <pre>, and no serialiser writes it back: the next one would be lost.
_LINE_LED_PRE = re.compile(r'<pre(?: [^\s=>]+="[^"]*")*>(?=\n)')
_COMMENT_OR_TAG = re.compile("<!--.*?-->|(<[^>]*>)", re.DOTALL)
_EMPTY_FRAME = re.compile("<iframe[^>]*></iframe>")
_PARENTS = {
    **dict.fromkeys(("caption", "colgroup", "thead", "tbody", "tfoot"), "<table>"),
    "col": "<table><colgroup>", "tr": "<table><tbody>", "td": "<table><tr>", "th": "<table><tr>",
}  # fmt: skip
# Most links and pictures, each another: seen to be plain in a tenth of the time that the sanitiser takes.
_PLAIN_ADDRESS = r'"(?:https?://(?:[a-z0-9][a-z0-9-]*+\.)++[a-z]++)?/[\w./%?=#-]*+"'
_PLAIN_TAG = re.compile(
    rf"<a href={_PLAIN_ADDRESS}>"
    rf'|<img(?: src={_PLAIN_ADDRESS}| (?:alt|class|width|height|loading|decoding|srcset|sizes)="[^"<>&\xa0]*+")*+>'
)
_SCHEMES = "http https mailto tel sms ftp ftps xmpp geo news webcal callto whatsapp"
_NAME = re.compile("</?([a-z][a-z0-9]*)[ >]")
_PICTURE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+\Z")

_ACTIVE_TAG = re.compile(
    b"<(?:script|style|object|embed|applet|form|svg|math|template|noscript|frame|iframe|select|button|marquee)"
)
_ACTIVE_ATTRIBUTE = re.compile(rb"on[a-z]+\s*=")
_ACTIVE_ADDRESS = re.compile(b":(?:(?<=script:)|(?<=data:))")
# Character references in an attribute may spell a script's address, so they too are a reason to look closely.
_REFERENCE = re.compile(b"&(?:#|colon;|tab;|newline;)")
_REFERENCE_IN_TAG = re.compile(b"<[a-z][^<>]*&(?:#|colon;|tab;|newline;)")
_SCOPE = re.compile("<(?:button|select|option|optgroup|marquee|object|applet|svg|math|template)", re.IGNORECASE)
_HANDLER = re.compile(r"on[a-z]+\Z", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_SCRIPT_URL = re.compile(r"(?:javascript|vbscript|livescript|data):", re.IGNORECASE)
_REMOVED = {
    "script": ("body.script_removed", "A <script> was removed"),
    "style": ("body.style_removed", "A <style> was removed"),
    "object": ("body.object_removed", "An <object> was removed"),
    "embed": ("body.object_removed", "An <embed> was removed"),
    "applet": ("body.object_removed", "An <applet> was removed"),
    "svg": ("body.svg_removed", "An inline <svg> was removed"),
    "math": ("body.math_removed", "A formula in MathML was removed"),
    "form": ("body.form_removed", "A <form> was removed; its words were kept"),
    "template": ("body.template_removed", "A <template> was removed"),
}


def is_active(html: str) -> bool:
    """Return whether markup might hold anything that must not pass."""
    lowered = html.encode(errors="replace").lower()  # bytes are read and lowered in half the time of texts
    return bool(
        _ACTIVE_TAG.search(lowered)
        or _ACTIVE_ATTRIBUTE.search(lowered)
        or _ACTIVE_ADDRESS.search(lowered)
        or (_REFERENCE.search(lowered) and _REFERENCE_IN_TAG.search(lowered))
    )


def remove_active_content(tree: LexborHTMLParser, context: BodyContext) -> None:
    """Take scripts, handlers, script links, plug-ins and foreign frames out of the tree and report each kind."""
    removed: Counter[str] = Counter()
    for node in tree.css("noscript"):
        # Without scripts its content is what is shown, but a lazy picture before it already shows the same.
        before = node.prev
        if before is not None and before.tag == "img" and node.css_first("img") is not None:
            node.decompose()
    for node in tree.css(", ".join(_REMOVED)):
        removed[node.tag or ""] += 1
        if node.tag in _GONE_WITH_CONTENT:
            node.decompose()
    for tag, count in removed.items():
        code, what = _REMOVED[tag]
        context.report(code, f"{what}{f' ({count} times)' if count > 1 else ''}.")
    _remove_handlers(tree, context)
    _remove_foreign_frames(tree, context)


def _remove_handlers(tree: LexborHTMLParser, context: BodyContext) -> None:
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if _HANDLER.match(name):
                del node.attrs[name]
                context.report("body.handler_removed", f"The handler {name} of a <{node.tag}> was removed.")
            elif value and name in {"href", "src", "action", "formaction", "xlink:href", "poster", "cite"}:
                plain = _CONTROLS.sub("", value)
                if _SCRIPT_URL.match(plain) and not (node.tag == "img" and _PICTURE_DATA.match(value)):
                    del node.attrs[name]
                    context.report(
                        "body.script_link_removed", f"The address “{plain[:40]}” of a <{node.tag}> was removed."
                    )


def _remove_foreign_frames(tree: LexborHTMLParser, context: BodyContext) -> None:
    for node in tree.css("iframe, frame"):
        if _is_foreign(node.attributes.get("src") or "", context):
            node.decompose()


def remove_foreign_frames(pieces: list[str], context: BodyContext) -> None:
    """Take foreign frames out of settled markup, cut at its tags, and report each."""
    for place in range(1, len(pieces), 2):
        if pieces[place].startswith("<iframe") and _is_foreign(read_attributes(pieces[place]).get("src", ""), context):
            pieces[place] = pieces[place + 2] = ""  # a settled frame is empty: its end follows at once


def _is_foreign(source: str, context: BodyContext) -> bool:
    """Return whether a frame showing this address has to go, and report it if so."""
    if is_allowed_frame(source, context.site.rules.embed_hosts):
        return False
    context.report(
        "body.frame_removed", f"A frame showing {source or 'no address'} was removed: its host is not allowed."
    )
    return True


def is_allowed_frame(url: str, hosts: frozenset[str]) -> bool:
    """Return whether a frame's host, or a domain above it, is on the list."""
    try:
        parts = urlsplit(_CONTROLS.sub("", url))
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in {"", "http", "https"} or not host:
        return False
    labels = host.split(".")
    return any(".".join(labels[i:]) in hosts for i in range(len(labels)))


@lru_cache(maxsize=16)
def _cleaner(hosts: frozenset[str] | None) -> nh3.Cleaner:
    has_frames = hosts is not None
    return nh3.Cleaner(
        tags=set(_TAGS.split()) - (set() if has_frames else {"iframe"}),
        clean_content_tags=set(_GONE_WITH_CONTENT),
        attributes={tag: set(names.split()) for tag, names in _ATTRIBUTES.items() if has_frames or tag != "iframe"},
        attribute_filter=_filter(hosts) if hosts is not None else None,
        generic_attribute_prefixes={"data-wp-"},
        filter_style_properties=set(_STYLES.split()),
        url_schemes={*_SCHEMES.split(), *(("data",) if has_frames else ())},
        link_rel=None,
    )


def _filter(hosts: frozenset[str]) -> Callable[[str, str, str], str | None]:
    """Hold frames to the allowed hosts and `data:` to pictures, attribute by attribute."""

    def keep(tag: str, name: str, value: str) -> str | None:
        if tag == "iframe" and name == "src":
            return value if is_allowed_frame(value, hosts) else None
        if name in {"href", "src", "cite", "poster"} and _CONTROLS.sub("", unescape(value)).lower().startswith("data:"):
            return value if tag == "img" and name == "src" and _PICTURE_DATA.match(value) else None
        return value

    return keep


def sanitize(html: str, embed_hosts: frozenset[str] | None) -> str:
    """Return only allowed markup, well-formed; unknown elements lose their tag and keep their text.

    Without hosts there are no frames and no pictures in `data:` addresses: quicker, for markup that is not active.
    """
    clean = _cleaner(embed_hosts).clean(html)
    # Inside these <p> may stand in <p>; without them it is two paragraphs to every parser.
    if _SCOPE.search(html):
        clean = _cleaner(embed_hosts).clean(clean)
    return _LINE_LED_PRE.sub(r"\g<0>\n", clean)


def sanitize_settled(pieces: list[str], places: Iterable[int], embed_hosts: frozenset[str]) -> list[str]:
    """Return what `sanitize` makes of settled markup: only the tags at these places, which have attributes, may change.

    The sanitiser is asked only once for each distinct tag: a twentieth of the time that it takes for the whole.
    """
    allowed_forms = _allowed_forms(embed_hosts)
    for place in places:
        allowed = allowed_forms[pieces[place]]
        if allowed is None:
            return CUT.split(sanitize("".join(pieces), embed_hosts))
        pieces[place] = allowed
    return pieces


def without_comments(html: str) -> str:
    """Return markup that a parser wrote without its comments: a link that stands in one leads nobody anywhere."""
    if "<!--" not in html:
        return html
    end = html.rfind("-->") + 3  # behind it no comment ends, and for each its end would be looked for
    return _COMMENT_OR_TAG.sub(r"\1", html[:end]) + html[end:]


def sanitize_pieces(pieces: list[str], embed_hosts: frozenset[str]) -> list[str]:
    """Return what `sanitize` makes of markup that a parser wrote, cut at its tags.

    Such markup is well-formed, so here, too, each distinct tag is enough, unless one has to be seen in its place.
    """
    allowed = list(map(_allowed_forms(embed_hosts).__getitem__, pieces[1::2]))
    if None not in allowed and not ("</iframe>" in allowed and _holds_something(pieces)):
        clean = list(pieces)
        clean[1::2] = cast("list[str]", allowed)
        if _parses_to_itself("".join(clean), allowed):
            return clean
    return CUT.split(sanitize("".join(pieces), embed_hosts))


def _holds_something(pieces: Sequence[str]) -> bool:
    """Return whether a frame in markup cut at its tags holds anything: that is text, whatever it looks like."""
    html = "".join(pieces)
    return len(_EMPTY_FRAME.findall(html)) < html.count("<iframe")


def _parses_to_itself(html: str, tags: Sequence[str | None]) -> bool:
    """Return whether a parser leaves its own markup as it is.

    Tables may move what they hold, and <pre> loses its first line end.
    """
    if "\r" in html:
        return False
    return not ("</table>" in tags or "</pre>" in tags) or LexborHTMLParser(html, is_fragment=True).html == html


@lru_cache(maxsize=16)
def _allowed_forms(embed_hosts: frozenset[str]) -> Remembered[str | None]:
    """Return the allowed form of each tag where frames may show these hosts."""
    return Remembered(partial(_allowed_form, embed_hosts=embed_hosts))


def _allowed_form(tag: str, embed_hosts: frozenset[str]) -> str | None:
    """Return a tag as the sanitiser leaves it; None when that is to be decided with all that is around it."""
    if _PLAIN_TAG.fullmatch(tag):
        return tag
    if tag.startswith("<!--") and tag.endswith("-->"):
        return ""
    name = _NAME.match(tag)
    if name is None or name[1] not in _PLAIN_TAGS:
        return None
    if tag[1] == "/":
        return tag
    is_active = name[1] == "iframe" or "data:" in tag
    clean = _cleaner(embed_hosts if is_active else None).clean(_PARENTS.get(name[1], "") + tag)
    start = clean.rfind(f"<{name[1]}")
    return clean[start : clean.index(">", start) + 1] if start >= 0 else None
