"""Whatever a table holds, a dump of it gives it back, wherever the dump's portions are cut."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wp_models.errors import DumpDamagedError
from wp_models.sources import dump_parser
from wp_models.sources.dump_parser import DumpParser, InsertRows

CREATE = b"CREATE TABLE `t` (`a` bigint, `b` longtext, `c` longblob);\n"
ESCAPES = {
    b"\\": b"\\\\", b"'": b"\\'", b'"': b'\\"', b"\0": b"\\0", b"\n": b"\\n", b"\r": b"\\r", b"\x1a": b"\\Z",
}  # fmt: skip

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'\"\\;,()-#/*\0\n\x1a%_"))
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**63) + 1, 2**63 - 1),
        st.none() | TEXTS,
        st.none() | st.binary(min_size=1, max_size=40),
    ),
    min_size=1,
    max_size=6,
)


def escaped(raw: bytes) -> bytes:
    return b"".join(ESCAPES.get(bytes([byte]), bytes([byte])) for byte in raw)


def doubled(raw: bytes) -> bytes:
    return raw.replace(b"\\", b"\\\\").replace(b"'", b"''")


def written(row: tuple[int | None, str | None, bytes | None], style: str) -> bytes:
    number, words, blob = row
    quote = doubled if style == "doubled" else escaped
    content = b"NULL" if words is None else b"'" + quote(words.encode()) + b"'"
    if blob is None:
        raw = b"NULL"
    else:
        raw = b"0x" + blob.hex().encode() if style == "hex" else b"_binary '" + quote(blob) + b"'"
    return b"(" + b",".join((b"NULL" if number is None else b"%d" % number, content, raw)) + b")"


def read(dump: bytes) -> list[tuple[object, ...]]:
    parts = DumpParser(io.BytesIO(dump), "x.sql").statements()
    return [row for part in parts if isinstance(part, InsertRows) for row in part.rows]


@given(ROWS, st.sampled_from(["escaped", "doubled", "hex"]), st.integers(1, 60), st.booleans())
@example([(1, "');", b"')"), (2, "\\", b"\\")], "doubled", 1, True)
@settings(deadline=None)
def test_rows_come_back_as_they_were(
    rows: list[tuple[int | None, str | None, bytes | None]], style: str, portion: int, is_extended: bool
) -> None:
    values = [written(row, style) for row in rows]
    inserts = [b",\n".join(values)] if is_extended else values
    dump = CREATE + b"".join(b"INSERT INTO `t` VALUES " + insert + b";\n" for insert in inserts)
    with pytest.MonkeyPatch.context() as sizes:
        for name, size in (("READ_BYTES", portion), ("PORTION_BYTES", portion), ("HEADER_BYTES", 64)):
            sizes.setattr(dump_parser, name, size)
        assert read(dump) == rows


@given(st.binary(max_size=300) | TEXTS.map(str.encode))
@example(b"INSERT INTO t VALUES (")
@example(b"CREATE TABLE `t` (((")
@example(b"/*!40101 SET NAMES binary */;")
@settings(deadline=None)
def test_no_bytes_crash_the_parser(noise: bytes) -> None:
    for dump in (noise, CREATE + b"INSERT INTO `t` VALUES " + noise, CREATE[:-3] + noise):
        try:
            read(dump)
        except DumpDamagedError as error:
            assert "Make the dump again" in str(error)  # noqa: PT017 - either outcome is right
