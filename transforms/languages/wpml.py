"""WPML: one row of `icl_translations` per post and term; rows of one `trid` are translations of each other.

WPML joins rows on type and id together, so a row whose type differs from its post's is invisible in WordPress;
it counts here where no better row exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from transforms.contract import Languages
from transforms.languages.groups import Findings, Groups, front_pages, integer_or_none, is_on, mapping_or_empty
from wp_models.php_data import PhpValue, decode
from wp_models.records import WpmlTranslation, WpSite

POST_PREFIX, TERM_PREFIX = "post_", "tax_"
URL_MODES = {1: "directory", 2: "domain", 3: "query"}  # by the setting language_negotiation_type
RTL_LANGUAGES = frozenset(
    {"ar", "arc", "azb", "ckb", "dv", "fa", "fa-af", "he", "ku", "nqo", "ps", "sd", "ug", "ur", "yi"}
)


def read_wpml(wp: WpSite) -> Languages | None:
    """Return what WPML says of the site; None where its table is missing or empty."""
    if not wp.wpml:
        return None
    settings = mapping_or_empty(decode(wp.options.get("icl_sitepress_settings") or ""))
    types = {post_id: post.type for post_id, post in wp.posts.items()}
    taxonomies = {term_id: term.taxonomy for term_id, term in wp.terms.items()}
    post_findings, term_findings = Findings(), Findings()
    posts = _own_rows(wp.wpml, POST_PREFIX, types, post_findings)
    terms = _own_rows(wp.wpml, TERM_PREFIX, taxonomies, term_findings)
    post_groups = _read_groups("post", posts, post_findings)
    term_groups = _read_groups("term", terms, term_findings)
    default = _default_language(settings, posts.values())
    codes = _codes(settings, default, (*posts.values(), *terms.values()))
    group_of_post = post_groups.of_objects()
    originals = _originals(posts, post_groups, group_of_post)
    _report_state(posts, post_groups, originals, post_findings)
    of_post = {post_id: row.language for post_id, row in posts.items()}
    mode = URL_MODES.get(integer_or_none(settings.get("language_negotiation_type")) or 1, "directory")
    prefix_default = is_on(mapping_or_empty(settings.get("urls")).get("directory_for_default_language"))
    page_on_front = wp.options.get("page_on_front") or ""
    language = of_post.get(int(page_on_front), default) if page_on_front.isdecimal() else default
    pages = front_pages(wp, post_groups, group_of_post, language)
    return Languages(
        default=default,
        codes=codes,
        rtl=RTL_LANGUAGES.intersection(codes),
        of_post=of_post,
        of_term={term_id: row.language for term_id, row in terms.items()},
        group_of_post=group_of_post,
        group_of_term=term_groups.of_objects(),
        original_of_post=originals,
        copies=frozenset(post_id for post_id, row in posts.items() if row.is_duplicate),
        machine_made=frozenset(post_id for post_id, row in posts.items() if row.is_machine),
        url_mode=mode,
        prefix_default=prefix_default,
        url_prefixes={code: code for code in codes if code != default or prefix_default} if mode == "directory" else {},
        home_urls=_home_urls(wp, settings, default) if mode == "domain" else {},
        # With ?lang= all homes have one path, which is the default language's.
        home_pages=pages if mode != "query" else {code: page for code, page in pages.items() if code == default},
        issues=post_findings.result(),
        term_issues=term_findings.result(),
    )


def _own_rows(
    rows: Iterable[WpmlTranslation], prefix: str, types: Mapping[int, str], findings: Findings
) -> dict[int, WpmlTranslation]:
    """Return the one row of each existing object, in the order of ids; rows of the right type come first."""
    chosen: dict[int, WpmlTranslation] = {}
    for row in rows:
        if not row.element_type.startswith(prefix) or row.element_id not in types or not row.language:
            continue
        other = chosen.get(row.element_id)
        if other is None:
            chosen[row.element_id] = row
            continue
        own_type = prefix + types[row.element_id]
        best, worse = sorted((other, row), key=lambda one: (one.element_type != own_type, one.group_id))
        chosen[row.element_id] = best
        if worse.element_type == own_type:
            text = (
                f"It stands in the translation groups {best.group_id} ({best.language}) and "
                f"{worse.group_id} ({worse.language}); the first is kept. Check its translations."
            )
            findings.report(row.element_id, "languages.several_groups", text)
    # The site's own numbers in its own order, so that no map of languages has a copy of each.
    return {number: chosen[number] for number in types if number in chosen}


def _read_groups(kind: str, rows: Mapping[int, WpmlTranslation], findings: Findings) -> Groups:
    """Return who stands with whom; of two objects of one language the lower id stays.

    Most objects of a large site are alone in their group, and those are left out.
    """
    groups = Groups()
    sizes = Counter(row.group_id for row in rows.values())
    for object_id, row in rows.items():
        if sizes[row.group_id] == 1:
            continue
        holder = groups.join(f"{kind}:{row.group_id}", row.language, object_id)
        if holder != object_id:
            text = (
                f"Its translation group {row.group_id} has {kind} {holder} for {row.language} already; "
                f"it is loaded without translations. Link it again in the CMS."
            )
            findings.report(object_id, "languages.duplicate", text)
    return groups


def _report_state(
    rows: Mapping[int, WpmlTranslation], groups: Groups, originals: Mapping[int, int], findings: Findings
) -> None:
    """Note which translations have lost their original, or are older than it."""
    for post_id, row in rows.items():
        members = groups.members.get(f"post:{row.group_id}", {})
        if not row.source_language or members.get(row.language, post_id) != post_id:
            continue  # an original; or one that left its group, of which a finding tells
        if post_id not in originals:
            text = (
                f"It was translated from {row.source_language}, but translation group {row.group_id} does not hold "
                "its original any more. Link it again in the CMS if there is one."
            )
            findings.report(post_id, "languages.orphan", text)
        elif row.is_outdated:
            text = "Its original has changed since it was translated (WPML: needs update). Bring it up to date."
            findings.report(post_id, "languages.outdated", text)


def _default_language(settings: Mapping[str, PhpValue], rows: Iterable[WpmlTranslation]) -> str:
    """Return the default language; without settings, the one that most originals are written in."""
    stored = settings.get("default_language")
    if isinstance(stored, str) and stored:
        return stored
    counts = Counter(row.language for row in rows if not row.source_language)
    return min(counts, key=lambda code: (-counts[code], code), default="en")


def _codes(settings: Mapping[str, PhpValue], default: str, rows: Iterable[WpmlTranslation]) -> tuple[str, ...]:
    """Return the site's languages, the default first, then in the site's order, then those that only content has."""
    ordered: list[str] = [default]
    active = _texts(settings.get("active_languages"))
    ordered += [code for code in _texts(settings.get("languages_order")) if code in active]
    ordered += active
    return tuple(dict.fromkeys((*ordered, *sorted({row.language for row in rows}))))


def _texts(value: PhpValue) -> list[str]:
    values = list(value.values()) if isinstance(value, dict) else value
    return [text for text in values if isinstance(text, str)] if isinstance(values, list) else []


def _originals(rows: Mapping[int, WpmlTranslation], groups: Groups, group_of_post: Mapping[int, str]) -> dict[int, int]:
    """Return the post that each translation was made from: its source language's, else the group's original."""
    originals: dict[int, int] = {}
    for post_id, group in group_of_post.items():
        source = rows[post_id].source_language
        if not source:  # NULL, or '' in older versions: this is the original
            continue
        members = groups.members[group]
        original = members.get(source) or next(
            (member for member in members.values() if not rows[member].source_language), None
        )
        if original is not None and original != post_id:
            originals[post_id] = original
    return originals


def _home_urls(wp: WpSite, settings: Mapping[str, PhpValue], default: str) -> dict[str, str]:
    home = (wp.options.get("home") or wp.options.get("siteurl") or "").rstrip("/")
    urls = {default: home}
    for code, domain in mapping_or_empty(settings.get("language_domains")).items():
        if isinstance(domain, str) and domain and code != default:
            # Stored as a bare host; versions before 3.4 kept whole addresses.
            urls[code] = domain.rstrip("/") if "://" in domain else f"{urlsplit(home).scheme}://{domain.rstrip('/')}"
    return urls
