"""Opens a source given as a URL or a path."""

from __future__ import annotations

from pathlib import Path

from wp_models.errors import SourceRefusedError
from wp_models.sources.dump import import_dump
from wp_models.sources.mysql import MYSQL_SCHEMES, MysqlAccess
from wp_models.sources.source import Access, Source
from wp_models.sources.sqlite import SQLITE_MAGIC, SqliteAccess
from wp_models.tables import find_installation

GZIP_MAGIC = b"\x1f\x8b"
OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive: unpack it and give the .sql file in it",
    b"BZh": "compressed by bzip2: unpack it, or compress it by gzip instead",
    b"\xfd7zXZ": "compressed by xz: unpack it, or compress it by gzip instead",
    b"\x28\xb5\x2f\xfd": "compressed by zstd: unpack it, or compress it by gzip instead",
    b"PGDMP": "a dump of Postgres, and WordPress does not run on that",
    b"\xff\xfe": "encoded in UTF-16, as PowerShell's > does: dump again with --result-file=FILE instead of >",
    b"\xfe\xff": "encoded in UTF-16: convert it to UTF-8",
}


def open_source(location: str, *, prefix: str | None = None, blog_id: int | None = None, cache: Path) -> Source:
    """Return the WordPress at a database URL, a dump (.sql, .sql.gz) or an SQLite file.

    A dump is read into a database below `cache`, once for each content. The table prefix is found when it is not given;
    without `blog_id` a network gives its main blog. Raises one of `wp_models.errors`.
    """
    access = _access(location, cache)
    with access.connect() as connection:
        installation = find_installation(connection, access.description, prefix=prefix, blog_id=blog_id)
    return Source(access, installation)


def _access(location: str, cache: Path) -> Access:
    scheme, separator, rest = location.partition("://")
    if separator and scheme.lower() in MYSQL_SCHEMES:
        return MysqlAccess.at(location)
    if separator and scheme.lower() not in ("sqlite", "file"):
        known = ", ".join((*MYSQL_SCHEMES, "sqlite"))
        raise SourceRefusedError(
            f"A source cannot be opened by {scheme}://. Give a URL of one of {known}, "
            "or the path of a dump or SQLite file."
        )
    return _file_access(Path(rest.removeprefix("/") if scheme == "sqlite" else rest or location).expanduser(), cache)


def _file_access(path: Path, cache: Path) -> Access:
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except FileNotFoundError:
        raise SourceRefusedError(f"There is no file {path}. Check the path of the source.") from None
    except IsADirectoryError:
        raise SourceRefusedError(f"{path} is a folder. Give the dump or the SQLite file in it.") from None
    except OSError as error:
        raise SourceRefusedError(f"The file {path} cannot be read: {error.strerror}.") from None
    if head.startswith(SQLITE_MAGIC):
        return SqliteAccess.at(path.resolve(), cache)
    for magic, what in OTHER_FORMATS.items():
        if head.startswith(magic):
            raise SourceRefusedError(f"{path} is {what}.")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise SourceRefusedError(f"{path} looks like XML. Exports of that kind (WXR) cannot be read yet: give a dump.")
    if not head:
        raise SourceRefusedError(f"{path} is empty. Export the database again.")
    if path.suffix.lower() in (".sqlite", ".sqlite3", ".db"):
        raise SourceRefusedError(f"{path} is no SQLite database: its first bytes are not those of one. Copy it again.")
    if not head.startswith(GZIP_MAGIC) and b"\0" in head:
        raise SourceRefusedError(f"{path} is neither a dump (.sql, .sql.gz) nor an SQLite database. Check the path.")
    return import_dump(path.resolve(), cache)
