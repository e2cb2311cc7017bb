"""An editor at work in WordPress: random edits by SQL, each as WordPress itself would leave it in the database.

Works on the SQLite copy of a dump. The same seed makes the same edits.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PIL import Image

CONTENT = ("post", "page", "avada_portfolio")
PAIR = re.compile(r's:(\d+):"([^"]*)";i:(\d+);')


class Editor:
    """Edits one site; `log` says what was done, for a failing test's message."""

    def __init__(self, database: Path, uploads: Path, seed: int) -> None:
        self.database = database
        self.uploads = uploads
        self.random = random.Random(seed)
        self.log: list[str] = []
        self._edits: list[Callable[[sqlite3.Connection], str]] = [
            self.retitle, self.rewrite, self.reslug, self.edit_meta, self.edit_alt, self.set_thumbnail, self.retag,
            self.rename_term, self.move_term, self.move_page, self.trash, self.untrash, self.unpublish, self.publish,
            self.delete_post, self.add_post, self.change_language, self.break_group, self.replace_file, self.lose_file,
            self.delete_attachment, self.edit_menu, self.delete_menu_item, self.rename_user, self.moderate_comment,
            self.delete_comment, self.add_comment, self.stick, self.rename_blog, self.link_to, self.edit_pattern,
            self.delete_term, self.change_permalinks,
        ]  # fmt: skip

    def edit(self) -> None:
        """Make one random edit."""
        with closing(sqlite3.connect(self.database)) as connection:
            done = self.random.choice(self._edits)(connection)
            connection.commit()
        self.log.append(done)

    def _any(self, db: sqlite3.Connection, sql: str, *values: object) -> tuple:
        rows = db.execute(sql, values).fetchall()
        return self.random.choice(rows) if rows else ()

    def _post(self, db: sqlite3.Connection, *types: str, status: str = "publish") -> tuple:
        marks = ",".join("?" * len(types or CONTENT))
        return self._any(
            db,
            f"SELECT ID, post_title, post_name, post_type FROM wp_posts WHERE post_type IN ({marks}) "
            "AND post_status = ? ORDER BY ID",
            *(types or CONTENT), status,
        )  # fmt: skip

    def _add_meta(self, db: sqlite3.Connection, post: int, key: str, value: str) -> None:
        # The column counts up by itself in MySQL, not in the SQLite copy of a dump.
        db.execute("INSERT INTO wp_postmeta SELECT max(meta_id) + 1, ?, ?, ? FROM wp_postmeta", (post, key, value))

    def retitle(self, db: sqlite3.Connection) -> str:
        post, title, *_ = self._post(db)
        db.execute("UPDATE wp_posts SET post_title = ? WHERE ID = ?", (f"{title} & more", post))
        return f"retitled {post}"

    def rewrite(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db)
        db.execute(
            "UPDATE wp_posts SET post_content = post_content || ? WHERE ID = ?",
            (f"\n\n<p>Added {len(self.log)}.</p>", post),
        )
        return f"rewrote {post}"

    def reslug(self, db: sqlite3.Connection) -> str:
        post, _, slug, _ = self._post(db)
        db.execute("UPDATE wp_posts SET post_name = ? WHERE ID = ?", (f"{slug}-{len(self.log)}", post))
        self._add_meta(db, post, "_wp_old_slug", slug)
        return f"moved {post} from {slug}"

    def edit_meta(self, db: sqlite3.Connection) -> str:
        found = self._any(
            db, "SELECT meta_id, post_id FROM wp_postmeta WHERE meta_key LIKE '_yoast_wpseo_%desc%' ORDER BY 1"
        )
        db.execute("UPDATE wp_postmeta SET meta_value = meta_value || ' Edited.' WHERE meta_id = ?", found[:1])
        return f"edited a meta of {found[1]}"

    def edit_alt(self, db: sqlite3.Connection) -> str:
        found = self._any(
            db, "SELECT meta_id, post_id FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' ORDER BY 1"
        )
        if found:
            db.execute("UPDATE wp_postmeta SET meta_value = meta_value || '!' WHERE meta_id = ?", found[:1])
        return f"edited an alternative text: {found}"

    def set_thumbnail(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db)
        image = self._any(db, "SELECT ID FROM wp_posts WHERE post_type = 'attachment' ORDER BY ID")
        db.execute("DELETE FROM wp_postmeta WHERE post_id = ? AND meta_key = '_thumbnail_id'", (post,))
        if image:
            self._add_meta(db, post, "_thumbnail_id", str(image[0]))
        return f"gave {post} the picture {image}"

    def retag(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db, "post")
        tag, *_ = self._any(
            db, "SELECT term_taxonomy_id FROM wp_term_taxonomy WHERE taxonomy IN ('post_tag', 'category') ORDER BY 1"
        )
        if (
            db.execute(
                "DELETE FROM wp_term_relationships WHERE object_id = ? AND term_taxonomy_id = ?", (post, tag)
            ).rowcount
            == 0
        ):
            db.execute("INSERT INTO wp_term_relationships VALUES (?, ?, 0)", (post, tag))
        return f"toggled term {tag} on {post}"

    def rename_term(self, db: sqlite3.Connection) -> str:
        term, *_ = self._any(
            db,
            "SELECT t.term_id FROM wp_terms t JOIN wp_term_taxonomy x USING (term_id) "
            "WHERE taxonomy IN ('category', 'post_tag', 'portfolio_category') ORDER BY 1",
        )
        db.execute("UPDATE wp_terms SET name = name || ' (new)', slug = slug || '-n' WHERE term_id = ?", (term,))
        return f"renamed term {term}"

    def move_term(self, db: sqlite3.Connection) -> str:
        sql = "SELECT term_id FROM wp_term_taxonomy WHERE taxonomy = 'category' ORDER BY 1"
        (child,), (parent,) = self._any(db, sql), self._any(db, sql)
        db.execute(
            "UPDATE wp_term_taxonomy SET parent = ? WHERE term_id = ?", (0 if child == parent else parent, child)
        )
        return f"moved category {child} below {parent}"

    def delete_term(self, db: sqlite3.Connection) -> str:
        number, term = self._any(
            db, "SELECT term_taxonomy_id, term_id FROM wp_term_taxonomy WHERE taxonomy = 'post_tag' ORDER BY 1"
        )
        db.execute("DELETE FROM wp_term_relationships WHERE term_taxonomy_id = ?", (number,))
        db.execute("DELETE FROM wp_term_taxonomy WHERE term_taxonomy_id = ?", (number,))
        db.execute("DELETE FROM wp_terms WHERE term_id = ?", (term,))
        return f"deleted tag {number}"

    def move_page(self, db: sqlite3.Connection) -> str:
        (page, *_), (parent, *_) = self._post(db, "page"), self._post(db, "page")
        db.execute("UPDATE wp_posts SET post_parent = ? WHERE ID = ?", (0 if page == parent else parent, page))
        return f"moved page {page} below {parent}"

    def trash(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db)
        db.execute(
            "UPDATE wp_posts SET post_status = 'trash', post_name = post_name || '__trashed' WHERE ID = ?", (post,)
        )
        return f"trashed {post}"

    def untrash(self, db: sqlite3.Connection) -> str:
        found = self._post(db, status="trash")
        if found:
            slug = found[2].removesuffix("__trashed")
            db.execute("UPDATE wp_posts SET post_status = 'publish', post_name = ? WHERE ID = ?", (slug, found[0]))
        return f"took back {found[:1]}"

    def unpublish(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db)
        db.execute("UPDATE wp_posts SET post_status = 'draft' WHERE ID = ?", (post,))
        return f"unpublished {post}"

    def publish(self, db: sqlite3.Connection) -> str:
        found = self._post(db, status="draft")
        if found:
            db.execute("UPDATE wp_posts SET post_status = 'publish' WHERE ID = ?", found[:1])
        return f"published {found[:1]}"

    def delete_post(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db)
        self._erase(db, post)
        return f"deleted {post}"

    def _erase(self, db: sqlite3.Connection, post: int) -> None:
        db.execute("DELETE FROM wp_comments WHERE comment_post_ID = ?", (post,))
        db.execute(
            "DELETE FROM wp_term_relationships WHERE object_id = ? AND term_taxonomy_id IN "
            "(SELECT term_taxonomy_id FROM wp_term_taxonomy WHERE taxonomy NOT LIKE 'term_%')",
            (post,),
        )
        db.execute("DELETE FROM wp_postmeta WHERE post_id = ?", (post,))
        db.execute("UPDATE wp_posts SET post_parent = 0 WHERE post_parent = ? AND post_type <> 'revision'", (post,))
        db.execute("DELETE FROM wp_posts WHERE ID = ?", (post,))

    def add_post(self, db: sqlite3.Connection) -> str:
        number = db.execute("SELECT max(ID) + 1 FROM wp_posts").fetchone()[0]
        columns = [row[1] for row in db.execute("PRAGMA table_info(wp_posts)")]
        model, *_ = self._post(db, "post", "page")
        values = dict(zip(columns, db.execute("SELECT * FROM wp_posts WHERE ID = ?", (model,)).fetchone(), strict=True))
        values |= {"ID": number, "post_title": f"New {number}", "post_name": f"new-{number}", "guid": f"?p={number}"}
        db.execute(
            f"INSERT INTO wp_posts ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", list(values.values())
        )
        db.execute(
            "INSERT INTO wp_term_relationships SELECT ?, r.term_taxonomy_id, 0 FROM wp_term_relationships r "
            "JOIN wp_term_taxonomy USING (term_taxonomy_id) "
            "WHERE object_id = ? AND taxonomy IN ('language', 'category')",
            (number, model),
        )
        return f"added {number} after {model}"

    def change_language(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db)
        language, *_ = self._any(
            db, "SELECT term_taxonomy_id FROM wp_term_taxonomy WHERE taxonomy = 'language' ORDER BY 1"
        )
        db.execute(
            "DELETE FROM wp_term_relationships WHERE object_id = ? AND term_taxonomy_id IN "
            "(SELECT term_taxonomy_id FROM wp_term_taxonomy WHERE taxonomy = 'language')", (post,),
        )  # fmt: skip
        db.execute("INSERT INTO wp_term_relationships VALUES (?, ?, 0)", (post, language))
        return f"gave {post} the language {language}"

    def break_group(self, db: sqlite3.Connection) -> str:
        found = self._any(
            db,
            "SELECT term_taxonomy_id, description FROM wp_term_taxonomy "
            "WHERE taxonomy = 'post_translations' ORDER BY 1",
        )
        pairs = PAIR.findall(found[1])[:-1]
        body = "".join(f's:{size}:"{code}";i:{post};' for size, code, post in pairs)
        db.execute(
            "UPDATE wp_term_taxonomy SET description = ? WHERE term_taxonomy_id = ?",
            (f"a:{len(pairs)}:{{{body}}}", found[0]),
        )
        return f"took a translation out of group {found[0]}"

    def _file(self) -> Path:
        return self.random.choice(sorted(path for path in self.uploads.rglob("*") if path.is_file()))

    def replace_file(self, db: sqlite3.Connection) -> str:
        path = self._file()
        draw(path, self.random.randrange(2**24))
        return f"replaced {path.name}"

    def lose_file(self, db: sqlite3.Connection) -> str:
        path = self._file()
        if len(list(self.uploads.rglob("*.*"))) > 3:
            path.unlink()
        return f"lost {path.name}"

    def delete_attachment(self, db: sqlite3.Connection) -> str:
        image, *_ = self._any(db, "SELECT ID FROM wp_posts WHERE post_type = 'attachment' ORDER BY ID")
        self._erase(db, image)
        db.execute("DELETE FROM wp_postmeta WHERE meta_key = '_thumbnail_id' AND meta_value = ?", (str(image),))
        return f"deleted picture {image}"

    def edit_menu(self, db: sqlite3.Connection) -> str:
        item = self._any(db, "SELECT ID FROM wp_posts WHERE post_type = 'nav_menu_item' ORDER BY ID")
        if item:
            db.execute(
                "UPDATE wp_posts SET menu_order = menu_order + 2, post_title = 'Label ' || ID WHERE ID = ?", item
            )
        return f"edited menu item {item}"

    def delete_menu_item(self, db: sqlite3.Connection) -> str:
        item = self._any(db, "SELECT ID FROM wp_posts WHERE post_type = 'nav_menu_item' ORDER BY ID")
        if item:
            self._erase(db, item[0])
        return f"deleted menu item {item}"

    def rename_user(self, db: sqlite3.Connection) -> str:
        user, *_ = self._any(db, "SELECT ID FROM wp_users ORDER BY ID")
        db.execute(
            "UPDATE wp_users SET display_name = display_name || ' II', user_nicename = user_nicename || '-2' "
            "WHERE ID = ?",
            (user,),
        )
        return f"renamed user {user}"

    def moderate_comment(self, db: sqlite3.Connection) -> str:
        found = self._any(db, "SELECT comment_ID FROM wp_comments ORDER BY 1")
        status = self.random.choice(("0", "1", "spam", "trash"))
        if found:
            db.execute("UPDATE wp_comments SET comment_approved = ? WHERE comment_ID = ?", (status, found[0]))
        return f"comment {found} is {status}"

    def delete_comment(self, db: sqlite3.Connection) -> str:
        found = self._any(db, "SELECT comment_ID FROM wp_comments ORDER BY 1")
        if found:
            db.execute("DELETE FROM wp_comments WHERE comment_ID = ?", found)
        return f"deleted comment {found}"

    def add_comment(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db, "post")
        db.execute(
            "INSERT INTO wp_comments (comment_ID, comment_post_ID, comment_author, comment_author_email, "
            "comment_author_url, "
            "comment_author_IP, comment_date, comment_date_gmt, comment_content, comment_karma, comment_approved, "
            "comment_agent, comment_type, comment_parent, user_id) "
            "VALUES ((SELECT max(comment_ID) + 1 FROM wp_comments), "
            "?, 'Ada', 'ada@example.org', '', '', "
            "'2025-01-01 10:00:00', '2025-01-01 09:00:00', 'So *true*.', 0, '1', '', 'comment', 0, 0)", (post,),
        )  # fmt: skip
        return f"commented on {post}"

    def stick(self, db: sqlite3.Connection) -> str:
        post, *_ = self._post(db, "post")
        db.execute(
            "UPDATE wp_options SET option_value = ? WHERE option_name = 'sticky_posts'", (f"a:1:{{i:0;i:{post};}}",)
        )
        return f"stuck {post}"

    def rename_blog(self, db: sqlite3.Connection) -> str:
        db.execute("UPDATE wp_options SET option_value = option_value || '!' WHERE option_name = 'blogname'")
        return "renamed the site"

    def change_permalinks(self, db: sqlite3.Connection) -> str:
        structure = self.random.choice(
            ("/%postname%/", "/%year%/%monthnum%/%postname%/", "/journal/%post_id%", "/%category%/%postname%/")
        )
        db.execute("UPDATE wp_options SET option_value = ? WHERE option_name = 'permalink_structure'", (structure,))
        return f"permalinks {structure}"

    def link_to(self, db: sqlite3.Connection) -> str:
        (post, *_), (target, *_) = self._post(db), self._post(db)
        (home,) = self._any(db, "SELECT option_value FROM wp_options WHERE option_name = 'home'")
        links = f'<a href="{home}/?p={target}">See</a> <a href="/new-{target}/">this</a>'
        db.execute("UPDATE wp_posts SET post_content = post_content || ? WHERE ID = ?", (f"\n\n<p>{links}</p>", post))
        return f"linked {post} to {target}"

    def edit_pattern(self, db: sqlite3.Connection) -> str:
        found = self._any(db, "SELECT ID FROM wp_posts WHERE post_type = 'wp_block' ORDER BY ID")
        if found:
            db.execute(
                "UPDATE wp_posts SET post_content = replace(post_content, '</p>', ' Again.</p>') WHERE ID = ?", found
            )
        return f"edited pattern {found}"


def draw(path: Path, colour: int) -> None:
    """Write a small picture of one colour."""
    rgb = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
    Image.new("RGB", (64, 48), rgb).save(path, "PNG" if path.suffix == ".png" else "JPEG")
