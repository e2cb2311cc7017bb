"""What is, and what is not, part of a migration: the lists that people agree on before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reports.assessment import Assessment, ContentGroup, TaxonomyLine
from reports.assessment_findings import Level
from reports.scope_document import Scope, ScopeLine, Topic

CARRIED_COMMENTS = ("approved", "waiting")
NAMED_TABLES = 8
LOST_OBJECTS = ("media.", "comments.", "terms.")  # findings of whole objects that stay behind

Part = Callable[[Assessment], Iterator[ScopeLine]]


def scope_of(assessment: Assessment) -> Scope:
    """Return what an assessed site's migration holds, and what it does not."""
    return Scope(
        included=tuple(line for part in INCLUDED for line in part(assessment)),
        not_included=tuple(line for part in NOT_INCLUDED for line in part(assessment)),
    )


def _content(found: Assessment) -> Iterator[ScopeLine]:
    for group in found.content_groups:
        if group.goes_to:
            yield _posts(group, f"to the {group.goes_to}")


def _posts(group: ContentGroup, how: str) -> ScopeLine:
    statuses = ", ".join(status or "without a status" for status in group.statuses)
    what = f"{group.type}, {statuses}"
    return ScopeLine(
        what=what, count=group.count, how=how, topic=Topic.TYPE, names=(group.type,), examples=group.examples
    )


def _terms(found: Assessment) -> Iterator[ScopeLine]:
    for taxonomy in found.taxonomies:
        if not taxonomy.reason:
            yield ScopeLine(what=f"terms of {taxonomy.name}", count=taxonomy.terms, how="with their tree and addresses")


def _people(found: Assessment) -> Iterator[ScopeLine]:
    users = found.outcomes["users"]["loaded"]
    yield ScopeLine(what="users", count=users, how="with their roles, profiles and passwords")
    for state in CARRIED_COMMENTS:
        if found.comments.get(state):
            yield ScopeLine(what=f"comments, {state}", count=found.comments[state], how="with their threads")


def _site_itself(found: Assessment) -> Iterator[ScopeLine]:
    if found.menus:
        items = sum(menu.items for menu in found.menus)
        yield ScopeLine(what="menus", count=len(found.menus), how=f"with their {items:,} items")
    if redirects := found.outcomes["redirects"]["loaded"]:
        yield ScopeLine(what="redirects", count=redirects, how="from old addresses to new ones")
    if found.fields:
        yield ScopeLine(what="custom fields", count=len(found.fields), how="by name, in their structure")
    settings = found.outcomes["settings"]["loaded"]
    yield ScopeLine(what="settings of the site", count=settings, how="as they are, without secrets")


def _carried_features(found: Assessment) -> Iterator[ScopeLine]:
    for carried, how in (("fully", "as visitors saw them"), ("unwrapped", "what they enclose, in plain HTML")):
        features = [feature for feature in found.features if feature.carried == carried]
        if features:
            uses = sum(feature.uses for feature in features)
            yield ScopeLine(what=f"{len(features)} kinds of blocks, shortcodes and widgets", count=uses, how=how)


def _builders(found: Assessment, *, carried: bool) -> Iterator[ScopeLine]:
    for builder in found.builders:
        if (builder.carried != "not") == carried:
            examples = tuple(filter(None, (builder.example,)))
            what = f"pages made with {builder.name}"
            yield ScopeLine(what=what, count=builder.posts, how=builder.how, examples=examples)


def _carried_builders(found: Assessment) -> Iterator[ScopeLine]:
    return _builders(found, carried=True)


def _other_builders(found: Assessment) -> Iterator[ScopeLine]:
    return _builders(found, carried=False)


def _left_out_content(found: Assessment) -> Iterator[ScopeLine]:
    for group in found.content_groups:
        if not group.goes_to:
            yield _posts(group, group.reason or "")


def _left_out_terms(found: Assessment) -> Iterator[ScopeLine]:
    by_reason: dict[str, list[TaxonomyLine]] = {}
    for taxonomy in found.taxonomies:
        if taxonomy.reason:
            by_reason.setdefault(taxonomy.reason, []).append(taxonomy)
    for reason, taxonomies in by_reason.items():
        names = ", ".join(taxonomy.name for taxonomy in taxonomies)
        yield ScopeLine(what=f"terms of {names}", count=sum(taxonomy.terms for taxonomy in taxonomies), how=reason)


def _left_out_comments(found: Assessment) -> Iterator[ScopeLine]:
    for state, count in found.comments.items():
        if state not in CARRIED_COMMENTS:
            yield ScopeLine(what=f"comments, {state}", count=count, how="visitors did not see them")


def _placeholders(found: Assessment) -> Iterator[ScopeLine]:
    hows = {
        "as a placeholder": "it showed what the live site held; a placeholder keeps its place and its attributes",
        "not": "it only decorates, or holds nothing that can be read",
    }
    for feature in found.features:
        if feature.carried in hows:
            examples = tuple(filter(None, (feature.example,)))
            what = f"{feature.kind} {feature.name}"
            yield ScopeLine(what=what, count=feature.uses, how=hows[feature.carried], examples=examples)


def _lost_objects(found: Assessment) -> Iterator[ScopeLine]:
    for group in found.findings:
        if group.level is Level.LOSS and group.code.startswith(LOST_OBJECTS):
            examples = tuple(example.url for example in group.examples if example.url)
            yield ScopeLine(what=group.title, count=group.count, how=group.examples[0].detail, examples=examples)


def _programs(found: Assessment) -> Iterator[ScopeLine]:
    tables = [table.name for table in found.tables if not table.is_read and "is a view" not in table.remarks]
    if tables:
        names = ", ".join(tables[:NAMED_TABLES]) + (" and others" if len(tables) > NAMED_TABLES else "")
        yield ScopeLine(what="tables of plugins", count=len(tables), how=f"no part of WordPress: {names}")
    if found.other_fields:
        how = "notes of WordPress, the theme and plugins for themselves"
        yield ScopeLine(what="fields of machinery", count=found.other_fields, how=how)
    for what, plugins in (("plugins", found.plugins), ("plugins of the network", found.network_plugins)):
        if plugins:
            how = f"what they do, other than what they wrote into the content: {', '.join(plugins)}"
            topic = Topic.PLUGIN if plugins is found.plugins else None
            yield ScopeLine(what=what, count=len(plugins), how=how, topic=topic, names=plugins)
    how = "its design, templates and widgets"
    yield ScopeLine(what=f"theme {found.theme}", count=1, how=how, topic=Topic.THEME, names=(found.theme,))


INCLUDED: tuple[Part, ...] = (_content, _terms, _people, _site_itself, _carried_builders, _carried_features)
NOT_INCLUDED: tuple[Part, ...] = (
    _left_out_content, _left_out_terms, _left_out_comments, _other_builders, _placeholders, _lost_objects, _programs,
)  # fmt: skip
