"""Files of the media library before they are moved: whether each is there, what it is, what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import PurePosixPath
from urllib.parse import unquote

from transforms.attached_files import attached_path, likely_paths, original_path, size_paths
from transforms.contract import Issue
from transforms.file_types import HEAD_BYTES, sniff
from transforms.images import ImageRules
from transforms.survey.files import look_at_file
from transforms.upload_links import COPY_SUFFIX
from transforms.uploaded_files import is_converted
from wp_models.errors import UploadsError
from wp_models.php_data import try_loads
from wp_models.records import WpPost
from wp_models.uploads import Uploads

MEDIA_TYPES = ("image/", "video/", "audio/", "application/pdf", "application/msword", "application/vnd.")
NAMED_SIZES = 3  # missing copies of one picture that are named; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLook:
    """What became visible of one attachment's file."""

    post: WpPost
    mime_type: str
    name: str | None = None  # below the uploads folder; None when it is not there, or there are no uploads
    sha256: str = ""
    byte_size: int = 0
    pixels: int = 0
    issues: tuple[Issue, ...] = field(default=())


def look_at_attachments(
    posts: Sequence[WpPost], uploads: Uploads | None, rules: ImageRules
) -> Iterator[AttachmentLook]:
    """Yield what each attachment's file is; without uploads, what WordPress says of it."""
    for post in posts:
        issues = list(_path_issues(post))
        if uploads is None:
            yield AttachmentLook(post=post, mime_type=post.mime_type, pixels=_stated_pixels(post), issues=tuple(issues))
            continue
        name = _find(post, uploads, issues)
        if name is None:
            yield AttachmentLook(post=post, mime_type=post.mime_type, issues=tuple(issues))
            continue
        yield _look(post, name, uploads, rules, issues)


def _find(post: WpPost, uploads: Uploads, issues: list[Issue]) -> str | None:
    """Return the file's name: where WordPress looks, or else where a migration would find it."""
    path = attached_path(post)
    found = uploads.find_exact(path) if path else None
    if path and found:
        gone = [size for size in size_paths(post, path) if uploads.find_exact(size) is None]
        if gone:
            more = f" and {len(gone) - NAMED_SIZES} more" if len(gone) > NAMED_SIZES else ""
            detail = f"{found} is there; of its smaller copies {', '.join(gone[:NAMED_SIZES])}{more} are not."
            issues.append(Issue("media.missing_size", detail))
        original = original_path(post, path)  # it has more pixels, and is what a migration converts
        return (original and uploads.find_exact(original)) or found
    stated = post.first_meta("_wp_attached_file") or ""
    instead = next(filter(None, map(uploads.find, likely_paths(post))), None)
    where = f"WordPress looks for {stated!r}, which is not in the uploads"
    if instead:
        issues.append(Issue("media.elsewhere", f"{where}; {instead} would be taken in its place."))
    else:
        issues.append(Issue("media.missing", f"{where}, and nothing like it is there."))
    return instead


def _look(post: WpPost, name: str, uploads: Uploads, rules: ImageRules, issues: list[Issue]) -> AttachmentLook:
    try:
        size = uploads.size(name)
        with uploads.open(name) as file:
            head = file.read(HEAD_BYTES)
            look = look_at_file(head, name, rules) if not is_converted(sniff(head, name)) else None
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if look is None:
            look = look_at_file(uploads.read(name, max_bytes=rules.max_bytes), name, rules)
    except UploadsError as error:
        issues.append(Issue("media.unreadable", str(error)))
        return AttachmentLook(post=post, mime_type=post.mime_type, name=name, issues=tuple(issues))
    return AttachmentLook(
        post=post, mime_type=look.mime_type, name=name, sha256=digest, byte_size=size, pixels=look.pixels,
        issues=(*issues, *look.issues),
    )  # fmt: skip


def _path_issues(post: WpPost) -> Iterator[Issue]:
    stated = post.first_meta("_wp_attached_file")
    if stated is None:
        yield Issue("media.no_name", "It has no file name; only its address says which file it is.")
        return
    parts = unquote(stated).replace("\\", "/").split("/")
    is_plain = stated == stated.strip() and "//" not in stated and "\\" not in stated and "%2" not in stated.lower()
    if not stated or stated.startswith("/") or "wp-content" in stated or ".." in parts or not is_plain:
        yield Issue("media.odd_path", f"Its file name is stored as {stated[:120]!r}.")


def _stated_pixels(post: WpPost) -> int:
    metadata = try_loads(post.first_meta("_wp_attachment_metadata"))
    if not isinstance(metadata, dict):
        return 0
    width, height = metadata.get("width"), metadata.get("height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0


def unlisted_files(uploads: Uploads, listed: frozenset[str]) -> Iterator[str]:
    """Yield the media files that no attachment names; copies that WordPress made of one that is named are no such."""
    stems = {_stem(name) for name in listed}
    for name in uploads.names():
        if (guess_type(name)[0] or "").startswith(MEDIA_TYPES) and name not in listed and _stem(name) not in stems:
            yield name


def _stem(name: str) -> str:
    return str(PurePosixPath(COPY_SUFFIX.sub("", name)).with_suffix(""))
