"""qTranslate's languages within one text: [:en]One[:fr]Une[:], {:en}..{:}, and <!--:en-->..<!--:--> of old versions.

A text before the first tag, or after a closing one, belongs to all languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wp_models.php_data import looks_serialized

CODE = "[a-z]{2,3}"
TAG = re.compile(rf"<!--:({CODE})?-->|\[:({CODE})?\]|\{{:({CODE})?\}}", re.IGNORECASE)
MAX_WRAPS = 5  # plugins serialise what is serialised already, but not for ever
STRING = re.compile(rb's:(\d+):"')
OPENING = re.compile(rf"<!--:{CODE}-->|\[:{CODE}\]|\{{:{CODE}\}}", re.IGNORECASE)


def languages_in(text: str) -> list[str]:
    """Return the languages in which a text has words, each once; none for a text without tags."""
    if not is_tagged(text):
        return []
    return list(dict.fromkeys(code for code, part in _parts(text) if code and part.strip()))


def is_tagged(text: str) -> bool:
    """Return whether a text has a tag that names a language; a lone [:] is just a text."""
    return ":" in text and OPENING.search(text) is not None


def in_language(text: str, language: str, others: Sequence[str] = ()) -> str:
    """Return a text in one language, else in the first of the others that it has words in, else empty.

    A text without tags comes back as it is.
    """
    if not is_tagged(text):
        return text
    parts = list(_parts(text))
    spoken = {code for code, part in parts if code and part.strip()}
    chosen = next((code for code in (language, *others) if code in spoken), language)
    return "".join(part for code, part in parts if code in (None, chosen)).strip()


def data_in_language(text: str, language: str, others: Sequence[str] = (), *, wraps: int = MAX_WRAPS) -> str:
    """Return serialised PHP data with each of its strings in one language, lengths set right; a text as a text.

    Damaged data, and what is wrapped in strings more often than `wraps` says, is taken for a text.
    """
    if not (wraps and is_tagged(text) and looks_serialized(text)):
        return in_language(text, language, others)
    data = text.encode("utf-8", "replace")
    made: list[bytes] = []
    position = 0
    while found := STRING.search(data, position):
        end = found.end() + int(found[1])
        if data[end : end + 2] not in (b'";', b'"}', b'":'):
            return in_language(text, language, others)
        value = data[found.end() : end].decode("utf-8", "replace")
        words = data_in_language(value, language, others, wraps=wraps - 1).encode()
        made += (data[position : found.start()], b's:%d:"' % len(words), words)
        position = end
    return b"".join((*made, data[position:])).decode("utf-8", "replace")


def _parts(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield the parts between tags, each with its language; None stands for all of them."""
    language: str | None = None
    position = 0
    for tag in TAG.finditer(text):
        if tag.start() > position:
            yield language, text[position : tag.start()]
        named = tag[1] or tag[2] or tag[3]
        language = named.lower() if named else None
        position = tag.end()
    if position < len(text):
        yield language, text[position:]
