"""From stored content to the body a visitor saw: WordPress's filters on the text, then steps on one tree."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

from transforms.body.attributes import places_with_attributes
from transforms.body.autop import autop, unwrap_lone_shortcodes
from transforms.body.blocks import BLOCKS
from transforms.body.blocks.grammar import MARK, Blocks, parse_blocks
from transforms.body.blocks.rendering import block_tree, render_blocks
from transforms.body.clickable import make_clickable
from transforms.body.conservation import report_losses
from transforms.body.contract import Body, BodyContext
from transforms.body.elementor import elementor_html, should_use_elementor
from transforms.body.embeds import embed_lone_urls
from transforms.body.images import fit_images, point_at_files
from transforms.body.links import rewrite_links
from transforms.body.plain_typography import plain_typography
from transforms.body.repair import repair
from transforms.body.sanitize import (
    is_active,
    remove_active_content,
    remove_foreign_frames,
    sanitize_pieces,
    sanitize_settled,
    without_comments,
)
from transforms.body.settled import CUT, settled_pieces
from transforms.body.shortcodes import CORE_NAMES, SHORTCODES
from transforms.body.shortcodes.core import EMBED
from transforms.body.shortcodes.expansion import (
    expand_shortcodes,
    has_brackets_in_tags,
    settle_calls_in_tags,
    without_brackets_in_tags,
)
from transforms.body.shortcodes.grammar import Registry
from transforms.body.shortcodes.unknown import (
    UNKNOWN,
    drop_stray_closers,
    has_unknown_names,
    protect_code,
    unknown_names,
)
from transforms.body.signs import Signs
from transforms.body.skeleton import skeleton_of
from transforms.body.smilies import smilies
from transforms.body.text import text_of
from transforms.body.texturize import text_by_text, texturize
from transforms.contract import Issue
from transforms.site import Site
from wp_models.records import WpPost

_EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>\n?")
# One sign is found quickest by `in`, several are by a pattern.
_EMBED_CALL = re.compile(r"\[embed")
_CLOSING_CALL = re.compile(r"\[/")
_MISSPELT = re.compile("Wordpress")
_EMBED_ONLY: Registry = {"embed": EMBED}


def render_body(post: WpPost, site: Site) -> Body:
    """Return a post's content as WordPress showed it, without anything that needs WordPress."""
    context = BodyContext(post, site)
    raw = post.content
    if _is_blank(raw) and not should_use_elementor(post):
        return Body("", "", None, ())
    blocks: Blocks | None = None
    if should_use_elementor(post):
        raw = elementor_html(post.first_meta("_elementor_data") or "", context)
        html = _format(raw, context, paragraphs=False)
    else:
        text = embed_lone_urls(raw, context)
        if "[" in text and _EMBED_CALL.search(text):
            text = _with_embeds(text, context)
        if MARK in text:
            blocks = parse_blocks(text)
            html = _format(render_blocks(blocks, context, BLOCKS), context, paragraphs=False)
        else:
            html = _format(text, context, paragraphs=True)
    pieces = _finish(html, context)
    text = text_of(pieces)
    report_losses(raw, pieces, text, context)
    return Body(_joined(pieces), text, block_tree(blocks, context) if blocks else None, _merged(context.issues))


def render_fragment(raw: str, post: WpPost | None, site: Site) -> Body:
    """Return an excerpt or a term's description as WordPress shows it: as classic content, without blocks."""
    context = BodyContext(post or _NOBODY, site)
    if _is_blank(raw):
        return Body("", "", None, ())
    return _without_blocks(_format(raw, context, paragraphs=True), context)


def render_comment(raw: str, site: Site) -> Body:
    """Return a comment as WordPress shows it: addresses become links, shortcodes stay text."""
    context = BodyContext(_NOBODY, site)
    text = texturize(make_clickable(raw), SHORTCODES, context.signs)
    return _without_blocks(autop(smilies(text)), context)


def _without_blocks(html: str, context: BodyContext) -> Body:
    pieces = _finish(html, context)
    return Body(_joined(pieces), text_of(pieces), None, _merged(context.issues))


_NOBODY = WpPost(id=0, type="", status="", title="", content="")


def _is_blank(raw: str) -> bool:
    return not raw or raw.isspace()


def _joined(pieces: list[str]) -> str:
    """Return cut markup as a whole, without white space around it; the pieces lose it first, which spares a copy."""
    pieces[0], pieces[-1] = pieces[0].lstrip(), pieces[-1].rstrip()
    return "".join(pieces).strip()


def _format(text: str, context: BodyContext, *, paragraphs: bool) -> str:
    """Apply WordPress's filters of the_content in its order."""
    text = repair(text, context)
    signs = context.signs
    text, registry, may_call_in_tags = _typeset(text, signs)
    if paragraphs:
        text = autop(text)
    text = unwrap_lone_shortcodes(text, SHORTCODES)
    text = _capital_p(text, signs)
    if may_call_in_tags:
        text = settle_calls_in_tags(text, context, registry)
    text = expand_shortcodes(text, context, registry)
    if registry is not SHORTCODES or ("[" in text and _CLOSING_CALL.search(text)):
        text = _EMPTY_PARAGRAPH.sub("", drop_stray_closers(text, registry.keys() - CORE_NAMES))
    return smilies(text) if context.site.option("use_smilies") != "0" else text


def _with_embeds(text: str, context: BodyContext) -> str:
    """Return a text with its [embed] calls replaced; WordPress does so before all else, and leaves other brackets."""
    text = text.replace("&#91;", "&#091;").replace("&#93;", "&#093;")
    if has_brackets_in_tags(text, skeleton_of(text)):
        text = without_brackets_in_tags(text)  # what stands there is settled with all other calls
    text = expand_shortcodes(text, context, _EMBED_ONLY)
    return text.replace("&#91;", "[").replace("&#93;", "]")


def _typeset(text: str, signs: Signs) -> tuple[str, Registry, bool]:
    """Return a text with typographic signs, all shortcodes that it may call, and whether it may do so inside tags."""
    skeleton = skeleton_of(text)
    in_tags = has_brackets_in_tags(text, skeleton)
    plain = plain_typography(text, skeleton, SHORTCODES)
    if plain is not None:  # all that stands in its brackets is known
        return plain, SHORTCODES, in_tags
    if "[" not in text or not has_unknown_names(text, SHORTCODES):
        return text_by_text(text, SHORTCODES, signs), SHORTCODES, in_tags
    text = protect_code(text, SHORTCODES)
    unknown = unknown_names(text, SHORTCODES)
    registry: Registry = {**SHORTCODES, **dict.fromkeys(unknown, UNKNOWN)} if unknown else SHORTCODES
    return texturize(text, registry, signs), registry, in_tags


def _capital_p(text: str, signs: Signs) -> str:
    """WordPress spells its own name right, wherever the content does not."""
    if not _MISSPELT.search(text):
        return text
    for before in (" ", "‘", signs.opening, ">", "("):
        text = text.replace(f"{before}Wordpress", f"{before}WordPress")
    return text


def _finish(html: str, context: BodyContext) -> list[str]:
    """Return markup with the site's new addresses and nothing that is not allowed, cut at its tags."""
    hosts = context.site.rules.embed_hosts
    pieces = settled_pieces(html)
    if pieces is not None:
        if "</iframe>" in pieces:
            remove_foreign_frames(pieces, context)
        return sanitize_settled(pieces, _rewrite(pieces, context), hosts)
    tree = LexborHTMLParser(html, is_fragment=True)
    if is_active(html):
        remove_active_content(tree, context)
    pieces = CUT.split(without_comments(tree.html or ""))
    _rewrite(pieces, context)
    return sanitize_pieces(pieces, hosts)


def _rewrite(pieces: list[str], context: BodyContext) -> list[int]:
    """Set the new addresses in markup cut at its tags, and return where the tags with attributes stand."""
    places = places_with_attributes(pieces)
    fit_images(pieces, places, context)
    rewrite_links(pieces, places, context)
    point_at_files(pieces, places, context)
    return places


def _merged(issues: list[Issue]) -> tuple[Issue, ...]:
    """Return the findings of a body, equal ones as one with their number."""
    if len(issues) < 2:
        return tuple(issues)
    return tuple(
        issue if count == 1 else Issue(issue.code, f"{issue.detail} ({count} times)")
        for issue, count in Counter(issues).items()
    )
