"""Links inside the site lead to its new addresses; those that lead nowhere are reported where they stand."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from transforms.body.contract import BodyContext
from transforms.contract import Address


def rewrite_links(tree: LexborHTMLParser, context: BodyContext) -> None:
    """Rewrite every link of the tree in place."""
    for node in (*tree.tags("a"), *tree.tags("area")):  # a selector takes five times as long
        url = node.attributes.get("href")
        if url and (new := new_address(url, context, f"the link “{_shown(node.text(strip=True))}”")):
            node.attrs["href"] = new


def new_address(url: str, context: BodyContext, place: str) -> str | None:
    """Return where a URL leads in the new site; None when it stays as it is. Broken ones are reported."""
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
        if address.media is None or address.media.store_key is None:
            context.report("body.missing_file", f"{url} leads to a file that is missing, in {place}.")
            return None
        new = site.rules.media_base_url + address.media.store_key
    elif address.kind == "redirect" and address.path is not None:  # a plugin's rule says all, its query included
        context.rewritten[url] = address.path
        return address.path
    elif address.kind == "system":
        context.report("body.system_link", f"{url} leads to a page of WordPress itself, which is gone, in {place}.")
        return None
    elif address.kind == "missing" or address.path is None:
        context.report("body.broken_link", f"{url} leads to nothing on this site, in {place}.")
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


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
