"""Damage that records bring along and that nobody here can undo: carried as it is, and reported.

What a transform repairs or leaves out it reports itself; this is about what was wrong before anybody transformed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.contract import Issue
from transforms.values.mojibake import MAYBE_MISREAD, find_mojibake
from wp_models.records import Record, WpComment, WpMenu, WpOption, WpPost, WpTerm, WpUser

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
TOLERATED_DAYS = 366  # a post that was scheduled was last changed before it appeared

_CONTROL_BYTES = bytes([*range(1, 9), 11, 12, *range(14, 32), 127])
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters that a conversion to a smaller character set could not keep. Addresses have question marks, too.
_QUESTION_MARK = re.compile(r"(?<![\w./=&?#-])[a-zA-Z]+\?[a-z]+(?![\w-]*[=/&])")
# Quick looks at the bytes of all texts of a record: nearly every one shows that there is nothing to look for.
_PERHAPS_LOST = re.compile(rb"\?[a-z]+(?![\w-]*[=/&])")
_REPLACEMENT = "�"
_MARKUP = re.compile(r"<[a-zA-Z/!]")

Text = tuple[str, str]  # what to call it, and its words


def find_damage(record: Record) -> Iterator[Issue]:
    """Yield what is damaged in a record."""
    texts = _texts(record)
    if _is_suspicious("\n".join([text for _, text in texts])):
        for name, text in texts:
            yield from _text_damage(name, text)
    match record:
        case WpPost():
            yield from _post_damage(record)
        case WpUser():
            yield from _user_damage(record)
        case WpComment() if record.created_at is None and record.created_local is None:
            yield Issue("comments.no_date", "It has no valid date in WordPress.")


def _is_suspicious(text: str) -> bool:
    raw = text.encode()
    return (
        _REPLACEMENT in text
        or _has_control(raw)
        or MAYBE_MISREAD.search(raw) is not None
        or _PERHAPS_LOST.search(raw) is not None
    )


def _has_control(raw: bytes) -> bool:
    return len(raw.translate(None, _CONTROL_BYTES)) < len(raw)


def _texts(record: Record) -> tuple[Text, ...]:
    match record:
        case WpPost():
            return (
                ("title", record.title), ("content", record.content), ("excerpt", record.excerpt),
                *((f"custom field {key}", value) for key, values in record.meta.items() if key[:1] != "_"
                  for value in values),
            )  # fmt: skip
        case WpTerm():
            return (("name", record.name or ""), ("description", record.description))
        case WpUser():
            return (("name", record.display_name),)
        case WpComment():
            return (("author", record.author), ("text", record.content))
        case WpMenu():
            return (("name", record.term.name or ""), *((f"item {item.id}", item.title) for item in record.items))
        case WpOption():
            return ((f"option {record.name}", record.value),)
        case _:
            return ()


def _text_damage(name: str, text: str) -> Iterator[Issue]:
    raw = text.encode()
    if (found := find_mojibake(text)) is not None:
        yield Issue(
            "text.mojibake", f"The {name} was once read in the wrong character set: “{found[0]}” was “{found[1]}”."
        )
    if _has_control(raw) and (control := _CONTROL.search(text)) is not None:
        yield Issue(
            "text.control_characters",
            f"The {name} holds control characters, such as U+{ord(control[0]):04X}: they show nothing.",
        )
    if _REPLACEMENT in text:
        yield Issue("text.lost_letters", f"The {name} holds “{_REPLACEMENT}” where letters were; they are lost.")
    elif text.count("?") > 1 and _PERHAPS_LOST.search(raw):
        lost = _QUESTION_MARK.findall(text)
        if len(lost) > 1:
            shown = f"“{lost[0]}” and “{lost[1]}”"
            yield Issue("text.lost_letters", f"The {name} holds question marks where letters were, as in {shown}.")


def _post_damage(post: WpPost) -> Iterator[Issue]:
    if post.type == "attachment":
        return
    published = post.published_at or post.published_local
    if published and not EARLIEST_YEAR <= published.year <= LATEST_YEAR:
        yield Issue("content.unlikely_date", f"Its date is in the year {published.year}.")
    elif post.published_at and post.modified_at and post.status == "publish":
        days = (post.published_at - post.modified_at).days
        if days > TOLERATED_DAYS:
            yield Issue(
                "content.changed_before_published",
                f"It was last changed on {post.modified_at:%Y-%m-%d}, {days} days before it was published.",
            )
    if post.status == "publish":
        if post.author_id is None:
            yield Issue("content.no_author", "It has no author.")
        if not post.title.strip():
            yield Issue("content.no_title", "It has no title.")
    if _MARKUP.search(post.title):
        yield Issue("content.markup_in_title", "Its title held markup; only the words of it are kept.")


def _user_damage(user: WpUser) -> Iterator[Issue]:
    if not user.email:
        yield Issue("users.no_email", "The user has no e-mail address, so nobody can send a new password there.")
    if user.registered_at is None:
        yield Issue("users.no_date", "The user has no valid date of registration.")
    if _MARKUP.search(user.display_name) or _MARKUP.search(user.login):
        yield Issue("users.markup_in_name", f"The name held markup: {user.display_name[:80]!r}; its words are kept.")
