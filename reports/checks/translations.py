"""Languages and translation groups: each object in its language, groups with the same members on both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from cms_models.verify_queries import TranslatedFacts
from reports.checks.contract import NONE, About
from reports.verification import Difference
from wp_models.verify_queries import Translation

LAYER = "translations"
Noted = Mapping[tuple[bool, int], frozenset[str]]
"""What is noted of objects, by whether they are terms and by their ids."""


def check_translations(
    source: Iterable[Translation], target: Iterable[TranslatedFacts], issues: Mapping[tuple[str, int], frozenset[str]]
) -> Iterator[Difference]:
    """Yield objects in another language or group than in WordPress; those whose damage was declared are left out."""
    languages, groups = _noted(source)
    rows = [row for row in target if not _is_damaged(row, issues)]
    for row in rows:
        spoken = languages.get(_key(row), NONE)
        if row.language not in spoken and (spoken or row.language is not None):
            yield _differs(row, "language", "/".join(sorted(spoken)) or None, row.language)
    members: dict[tuple[bool, str], list[TranslatedFacts]] = defaultdict(list)
    for row in rows:
        own = groups.get(_key(row), NONE)
        if len(own) == 1:
            members[_key(row)[0], next(iter(own))].append(row)
    yield from _apart(members)
    yield from _together(rows, groups)


def _noted(source: Iterable[Translation]) -> tuple[Noted, Noted]:
    """Return the languages and the groups of each object; sets that are equal are one, for there are many."""
    languages: dict[tuple[bool, int], frozenset[str]] = {}
    groups: dict[tuple[bool, int], frozenset[str]] = {}
    shared: dict[frozenset[str], frozenset[str]] = {}
    for noted in source:
        key = (noted.is_term, noted.id)
        for known, name in ((languages, noted.language), (groups, noted.group)):
            if name:
                every = known.get(key, NONE) | {name}
                known[key] = shared.setdefault(every, every)
    return languages, groups


def _apart(members: Mapping[tuple[bool, str], list[TranslatedFacts]]) -> Iterator[Difference]:
    """Yield translations of each other that the CMS does not show as such: hreflang needs both directions."""
    for found in members.values():
        spoken = [row.language for row in found]
        if len(found) < 2 or len(set(spoken)) < len(spoken):
            continue
        common = _commonest([row.group_id for row in found])
        for row in found:
            if row.group_id is None or row.group_id != common:
                others = ", ".join(str(one.wp_id) for one in found if one is not row)
                yield _differs(row, "translation_group_id", f"with {others}", "alone")


def _together(rows: Iterable[TranslatedFacts], groups: Noted) -> Iterator[Difference]:
    """Yield members of a group who have nothing to do with each other in WordPress."""
    by_group: dict[UUID, list[TranslatedFacts]] = defaultdict(list)
    for row in rows:
        if row.group_id is not None:
            by_group[row.group_id].append(row)
    for found in by_group.values():
        if len(found) < 2:
            continue  # its other members were made in the CMS
        named = [groups.get(_key(row), NONE) for row in found]
        common = _commonest([name for own in named for name in own])
        for row, own in zip(found, named, strict=True):
            if common not in own:
                yield _differs(row, "translation_group_id", "alone", f"with {len(found) - 1} others")
        if len({row.language for row in found}) < len(found):
            yield _differs(found[0], "translation_group_id", "one member a language", "two of one language")


def _commonest(names: Sequence[Hashable]) -> object:
    return max(names, key=names.count) if names else None


def _key(row: TranslatedFacts) -> tuple[bool, int]:
    return row.entity == "terms", row.wp_id


def _is_damaged(row: TranslatedFacts, issues: Mapping[tuple[str, int], frozenset[str]]) -> bool:
    return any(code.startswith("languages.") for code in issues.get((row.entity, row.wp_id), ()))


def _differs(row: TranslatedFacts, name: str, source: str | None, target: str | None) -> Difference:
    return About(LAYER, row.entity, row.wp_id, row.title).differs(name, source=source, target=target)
