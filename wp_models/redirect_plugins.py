"""What redirect plugins mean by their rules, as one kind of record. Each stores them in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from wp_models.php_data import PhpValue, try_loads
from wp_models.records import WpRedirect
from wp_models.values import integer, text

YOAST_KEY = "_yoast_wpseo_redirect"
SEOPRESS_VALUE = "_seopress_redirections_value"
SEOPRESS_KEYS = (
    "_seopress_redirections_enabled",
    "_seopress_redirections_type",
    "_seopress_redirections_enabled_regex",
)
SAFE_REDIRECT_KEYS = (
    "_redirect_rule_from", "_redirect_rule_to", "_redirect_rule_status_code", "_redirect_rule_from_regex",
)  # fmt: skip
YOAST_BASE = "wpseo-premium-redirects-base"
YOAST_EXPORTS = {"wpseo-premium-redirects-export-plain": "exact", "wpseo-premium-redirects-export-regex": "regex"}
SIMPLE_301, SIMPLE_301_WILDCARD = "301_redirects", "301_redirects_wildcard"
OPTION_LISTS = (YOAST_BASE, *YOAST_EXPORTS, SIMPLE_301, SIMPLE_301_WILDCARD)

GONE = 410
NO_SOURCE = "it has no address, or one that cannot be read"
TURNED_OFF = "it is turned off in its plugin"
ONLY_AN_ERROR = "it answers with an error, which an address without content does by itself"
RANK_MATH_MATCHES = {"exact": "exact", "contains": "contains", "start": "prefix", "end": "suffix", "regex": "regex"}


def redirection_rule(key: int, row: Any, *, is_group_off: bool) -> WpRedirect:
    """Return one item of Redirection. Its addresses start at the host's root."""
    action, conditions, target = text(row.action_type), text(row.match_type), text(row.action_data)
    rule = _rule(
        key,
        f"Redirection, item {row.id}",
        source=text(row.url),
        match="regex" if integer(row.regex) else "exact",
        target=target,
        code=integer(row.action_code),
    )
    reason = rule.ignored_for
    if text(row.status) == "disabled" or is_group_off:
        reason = TURNED_OFF
    elif action in ("pass", "random", "nothing"):
        what = {"pass": "shows another page at the same address", "random": "leads to a random post"}
        reason = f"it {what.get(action, 'does nothing')}, which no redirect can do"
    elif conditions not in ("url", ""):
        reason = f"it depends on the visitor ({conditions}), which no redirect can know"
    elif action == "error" and rule.status_code != GONE:
        reason = ONLY_AN_ERROR
    return replace(rule, order=integer(row.position), is_below_home=False, ignored_for=reason)


def rank_math_rules(row: Any) -> Iterator[WpRedirect]:
    """Yield one rule for each source of a redirection of Rank Math; their ids are the caller's."""
    place, target, code = f"Rank Math, redirection {row.id}", text(row.url_to), integer(row.header_code)
    is_on = text(row.status) == "active"
    sources = [source for source in _entries(try_loads(text(row.sources))) if isinstance(source, Mapping)]
    for source in sources or [{}]:
        match = RANK_MATH_MATCHES.get(str(source.get("comparison") or "exact"), "exact")
        rule = _rule(0, place, source=str(source.get("pattern") or ""), match=match, target=target, code=code)
        reason = rule.ignored_for if is_on else TURNED_OFF
        yield replace(rule, order=integer(row.id), ignored_for=reason if rule.source else NO_SOURCE)


def eps_rule(key: int, row: Any) -> WpRedirect:
    """Return one rule of 301 Redirects (EPS); its target is an address, or the id of a post."""
    status, target = text(row.status), text(row.url_to).strip()
    rule = _rule(
        key,
        f"301 Redirects, rule {row.id}",
        source=text(row.url_from),
        target=f"/?p={target}" if text(row.type) == "post" and target.isdecimal() else target,
        code=integer(status),
    )
    return replace(rule, order=integer(row.id), ignored_for=TURNED_OFF if status == "inactive" else rule.ignored_for)


def yoast_meta_rule(key: int, post: int, target: str) -> WpRedirect:
    """Return the redirect that Yoast SEO kept with a post, from the post's own address."""
    return replace(_rule(key, f"Yoast SEO, the redirect of post {post}", target=target), owner_id=post)


def seopress_rule(key: int, post: int, source: str | None, target: str, metas: Mapping[str, str]) -> WpRedirect:
    """Return a redirect of SEOPress: one of its list, with a source, or one from a post's own address, without."""
    enabled, code, is_regex = (metas.get(name, "") for name in SEOPRESS_KEYS)
    rule = _rule(
        key,
        f"SEOPress, the redirect of post {post}",
        source=source or "",
        match="regex" if is_regex == "yes" else "exact",
        target=target,
        code=integer(code),
    )
    return replace(
        rule,
        owner_id=post if source is None else None,
        ignored_for=rule.ignored_for if enabled == "yes" else TURNED_OFF,
    )


def safe_redirect_rule(key: int, row: Any, metas: Mapping[str, str]) -> WpRedirect:
    """Return one rule of Safe Redirect Manager; a star at the end stands for any rest."""
    source, target, code, regex = (metas.get(name, "") for name in SAFE_REDIRECT_KEYS)
    place = f"Safe Redirect Manager, rule {row.ID}"
    if regex in ("", "0") and source.endswith("*"):
        rule = _wildcard(key, place, source, target, code=integer(code))
    else:
        match = "exact" if regex in ("", "0") else "regex"
        rule = _rule(key, place, source=source, match=match, target=target, code=integer(code))
    is_on = text(row.post_status) == "publish"
    return replace(rule, order=integer(row.menu_order), ignored_for=rule.ignored_for if is_on else TURNED_OFF)


def rules_in_option(options: Mapping[str, str]) -> Iterator[tuple[str, WpRedirect]]:
    """Yield the rules that stand in options as lists, each with the option's name; their ids are the caller's."""
    base = _entries(try_loads(options.get(YOAST_BASE)))
    for order, entry in enumerate(base):
        if isinstance(entry, Mapping):
            match = "regex" if entry.get("format") == "regex" else "exact"
            yield YOAST_BASE, _yoast(str(entry.get("origin") or ""), match, entry, order)
    for name, match in YOAST_EXPORTS.items() if not base else ():  # made of the list above, for web servers
        exported = try_loads(options.get(name))
        for order, (origin, entry) in enumerate(exported.items() if isinstance(exported, Mapping) else ()):
            if isinstance(entry, Mapping):
                yield name, _yoast(origin, match, entry, order)
    simple = try_loads(options.get(SIMPLE_301))
    has_stars = options.get(SIMPLE_301_WILDCARD) == "true"
    for order, (source, target) in enumerate(simple.items() if isinstance(simple, Mapping) else ()):
        place = "Simple 301 Redirects"
        if has_stars and "*" in source:
            rule = _wildcard(0, place, source, str(target))
        else:
            rule = _rule(0, place, source=source, target=str(target))
        yield SIMPLE_301, replace(rule, order=order)


def _yoast(origin: str, match: str, entry: Mapping[str, PhpValue], order: int) -> WpRedirect:
    target, code = str(entry.get("url") or ""), integer(entry.get("type"))
    return replace(_rule(0, "Yoast SEO Premium", source=origin, match=match, target=target, code=code), order=order)


def _wildcard(key: int, place: str, source: str, target: str, *, code: int = 301) -> WpRedirect:
    """Return a rule with a star; without a star in the target all addresses lead to one."""
    head, _, rest = source.partition("*")
    if rest or "*" not in target:
        return _rule(key, place, source=head, match="prefix", target=target, code=code)
    escaped = "".join(f"\\{sign}" if sign in r".^$*+?()[]{}|\\" else sign for sign in "/" + head.lstrip("/"))
    return _rule(key, place, source=f"^{escaped}(.*)$", match="regex", target=target.replace("*", "$1"), code=code)


def _rule(
    key: int, place: str, *, source: str = "", match: str = "exact", target: str = "", code: int = 301
) -> WpRedirect:
    """Return a rule with a status that a redirect can have, or why it has none."""
    is_redirect, is_gone = code in (301, 302, 303, 307, 308) or code == 0, code == GONE
    reason = None
    if not (is_redirect or is_gone):
        reason = ONLY_AN_ERROR if code >= 400 else f"its status {code} is no redirect"
    elif is_redirect and not target.strip():
        reason = "it has no target"
    return WpRedirect(
        id=key,
        kind="rule",
        place=place,
        source=source.strip(),
        match=match,
        target=None if is_gone else target.strip(),
        status_code=code or 301,
        ignored_for=reason,
    )


def _entries(value: PhpValue) -> list[PhpValue]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
