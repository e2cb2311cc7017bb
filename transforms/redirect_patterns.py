"""Patterns of redirect plugins, as one kind of regular expression. They are carried, never run: they are not ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wp_models.records import WpRedirect

META = frozenset(".^$*+?()[]{}|\\")
REFERENCE = re.compile(r"\$\d|\\\d")
# ^/old/page/?$ with escaped signs: an address in the form of a pattern.
LITERAL = re.compile(r"\^((?:[^.^$*+?()\[\]{}|\\]|\\[^\w\s])*?)(?:/\?)?\$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule that answers at many addresses."""

    source: str  # a regular expression for a path with its leading slash
    has_references: bool  # its target is made of what the pattern matched
    may_circle: bool  # its target may match it again


def literal_source(rule: WpRedirect) -> str | None:
    """Return the one address that a rule answers at; None for a rule of many."""
    if rule.match == "exact":
        return rule.source
    found = LITERAL.fullmatch(rule.source) if rule.match == "regex" else None
    return re.sub(r"\\(.)", r"\1", found[1]) if found and found[1].strip("/") else None


def pattern_of(rule: WpRedirect, home_path: str) -> Pattern:
    """Return a rule for many addresses as a pattern for whole paths."""
    head = _escaped(f"{home_path}/" if rule.is_below_home else "/")
    plain = _escaped(rule.source.lstrip("/"))
    source = {
        "prefix": f"^{head}{plain}",
        "suffix": f"{_escaped(rule.source)}$",
        "contains": _escaped(rule.source),
    }.get(rule.match)
    if source is None:
        source = rule.source
        if rule.is_below_home and source.startswith("^"):
            source = f"^{head}{source[1:].removeprefix('/')}"
    target = rule.target or ""
    literal = _literal_head(source)
    return Pattern(
        source=source,
        has_references=REFERENCE.search(target) is not None,
        may_circle=rule.target is not None and (literal is None or target.startswith(literal)),
    )


def _literal_head(source: str) -> str | None:
    """Return the text that every match begins with; None where a match may begin anywhere."""
    if not source.startswith("^"):
        return None
    found = re.match(r"\^((?:[^.^$*+?()\[\]{}|\\](?![*+?{])|\\[^\w\s](?![*+?{]))*)", source)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else ""


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in META else sign for sign in text)
