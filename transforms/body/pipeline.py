"""From stored content to the body a visitor saw: WordPress's filters on the text, then steps on one tree."""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from cms_models.rows import Json
from transforms.body.autop import autop, unwrap_lone_shortcodes
from transforms.body.blocks import BLOCKS
from transforms.body.blocks.grammar import MARK, Blocks, parse_blocks
from transforms.body.blocks.rendering import block_tree, render_blocks
from transforms.body.clickable import make_clickable
from transforms.body.conservation import report_losses
from transforms.body.contract import Body, BodyContext
from transforms.body.embeds import embed_lone_urls
from transforms.body.images import fit_images, point_at_files
from transforms.body.links import rewrite_links
from transforms.body.repair import repair
from transforms.body.sanitize import is_active, remove_active_content, sanitize
from transforms.body.shortcodes import SHORTCODES
from transforms.body.shortcodes.core import EMBED
from transforms.body.shortcodes.grammar import Registry, expand_shortcodes
from transforms.body.shortcodes.unknown import UNKNOWN, protect_code, unknown_names
from transforms.body.smilies import smilies
from transforms.body.text import text_of
from transforms.body.texturize import texturize
from transforms.site import Site
from wp_models.records import WpPost

_EMBED_ONLY: Registry = {"embed": EMBED}


def render_body(post: WpPost, site: Site) -> Body:
    """Return a post's content as WordPress showed it, without anything that needs WordPress."""
    context = BodyContext(post, site)
    raw = post.content
    if not raw.strip():
        return Body("", "", None, ())
    blocks: Blocks | None = None
    text = embed_lone_urls(raw, context)
    if "[embed" in text:
        text = expand_shortcodes(text, context, _EMBED_ONLY)
    if MARK in text:
        blocks = parse_blocks(text)
        html = _format(render_blocks(blocks, context, BLOCKS), context, paragraphs=False)
    else:
        html = _format(text, context, paragraphs=True)
    html = _finish(html, context)
    text = text_of(html)
    report_losses(raw, html, text, context)
    return Body(html, text, _tree(raw, blocks, context), tuple(context.issues))


def render_fragment(raw: str, post: WpPost | None, site: Site) -> Body:
    """Return an excerpt, a caption or a term's description as WordPress shows it: as classic content, without blocks."""
    context = BodyContext(post or _NOBODY, site)
    if not raw.strip():
        return Body("", "", None, ())
    html = _finish(_format(raw, context, paragraphs=True), context)
    return Body(html, text_of(html), None, tuple(context.issues))


def render_comment(raw: str, site: Site) -> Body:
    """Return a comment as WordPress shows it: addresses become links, shortcodes stay text."""
    context = BodyContext(_NOBODY, site)
    html = _finish(autop(smilies(texturize(make_clickable(raw)))), context)
    return Body(html, text_of(html), None, tuple(context.issues))


_NOBODY = WpPost(id=0, type="", status="", title="", content="")


def _format(text: str, context: BodyContext, *, paragraphs: bool) -> str:
    """Apply WordPress's filters of the_content in its order."""
    text = repair(text, context)
    registry: Registry = SHORTCODES
    if "[" in text:
        text = protect_code(text, SHORTCODES)
        unknown = unknown_names(text, SHORTCODES)
        registry = {**SHORTCODES, **dict.fromkeys(unknown, UNKNOWN)} if unknown else SHORTCODES
    text = texturize(text, registry)
    if paragraphs:
        text = autop(text)
    text = unwrap_lone_shortcodes(text, registry)
    text = _capital_p(text)
    text = expand_shortcodes(text, context, registry)
    return smilies(text) if context.site.option("use_smilies") != "0" else text


def _capital_p(text: str) -> str:
    """WordPress spells its own name right, wherever the content does not."""
    if "Wordpress" not in text:
        return text
    for before in (" ", "‘", "“", ">", "("):
        text = text.replace(f"{before}Wordpress", f"{before}WordPress")
    return text


def _finish(html: str, context: BodyContext) -> str:
    """Take the steps on the tree, then let only allowed markup out."""
    tree_steps: list[Callable[[LexborHTMLParser, BodyContext], None]] = []
    if is_active(html):
        tree_steps.append(remove_active_content)
    if "<img" in html:
        tree_steps.append(fit_images)
    if "href=" in html:
        tree_steps.append(rewrite_links)
    if "<video" in html or "<audio" in html or "<source" in html:
        tree_steps.append(point_at_files)
    if tree_steps:
        tree = LexborHTMLParser(html, is_fragment=True)
        for step in tree_steps:
            step(tree, context)
        html = tree.html or ""
    return sanitize(html, context.site.rules.embed_hosts).strip()


def _tree(raw: str, blocks: Blocks | None, context: BodyContext) -> Json:
    if blocks is None:
        return None
    return block_tree(blocks)
