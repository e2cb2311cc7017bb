"""What the jobs of a translation plugin teach: texts that are known to be translations of one another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from transforms.body.autop import autop
from transforms.body.blocks.grammar import MARK
from transforms.translation.contract import NO_TERMS, Field, Terms, TextKind
from transforms.translation.memory import Harvested, harvest_field
from transforms.values.text import plain_line, plain_text
from wp_models.records import TranslatedField

BODY = "body"
_PLAIN = re.compile(r"title|t_\d+|tdesc_\d+")  # of terms the name and the description
_LINE = re.compile(r"excerpt|media_\d+_\w+")
_ADDRESS = "URL"
_TAG = re.compile("<[A-Za-z]")


def harvest_job_field(field: TranslatedField, terms: Terms = NO_TERMS) -> Iterator[Harvested]:
    """Return what a text of a job teaches; it is read as the rows made of such texts are written."""
    if field.name == _ADDRESS:
        return iter(())
    kind, read = _reading(field)
    return harvest_field(Field(kind, read(field.source)), Field(kind, read(field.target)), terms)


def _reading(field: TranslatedField) -> tuple[TextKind, Callable[[str], str]]:
    """Return how a text is written; strings of page builders and custom fields may be either."""
    if field.name == BODY:
        return TextKind.HTML, _as_paragraphs
    if _LINE.fullmatch(field.name):
        return TextKind.PLAIN, plain_line
    if _PLAIN.fullmatch(field.name) or not _TAG.search(field.source):
        return TextKind.PLAIN, plain_text
    return TextKind.HTML, str


def _as_paragraphs(body: str) -> str:
    """Return a body with a paragraph where a classic one has a blank line."""
    return body if MARK in body else autop(body)
