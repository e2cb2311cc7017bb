"""Redirects: old addresses and where they lead now, each on its own row.

A record is one redirect that the source implies: an old slug or date of a post, a rule of a plugin, the page of an
attachment (the CMS shows files where they are used), a plain link (`/?p=12`) that WordPress turns into a path. Those
that cannot be kept are skipped, with the reason; what a person has to know of them is an issue.

Plain links have rows, although a front end could look posts up by `wp_post_id`: so every old address is in one table,
also for web servers and CDNs that are given it as a list. A `from_path` with a query stands for that query only.
"""

from __future__ import annotations

from cms_models.rows import RedirectRow
from transforms.contract import Entity, Issue, Skipped, Transformed
from transforms.site import Site
from wp_models.queries import RedirectQuery
from wp_models.records import WpRedirect

ORIGINS = {
    "rule": "plugin",
    "old_slug": "old_slug",
    "old_date": "old_slug",
    "attachment": "attachment",
    "shortlink": "shortlink",
    "query": "permalink",
}
NO_FILE = "it leads to a file that is missing"


def transform_redirect(redirect: WpRedirect, site: Site) -> Transformed | Skipped:
    """Return the redirect, which ends at its first hop, or why there is none."""
    verdict = site.redirect(redirect)
    landing = verdict.landing
    if landing is None:
        return Skipped(verdict.refusal or "", verdict.issues)
    to_path = landing.url
    if landing.media_id is not None:
        to_path = _attachment_path(landing.media_id, site)
        if to_path is None:
            detail = f"{redirect.place}: {verdict.from_path} leads to attachment {landing.media_id}, which has no file."
            is_rule = redirect.kind == "rule"
            return Skipped(NO_FILE, (Issue("redirects.missing_file", detail),) if is_rule else ())
    is_address = redirect.kind == "shortlink" and not site.option("permalink_structure")
    row = RedirectRow(
        id=site.row_id("redirects", redirect.id),
        site_id=site.id,
        from_path=verdict.from_path,
        to_path=to_path,
        status_code=landing.status_code,
        is_regex=verdict.is_regex,
        origin="permalink" if is_address else ORIGINS[redirect.kind],
    )
    return Transformed(rows=(row,), issues=verdict.issues)


def _attachment_path(attachment_id: int, site: Site) -> str | None:
    """Return where a picture is seen: in the post that it belongs to, else by itself.

    Sites made since WordPress 6.4 have no pages for attachments and lead to the file.
    """
    attachment, media = site.post(attachment_id), site.media(attachment_id)
    parent = site.post(attachment.parent_id) if attachment and attachment.parent_id else None
    page = site.path(parent.id) if parent and parent.type != "attachment" and parent.status == "publish" else None
    file = site.rules.media_base_url + media.store_key if media and media.store_key else None
    return file or page if site.option("wp_attachment_pages_enabled") == "0" else page or file


REDIRECTS = Entity(name="redirects", source=RedirectQuery(), transform=transform_redirect, version=1)
