"""What is odd about a record without being lost: a migration carries it silently, people want to know it before."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from transforms.body.blocks.grammar import Block, Blocks
from transforms.body.builder_elements import unwrapped
from transforms.body.shortcodes import BUILDER_ELEMENTS
from transforms.contract import Issue
from wp_models.php_data import looks_serialized
from wp_models.records import Record, WpComment, WpPost, WpUser

LONG_TITLE = 300  # characters
LONG_CONTENT = 1_000_000
LONG_LINE = 100_000
LONG_VALUE = 100_000
DEEP_BLOCKS = 50
COMMENT_TYPES = frozenset({"", "comment", "pingback", "trackback", "review"})

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00a0\u00ad]")
_FOUR_BYTES = re.compile("[\U00010000-\U0010ffff]")
_CODE = re.compile(r"<(pre|code|script|style|textarea)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_SLASHED_QUOTE = re.compile(r"\\['\"]")
_TEMPLATE = re.compile(r"<\?(?:php|=)|<%|\{%|\{\{[^{}]+\}\}|\$\{[^{}]+\}")
_WORD_MARKUP = re.compile(r"class=\"?Mso|\bmso-|<o:p\b|<!--\[if gte mso")
_INLINE_FILE = re.compile(r"\ssrc=[\"']?data:(image/[\w.+-]+)", re.IGNORECASE)
_MORE = re.compile(r"<!--\s*more\b[^>]*-->")
_EMPTY_PAGE = re.compile(r"<!--nextpage-->\s*(?=<!--nextpage-->|\Z)")
_SHORTCODE_TAG = re.compile(r"\[(/?)([a-zA-Z][\w-]*)(?=[\s\]])([^\[\]]*)\]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s>/])")
# Elements that end only where somebody ends them; a browser ends the others by itself.
_CLOSED_BY_HAND = (
    "a abbr article aside b big blockquote button center cite code del details div dl em fieldset figure figcaption "
    "font footer form h1 h2 h3 h4 h5 h6 header i iframe ins kbd label main mark nav ol pre q s section small span "
    "strike strong sub summary sup table u ul var video audio"
)
_MUST_BE_CLOSED = frozenset(_CLOSED_BY_HAND.split())
_MAY_BE_CLOSED = _MUST_BE_CLOSED | {
    "body", "html", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot",
}  # fmt: skip
_CUT_DATA = re.compile(r"[aO]:\d+:[{\"]")
_HEADING = re.compile(r"\s*<h([1-6])\b")


def find_oddities(record: Record, blocks: Blocks | None = None) -> Iterator[Issue]:
    """Yield what is odd about a record; `blocks` are those of a post's content, if it has any."""
    match record:
        case WpPost() if record.type != "attachment":
            yield from _title(record.title)
            yield from _content(record.content)
            if blocks is not None:
                yield from _blocks(blocks)
            yield from _metas(record)
        case WpUser():
            yield from _user(record)
        case WpComment() if record.type not in COMMENT_TYPES:
            yield Issue(
                "comments.other_type", f"It is of the type {record.type!r}, which a plugin made; it comes along."
            )


def _title(title: str) -> Iterator[Issue]:
    if len(title) > LONG_TITLE:
        yield Issue("content.long_title", f"Its title has {len(title):,} characters.")
    if title.isascii():
        return
    if (found := _INVISIBLE.search(title)) is not None:
        yield Issue("content.unusual_title", f"Its title holds invisible signs, such as U+{ord(found[0]):04X}.")
    elif not unicodedata.is_normalized("NFC", title):
        yield Issue("content.unusual_title", "Its title holds accents apart from their letters; a search may miss it.")
    elif (found := _FOUR_BYTES.search(title)) is not None:
        yield Issue("content.unusual_title", f"Its title holds {found[0]!r}: an emoji, or a letter of a rare script.")


def _content(raw: str) -> Iterator[Issue]:
    yield from _size(raw)
    text = _CODE.sub("", raw) if "<" in raw else raw
    if "\r" in text and _LONE_RETURN.search(text):
        yield Issue("text.line_ends", "Its lines end in different ways, some as on an old Mac: those do not break.")
    if "\\" in text and (found := _SLASHED_QUOTE.search(text)) is not None:
        yield Issue("text.slashes", f"Its quotes have slashes, as in {_around(text, found)!r}: they show.")
    if (found := _TEMPLATE.search(text)) is not None:
        yield Issue("body.template_code", f"It holds code that never ran there: {_around(text, found)!r}.")
    if ("mso" in text or "Mso" in text or "<o:p" in text) and _WORD_MARKUP.search(text):
        yield Issue("body.word_markup", "It was pasted from Microsoft Word, with its markup.")
    if "data:" in text and (found := _INLINE_FILE.search(text)) is not None:
        yield Issue("body.inline_file", f"A picture ({found[1]}) stands in the text itself, not in the media library.")
    if "<!--" in text:
        yield from _breaks(text)
    if "[" in text:
        yield from _unclosed_shortcodes(text)
    if "<" in text:
        yield from _unbalanced_markup(text)


def _size(raw: str) -> Iterator[Issue]:
    if len(raw) > LONG_CONTENT:
        yield Issue("body.very_long", f"It has {len(raw):,} characters.")
    if len(raw) > LONG_LINE and (longest := max(map(len, raw.splitlines()))) > LONG_LINE:
        yield Issue("body.very_long_line", f"One of its lines has {longest:,} characters.")


def _breaks(text: str) -> Iterator[Issue]:
    mores = len(_MORE.findall(text))
    if mores > 1:
        yield Issue("body.page_breaks", f"It has {mores} “read more” marks; WordPress goes by the first.")
    elif "<!--nextpage-->" in text and _EMPTY_PAGE.search(text):
        yield Issue("body.page_breaks", "It has page breaks with nothing between them.")


def _unclosed_shortcodes(text: str) -> Iterator[Issue]:
    """Report builders' boxes that are never closed: what stands in them is read as if they were not there."""
    opened: Counter[str] = Counter()
    for closes, name, rest in _SHORTCODE_TAG.findall(text):
        if name in BUILDER_ELEMENTS and not rest.endswith("/"):
            opened[name] += -1 if closes else 1
    names = [name for name, count in opened.items() if count > 0 and _is_box(name)]
    if names:
        yield Issue("body.unclosed_shortcode", f"Never closed: {', '.join(f'[{name}]' for name in names[:5])}.")
    if stray := [name for name, count in opened.items() if count < 0]:
        yield Issue(
            "body.stray_shortcode", f"Closed but never opened: {', '.join(f'[/{name}]' for name in stray[:5])}."
        )


def _is_box(name: str) -> bool:
    return BUILDER_ELEMENTS[name] is unwrapped or name.removesuffix("_inner").endswith(
        ("_container", "_row", "_column", "_section")
    )


def _blocks(blocks: Blocks) -> Iterator[Issue]:
    depth = _depth(blocks.roots)
    if depth > DEEP_BLOCKS:
        yield Issue("body.deep_blocks", f"Its blocks nest {depth} deep.")
    for block in blocks.every:
        if block.name == "core/heading" and (tag := _HEADING.match(block.inner_html)) is not None:
            level = block.attribute("level") or 2
            if str(level) != tag[1]:
                detail = f"A heading block says level {level} and its HTML <h{tag[1]}>; the HTML counts."
                yield Issue("body.block_disagrees", detail)
                return


def _depth(roots: list[Block]) -> int:
    depth, level = 0, roots
    while level:
        depth += 1
        level = [inner for block in level for inner in block.inner_blocks]
    return depth


def _unbalanced_markup(text: str) -> Iterator[Issue]:
    opened: Counter[str] = Counter()
    for (closes, name), count in Counter(_TAG.findall(text)).items():
        opened[name.lower()] += -count if closes else count
    unclosed = [name for name, count in opened.items() if count > 0 and name in _MUST_BE_CLOSED]
    if unclosed:
        yield Issue("body.unclosed_markup", f"Never closed: {', '.join(f'<{name}>' for name in unclosed[:8])}.")
    stray = [name for name, count in opened.items() if count < 0 and name in _MAY_BE_CLOSED]
    if stray:
        yield Issue("body.stray_markup", f"Closed but never opened: {', '.join(f'</{name}>' for name in stray[:8])}.")


def _metas(post: WpPost) -> Iterator[Issue]:
    for key, values in post.meta.items():
        longest = max(map(len, values), default=0)
        if longest > LONG_VALUE and not key.startswith("_"):
            yield Issue("fields.long_value", f"The value of {key} has {longest:,} characters.")
        if any(_CUT_DATA.match(value) and not looks_serialized(value) for value in values):
            yield Issue("fields.cut", f"The value of {key} begins as PHP data and never ends; it is kept as text.")
        if len(values) > 1 and not key.startswith("_"):
            yield Issue("fields.repeated", f"The field {key} has {len(values)} values; it becomes a list.")
        if not key.isascii():
            yield Issue("fields.unusual_name", f"A custom field is called {key[:60]!r}.")
    if post.meta.get("_thumbnail_id") == ("",):
        yield Issue("content.empty_featured_image", "Its featured image is empty: there is a field, and nothing in it.")


def _user(user: WpUser) -> Iterator[Issue]:
    if re.search(r"[^\w.@+-]", user.login, re.ASCII):
        yield Issue("users.odd_login", f"The login {user.login!r} holds signs that other systems do not take.")
    if re.fullmatch(r"[0-9a-fA-F]{32}", user.password_hash):
        yield Issue("users.old_password", "The password is kept as plain MD5, which is easily guessed.")


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 10) : found.end() + 20].replace("\n", " ")
