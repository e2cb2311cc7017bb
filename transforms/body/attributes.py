"""The attributes of one tag, read and written as parsers write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape

_NAME_AND_VALUE = re.compile(r' (=?[^\s=]+|=)="([^"]*)"')
_REFERENCES = (("&", "&amp;"), ("\xa0", "&nbsp;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;"))


def places_with_attributes(pieces: Sequence[str]) -> list[int]:
    """Return where tags with attributes stand in markup cut at its tags."""
    return [place for place in range(1, len(pieces), 2) if "=" in pieces[place]]


def read_attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag that a parser wrote, in their order."""
    attributes = dict(_NAME_AND_VALUE.findall(tag))
    if "&" in tag:
        return {name: unescape(value) if "&" in value else value for name, value in attributes.items()}
    return attributes


def with_attributes(tag: str, attributes: Mapping[str, str]) -> str:
    """Return a tag with these attributes in place of its own."""
    values = list(attributes.values())
    together = "".join(values)
    if escaped(together) != together:
        values = list(map(escaped, values))
    written = "".join([f' {name}="{value}"' for name, value in zip(attributes, values, strict=True)])
    return f"{tag.partition(' ')[0]}{written}>"


def escaped(value: str) -> str:
    """Return a value as it stands between double quotes."""
    for sign, reference in _REFERENCES:
        if sign in value:
            value = value.replace(sign, reference)
    return value
