"""The scope that people agree on before anything is moved: its lines, its hash, and what differs from it later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

HASH_LETTERS = 64


class Topic(StrEnum):
    """What later runs can hold against a signed scope, each line under the names of what it is about."""

    TYPE = "type"  # of content
    PLUGIN = "plugin"
    THEME = "theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLine:
    """One thing that is, or is not, part of the migration."""

    what: str
    count: int
    how: str  # what becomes of it, or why it stays behind
    topic: Topic | None = None
    names: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()  # addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What people agree on before anything is moved."""

    included: tuple[ScopeLine, ...]
    not_included: tuple[ScopeLine, ...]

    @property
    def hash(self) -> str:
        """Return the SHA-256 of what is agreed on: the same site and settings give the same, whenever it is asked."""
        agreed = [
            [[line.what, line.count, line.how, line.topic, line.names] for line in lines]
            for lines in (self.included, self.not_included)
        ]
        return hashlib.sha256(orjson.dumps(agreed)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What of a scope every run sees, without reading a body: counts by type, plugins, theme."""

    included: Mapping[str, int]  # type > posts that come along
    not_included: Mapping[str, int]  # type > posts that stay behind
    plugins: frozenset[str]
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChange:
    """One thing that is not as it was agreed on."""

    what: str
    signed: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedScope:
    """The scope that was agreed on: its hash and, where its document is kept, what stands in it."""

    hash: str
    outline: Outline | None = None  # None where only the hash is known


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDifference:
    """What a site holds now, held against the scope that was signed."""

    hash: str  # of the signed scope
    changes: tuple[ScopeChange, ...] | None  # None where only its hash is known

    def lines(self) -> Iterator[str]:
        """Yield it for people."""
        if self.changes is None:
            yield f"What differs from the signed scope {self.hash[:16]} cannot be told: only its hash is known."
            return
        yield f"{len(self.changes) or 'Nothing'} different from the signed scope {self.hash[:16]}."
        yield from (f"  {one.what}: signed {one.signed}, now {one.now}" for one in self.changes)


def outline_of(scope: Scope) -> Outline:
    """Return what of a scope every run sees."""
    lines = (*scope.included, *scope.not_included)
    return Outline(
        included=_posts(scope.included),
        not_included=_posts(scope.not_included),
        plugins=frozenset(name for line in lines if line.topic == Topic.PLUGIN for name in line.names),
        theme=next((line.names[0] for line in lines if line.topic == Topic.THEME), ""),
    )


def read_signed_scope(text: str) -> SignedScope:
    """Return the scope of a document that `assess` wrote. Raises ValueError for another, or one that was changed."""
    try:
        found = orjson.loads(text)
        scope = Scope(included=_lines(found["included"]), not_included=_lines(found["not_included"]))
        stated = str(found["hash"])
    except (KeyError, TypeError, ValueError):
        raise ValueError("it is no scope.json as `wpferry assess` writes it") from None
    if scope.hash != stated:
        raise ValueError(f"it was changed after it was written: it states the hash {stated[:16]}, and has another")
    return SignedScope(hash=stated, outline=outline_of(scope))


def scope_difference(signed: SignedScope, now: Outline) -> ScopeDifference:
    """Return what is not as it was signed."""
    if signed.outline is None:
        return ScopeDifference(hash=signed.hash, changes=None)
    return ScopeDifference(hash=signed.hash, changes=tuple(_changes(signed.outline, now)))


def _changes(signed: Outline, now: Outline) -> Iterator[ScopeChange]:
    for what, before, after in (
        ("posts of type {} that come along", signed.included, now.included),
        ("posts of type {} that stay behind", signed.not_included, now.not_included),
    ):
        for name in sorted(before.keys() | after.keys()):
            if before.get(name, 0) != after.get(name, 0):
                yield ScopeChange(
                    what=what.format(name), signed=f"{before.get(name, 0):,}", now=f"{after.get(name, 0):,}"
                )
    for name in sorted(signed.plugins ^ now.plugins):
        was, is_now = (("active" if name in side.plugins else "not there") for side in (signed, now))
        yield ScopeChange(what=f"plugin {name}", signed=was, now=is_now)
    if signed.theme != now.theme:
        yield ScopeChange(what="theme", signed=signed.theme or "none", now=now.theme or "none")


def _posts(lines: Iterable[ScopeLine]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for line in lines:
        if line.topic == Topic.TYPE:
            counts[line.names[0]] += line.count
    return counts


def _lines(found: Sequence[Mapping[str, Any]]) -> tuple[ScopeLine, ...]:
    return tuple(
        ScopeLine(
            what=one["what"],
            count=one["count"],
            how=one["how"],
            topic=Topic(one["topic"]) if one["topic"] else None,
            names=tuple(one["names"]),
        )
        for one in found
    )
