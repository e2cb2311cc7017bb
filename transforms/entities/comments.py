"""Comments, as readers saw them: approved ones and those that wait; spam and trash stay behind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cms_models.rows import REFERENCE_COLUMNS, CommentRow
from transforms.body.pipeline import render_fragment
from transforms.contract import Entity, Issue, RecordRejectedError, Reference, Skipped, Transformed
from transforms.placement import place
from transforms.site import Site
from transforms.values.dates import moment
from transforms.values.text import plain_text
from transforms.values.trees import closes_cycle
from wp_models.queries import CommentQuery
from wp_models.records import WpComment

STATUSES = {"1": "approved", "approve": "approved", "0": "pending", "hold": "pending"}
SKIPPED = {
    "spam": "it is spam",
    "trash": "it is in WordPress's trash",
    "post-trashed": "the content it is on is in WordPress's trash",
}


def transform_comment(comment: WpComment, site: Site) -> Transformed | Skipped:
    """Return the comment.

    Raises RecordRejectedError for a comment on nothing ("comments.no_post") or of an unknown status
    ("comments.unknown_status").
    """
    if comment.approved in SKIPPED:
        return Skipped(SKIPPED[comment.approved])
    place_of = _reference(comment, site)
    if isinstance(place_of, Skipped):
        return place_of
    if comment.approved not in STATUSES:
        detail = f"Its comment_approved is {comment.approved!r}. Set it to 1, 0, spam or trash in WordPress."
        raise RecordRejectedError("comments.unknown_status", detail)
    owner: dict[str, Any] = {REFERENCE_COLUMNS[place_of.table]: place_of.row_id}
    issues: list[Issue] = []
    body = render_fragment(comment.content, None, site)
    row = CommentRow(
        id=site.row_id("comments", comment.id),
        site_id=site.id,
        wp_comment_id=comment.id,
        parent_id=_parent(comment, site, issues),
        user_id=site.row_id("users", comment.user_id) if comment.user_id and site.user(comment.user_id) else None,
        author_name=plain_text(comment.author),
        author_email=comment.author_email or None,
        author_url=comment.author_url if comment.author_url.startswith(("http://", "https://")) else None,
        content_html=body.html,
        status=STATUSES[comment.approved],
        type=comment.type or "comment",
        created_at=moment(comment.created_at, comment.created_local, site.timezone),
        **owner,
    )
    return Transformed(rows=(row,), issues=(*issues, *body.issues))


def _reference(comment: WpComment, site: Site) -> Reference | Skipped:
    content = site.content(comment.post_id)
    if content is not None:
        return content
    media = site.media(comment.post_id)
    if media is not None:
        return Reference("media", media.row_id)
    post = site.post(comment.post_id)
    if post is None:
        detail = f"It is on post {comment.post_id}, which does not exist. Delete it in WordPress, or move it to a post."
        raise RecordRejectedError("comments.no_post", detail)
    reason = place(post.type, post.status, site.rules).skip_reason
    if reason is None:
        return Skipped(f"the content it is on ({post.type} {post.id}) was rejected")
    return Skipped(f"the content it is on ({post.type} {post.id}) is left out: {reason}")


def _parent(comment: WpComment, site: Site, issues: list[Issue]) -> UUID | None:
    if comment.parent_id is None:
        return None

    def parent_of(comment_id: int) -> int | None:
        found = site.comment(comment_id)
        return found.parent_id if found else None

    parent = site.comment(comment.parent_id)
    if parent is None:
        problem = "does not exist"
    elif parent.post_id != comment.post_id:
        problem = f"is on other content ({parent.post_id})"
    elif parent.approved in SKIPPED:
        problem = f"is left out: {SKIPPED[parent.approved]}"
    elif closes_cycle(comment.id, parent_of):
        problem = "answers this one in turn"
    else:
        return site.row_id("comments", parent.id)
    detail = f"The comment it answers, {comment.parent_id}, {problem}; it stands on its own now."
    issues.append(Issue("comments.lost_parent", detail))
    return None


COMMENTS = Entity(name="comments", source=CommentQuery(), transform=transform_comment, version=1)
