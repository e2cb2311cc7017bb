"""A batch is loaded whole or not at all: the connection breaks before every single exchange of load_batch."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator
from typing import Any, cast

import pytest

from cms_models import db
from cms_models.loader import load_batch
from cms_models.patience import PatientConnection
from cms_models.rows import LoadBatch, LoadResult
from flows import worker
from tests.faults.ferries import Disturbed, Ferry
from tests.faults.runs import ferry_over
from tests.faults.sites import differences, everything
from tests.faults.victims import Victims

pytestmark = pytest.mark.faults

LOADS = os.environ.get("WPFERRY_TEST_LOADS", "articles")  # entities, or all


class BrokenConnectionError(Exception):
    """What happens before the chosen exchange."""


class Breaking(PatientConnection):
    """Breaks before its exchange number `break_at`: a statement, BEGIN, COMMIT or a piece of COPY."""

    break_at = 0
    exchanges = 0

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        self.exchanges += 1
        if self.exchanges == self.break_at:
            self.pgconn.finish()
            raise BrokenConnectionError
        return super().wait(gen, *args, **kwargs)


def test_a_load_that_breaks_before_any_exchange_writes_nothing(
    ferry: dict[str, Ferry], victims: Victims, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: Counter[str] = Counter()

    def broken_at_every_exchange(connection: db.Connection, batch: LoadBatch, *rest: Any, **more: Any) -> LoadResult:
        if LOADS not in {"all", batch.entity}:
            return load_batch(connection, batch, *rest, **more)
        before = everything(run.cms)
        while True:
            with monkeypatch.context() as patched:
                patched.setattr(db, "PatientConnection", Breaking)
                patched.setattr(Breaking, "break_at", broken[batch.entity] + 1)
                with cast("Breaking", db.connect(run.cms)) as doomed:
                    try:
                        loaded = load_batch(doomed, batch, *rest, **more)
                    except BrokenConnectionError:
                        broken[batch.entity] += 1
                    else:
                        doomed.break_at = 0  # it needs no more of them
                        return loaded
            assert not differences(everything(run.cms), before), f"{batch.entity}: {broken[batch.entity]}"

    run: Disturbed
    with ferry["resync"].disturbed("breaking", victims, tmp_path) as run:
        monkeypatch.setattr(worker, "load_batch", broken_at_every_exchange)
        ferry_over(ferry["resync"].source, run.cms, run.folder, uploads=str(ferry["resync"].uploads))
        print(f"\nloads broken before an exchange: {dict(broken)}")  # noqa: T201
        assert broken.total() > 30
        assert not differences(everything(run.cms), run.expected)
