"""Polylang: languages and groups are terms; a group's description lists its members as {language: id}.

Polylang believes the description of the group that an object is linked to, minus languages that are gone.
What it checks only while saving is checked here too: that a member exists and is in the language it stands for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from transforms.contract import Languages
from transforms.languages.groups import Findings, Groups, front_pages, integer_or_none, is_on, mapping_or_empty
from transforms.languages.polylang_urls import PolylangUrls
from wp_models.php_data import decode
from wp_models.records import TermEntry, WpSite

POST_LANGUAGE, POST_GROUP = "language", "post_translations"
TERM_LANGUAGE, TERM_GROUP = "term_language", "term_translations"
TERM_LANGUAGE_PREFIX = "pll_"
_PLAIN_GROUP = re.compile(r'a:\d+:\{(?:s:\d+:"[\w-]+";i:[1-9]\d*;)+\}')
_PLAIN_MEMBER = re.compile(r'"([\w-]+)";i:(\d+);')

Links = Mapping[str, Mapping[int, list[TermEntry]]]
"""Polylang's terms by taxonomy and linked object: a post id, or a TERM id in the taxonomies of terms."""


def read_polylang(wp: WpSite) -> Languages | None:
    """Return what Polylang says of the site; None where it keeps no language."""
    terms = sorted(
        (term for term in wp.terms.values() if term.taxonomy == POST_LANGUAGE and term.slug),
        key=lambda term: (term.term_group, term.id),  # term_group is the order in which the site shows them
    )
    if not terms:
        return None
    codes = tuple(dict.fromkeys(term.slug for term in terms))
    settings = mapping_or_empty(decode(wp.options.get("polylang") or ""))
    default = settings.get("default_lang")
    default = default if isinstance(default, str) and default in codes else codes[0]
    links = _links(wp)
    post_findings, term_findings = Findings(), Findings()
    of_post = _post_languages(wp, links, post_findings)
    post_groups = _read_groups(links, POST_GROUP, _Objects("post", {}, of_post, codes, wp.posts), post_findings)
    ids = _term_taxonomy_ids(wp)
    of_term = _term_languages(links, ids, codes)
    term_groups = _read_groups(links, TERM_GROUP, _Objects("term", ids, of_term, codes, wp.terms), term_findings)
    group_of_post = post_groups.of_objects()
    urls = PolylangUrls(wp, settings, codes, default)
    page_on_front = wp.options.get("page_on_front") or ""
    language = of_post.get(int(page_on_front), default) if page_on_front.isdecimal() else default
    return Languages(
        default=default,
        codes=codes,
        names={term.slug: term.name for term in terms},
        rtl=frozenset(term.slug for term in terms if is_on(mapping_or_empty(decode(term.description)).get("rtl"))),
        of_post=of_post,
        of_term=of_term,
        group_of_post=group_of_post,
        group_of_term=term_groups.of_objects(),
        original_of_post=_originals(post_groups, default),
        url_mode=urls.mode,
        prefix_default=not urls.hides_default,
        url_prefixes=urls.prefixes(),
        home_urls=urls.home_urls(),
        home_pages=urls.home_pages(front_pages(wp, post_groups, group_of_post, language)),
        issues=post_findings.result(),
        term_issues=term_findings.result(),
    )


def _links(wp: WpSite) -> Links:
    links: dict[str, defaultdict[int, list[TermEntry]]] = {
        name: defaultdict(list) for name in (POST_LANGUAGE, POST_GROUP, TERM_LANGUAGE, TERM_GROUP)
    }
    for object_id, term_taxonomy_id in wp.language_links:
        term = wp.terms.get(term_taxonomy_id)
        if term is not None and term.taxonomy in links:
            links[term.taxonomy][object_id].append(term)
    return links


def _post_languages(wp: WpSite, links: Links, findings: Findings) -> dict[int, str]:
    of_post: dict[int, str] = {}
    for post_id, terms in links[POST_LANGUAGE].items():
        if post_id not in wp.posts or not terms[0].slug:
            continue
        # get_object_term() takes the first of the cached terms, and the cache is ordered by name.
        chosen = terms[0] if len(terms) == 1 else min(terms, key=lambda term: (term.name, term.id))
        of_post[post_id] = chosen.slug
        if len(terms) > 1:
            others = ", ".join(sorted(term.slug for term in terms if term is not chosen))
            findings.report(
                post_id, "languages.several", f"It is also marked as {others}; {chosen.slug} is kept. Check its text."
            )
    return of_post


def _term_taxonomy_ids(wp: WpSite) -> dict[int, list[int]]:
    """Return term_taxonomy ids by term id: a term of old data can stand in several taxonomies."""
    ids: defaultdict[int, list[int]] = defaultdict(list)
    for term in wp.terms.values():
        if term.taxonomy not in (POST_LANGUAGE, POST_GROUP, TERM_LANGUAGE, TERM_GROUP):
            ids[term.term_id].append(term.id)
    return ids


def _term_languages(links: Links, ids: Mapping[int, list[int]], codes: Collection[str]) -> dict[int, str]:
    of_term: dict[int, str] = {}
    for term_id, terms in links[TERM_LANGUAGE].items():
        found = sorted(term.slug.removeprefix(TERM_LANGUAGE_PREFIX) for term in terms)
        code = next((code for code in found if code in codes), None)
        if code is not None:
            of_term.update(dict.fromkeys(ids.get(term_id, ()), code))
    return of_term


@dataclass(frozen=True, slots=True)
class _Objects:
    """The posts or the terms of a site, as their groups need them."""

    kind: str  # post | term
    ids: Mapping[int, list[int]]  # of terms: term_taxonomy ids by term id
    language_of: Mapping[int, str]
    codes: Collection[str]
    existing: Collection[int]

    def of(self, stored_id: int) -> Iterable[int]:
        """Return the objects behind an id as Polylang stores it."""
        if self.kind == "term":
            return self.ids.get(stored_id, ())
        return (stored_id,) if stored_id in self.existing else ()


def _read_groups(links: Links, taxonomy: str, objects: _Objects, findings: Findings) -> Groups:
    """Return who stands with whom: first those whom a description names, then those who are only linked."""
    terms = {term.id: term for linked in links[taxonomy].values() for term in linked}
    home = _linked_groups(links[taxonomy], objects, findings)
    groups = Groups()
    seated: set[int] = set()
    for term in sorted(terms.values(), key=lambda term: term.id):
        damage: list[tuple[str, str]] = []
        for code, object_id in _described(term, objects, damage, findings):
            if home.get(object_id, term.id) == term.id and object_id not in seated:
                groups.join(_group_name(objects.kind, term), code, object_id)
                seated.add(object_id)
        if members := groups.members.get(_group_name(objects.kind, term)):
            for issue_code, detail in damage:
                findings.report(min(members.values()), issue_code, detail)
    for object_id, group_id in sorted(home.items()):
        if object_id not in seated and object_id in objects.language_of:
            _seat_unlisted(object_id, terms[group_id], objects, groups, findings)
    return groups


def _linked_groups(
    linked_terms: Mapping[int, list[TermEntry]], objects: _Objects, findings: Findings
) -> dict[int, int]:
    """Return the term id of the group that each object is linked to."""
    home: dict[int, int] = {}
    for stored_id, linked in linked_terms.items():
        if len(linked) == 1:
            chosen = linked[0]
        else:
            naming = [
                term
                for term in linked
                if stored_id in map(integer_or_none, mapping_or_empty(decode(term.description)).values())
            ]
            chosen = min(naming or linked, key=lambda term: term.id)
            for object_id in objects.of(stored_id):
                text = (
                    f"It is linked to {len(linked)} translation groups; {chosen.slug} is kept. Check its translations."
                )
                findings.report(object_id, "languages.several_groups", text)
        for object_id in objects.of(stored_id):
            home[object_id] = chosen.id
    return home


def _seat_unlisted(object_id: int, group: TermEntry, objects: _Objects, groups: Groups, findings: Findings) -> None:
    """Let an object into the group that it is linked to but that does not list it, if its language is free there."""
    language = objects.language_of[object_id]
    holder = groups.join(_group_name(objects.kind, group), language, object_id)
    if holder == object_id:
        text = f"Its translation group {group.slug} does not list it; it is kept there as {language}."
        findings.report(object_id, "languages.unlisted", text)
    else:
        text = (
            f"Its translation group {group.slug} has {objects.kind} {holder} for {language} already; "
            f"it is loaded without translations. Link it again in the CMS."
        )
        findings.report(object_id, "languages.duplicate", text)


def _group_name(kind: str, term: TermEntry) -> str:
    return f"{kind}:{term.slug or term.id}"


def _described(
    term: TermEntry, objects: _Objects, damage: list[tuple[str, str]], findings: Findings
) -> list[tuple[str, int]]:
    """Return the true members among those that a group's description names; note the others."""
    members: list[tuple[str, int]] = []
    for code, stored_id in _named(term.description):
        found = objects.of(stored_id)
        if not found:
            text = f"Its translation group {term.slug} names {objects.kind} {stored_id} for {code}, which is gone."
            damage.append(("languages.dead_translation", text))
        for object_id in found:
            language = objects.language_of.get(object_id)
            if code not in objects.codes:
                text = f"It was the {code} translation in group {term.slug}; the site has no language {code} any more."
                findings.report(object_id, "languages.removed_language", text)
            elif language != code:
                text = (
                    f"Translation group {term.slug} takes it for {code}, but it is marked as {language or 'nothing'}; "
                    f"that group does not hold it any more."
                )
                findings.report(object_id, "languages.mismatch", text)
            else:
                members.append((code, object_id))
    return members


def _named(description: str) -> list[tuple[str, int]]:
    """Return the languages and ids in a group's description; nearly all are too plain to need a parser."""
    if _PLAIN_GROUP.fullmatch(description):
        return [(code, int(stored_id)) for code, stored_id in _PLAIN_MEMBER.findall(description)]
    values = mapping_or_empty(decode(description)).items()  # other plugins keep arrays of their own in there
    return [(code, stored_id) for code, value in values if (stored_id := integer_or_none(value))]


def _originals(groups: Groups, default: str) -> dict[int, int]:
    """Return the post in the default language for each of its translations; Polylang keeps no other source."""
    return {
        post_id: members[default]
        for members in groups.members.values()
        if default in members
        for code, post_id in members.items()
        if code != default
    }
