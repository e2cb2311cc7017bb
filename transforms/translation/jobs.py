"""What the jobs of a translation plugin teach: texts that are known to be translations of one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.body.autop import autop
from transforms.body.blocks.grammar import MARK
from transforms.translation.contract import NO_TERMS, Field, Terms, TextKind
from transforms.translation.memory import Harvested, harvest_field
from transforms.values.text import plain_text
from wp_models.records import TranslatedField

BODY = "body"
_PLAIN = re.compile(r"title|excerpt|t_\d+|tdesc_\d+")  # of terms the name and the description
_ADDRESS = "URL"
_TAG = re.compile("<[A-Za-z]")


def harvest_job_field(field: TranslatedField, terms: Terms = NO_TERMS) -> Iterator[Harvested]:
    """Return what a text of a job teaches; it is read as the rows made of such texts are written."""
    if field.name == _ADDRESS:
        return iter(())
    kind = _kind(field)
    return harvest_field(
        Field(kind, _as_in_rows(field.source, kind, field.name)),
        Field(kind, _as_in_rows(field.target, kind, field.name)),
        terms,
    )


def _kind(field: TranslatedField) -> TextKind:
    """Return how a text is written; strings of page builders and custom fields may be either."""
    if _PLAIN.fullmatch(field.name):
        return TextKind.PLAIN
    return TextKind.HTML if field.name == BODY or _TAG.search(field.source) else TextKind.PLAIN


def _as_in_rows(stored: str, kind: TextKind, name: str) -> str:
    if kind is TextKind.PLAIN:
        return plain_text(stored)
    # A classic body has blank lines where readers see paragraphs.
    return autop(stored) if name == BODY and MARK not in stored else stored
