"""Every redirect of a site, decided together: one for each address, none in a chain, none in a circle.

Content stands where it stands: a redirect never takes its address. Of those that claim one address, a plugin's rule
comes before WordPress's own, as plugins answer first, and the first of them by the plugin's order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.contract import Address, Issue
from transforms.places import Place, path_key
from transforms.redirect_patterns import literal_source, pattern_of
from transforms.redirect_places import HOST, Book, Landing, RedirectPlaces
from wp_models.records import WpRedirect, WpSite

CONTENT_STANDS = "content stands at its address"
TAKEN = "another redirect answers at its address"
NO_ADDRESS = "what it leads to has no address of its own"
ELSEWHERE = "it answers on another host"
UNCHANGED = "its address has stayed the same"
CIRCLE = "it leads round in a circle"
TEMPORARY = frozenset({302, 303, 307})
RANKS = {"rule": 0, "old_slug": 1, "old_date": 2}
"""Kinds that may claim any address, and which of them answers first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one redirect: where it leads, or why it is none."""

    from_path: str = ""
    landing: Landing | None = None
    refusal: str | None = None
    is_regex: bool = False
    issues: tuple[Issue, ...] = ()


class Redirects:
    """What becomes of each redirect of one site."""

    def __init__(self, wordpress: WpSite, book: Book) -> None:
        self._book = book
        self._places = RedirectPlaces(wordpress, book)
        self._home_path = book.permalinks.home_path
        self._claims: dict[str, WpRedirect] = {}
        self._landings: dict[str, Landing | None] = {}
        for redirect in sorted(wordpress.redirects.values(), key=_precedence):
            place = self._claimed(redirect)
            if place is not None:
                self._claims.setdefault(place.key, redirect)

    def through(self, place: Place) -> Address | None:
        """Return what a redirect at a place leads to; None where there is none."""
        key = place.key if place.key in self._claims else path_key(place.path)
        if key not in self._claims:
            return None
        landing = self._landing(key)
        if landing is not None and landing.media_id is not None:
            return Address("media", source_id=landing.media_id, is_former=True)
        if landing is None or landing.url is None:
            return Address("missing")
        end = self._places.on_site(landing.url)
        found = self._book.standing(end) if end and not (end.query or end.fragment) else None
        return replace(found, is_former=True) if found else Address("redirect", path=landing.url, is_former=True)

    def claimed_by(self, from_path: str) -> object:
        """Return what stands or answers at an address: the id of a redirect, or the content there."""
        path, _, query = from_path.partition("?")
        place = Place(path, query)
        claim = self._claims.get(place.key)
        return claim.id if claim else None if query else self._book.standing(place)

    def verdict(self, redirect: WpRedirect) -> Verdict:
        """Return what becomes of a redirect."""
        if redirect.ignored_for is not None:
            return Verdict(refusal=redirect.ignored_for)
        if _is_pattern(redirect):
            return self._carried(redirect)
        place = self._places.source(redirect)
        if place is None:
            is_rule = redirect.kind == "rule" and redirect.owner_id is None
            return Verdict(refusal=ELSEWHERE if is_rule else NO_ADDRESS)
        if redirect.kind not in RANKS:
            return self._own(redirect, place)
        winner = self._claims.get(place.key)
        if winner is not None and winner.id == redirect.id:
            return self._granted(redirect, place)
        return self._refused_rule(redirect, place) if redirect.kind == "rule" else self._refused(redirect, place)

    def _granted(self, redirect: WpRedirect, place: Place) -> Verdict:
        """Return the verdict on the redirect that answers at a place."""
        landing, from_path = self._landing(place.key), _shown(place)
        if landing is None:
            detail = f"{redirect.place}: {from_path} leads to {redirect.target}, and from there back; it was left out."
            return Verdict(refusal=CIRCLE, issues=(Issue("redirects.circle", detail),))
        if landing.is_known:
            return Verdict(from_path, landing)
        detail = f"{redirect.place}: {from_path} leads to {landing.url}, where nothing stands."
        return Verdict(from_path, landing, issues=(Issue("redirects.unknown_target", detail),))

    def _refused(self, redirect: WpRedirect, place: Place) -> Verdict:
        """Return why an address of the past is no redirect: WordPress asks them last, so nothing is lost."""
        if not self._is_public(redirect):
            return Verdict(refusal=NO_ADDRESS)
        if place.key in self._claims:
            return Verdict(refusal=TAKEN)
        now = self._places.owned(redirect)
        return Verdict(refusal=UNCHANGED if now and now.url == place.path else CONTENT_STANDS)

    def _refused_rule(self, rule: WpRedirect, place: Place) -> Verdict:
        from_path, aim = _shown(place), rule.target or "nothing"
        winner = self._claims.get(place.key)
        if winner is None:
            found = self._book.standing(place)
            what = f"{found.kind} {found.source_id or ''}".strip() if found else "content"
            detail = (
                f"{rule.place}: {from_path} was to lead to {aim}, but {what} stands there and is shown. "
                "Move that away in the CMS if visitors shall be sent on."
            )
            return Verdict(refusal=CONTENT_STANDS, issues=(Issue("redirects.content_stands", detail),))
        if winner.target == rule.target:
            return Verdict(refusal=TAKEN)
        detail = (
            f"{rule.place}: {from_path} was to lead to {aim}, but {winner.place} answers there first, "
            "as it did in WordPress."
        )
        return Verdict(refusal=TAKEN, issues=(Issue("redirects.duplicate", detail),))

    def _own(self, redirect: WpRedirect, place: Place) -> Verdict:
        """Return the verdict on an address that WordPress itself had for a thing: its page, its plain link."""
        from_path = _shown(place)
        if place.key in self._claims:
            return Verdict(from_path, refusal=TAKEN)
        if redirect.kind == "attachment":
            found = self._book.standing(place)
            if found is not None and (found.kind, found.source_id) != ("media", redirect.owner_id):
                return Verdict(from_path, refusal=TAKEN if found.kind == "media" else CONTENT_STANDS)
        landing = self._places.owned(redirect)
        return Verdict(from_path, landing, None if landing else NO_ADDRESS)

    def _carried(self, rule: WpRedirect) -> Verdict:
        """Return the verdict on a rule for many addresses, which is carried as a pattern."""
        pattern = pattern_of(rule, self._home_path)
        target = self._places.target(rule)
        if rule.target is None:
            landing: Landing | None = Landing(status_code=rule.status_code)
        elif pattern.has_references:
            # Where it ends depends on what it matches: the site's own host is all that can be taken away.
            is_own = HOST.match(target) and self._places.on_site(target) is not None
            path = "/" + HOST.sub("", target, count=1).partition("/")[2] if is_own else target
            landing = Landing(path, status_code=rule.status_code)
        else:
            step = self._next(target, rule.status_code)
            landing = _before(self._landing(step), rule.status_code) if isinstance(step, str) else step
        warning = " Its target may match it again: check that it ends." if pattern.may_circle or not landing else ""
        detail = (
            f"{rule.place}: {rule.source!r} is a pattern, carried as it is. Let it answer only where neither content "
            f"nor another redirect does.{warning}"
        )
        landing = landing or Landing(target, status_code=rule.status_code)
        return Verdict(pattern.source, landing, is_regex=True, issues=(Issue("redirects.pattern", detail),))

    def _claimed(self, redirect: WpRedirect) -> Place | None:
        """Return the place where a rule or an address of the past answers; None where it must not."""
        if redirect.ignored_for is not None or _is_pattern(redirect):
            return None
        if redirect.kind != "rule" and not self._is_public(redirect):
            return None
        place = self._places.source(redirect)
        if place is None or place.query:
            return place
        found = self._book.standing(place)
        # The page of an attachment is content to WordPress's own redirects, which answer where nothing else does.
        is_free = found is None or (found.kind == "media" and redirect.kind == "rule")
        return place if is_free else None

    def _is_public(self, redirect: WpRedirect) -> bool:
        post = self._places.owner(redirect)
        return post is not None and post.status in ("publish", "inherit")

    def _landing(self, key: str) -> Landing | None:
        """Return where the redirect at a key ends; None when it leads round in a circle."""
        landings, trail = self._landings, dict[str, WpRedirect]()
        while key not in landings:
            redirect = self._claims[key]
            if key in trail:
                landings[key] = None
                break
            trail[key] = redirect
            step = self._step(redirect)
            if not isinstance(step, str):
                landings[key] = step
                break
            key = step
        for earlier, redirect in reversed(trail.items()):
            if earlier not in landings:
                landings[earlier] = _before(landings[key], redirect.status_code)
            key = earlier
        return landings[key]

    def _step(self, redirect: WpRedirect) -> str | Landing | None:
        """Return the key of the redirect that answers where this one leads, or the end."""
        if redirect.kind != "rule":
            return self._places.owned(redirect)
        if redirect.target is None:
            return Landing(status_code=redirect.status_code)
        return self._next(self._places.target(redirect), redirect.status_code)

    def _next(self, url: str, code: int) -> str | Landing:
        place = self._places.on_site(url)
        if place is not None and place.key in self._claims:
            return place.key
        landing = self._places.at(url, code)
        place = self._places.on_site(landing.url) if landing.url else None
        return place.key if place is not None and place.key in self._claims else landing


def _before(landing: Landing | None, code: int) -> Landing | None:
    """Return the end that a redirect with this code has in common with the next one.

    What is gone is gone, and what leads on for a while is temporary as a whole.
    """
    if landing is None or landing.status_code in TEMPORARY or landing.is_gone:
        return landing
    return replace(landing, status_code=code)


def _is_pattern(redirect: WpRedirect) -> bool:
    is_rule = redirect.kind == "rule" and redirect.owner_id is None and redirect.source != ""
    return is_rule and literal_source(redirect) is None


def _precedence(redirect: WpRedirect) -> tuple[int, int, int, int]:
    return RANKS.get(redirect.kind, len(RANKS)), redirect.order, redirect.id % 16, redirect.id


def _shown(place: Place) -> str:
    return f"{place.path}?{place.query}" if place.query else place.path
