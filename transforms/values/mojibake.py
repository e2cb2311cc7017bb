"""Texts whose bytes were read in the wrong character set: found by undoing the mistake, not by looking odd."""

from __future__ import annotations

import re

# Windows-1252, which MySQL calls latin1; the five bytes it leaves empty are control characters there.
_LETTERS = bytes(range(0x80, 0x100)).decode("cp1252", "ignore") + "\x81\x8d\x8f\x90\x9d"
_BYTES = {letter: letter.encode("cp1252", "ignore") or letter.encode("latin-1") for letter in _LETTERS}
_REST = re.escape("".join(letter for letter, byte in _BYTES.items() if byte < b"\xc0"))
# UTF-8's first bytes as letters, each with as many letters after it as it asks for.
_RUN = re.compile(f"(?:[Â-ß][{_REST}]|[à-ï][{_REST}]{{2}}|[ð-ô][{_REST}]{{3}})+")
MAYBE_MISREAD = re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]")
"""A run's first two letters in the bytes of a text: found there forty times quicker than letter by letter."""
_HEAD_OF_WORD = re.compile(r"[^ \t\r\n<>]*\Z")
_REST_OF_WORD = re.compile(r"[^ \t\r\n<>]*")

MAX_SHOWN = 40
MAX_TIMES = 3  # a text may have gone through the same mistake again


def find_mojibake(text: str) -> tuple[str, str] | None:
    """Return the first word read in the wrong character set, as it stands and as it was meant; None without any."""
    if text.isascii():
        return None
    raw = text.encode(errors="replace")
    perhaps = MAYBE_MISREAD.search(raw)
    if perhaps is None:
        return None
    for run in _RUN.finditer(text, len(raw[: perhaps.start()].decode())):
        meant = _decoded(run[0])
        if meant is not None and _is_likely(meant):
            return _word_around(text, run)
    return None


def _decoded(run: str) -> str | None:
    try:
        return b"".join(_BYTES[letter] for letter in run).decode()
    except UnicodeDecodeError:
        return None


def _is_likely(meant: str) -> bool:
    """Return whether nobody would write the letters on purpose that were meant to be these.

    «CAFÉ» ends in two signs that happen to be UTF-8 for "ɻ". What becomes an accented letter, a punctuation mark or an
    emoji was no accident; of other scripts one letter may be one, two in a row are not.
    """
    first = ord(meant[0])
    if first < 0x100:
        return first >= 0xA0
    return len(meant) > 1 or 0x2010 <= first < 0x2300 or first > 0xFFFF


def _word_around(text: str, run: re.Match[str]) -> tuple[str, str]:
    head = _HEAD_OF_WORD.search(text, max(0, run.start() - MAX_SHOWN // 2), run.start())
    rest = _REST_OF_WORD.match(text, run.end(), run.end() + MAX_SHOWN)
    word = meant = (head[0] if head else "") + run[0] + (rest[0] if rest else "")
    for _ in range(MAX_TIMES):
        meant = _RUN.sub(lambda found: _decoded(found[0]) or found[0], meant)
    return word[:MAX_SHOWN], meant[:MAX_SHOWN]
