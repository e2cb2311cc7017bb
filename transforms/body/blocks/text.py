"""Blocks of text that WordPress completes while it shows them: footnotes, shortcodes, page breaks, social links."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import orjson

from transforms.body.autop import autop
from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext
from transforms.body.texturize import texturize

SERVICES = {
    "fivehundredpx": "500px", "amazon": "Amazon", "bandcamp": "Bandcamp", "behance": "Behance",
    "bluesky": "Bluesky",
    "chain": "Link", "codepen": "CodePen", "deviantart": "DeviantArt", "discord": "Discord", "dribbble": "Dribbble",
    "dropbox": "Dropbox", "etsy": "Etsy", "facebook": "Facebook", "feed": "RSS Feed", "flickr": "Flickr",
    "foursquare": "Foursquare", "github": "GitHub", "goodreads": "Goodreads", "google": "Google",
    "gravatar": "Gravatar",
    "instagram": "Instagram", "lastfm": "Last.fm", "linkedin": "LinkedIn", "mail": "Mail", "mastodon": "Mastodon",
    "medium": "Medium", "meetup": "Meetup", "patreon": "Patreon", "pinterest": "Pinterest", "pocket": "Pocket",
    "reddit": "Reddit", "share": "Share Icon", "skype": "Skype", "snapchat": "Snapchat", "soundcloud": "SoundCloud",
    "spotify": "Spotify", "telegram": "Telegram", "threads": "Threads", "tiktok": "TikTok", "tumblr": "Tumblr",
    "twitch": "Twitch", "twitter": "Twitter", "vimeo": "Vimeo", "vk": "VK", "whatsapp": "WhatsApp",
    "wordpress": "WordPress", "x": "X", "yelp": "Yelp", "youtube": "YouTube",
}  # fmt: skip


def _footnotes(_block: Block, _html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return the list of a post's footnotes; their texts stand in its meta, their marks in the body."""
    try:
        notes = orjson.loads(context.post.first_meta("footnotes") or "[]")
    except orjson.JSONDecodeError:
        context.report(
            "body.footnotes_damaged", "The meta `footnotes` is no valid JSON; the notes below the text are lost."
        )
        return ""
    items = []
    for number, note in enumerate(notes if isinstance(notes, list) else (), 1):
        if not isinstance(note, dict) or not note.get("id"):
            continue
        anchor = escape(str(note["id"]))
        items.append(
            f'<li id="{anchor}">{note.get("content") or ""} '
            f'<a href="#{anchor}-link" aria-label="Jump to footnote reference {number}">↩︎</a></li>'
        )
    return f'<ol class="wp-block-footnotes">{"".join(items)}</ol>' if items else ""


def _shortcode(_block: Block, html: str, _context: BodyContext, _expand: Callable[[str], str]) -> str:
    return autop(html)


def _nothing(_block: Block, _html: str, _context: BodyContext, _expand: Callable[[str], str]) -> str:
    return ""


def _social_link(block: Block, _html: str, _context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return a link to a profile; the icon that WordPress draws is replaced by the service's name."""
    url, service = block.text_attribute("url"), block.text_attribute("service")
    if not url:
        return ""
    if service == "mail" and "@" in url and ":" not in url:
        url = f"mailto:{url}"
    label = block.text_attribute("label") or SERVICES.get(service) or service.capitalize()
    return f'<li class="wp-social-link-{escape(service)}"><a href="{escape(url)}">{escape(label)}</a></li>'


def _widget_group(block: Block, html: str, _context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return a group of a sidebar below its title."""
    title = block.text_attribute("title")
    return f'<h2 class="widget-title">{escape(title)}</h2>{html}' if title else html


def _read_more(block: Block, _html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return the link to the post itself that stands in its own content; it leads nowhere while that has no address."""
    path = context.site.path(context.post.id)
    href = "" if path is None else f' href="{escape(path)}"'
    text = block.text_attribute("content") or "Read more"
    title = texturize(context.post.title, signs=context.signs) or f"untitled post {context.post.id}"
    hidden = f'<span class="screen-reader-text">: {title}</span>'
    return f'<a class="wp-block-read-more"{href}>{text}{hidden}</a>'


def _home_link(block: Block, _html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    label = block.text_attribute("label") or "Home"
    return f'<li class="wp-block-home-link"><a href="{escape(context.site.home_url)}/" rel="home">{label}</a></li>'


TEXT = (
    BlockFamily(("core/footnotes",), _footnotes),
    BlockFamily(("core/shortcode",), _shortcode),
    BlockFamily(("core/more", "core/nextpage"), _nothing),
    BlockFamily(("core/social-link",), _social_link),
    BlockFamily(("core/widget-group",), _widget_group),
    BlockFamily(("core/read-more",), _read_more),
    BlockFamily(("core/home-link",), _home_link),
)
