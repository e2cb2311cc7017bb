"""The quotes and dashes of a language, as the translations of WordPress give them to wptexturize()."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What stands for straight quotes and double hyphens."""

    opening: str
    closing: str
    opening_single: str = "‘"
    closing_single: str = "’"
    en_dash: str = "–"


ENGLISH = Signs("“", "”")  # and of every language that is not below, such as it, nl, pt, da, tr, uk, zh, ja

_OF_LOCALES = {
    "de_DE": Signs("„", "“", "‚", "‘"),
    "es_ES": Signs("«", "»"),
    "fi": Signs("”", "”", "’", "’"),
    "fr_FR": Signs("«\xa0", "\xa0»"),
    "nb_NO": Signs("«", "»"),
    "pl_PL": Signs("„", "”", "'"),
    "ru_RU": Signs("«", "»", en_dash="—"),
    "sr_RS": Signs("„", "“"),
    "sv_SE": Signs("”", "”", "’", "’"),
}
_OF_LANGUAGES = {locale.partition("_")[0]: signs for locale, signs in _OF_LOCALES.items()}
_MANNER = re.compile(r"_(?:in)?formal\Z")


def signs_of(locale: str) -> Signs:
    """Return the signs of a locale (de_DE_formal) or, where only that is known, of a language (de).

    The same language has other signs in other countries: es_MX writes as English does.
    """
    locale = _MANNER.sub("", locale)
    return _OF_LOCALES.get(locale) or _OF_LANGUAGES.get(locale, ENGLISH)
