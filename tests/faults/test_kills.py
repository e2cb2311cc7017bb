"""kill -9 at any moment of any stage, then the same command again: as if nothing had happened.

WPFERRY_TEST_KILLS says how many moments, WPFERRY_TEST_CRASHES how many exchanges with the CMS; `make faults` has all.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.faults.ferries import Ferry
from tests.faults.victims import CRASHED, KILLED, Victims

pytestmark = pytest.mark.faults

KILLS = int(os.environ.get("WPFERRY_TEST_KILLS", "10"))
CRASHES = int(os.environ.get("WPFERRY_TEST_CRASHES", "4"))


def test_killed_at_any_moment_of_any_stage_then_run_again_is_as_if_it_had_never_been_killed(
    ferry: dict[str, Ferry], victims: Victims, tmp_path: Path
) -> None:
    hits: Counter[str] = Counter()
    problems: dict[str, list[str]] = {}
    started = time.monotonic()
    for number, (kind, stage, seconds) in enumerate(moments(ferry, KILLS)):
        with ferry[kind].disturbed(f"kill{number}", victims, tmp_path) as run:
            victim = run.start()
            victims.watch(victim, until=stage)
            victims.watch(victim, seconds=seconds)
            if victim.code is None:
                victims.kill(victim)
            if victim.code == KILLED:
                hits[f"{kind}/{victim.stages[-1][0] if victim.stages else 'start'}"] += 1
            if found := run.problems():
                problems[f"{kind}/{stage}+{seconds:.3f}s"] = found
    print(  # noqa: T201 - the numbers are what this test is for
        f"\n{hits.total()} of {KILLS} runs killed in mid-run ({time.monotonic() - started:.0f} s), "
        f"{len(problems)} differ from an undisturbed run: {dict(sorted(hits.items()))}"
    )
    assert not problems, "\n".join(f"{place}: {line}" for place, lines in problems.items() for line in lines)
    assert hits.total() >= 0.9 * KILLS


def test_killed_before_any_exchange_with_the_cms_then_run_again_is_as_if_it_had_never_been_killed(
    ferry: dict[str, Ferry], victims: Victims, tmp_path: Path
) -> None:
    crashed: Counter[str] = Counter()
    problems: dict[str, list[str]] = {}
    started = time.monotonic()
    for kind, one in ferry.items():
        total = one.undisturbed.exchanges
        chosen = sorted({round(1 + (total - 1) * i / max(1, CRASHES - 1)) for i in range(CRASHES)})
        for crash_at in chosen:
            with one.disturbed(f"crash{kind}{crash_at}", victims, tmp_path) as run:
                victim = run.run(crash_at=crash_at)
                crashed[kind] += victim.code == CRASHED
                if found := run.problems():
                    problems[f"{kind}/{crash_at}"] = found
    totals = {kind: one.undisturbed.exchanges for kind, one in ferry.items()}
    print(  # noqa: T201
        f"\n{dict(crashed)} of {totals} exchanges with the CMS crashed before ({time.monotonic() - started:.0f} s), "
        f"{len(problems)} differ from an undisturbed run"
    )
    assert not problems, "\n".join(f"{place}: {line}" for place, lines in problems.items() for line in lines)
    assert crashed.total() >= min(2 * CRASHES, sum(totals.values())) - 2


def moments(ferry: dict[str, Ferry], number: int) -> Iterator[tuple[str, str, float]]:
    """Yield kinds of run, stages and seconds after their start, spread evenly over stages and over each of them."""
    places = []
    for kind, one in ferry.items():
        stages = one.undisturbed.stages
        ends = [at for _, at in stages[1:]] + [stages[-1][1] + 0.3]
        places += [(kind, name, end - at) for (name, at), end in zip(stages, ends, strict=True)]
    if number < len(places):
        places = places[:: len(places) // number]
    seen: Counter[tuple[str, str]] = Counter()
    for kind, name, seconds in islice(cycle(places), number):
        seen[kind, name] += 1
        share = (seen[kind, name] * 0.618034) % 1  # the golden ratio spreads any number of points evenly
        yield kind, name, seconds * share
