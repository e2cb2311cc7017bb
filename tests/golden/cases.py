"""The golden cases: each a folder with what was stored, what WordPress showed, and what we make of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tests.factories import make_attachment, make_media, make_post, make_site
from transforms.body.contract import Body
from transforms.body.pipeline import render_body, render_comment
from transforms.contract import Media, Variant
from wp_models.records import WpPost

GOLDEN = Path(__file__).resolve().parent
LIBRARY = GOLDEN.parent / "wordpress" / "library.json"
SEEN_POST = 100  # the id that every case's post has in WordPress too


@dataclass(frozen=True)
class Case:
    """One golden case; `differs` says, by measure, why WordPress's page and ours do not read the same."""

    name: str  # family/case
    source: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return GOLDEN / self.name

    @property
    def content(self) -> str:
        return "\n".join(self.source["comment"] if "comment" in self.source else self.source["post"]["content"])

    @property
    def differs(self) -> Mapping[str, str]:
        return self.source.get("differs", {})

    @property
    def wordpress_html(self) -> str:
        return (self.folder / "wordpress.html").read_text(encoding="utf-8")

    @property
    def expected_html(self) -> str:
        return (self.folder / "expected.html").read_text(encoding="utf-8").removesuffix("\n")


def load_cases() -> tuple[Case, ...]:
    """Return every case, ordered by name."""
    folders = sorted(path.parent for path in GOLDEN.glob("*/*/source.json"))
    return tuple(
        Case(folder.relative_to(GOLDEN).as_posix(), json.loads((folder / "source.json").read_bytes()))
        for folder in folders
    )


def render_case(case: Case) -> Body:
    """Return what we make of a case, on a site that holds the shared library and what the case brings along."""
    library = json.loads(LIBRARY.read_bytes())
    attachments = library["attachments"] + case.source.get("attachments", [])
    others = [_post(post) for post in library["posts"] + case.source.get("posts", [])]
    seen = _post({"id": SEEN_POST, "slug": "case", "title": "Case", **case.source.get("post", {"content": []})})
    patterns = [post for post in others if post.type == "wp_block" and post.status == "publish"]
    site = make_site(
        [seen, *others, *map(_attachment, attachments)],
        media=map(_media, attachments),
        options={**library["options"], **case.source.get("options", {})},
        shared_bodies={post.id: post.content for post in patterns},
    )
    return render_comment(case.content, site) if "comment" in case.source else render_body(seen, site)


def _post(given: Mapping[str, Any]) -> WpPost:
    fields = {name: value for name, value in given.items() if name not in {"id", "content"}}
    return make_post(given["id"], content="\n".join(given["content"]), **fields)


def _attachment(given: Mapping[str, Any]) -> WpPost:
    return make_attachment(
        given["id"],
        file=given["file"],
        title=given["title"],
        excerpt=given.get("caption", ""),
        slug=PurePosixPath(given["file"]).stem,
        mime_type=given["mime_type"],
        menu_order=given.get("menu_order", 0),
        parent_id=given.get("parent_id"),
    )


def _media(given: Mapping[str, Any]) -> Media:
    """Return an attachment as conversion stores it: pictures as WebP in the widths that WordPress had."""
    file = PurePosixPath(given["file"])
    kind = given["mime_type"].partition("/")[0]
    if kind != "image":
        kind = kind if kind in {"audio", "video"} else "document"
        return make_media(given["id"], kind=kind, store_key=f"{given['id']}/{file.name}", title=given["title"])
    sizes = {tuple(size) for name, size in given["sizes"].items() if name != "thumbnail"}
    variants = tuple(
        Variant(store_key=f"{given['id']}/{file.stem}-{width}.webp", width=width, height=height)
        for width, height in sorted({*sizes, (given["width"], given["height"])})
    )
    return make_media(
        given["id"],
        kind=kind,
        store_key=variants[-1].store_key,
        title=given["title"],
        alt_text=given.get("alt", ""),
        caption=given.get("caption", ""),
        width=given["width"],
        height=given["height"],
        variants=variants,
    )
