"""Which file an attachment means: where WordPress looks, and where else it may have gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from wp_models.php_data import try_loads
from wp_models.records import WpPost

_DRIVE = re.compile(r".:\\")
_UPLOADS = re.compile(r".*(?:wp-content/uploads|/uploads|/files)/", re.DOTALL)  # /files/: networks before 3.5
_MADE = re.compile(r"(?P<stem>.+)-(?:scaled|rotated)(?P<suffix>(?:\.[^./]+)?)", re.DOTALL)
_LOWER = ".jpg .jpeg .png .gif .webp .avif .bmp .tif .tiff"
_DECODABLE = frozenset(f"{_LOWER} {_LOWER.upper()}".split())


def attached_path(post: WpPost) -> str | None:
    """Return the path below uploads/ at which WordPress looks for the file; None when it looks elsewhere.

    As get_attached_file(): a path that begins with a slash or a drive is taken as it stands, on the old server.
    """
    return path_of(post.first_meta("_wp_attached_file"))


def path_of(stored: str | None) -> str | None:
    """Return what `attached_path` does, for the value that WordPress stored."""
    return None if not stored or stored.startswith("/") or _DRIVE.match(stored) else stored


def original_path(post: WpPost, path: str) -> str | None:
    """Return the upload that WordPress scaled down or turned to make `path`; it has more pixels.

    Not for a picture that was edited afterwards: the original would undo the edit.
    """
    original = _metadata(post).get("original_image")
    if not isinstance(original, str) or not _is_file_name(original):
        return None
    found = str(PurePosixPath(path).with_name(original))
    return found if found in possible_originals(str(PurePosixPath(path))) else None


def possible_originals(path: str) -> frozenset[str]:
    """Return every path that `original_path` can name, by that of the file WordPress made of it."""
    made = _MADE.fullmatch(path)
    if made is None:
        return frozenset()
    suffixes = _DECODABLE | {made["suffix"]} if made["suffix"].lower() in _DECODABLE else _DECODABLE
    return frozenset(made["stem"] + suffix for suffix in suffixes)


def likely_paths(post: WpPost) -> Iterator[str]:
    """Yield where the file may be when it is not where WordPress looks, the best guess first.

    A visitor may still see it: wp_get_attachment_url() cuts old server paths, and falls back to the guid.
    """
    for address in (post.first_meta("_wp_attached_file") or "", urlsplit(post.guid).path):
        path = _below_uploads(address)
        if path is None:
            continue
        yield path
        folder = PurePosixPath(path).parent
        yield from (str(folder / name) for name in _other_names(post))


def size_paths(post: WpPost, path: str) -> list[str]:
    """Return where the smaller copies are that WordPress made of the file at `path`."""
    return [str(PurePosixPath(path).with_name(name)) for name in _size_names(post)]


def _below_uploads(address: str) -> str | None:
    path = _UPLOADS.sub("", address.strip().replace("\\", "/"), count=1)
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if not parts or ".." in unquote("/".join(parts)).split("/"):
        return None
    return "/".join(parts)


def _other_names(post: WpPost) -> Iterator[str]:
    """Yield the original's name, then those of the sizes WordPress made, wide ones first."""
    original = _metadata(post).get("original_image")
    if isinstance(original, str) and _is_file_name(original):
        yield original
    yield from _size_names(post)


def _size_names(post: WpPost) -> Iterator[str]:
    sizes = _metadata(post).get("sizes")
    found = [size for size in sizes.values() if isinstance(size, dict)] if isinstance(sizes, dict) else []
    found.sort(key=_width, reverse=True)
    for size in found:
        name = size.get("file")
        if isinstance(name, str) and _is_file_name(name):
            yield name


def _width(size: Mapping[str, object]) -> int:
    width = size.get("width")
    return width if isinstance(width, int) else 0


def _is_file_name(name: str) -> bool:
    return name not in {"", ".", ".."} and not set(name) & {"/", "\\", "\0"}


def _metadata(post: WpPost) -> Mapping[str, object]:
    metadata = try_loads(post.first_meta("_wp_attachment_metadata"))
    return metadata if isinstance(metadata, dict) else {}
