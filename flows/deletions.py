"""The brake: a run that would make much of a site vanish is stopped before it writes anything."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass

from cms_models.deletion import GONE_BUT_EDITED
from cms_models.rows import Outcome
from cms_models.state import KnownState
from flows.settings import DeletionSettings

IN_THE_CMS = frozenset({Outcome.LOADED, Outcome.CONFLICT})


class TooManyDeletionsError(Exception):
    """More would vanish from the CMS than the settings allow; a person has to say that it is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanishing:
    """How many objects of one entity a run would put away."""

    entity: str
    loaded: int  # in the CMS now
    gone: int

    def is_too_much(self, settings: DeletionSettings) -> bool:
        """Tell whether a person has to be asked first."""
        return not settings.allow and self.gone >= settings.at_least and self.gone > settings.max_share * self.loaded


class Departures:
    """Counts what would go of an entity; `still_there` are the source's objects, under this entity or another."""

    def __init__(self, entity: str, still_there: Container[int]) -> None:
        self._entity = entity
        self._still_there = still_there
        self._loaded = self._gone = 0

    def watched(self, known: Iterable[tuple[int, KnownState]]) -> Iterator[tuple[int, KnownState]]:
        """Yield what is known of each object, as it comes."""
        for source_id, state in known:
            if state.outcome in IN_THE_CMS and state.reason != GONE_BUT_EDITED:  # that one waits for a person already
                self._loaded += 1
                self._gone += source_id not in self._still_there
            yield source_id, state

    def vanishing(self) -> Vanishing:
        """Return what would go of all that was watched."""
        return Vanishing(entity=self._entity, loaded=self._loaded, gone=self._gone)


def refusal(too_much: Collection[Vanishing], settings: DeletionSettings) -> str:
    """Return the sentence that stops a run."""
    numbers = ", ".join(f"{one.gone:,} of {one.loaded:,} {one.entity}" for one in too_much)
    return (
        f"{numbers} would vanish from the CMS, because WordPress no longer shows them; more than "
        f"{settings.max_share:.0%} of a kind needs a person's word. Nothing was written. Check the source and its "
        "settings; if it is meant, run again with --allow-deletions."
    )
