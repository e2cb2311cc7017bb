"""Links to files: which attachment a file's address means, by any name that WordPress gave a copy of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from transforms.contract import Address
from wp_models.records import WpSite

# What WordPress adds to a file's name for copies it makes: sizes, -scaled, -rotated, edits.
COPY_SUFFIX = re.compile(r"(?:-scaled|-rotated|-e\d{10,13}|-\d{1,5}x\d{1,5})+(?=\.[^./]+$)")
UPLOADS = "/wp-content/uploads/"
OLD_NETWORK_UPLOADS = re.compile(r"(?:/wp-content/blogs\.dir/(\d+))?/files/")  # of networks made before 3.5
OF_BLOG = re.compile(r"sites/(\d+)/")


class UploadLinks:
    """Files of one site's uploads folder."""

    def __init__(self, wordpress: WpSite) -> None:
        self._blog_id = wordpress.blog_id
        self._is_network = wordpress.blog_id != 1 or "blogs" in wordpress.tables
        self._folders = _folders(wordpress.options)
        self._is_at_root = wordpress.options.get("upload_url_path", "").count("/") == 2  # https://cdn.example.org
        self._files = _keys(wordpress.attached_files)

    def find(self, path: str) -> Address | None:
        """Return the attachment that a path means, or that its file is missing; None for no path of a file."""
        for folder in self._folders:
            place = path.find(folder)
            if place >= 0:
                return self._find(path[place + len(folder) :])
        old = OLD_NETWORK_UPLOADS.search(path) if self._is_network else None
        if old is not None and int(old[1] or self._blog_id) == self._blog_id:
            return self._find(path[old.end() :])
        attachment = self._attachment(path[1:]) if self._is_at_root else None
        return Address("media", source_id=attachment) if attachment else None

    def _find(self, name: str) -> Address | None:
        blog = OF_BLOG.match(name)
        # Outside a network such a folder is left from one that the site came from.
        if blog is not None and self._is_network and int(blog[1]) != self._blog_id:
            return None
        attachment = self._attachment(name[blog.end() :] if blog else name)
        return Address("media", source_id=attachment) if attachment else Address("missing")

    def _attachment(self, name: str) -> int | None:
        name = unquote(name)
        plain = COPY_SUFFIX.sub("", name)
        candidates = (f"={name}", name.lower(), f"={plain}", plain.lower())
        return next((self._files[key] for key in candidates if key in self._files), None)


def _folders(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the parts of a URL after which a file's path below uploads/ begins."""
    own = (options.get("upload_path") or "").strip("/")
    try:
        address = urlsplit(options.get("upload_url_path") or "").path.strip("/")
    except ValueError:
        address = ""
    own = "" if own.startswith("wp-content/uploads") or ":" in own else own
    return tuple(dict.fromkeys(f"/{folder}/" for folder in (address, own, UPLOADS.strip("/")) if folder))


def _keys(attached_files: Mapping[int, str]) -> dict[str, int]:
    """Map every name a file may be called by to its attachment: its own, and its name without -scaled or sizes.

    Names count in lower case; where two files differ in case alone, each has its own spelling, too.
    """
    keys: dict[str, int] = {}
    owners: dict[str, tuple[int, str]] = {}
    for attachment, stored in attached_files.items():
        place = stored.find(UPLOADS[1:])  # old rows hold a path of the server
        name = stored[place + len(UPLOADS) - 1 :] if place >= 0 else stored
        first, first_name = owners.setdefault(name.lower(), (attachment, name))
        if first_name != name:
            keys.setdefault(f"={first_name}", first)
            keys.setdefault(f"={name}", attachment)
        keys.setdefault(name.lower(), attachment)
    for name, attachment in list(keys.items()):
        keys.setdefault(COPY_SUFFIX.sub("", name), attachment)
    return keys
