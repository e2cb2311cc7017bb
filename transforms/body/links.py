"""Links inside the site lead to its new addresses; those that lead nowhere are reported where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from transforms.body.attributes import escaped
from transforms.body.contract import BodyContext
from transforms.contract import Address

MAX_SHOWN = 60

_LINK = re.compile(r'<(?:a|area)(?: (?!href=)(?:=?[^\s=]+|=)="[^"]*")*+ href="([^"]*)"')  # as parsers write it


def rewrite_links(pieces: list[str], places: Iterable[int], context: BodyContext) -> None:
    """Rewrite every link of markup cut at its tags, looking at these places."""
    for place in places:
        tag = pieces[place]
        link = _LINK.match(tag)
        if link is None or not link[1]:
            continue
        new = new_address(unescape(link[1]), context, partial(_name_of_link, pieces, place))
        if new:
            pieces[place] = f"{tag[: link.start(1)]}{escaped(new)}{tag[link.end(1) :]}"


def _name_of_link(pieces: Sequence[str], place: int) -> str:
    """Return the words of the link that begins here, as people know it by them."""
    end = next((i for i in range(place, len(pieces)) if pieces[i] == "</a>"), len(pieces))
    words = "".join([unescape(text).strip() for text in pieces[place + 1 : end : 2]])
    return f"the link “{words if len(words) <= MAX_SHOWN else f'{words[: MAX_SHOWN - 1]}…'}”"


def new_address(url: str, context: BodyContext, place: Callable[[], str]) -> str | None:
    """Return where a URL leads in the new site; None when it stays. Broken ones are reported with their place."""
    known = context.rewritten.get(url)
    if known is not None:
        return known
    if url[:1] == "#" or url.startswith(("mailto:", "tel:", "data:", "javascript:")):
        return None
    site = context.site
    address = site.resolve(url)
    if address is None:
        return None
    if address.kind == "media":
        media = site.media_at(address)
        if media is None or media.store_key is None:
            context.report("body.missing_file", f"{url} leads to a file that is missing, in {place()}.")
            return None
        new = site.rules.media_base_url + media.store_key
    elif address.kind == "redirect" and address.path is not None:  # a plugin's rule says all, its query included
        context.rewritten[url] = address.path
        return address.path
    elif address.kind == "system":
        context.report("body.system_link", f"{url} leads to a page of WordPress itself, which is gone, in {place()}.")
        return None
    elif address.kind == "missing" or address.path is None:
        context.report("body.broken_link", f"{url} leads to nothing on this site, in {place()}.")
        return None
    else:
        new = address.path
    if "?" in url or "#" in url:
        new += _query_and_fragment(url, address)
    context.rewritten[url] = new
    return new


def _query_and_fragment(url: str, address: Address) -> str:
    """Return what of a URL's end holds in the new site, too."""
    parts = urlsplit(url.strip())
    kept = ""
    if parts.query and address.kind != "media":
        # What named the object (?p=12) is said by the new address.
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in address.named_by]
        kept = f"?{urlencode(query)}" if query else ""
    return f"{kept}#{parts.fragment}" if parts.fragment else kept
