"""What a verification collects while it goes on."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from reports.verification import MAX_LISTED, Difference, LayerResult

Edits = Mapping[tuple[str, int], Mapping[str, str | None]]


@dataclass(slots=True)
class Findings:
    """Differences by layer; a layer lists so many and counts the rest."""

    found: dict[str, list[Difference]] = field(default_factory=lambda: defaultdict(list))
    unlisted: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, differences: Iterable[Difference]) -> None:
        """Keep differences, each in its layer."""
        for one in differences:
            if len(self.found[one.layer]) < MAX_LISTED:
                self.found[one.layer].append(one)
            else:
                self.unlisted[one.layer] += 1

    @contextmanager
    def timed(self, layer: str) -> Iterator[None]:
        """Count the time that is spent within as the layer's."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[layer] += time.perf_counter() - started

    def explain(self, edits: Edits) -> set[tuple[str, int, str]]:
        """Say of each difference whether somebody made it in the CMS; return the edits that explain one."""
        explained: set[tuple[str, int, str]] = set()
        for differences in self.found.values():
            for place, one in enumerate(differences):
                name = one.field.partition(".")[0]
                if one.source_id is not None and name in edits.get((one.entity, one.source_id), {}):
                    explained.add((one.entity, one.source_id, name))
                    note = f"{one.sentence.rstrip('.')}; it was changed in the CMS after it was loaded."
                    differences[place] = replace(one, sentence=note)
        return explained

    def layers(self, names: Iterable[str]) -> tuple[LayerResult, ...]:
        """Return what each layer came to."""
        return tuple(
            LayerResult(
                name=name,
                checked=self.checked[name],
                differences=len(self.found.get(name, ())) + self.unlisted[name],
                seconds=self.seconds[name],
            )
            for name in names
        )

    def listed(self, names: Iterable[str]) -> tuple[Difference, ...]:
        """Return the differences in the order of the layers, as many as are listed."""
        return tuple(one for name in names for one in self.found.get(name, ()))[:MAX_LISTED]
