"""A site's glossary: terms that are kept as they are, and terms whose translation is fixed.

A CSV file, one column a language, the first one for the source's terms (headed `term`, or by its language):

    term,es,fr
    WordPress,,
    checkout,caja,paiement

A term without any translation is kept in every language; one with some is free in the languages left empty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import StringIO

from transforms.translation.contract import Terms

ANY_LANGUAGE = "term"
_DELIMITERS = ",;\t"


class GlossaryError(Exception):
    """A glossary that cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of one site."""

    columns: tuple[str, ...]  # languages in small letters; the first one may be `term`
    rows: tuple[tuple[str, ...], ...]  # as many cells each as there are columns

    def terms(self, source: str, target: str) -> Terms:
        """Return what is fixed when texts go from one language to another; `es` counts for `es-mx`, too."""
        from_column, to_column = self._column(source, default=0), self._column(target)
        if from_column is None or from_column == to_column:
            return Terms()
        fixed: dict[str, str] = {}
        for row in self.rows:
            term = row[from_column]
            is_kept = not any(cell for at, cell in enumerate(row) if at != from_column)
            replacement = term if is_kept else row[to_column] if to_column is not None else ""
            if term and replacement:
                fixed.update(_forms(term, replacement))
        return Terms(fixed, glossary_version(fixed.items()))

    def _column(self, language: str, default: int | None = None) -> int | None:
        language = language.lower().replace("_", "-")
        for code in (language, language.split("-")[0]):
            if code in self.columns:
                return self.columns.index(code)
        return default if self.columns[:1] == (ANY_LANGUAGE,) else None


def read_glossary(text: str) -> Glossary:
    """Return the glossary in a CSV file.

    Raises GlossaryError for a file without terms, or with one that has two translations.
    """
    text = text.removeprefix("\ufeff")
    first_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        lines = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise GlossaryError(f"The glossary is no CSV file: {error}.") from None
    if not lines or not any(lines[0]):
        raise GlossaryError("The glossary is empty. Its first line names the columns: term,es,fr")
    columns = tuple(cell.lower().replace("_", "-") for cell in lines[0])
    if len(set(columns)) < len(columns):
        raise GlossaryError(f"The glossary has two columns of one name: {', '.join(columns)}. Keep one of them.")
    rows = tuple(_row(line, number, len(columns)) for number, line in enumerate(lines[1:], 2) if any(line))
    _refuse_contradictions(rows)
    return Glossary(columns, rows)


def glossary_version(used: Iterable[tuple[str, str]]) -> str:
    """Return a hash of terms and what they are fixed to; "" for none."""
    listed = sorted(used)
    if not listed:
        return ""
    return blake2b("\x1e".join(f"{term}\x1f{fixed}" for term, fixed in listed).encode(), digest_size=8).hexdigest()


def _row(line: list[str], number: int, width: int) -> tuple[str, ...]:
    if len(line) > width and any(line[width:]):
        raise GlossaryError(
            f"Line {number} of the glossary has {len(line)} cells, the first line {width}. "
            "Put terms with a comma into quotation marks."
        )
    return (*line[:width], *[""] * (width - len(line)))


def _refuse_contradictions(rows: Iterable[tuple[str, ...]]) -> None:
    known: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row[0] and known.setdefault(row[0], row) != row:
            raise GlossaryError(f"The glossary translates {row[0]!r} in two ways. Keep one of the lines.")


def _forms(term: str, replacement: str) -> Mapping[str, str]:
    """Return the term as it is written, and as the first word of a sentence."""
    capitalised = term[:1].upper() + term[1:]
    return {capitalised: replacement[:1].upper() + replacement[1:], term: replacement}
